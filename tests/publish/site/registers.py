"""Registers as large as they are asked for, with names as alike as real ones: few characters are in most of them."""

from __future__ import annotations

import random

import polars

# The first ones stand in every fifth name, the last ones in every thousandth.
CHARACTERS = (
    "华大成正中天明德信诚金和平安达通衡立恒国联盛泰永兴宏嘉瑞祥远方圆同创新世"
    "纪东方海江河山川云星辰光耀辉煌锦绣榆桐芦竹梅兰菊松柏枫杨柳桂槐梧樟楠檀杉"
)
KINDS = {
    "law_firm": "律师事务所",
    "notary_office": "公证处",
    "forensic_institution": "司法鉴定中心",
}
SURNAMES = "王李张刘陈杨赵黄周吴"


def make_register(count: int, seed: int = 7) -> polars.DataFrame:
    """The columns that the search reads; no two institutions have the same name, code or licence number."""
    chance = random.Random(seed)
    weights = [1 / (place + 2) for place in range(len(CHARACTERS))]
    names: dict[str, str] = {}
    while len(names) < 2 * count:
        middle = "".join(chance.choices(CHARACTERS, weights, k=chance.choice((2, 2, 3, 4))))
        kind = chance.choices(list(KINDS), (8, 1, 1))[0]
        names.setdefault(f"示例{middle}{KINDS[kind]}", kind)
    unused = list(names)
    rows = []
    for number in range(count):
        name = unused[number]
        head = chance.choice(SURNAMES) + "".join(chance.choices(CHARACTERS, weights, k=2))
        rows.append(
            {
                "id": f"31990000XXXX{number:06d}",
                "name": name,
                "uscc": f"31990000XXXX{number:06d}",
                "licence": f"299002010{number * 7919 % 10**8:08d}",
                "former": [unused[count + number]] if number % 5 == 0 else [],
                "head": head,
                "kind": names[name],
                "district": f"9901{number % 16:02d}",
                "status": "active" if number % 20 else "revoked",
            }
        )
    return polars.DataFrame(rows, schema_overrides={"former": polars.List(polars.String)})
