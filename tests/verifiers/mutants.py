"""Bundles of bare draws that somebody has changed, each following from a seed and its number alone.

Some are changed as a stranger would, byte by byte. Most are sealed again: hashes, commitment and seed fit, as an
operator makes them fit, so that only the rule itself is broken.
"""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable
from functools import cache
from typing import Any

import rfc8785

from double_random.core.errors import DoubleRandomError
from double_random.inspection.protocol.draw import Reveal
from double_random.inspection.protocol.v2.plan import FILES as FROZEN
from double_random.inspection.protocol.v2.plan import Plan
from double_random.store.log.merkle import tree_head
from tests.inspection.protocol.v2.cases import Case, make_case
from tests.inspection.protocol.v2.sources import LOCAL, LOTTERY, NOT_BEFORE, NUMBERS, dice
from tests.inspection.verification.bare import bundle_of, publish

Files = dict[str, bytes]

GROUP = {"count": 3, "low": 0, "high": 9, "digits": 1, "distinct": False, "order": "drawn"}
DIGITS: dict[str, Any] = {
    "source": "public:示例指数:2026-03-03",
    "kind": "public",
    "format": {"groups": [{**GROUP, "rest": False}, {**GROUP, "count": 5, "rest": False}]},
    "outcomes": "100000000",
    "known_from": "2026-03-03T08:00:00Z",
    "published": "示例公报，收盘价最后八位",
    "chain": None,
}
PULSE: dict[str, Any] = {
    "source": f"beacon:示例信标:{NOT_BEFORE}",
    "kind": "beacon",
    "format": {"hex": 16},
    "outcomes": "18446744073709551616",
    "known_from": NOT_BEFORE,
    "published": "示例信标，本时刻的输出值",
    "chain": None,
}
QUICKNET = {
    "period": 3,
    "genesis": 1692803367,
    "public_key": "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c"
    "8c4b450b6a0a6c3ac6a5776a2d1064510d1fec758c921cc22b0e17e63aaf4bcb"
    "5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
    "group_hash": "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
    "beacon": "quicknet",
    "scheme": "bls-unchained-g1-rfc9380",
}
ROUND: dict[str, Any] = {
    "source": "drand:52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971:1000",
    "kind": "drand",
    "format": {"hex": 64},
    "outcomes": str(1 << 256),
    "known_from": "2023-08-23T15:59:24Z",
    "published": "https://api.drand.sh/",
    "chain": QUICKNET,
}
ROUND_VALUE = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
REST = {**LOTTERY["format"]["groups"][0], "count": 2, "rest": True}
BONUS: dict[str, Any] = {
    **LOTTERY,
    "format": {"groups": [LOTTERY["format"]["groups"][0], REST]},
    "outcomes": "388756368",
}
ALONE = {"size": 0, "leads": 0, "groups": None}
CASES: dict[str, dict[str, Any]] = {
    "plain": {},
    "kinds": {"strata": (("law_firm", 12, [1, 3], 0, "up"),), "plan": {"strata_by": "kind"}},
    "groups": {
        "inspectors": 8,
        "leads": (0, 1, 2, 3, 4),
        "recusals": (),
        "team": {"groups": 3},
        "sources": (DIGITS, PULSE),
        "values": ("0.0.7.1.2.3.4.5", "0123456789abcdef"),
    },
    "ceremony": {
        "sources": (dice(known_from="2026-03-02T11:00:00Z"), BONUS),
        "values": ("1.2.3.4.5.6.1.2", "02.07.11.19.26.33.01.30"),
    },
    "drand": {
        "sources": (ROUND,),
        "values": (ROUND_VALUE,),
        "plan": {"not_before": "2023-08-23T15:59:24Z"},
    },
    "local": {"sources": (LOCAL,), "values": ("",)},
    "nobody": {
        "inspectors": 1,
        "leads": (0,),
        "recusals": (),
        "plan": {"team": {**dict.fromkeys(("match_kind", "other_district"), False), **ALONE}},
    },
}


@cache
def wholes() -> dict[str, Files]:
    """Honest bundles, of the auditor and of the public, by name."""
    found = {}
    for name, numbers in CASES.items():
        case = make_case(**{"values": (NUMBERS,), **numbers})
        found[f"{name} auditor"] = bundle_of(case)
        found[f"{name} public"] = publish(found[f"{name} auditor"])
    return found


