"""The hash follows from the rows in their order, run by run, however they lie in batches and files."""

from __future__ import annotations

import hashlib
import random
import struct
from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow
import pytest

from double_random.store import release_hash
from double_random.store.release_hash import (
    Chain,
    TableHistory,
    combine_hash,
    hash_block,
    hash_chapters,
)

ROWS = [
    {"id": f"示例{number}", "day": date(2016, 12, 31) if number % 3 else None,
     "fine": number * 7 if number % 5 else None, "lead": (None, True, False)[number % 3],
     "known_from": 1 + number // 40}
    for number in range(100)
]  # fmt: skip
SCHEMA = pyarrow.schema(
    [("id", pyarrow.string()), ("day", pyarrow.date32()), ("fine", pyarrow.int64()), ("lead", pyarrow.bool_()),
     ("known_from", pyarrow.int32())]
)  # fmt: skip


def batches(rows: list[dict[str, Any]], *cuts: int) -> list[pyarrow.RecordBatch]:
    ends = [0, *cuts, len(rows)]
    return [
        pyarrow.RecordBatch.from_pylist(rows[start:end], schema=SCHEMA)
        for start, end in pairwise(ends)
    ]


def chapters(rows: list[dict[str, Any]], *cuts: int) -> list[tuple[int, int, str]]:
    return list(hash_chapters("firms", "begun", batches(rows, *cuts)))


def spelled_block(rows: list[dict[str, Any]]) -> str:
    """The block's digest, written from the page of the format alone, value by value."""
    digest = hashlib.sha256()
    for field in SCHEMA:
        values = [row[field.name] for row in rows]
        digest.update(bytes(value is not None for value in values))
        if field.name == "id":
            digest.update(b"".join(struct.pack("<I", len((v or "").encode())) for v in values))
            digest.update("".join(v or "" for v in values).encode())
        elif field.name == "day":
            digest.update(
                b"".join(struct.pack("<i", (v - date(1970, 1, 1)).days if v else 0) for v in values)
            )
        elif field.name == "lead":
            digest.update(bytes(bool(value) for value in values))
        else:
            form = "<q" if field.name == "fine" else "<i"
            digest.update(b"".join(struct.pack(form, v or 0) for v in values))
    return digest.hexdigest()


def test_a_block_is_hashed_as_its_form_says() -> None:
    table = pyarrow.Table.from_batches(batches(ROWS))
    assert hash_block(table) == spelled_block(ROWS)
    assert hash_block(table.slice(17, 30)) == spelled_block(ROWS[17:47])


def test_a_chapter_is_hashed_as_its_form_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(release_hash, "BLOCK", 16)
    shape = "id text, day date, fine int64, lead boolean, known_from int32"
    expected = []
    for run, rows in ((1, ROWS[:40]), (2, ROWS[40:80]), (3, ROWS[80:])):
        digest = hashlib.sha256(f"firms begun {run} ({shape})\n".encode())
        for start in range(0, len(rows), 16):
            digest.update(spelled_block(rows[start : start + 16]).encode() + b"\n")
        expected.append((run, len(rows), digest.hexdigest()))
    assert chapters(ROWS) == expected


def test_batches_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(20161231)
    for block in (1, 7, 64, 65_536):
        monkeypatch.setattr(release_hash, "BLOCK", block)
        whole = chapters(ROWS)
        for _turn in range(10):
            cuts = sorted(chance.sample(range(101), 4))
            assert chapters(ROWS, *cuts) == whole


def test_every_value_its_place_and_its_absence_count() -> None:
    seen = {tuple(chapters(ROWS))}
    for number, field in enumerate(SCHEMA):
        for value in (None, ROWS[3][field.name] or ROWS[1][field.name]):
            if field.name == "known_from" and value is None:
                continue
            changed = [dict(row) for row in ROWS]
            changed[5 + number][field.name] = (
                1 if field.name == "known_from" and value == 1 else value
            )
            if changed != ROWS:
                seen.add(tuple(chapters(changed)))
    swapped = [ROWS[1], ROWS[0], *ROWS[2:]]
    seen.add(tuple(chapters(swapped)))
    assert len(seen) >= 6


def test_the_rows_of_a_run_stand_together() -> None:
    with pytest.raises(ValueError, match="run 1 after run 3"):
        chapters([*ROWS, ROWS[0]])


def test_a_type_that_no_release_holds_is_refused() -> None:
    batch = pyarrow.RecordBatch.from_pydict(
        {"run": [1], "share": [0.5]},
        pyarrow.schema([("run", pyarrow.int32()), ("share", pyarrow.float64())]),
    )
    with pytest.raises(TypeError, match="double"):
        list(hash_chapters("firms", "begun", [batch]))
    with pytest.raises(ValueError, match="without the run"):
        list(hash_chapters("firms", "begun", [batch.select(["share"])]))


def test_a_chain_depends_on_every_chapter_and_their_order() -> None:
    one = Chain().extend(2, "a").extend(3, "b")
    assert one.rows == 5 and one != Chain().extend(3, "b").extend(2, "a")
    assert Chain().extend(5, "ab").head != one.head


def test_a_release_depends_on_its_tables_and_views_and_on_no_empty_one() -> None:
    history = TableHistory(Chain(2, "aa"), Chain(1, "bb"))
    histories = {"firms": history, "empty": TableHistory()}
    shapes = {"firms": {"id": "VARCHAR", "known_to": "INTEGER"}, "empty": {}}
    hash_ = combine_hash(shapes, histories, {})
    assert hash_ == combine_hash(shapes, {"firms": history}, {})
    others = [
        combine_hash({"other": shapes["firms"]}, {"other": history}, {}),
        combine_hash({"firms": {"id": "VARCHAR"}}, histories, {}),
        combine_hash(shapes, {"firms": TableHistory(Chain(2, "aa"))}, {}),
        combine_hash(shapes, histories, {"open": "SELECT 1"}),
        combine_hash(shapes, histories, {"open": "SELECT 2"}),
    ]
    assert len({hash_, *others}) == 6
