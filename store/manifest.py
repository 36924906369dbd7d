"""The manifest of a release: which segments hold its rows, and the heads over them from which its hash follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from double_random.store.release_hash import FORM, Chain, TableHistory, combine_hash

ENDING = ".manifest"
Half = Literal["begun", "ended"]
HALVES: tuple[Half, ...] = ("begun", "ended")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """An immutable Parquet file: rows that runs added to a table (`begun`), or the places of rows they ended."""

    table: str
    half: Half
    columns: Mapping[str, str]
    first: int = 0  # the number of its first row among those of its half
    rows: int = 0
    file: str = (
        ""  # in the folder of segments; it contains the run and the beginning of the SHA-256
    )
    size: int = 0  # bytes
    sha256: str = ""
    keyed: bool = (
        False  # it holds the key of each row (store/tables.py), which follows from the row
    )


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A release: its hash, its tables with their columns, histories and segments, its views."""

    hash: str = ""
    form: int = (
        FORM  # of the hash; that of an earlier version where a rebuild has made its release again
    )
    tables: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    histories: Mapping[str, TableHistory] = field(default_factory=dict)
    views: Mapping[str, str] = field(default_factory=dict)
    segments: tuple[Segment, ...] = ()

    def history(self, table: str) -> TableHistory:
        """The history of a table; empty for an unknown one."""
        return self.histories.get(table, TableHistory())

    def segments_of(self, table: str, half: Half) -> list[Segment]:
        """The segments of a half of a table's history, in the order of their rows."""
        found = [item for item in self.segments if item.table == table and item.half == half]
        return sorted(found, key=lambda segment: segment.first)

    def compute_hash(self) -> str:
        """The hash that follows from the histories and views."""
        return combine_hash(self.tables, self.histories, self.views)

    @property
    def size(self) -> int:
        """The bytes of all segments."""
        return sum(segment.size for segment in self.segments)


def write_manifest(manifest: Manifest) -> bytes:
    """A manifest as JSON, a segment a line."""
    content = {
        "hash": manifest.hash,
        "form": manifest.form,
        "tables": {
            name: {"columns": dict(columns), **asdict(manifest.history(name))}
            for name, columns in manifest.tables.items()
        },
        "views": dict(manifest.views),
    }
    head = json.dumps(content, ensure_ascii=False, indent=1)[:-2]
    segments = ",\n  ".join(
        json.dumps(asdict(segment), ensure_ascii=False) for segment in manifest.segments
    )
    return f'{head},\n "segments": [\n  {segments}\n ]\n}}\n'.encode()


def read_manifest(content: bytes) -> Manifest:
    """The manifest in a file; ValueError if it is none."""
    try:
        read: dict[str, Any] = json.loads(content)
        return Manifest(
            hash=read["hash"],
            form=read["form"],
            tables={name: dict(table["columns"]) for name, table in read["tables"].items()},
            histories={
                name: TableHistory(Chain(**table["begun"]), Chain(**table["ended"]))
                for name, table in read["tables"].items()
            },
            views=dict(read["views"]),
            segments=tuple(Segment(**segment) for segment in read["segments"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no manifest of a release: {error}") from None