def seal_again(files: Files) -> Files:
    """The same files with every hash made to fit, from the frozen files up to the result."""
    try:
        plan, result = json.loads(files["plan.json"]), json.loads(files["result.json"])
        digest = (
            hashlib.new(plan["hash"]) if plan["hash"] in ("sha256", "sm3") else hashlib.sha256()
        )
        name = digest.name

        def hash_bytes(data: bytes) -> bytes:
            return hashlib.new(name, data).digest()

        for file, (field, has_rows) in FROZEN.items():
            if file in files:
                said, lines = plan[field], files[file].split(b"\n")[1:-1]
                said["sha256"] = hash_bytes(files[file]).hex()
                said.update({"rows": len(lines)} if has_rows else {})
                said.update({"root": tree_head(lines, hash_bytes).hex()} if "root" in said else {})
        files = {**files, "plan.json": rfc8785.dumps(plan)}
        result["commitment"] = hash_bytes(files["plan.json"]).hex()
        text = f"double-random/2:seed:{result['commitment']}:{result['entropy']}:{result['secret']}"
        result["seed"] = hash_bytes(text.encode()).hex()
        for file, data in files.items():
            if file != "result.json":
                result["files"][file] = hash_bytes(data).hex()
        return {**files, "result.json": rfc8785.dumps(result)}
    except (KeyError, TypeError, AttributeError, ValueError, rfc8785.CanonicalizationError):
        return files  # what was changed has no place for a hash any more


def draw_again(files: Files) -> Files:
    """The auditor's bundle of the draw that a changed plan gives; the files as they are where it gives none."""
    try:
        sealed, result = seal_again(files), json.loads(files["result.json"])
        plan = Plan.read(sealed["plan.json"])
        reveal = Reveal(result["entropy"], result["secret"], files["inner"].decode())
        case = Case(plan, {name: sealed[name] for name in FROZEN}, reveal)
        return bundle_of(case)
    except (DoubleRandomError, ValueError, KeyError):
        return files


ODD: tuple[Any, ...] = (
    *(
        None,
        True,
        False,
        0,
        1,
        2,
        -1,
        7,
        99,
        10**15,
        2**53,
        [],
        {},
        "",
        "0",
        "1",
        "-0",
        "local",
        "=",
    ),
    *(
        "a",
        "A:b:c",
        "é",
        "é",
        " x",
        "x ",
        "x\u200b",
        "N:X",
        "N:x",
        "L:1",
        "2026-02-30",
        "all",
        "internal",
    ),
    *(
        "0" * 64,
        "f" * 64,
        "F" * 64,
        "0" * 32,
        [0, 1],
        [1, 0],
        [0, "0"],
        [1, "-1"],
        ["a"],
        ["b", "a"],
    ),
    *(
        "2026-03-02T12:00:00Z",
        "2026-03-02T24:00:00Z",
        "2020-01-01T00:00:00Z",
        "sm3",
        "double-random/1",
    ),
    *(
        "lead",
        "member",
        "law_firm",
        "\u2028",
        "a\tb",
        "a,b",
        'a"b',
        "unbiased",
        "drawn",
        "ascending",
    ),
)


def change_value(chance: random.Random, value: Any) -> Any:
    """Another value in the place of this one, near it or odd."""
    if chance.random() < 0.4:
        return chance.choice(ODD)
    if type(value) is bool:
        return not value
    if type(value) is int:
        return value + chance.choice((-1, 1, 1, 2, -3))
    if type(value) is str and value:
        if value.lstrip("-").isdigit() and chance.random() < 0.7:
            return str(int(value) + chance.choice((-1, 1, 1000)))
        at = chance.randrange(len(value))
        mark = chance.choice("0123456789abcdefXYZ: .é=")
        return chance.choice(
            (value[:at] + mark + value[at + 1 :], value[:at] + value[at + 1 :], value + mark)
        )
    if type(value) is list and value:
        other = list(value)
        how = chance.randrange(4)
        if how == 0:
            chance.shuffle(other)
        elif how == 1:
            other.append(chance.choice(value))
        elif how == 2:
            del other[chance.randrange(len(other))]
        else:
            at = chance.randrange(len(other))
            other[at] = change_value(chance, other[at])
        return other
    if type(value) is dict and value:
        name = chance.choice(sorted(value))
        rest = {key: part for key, part in value.items() if key != name}
        return chance.choice(
            (rest, {**value, "more": 1}, {**rest, chance.choice(("x", "N:Y", "")): value[name]})
        )
    return chance.choice(ODD)


