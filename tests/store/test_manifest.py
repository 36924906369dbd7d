"""A manifest is read as it was written, and what is no manifest is said to be none."""

from __future__ import annotations

import json

import pytest

from double_random.store.manifest import HALVES, Manifest, Segment, read_manifest, write_manifest
from double_random.store.release_hash import Chain, TableHistory

SEGMENTS = tuple(
    Segment(
        table="firms",
        half="begun",
        columns={"id": "VARCHAR"},
        first=first,
        rows=2,
        file=f"{first}",
        size=7,
        sha256="ab",
    )
    for first in (2, 0)
)
MANIFEST = Manifest(
    hash="ff",
    tables={"firms": {"id": "VARCHAR"}, "empty": {"run": "INTEGER"}},
    histories={"firms": TableHistory(Chain(4, "aa"), Chain(1, "bb"))},
    views={"open": "SELECT 1"},
    segments=SEGMENTS,
)


def test_a_manifest_is_read_as_it_was_written() -> None:
    read = read_manifest(write_manifest(MANIFEST))
    assert (
        read.segments == SEGMENTS
        and read.tables == MANIFEST.tables
        and read.views == MANIFEST.views
    )
    assert read.history("firms") == MANIFEST.history("firms")
    assert read.history("empty") == read.history("unknown") == TableHistory()
    assert read.compute_hash() == MANIFEST.compute_hash() and read.hash == "ff"


def test_segments_come_in_the_order_of_their_rows() -> None:
    assert [one.first for one in MANIFEST.segments_of("firms", "begun")] == [0, 2]
    assert MANIFEST.segments_of("firms", HALVES[1]) == [] and MANIFEST.size == 14


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"hash": 1}', b"\xff", b"null"])
def test_what_is_no_manifest_is_said(content: bytes) -> None:
    with pytest.raises(ValueError, match="no manifest"):
        read_manifest(content)


def test_a_segment_stands_on_a_line() -> None:
    lines = write_manifest(MANIFEST).decode().splitlines()
    assert sum('"file"' in line for line in lines) == 2 and json.loads("\n".join(lines))
