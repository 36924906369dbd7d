"""A small plan of version 2 with its nine files, made from the plan of version 1 of the same numbers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.canonical_csv import data_lines
from double_random.inspection.protocol.draw import Reveal
from double_random.inspection.protocol.files import FRAME, TABLES
from double_random.inspection.protocol.v2.draw import Draw, compute_draw
from double_random.inspection.protocol.v2.files import Files
from double_random.inspection.protocol.v2.plan import FILES, Plan
from double_random.inspection.protocol.v2.public_sources import read_public_sources
from double_random.store.log import merkle
from tests.inspection.protocol.conftest import make_case as make_first_case
from tests.inspection.protocol.v2.sources import LOTTERY, NOT_BEFORE, NUMBERS, source_bytes

REASONS: dict[str, list[str]] = {
    "left_out": ["district not known", "inspected within 12 months"],
    "inspectors_left_out": ["another unit", "on leave"],
    "replace": ["ceased", "force majeure"],
}


@dataclass(frozen=True)
class Case:
    """A plan of version 2, its files as bytes, and what is revealed."""

    plan: Plan
    files: dict[str, bytes]
    reveal: Reveal

    def draw(self) -> Draw:
        """The draw, computed from the bytes."""
        return compute_draw(self.plan, Files.read(self.plan, self.files), self.reveal)


def make_case(
    sources: tuple[dict[str, Any], ...] = (LOTTERY,),
    values: tuple[str, ...] = (NUMBERS,),
    plan: dict[str, Any] | None = None,
    files: dict[str, bytes] | None = None,
    **numbers: Any,
) -> Case:
    """A fictitious plan; `files` takes the place of files and is sealed, `plan` overrides fields as they are."""
    first = make_first_case(**numbers)
    rules = {**json.loads(first.files["rules.json"]), **REASONS}
    contents = {
        **first.files,
        "rules.json": canonical_json.dump_canonical(rules),
        "sources.json": source_bytes(*sources),
        **(files or {}),
    }
    fields = json.loads(first.plan.data)
    del fields["entropy"], fields["protocol"]
    digest = first.plan.digest
    for file, (field, has_rows) in FILES.items():
        fields[field] = {"sha256": digest.hash_bytes(contents[file])}
        if has_rows:
            fields[field]["rows"] = len(data_lines(contents[file]))
    leaves = data_lines(contents["frame.csv"])
    fields["frame"]["root"] = merkle.tree_head(leaves, digest.hash_raw).hex()
    fields |= {"log": None, "strata_by": "internal", "not_before": NOT_BEFORE, **(plan or {})}
    names = [source.source for source in read_public_sources(contents["sources.json"])]
    lines = (f"{name}={value}" for name, value in zip(names, values, strict=True))
    reveal = Reveal("\n".join(lines), first.reveal.secret, first.reveal.inner)
    return Case(Plan.make(fields), contents, reveal)


def change_rows(case: Case, file: str, **fields: str) -> bytes:
    """The same CSV with other fields in its first row."""
    table = TABLES[file]
    first, *rest = table.load(case.files[file])
    row = dict(zip(table.columns, first, strict=True)) | fields
    return table.dump([tuple(row.values()), *rest])


def change_json(case: Case, file: str, **fields: Any) -> bytes:
    """The same JSON with other fields at its top."""
    return canonical_json.dump_canonical({**json.loads(case.files[file]), **fields})


def frame_and_pool(case: Case, **fields: str) -> dict[str, bytes]:
    """Both files with other fields in the first row of the frame."""
    frame = change_rows(case, "frame.csv", **fields)
    pool = [(row[0], row[4]) for row in FRAME.load(frame)]
    return {"frame.csv": frame, "pool.csv": TABLES["pool.csv"].dump(pool)}