def change_deep(chance: random.Random, value: Any) -> Any:
    """Change one place somewhere below."""
    if type(value) is dict and value and chance.random() < 0.9:
        name = chance.choice(sorted(value))
        return {**value, name: change_deep(chance, value[name])}
    if type(value) is list and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], change_deep(chance, value[at]), *value[at + 1 :]]
    return change_value(chance, value)


def change_json(chance: random.Random, data: bytes) -> bytes:
    """Another value somewhere in a JSON file, written as the protocol has it, now and then not."""
    value = change_deep(chance, json.loads(data))
    if chance.random() < 0.05:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    try:
        return rfc8785.dumps(value)
    except rfc8785.CanonicalizationError:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def change_csv(chance: random.Random, data: bytes) -> bytes:
    """Other cells or rows in a CSV file, mostly in its canonical order."""
    header, *lines = data.decode().split("\n")[:-1]
    rows = [line.split(",") for line in lines]
    how = chance.randrange(6)
    if not rows or how == 0:
        rows.append([str(chance.choice(ODD)) for _ in header.split(",")])
    elif how == 1:
        del rows[chance.randrange(len(rows))]
    elif how == 2:
        rows.append(list(chance.choice(rows)))
    else:
        row, column = chance.choice(rows), chance.randrange(header.count(",") + 1)
        other = chance.choice(rows)
        if how == 3 and column < len(row) and column < len(other):
            row[column], other[column] = other[column], row[column]
        elif column < len(row):
            row[column] = str(change_value(chance, row[column]))
    if chance.random() < 0.95:
        rows.sort()
    return "".join(",".join(row) + "\n" for row in [[header], *rows]).encode(
        "utf-8", "surrogatepass"
    )


def change_bytes(chance: random.Random, data: bytes) -> bytes:
    """Bytes cut out, doubled, replaced or added."""
    at = chance.randrange(len(data) + 1)
    piece = chance.choice(
        (b"\n", b"\r\n", b"\xef\xbb\xbf", b"\xff", b" ", b'"', b",", bytes([chance.randrange(256)]))
    )
    return chance.choice(
        (
            data[:at] + piece + data[at:],
            data[:at] + piece + data[at + 1 :],
            data[:at] + data[at + 1 :],
            data[:at],
        )
    )


NAMES = (
    "note.txt",
    "x.json",
    "log.jsonl",
    "checkpoint",
    "strata.json",
    "inner",
    "reveal.json",
    ".DS_Store",
)


def change_names(chance: random.Random, files: Files) -> Files:
    """A file more, a file less, or two that have changed places."""
    name, other = chance.choice(sorted(files)), chance.choice(sorted(files))
    how = chance.randrange(3)
    if how == 0:
        return {file: data for file, data in files.items() if file != name}
    if how == 1:
        return {**files, chance.choice(NAMES): files[other]}
    return {**files, name: files[other], other: files[name]}


def mutant(seed: int, number: int) -> tuple[str, Files]:
    """A changed bundle and how it came about."""
    chance = random.Random(f"mutant {seed} {number}")
    whole = chance.choice(sorted(wholes()))
    files, told = dict(wholes()[whole]), [whole]
    if whole.endswith("auditor") and chance.random() < 0.3:
        name = chance.choice(sorted({"plan.json", *FROZEN}))
        change_ = change_json if name.endswith(".json") else change_csv
        files = draw_again({**files, name: change_(chance, files[name])})
        told.append(f"drawn again after {name}")
        if chance.random() < 0.3:
            return f"{seed}/{number}: {', '.join(told)}", files
    for _time in range(chance.choice((1, 1, 1, 2))):
        name = chance.choice(sorted(set(files) - {"verify.py", "verify.html", "CHECK.md"}))
        changes: list[tuple[str, Callable[[random.Random, bytes], bytes]]] = [
            ("bytes", change_bytes)
        ]
        if name.endswith(".json"):
            changes += [("json", change_json)] * 6
        if name.endswith(".csv"):
            changes += [("csv", change_csv)] * 6
        how, change = chance.choice(changes)
        if chance.random() < 0.04:
            files = change_names(chance, files)
            told.append("names")
            continue
        try:
            files[name] = change(chance, files[name])
            told.append(f"{how} of {name}")
        except (ValueError, UnicodeError, RecursionError):
            continue  # an earlier change left nothing to change in this way
    if chance.random() < 0.8:
        files = seal_again(files)
        told.append("sealed")
    return f"{seed}/{number}: {', '.join(told)}", files
