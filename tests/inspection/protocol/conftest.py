"""A small plan with everything that belongs to it, made from a few numbers; the same numbers, the same plan."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import Draw, Reveal, compute_draw
from double_random.inspection.protocol.files import TABLES, Files
from double_random.inspection.protocol.plan import FILES, Plan
from double_random.store.log import merkle

Stratum = tuple[str, int, list[int], int, str]  # name, rows, ratio, minimum, rounding


@dataclass(frozen=True)
class Case:
    """A plan, its files as bytes, and what is revealed."""

    plan: Plan
    files: dict[str, bytes]
    reveal: Reveal

    def draw(self) -> Draw:
        """The draw, computed from the bytes."""
        return compute_draw(self.plan, Files.read(self.plan, self.files), self.reveal)


def make_case(
    seed: int = 0,
    strata: tuple[Stratum, ...] = (("law_firm/A", 12, [1, 3], 0, "up"),),
    inspectors: int = 6,
    leads: tuple[int, ...] = (0, 2, 4),
    recusals: tuple[tuple[int, int], ...] = ((0, 0), (3, 1)),
    team: dict[str, Any] | None = None,
    source: str = "balls:示例:6",
    value: str = "034075",
    hash: str = "sha256",
    plan: dict[str, Any] | None = None,
    reserve: tuple[int, int] = (1, 2),
) -> Case:
    """A fictitious plan; `plan` overrides fields of plan.json as they are."""

    def chance(*words: object, digits: int = 32) -> str:
        text = ":".join(str(word) for word in (seed, *words))
        return hashlib.sha256(text.encode()).hexdigest()[:digits]

    digest, districts = Digest(hash), ("310101", "310104", "310105")
    rows = [(name, number) for name, count, *_rest in strata for number in range(count)]
    frame = [
        (
            f"31310000XXXX{at:05d}A",
            name,
            name.split("/")[0],
            districts[at % 3],
            f"示例律师事务所{at}",
            chance("row", at),
        )
        for at, (name, number) in enumerate(rows)
    ]
    people = [
        (
            f"SL{at:03d}",
            "1" if at in leads else "0",
            "law_firm notary_office",
            districts[at % 3],
            f"示例检查员{at}",
        )
        for at in range(inspectors)
    ]
    tables = {
        "frame.csv": frame,
        "pool.csv": [(row[0], row[4]) for row in frame],
        "left_out.csv": [("31310000XXXX99999A", "inspected within 12 months", "示例甲律师事务所")],
        "inspectors.csv": people,
        "inspectors_left_out.csv": [("SLAWAY", "on leave", "示例检查员", chance("away"))],
        "recusals.csv": [
            (frame[target][0], people[person][0], chance("recusal", target, person))
            for target, person in recusals
            if target < len(frame) and person < len(people)
        ],
    }
    files = {name: TABLES[name].dump(content) for name, content in tables.items()}
    rules = [
        {"stratum": name, "ratio": ratio, "minimum": minimum, "rounding": rounding}
        for name, count, ratio, minimum, rounding in strata
    ]
    counted = [{**rule, "population": part[1]} for rule, part in zip(rules, strata, strict=True)]
    files["rules.json"] = canonical_json.dump_canonical(
        {"items": [{"id": "示例事项", "strata": rules}]}
    )
    files["strata.json"] = canonical_json.dump_canonical(
        {"salt": chance("strata"), "reserve": list(reserve), "strata": counted}
    )
    reveal = Reveal(f"{source}={value}", chance("secret", digits=64), chance("inner", digits=64))
    frozen: dict[str, dict[str, Any]] = {}
    for name, (part, has_rows) in FILES.items():
        frozen[part] = {"sha256": digest.hash_bytes(files[name])}
        if has_rows:
            frozen[part]["rows"] = len(tables[name])
    leaves = files["frame.csv"].split(b"\n")[1:-1]
    frozen["frame"]["root"] = merkle.tree_head(leaves, digest.hash_raw).hex()
    fields: dict[str, Any] = {
        "hash": hash,
        "draw": f"case-{seed}",
        "title": "示例抽查",
        "authority": {"name": "示例市司法局", "code": "11310000XXXX00071R"},
        "number": "",
        "items": [{"id": "示例事项", "title": "示例", "basis": "示例"}],
        "scope": {
            "districts": list(districts),
            "kinds": sorted({name.split("/")[0] for name, *_rest in strata}),
        },
        "as_of": "2026-03-01",
        "release": "0" * 64,
        **frozen,
        "team": {
            "size": 2,
            "leads": 1,
            "groups": None,
            "match_kind": False,
            "other_district": False,
            **(team or {}),
        },
        "entropy": {"sources": [source], "not_before": "2026-03-02T12:00:00Z"},
        "publish_by": "2026-12-31",
        "secret": digest(reveal.secret),
        "inner": digest(reveal.inner),
        "replaces": None,
    }
    return Case(Plan.make({**fields, **(plan or {})}), files, reveal)


@pytest.fixture(scope="session")
def case() -> Callable[..., Case]:
    """`case(seed=1, strata=…, team={…})` makes a plan with its files and revealed values."""
    return make_case
