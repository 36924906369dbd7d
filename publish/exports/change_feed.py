"""The change feed (变更记录): which records were added, changed or removed from edition to edition.

A record's id is a SHA-256 of its class and key; its content is only in the newest entry of a record that is still
public, as in the current tables. So the feed keeps neither ended records nor earlier contents: of an ended record only
"removed" and its id remain, in older entries too. The previous state is read from the edition that is shown; nothing
else is stored.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.store.database import open_database

if TYPE_CHECKING:
    import duckdb
    import polars

# Key columns that identify a record across editions; for a class not listed here, the whole row is the key.
KEYS = {
    "institution": ("id",),
    "penalty": ("record",),
    "grade": ("institution", "policy"),
    "draw": ("draw",),
    "drawn": ("draw", "id"),
    "inspection": ("draw", "institution"),
    "result": ("draw", "institution", "item"),
    "past_inspection": ("record",),
}
QUIET = {"grade": "as_of"}  # a column that differs every day and alone makes no change
MOST = 200_000  # entries; older days are dropped, clients further behind read the full tables
PATH = "data/changes.jsonl"
DESCRIBED = "data/datapackage.json"


@dataclass(frozen=True)
class FeedEntry:
    """One change; `what` is added, changed or removed."""

    day: str
    what: str
    table: str
    id: str


@dataclass(frozen=True)
class ChangeFeed:
    """The feed of one edition: it updates tables of the day `since`, or a later one, to this edition."""

    since: str
    entries: tuple[FeedEntry, ...]
    records: Mapping[int, dict[str, Any]]  # index of an entry → current content of the record

    def to_json_lines(self) -> bytes:
        """JSON Lines: day change class id record; record is null if a later entry has it or it is no longer public."""
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
        return "".join(encode(row) + "\n" for row in self.rows()).encode()

    def rows(self) -> list[dict[str, Any]]:
        """The entries, the oldest first."""
        return [
            {
                "day": entry.day,
                "change": entry.what,
                "class": entry.table,
                "id": entry.id,
                "record": self.records.get(index),
            }
            for index, entry in enumerate(self.entries)
        ]


def build_change_feed(
    before: Path | None, tables: Mapping[str, polars.DataFrame], day: date
) -> ChangeFeed:
    """Build the feed of an edition with these tables; `before`: the folder of the edition shown until then.

    Without it, or if it has no feed, the feed starts with these tables and has no entries.
    """
    if before is None or not (before / PATH).exists():
        return ChangeFeed(day.isoformat(), (), {})
    with (before / PATH).open(encoding="utf-8") as file:
        entries = [_parse_entry(json.loads(line)) for line in file]
    described = json.loads((before / DESCRIBED).read_bytes())
    since = next(resource["since"] for resource in described["resources"] if "since" in resource)
    with open_database() as connection:
        for name, table in sorted(tables.items()):
            differences = _compare_tables(
                connection, name, before / "data" / f"{name}.parquet", table
            )
            entries += [FeedEntry(day.isoformat(), what, name, id_) for id_, what in differences]
        since, entries = _drop_oldest_days(since, entries)
        return ChangeFeed(since, tuple(entries), _current_records(connection, tables, entries))


def _parse_entry(row: dict[str, Any]) -> FeedEntry:
    return FeedEntry(row["day"], row["change"], row["class"], row["id"])


def _compare_tables(
    connection: duckdb.DuckDBPyConnection, name: str, file: Path, table: polars.DataFrame
) -> list[tuple[str, str]]:
    """Compare a previous table with the current one: (id, added | changed | removed), sorted by id."""
    import polars

    former = polars.read_parquet(io.BytesIO(file.read_bytes())) if file.exists() else table.clear()
    if former.equals(table):
        return []
    for side, frame in (("former", former), ("now", table)):
        connection.register(side, frame)
    rows = connection.execute(
        f"""
        WITH old AS ({_identified_rows_sql(name, former, "former")}),
             new AS ({_identified_rows_sql(name, table, "now")})
        SELECT id, CASE WHEN old.id IS NULL THEN 'added' WHEN new.id IS NULL THEN 'removed' ELSE 'changed' END
        FROM old FULL JOIN new USING (id)
        WHERE old.id IS NULL OR new.id IS NULL OR old.body <> new.body
        ORDER BY id
        """
    ).fetchall()
    for side in ("former", "now"):
        connection.unregister(side)
    return rows


def _identified_rows_sql(name: str, frame: polars.DataFrame, source: str) -> str:
    """SQL: the id of each row and its content as one text."""
    body = [f'"{column}"' for column in frame.columns if column != QUIET.get(name)]
    fields = ", ".join(f"{column} := {column}" for column in body)
    return f"""SELECT {_record_id_sql(name, frame.columns)} AS id,
                      min(CAST(to_json(struct_pack({fields})) AS TEXT)) AS body
               FROM {source} GROUP BY ALL"""


def _record_id_sql(name: str, columns: Iterable[str]) -> str:
    """SQL: SHA-256 of the class's name and the key's values, one per line; a missing value is an empty line."""
    key = KEYS.get(name) or tuple(columns)
    values = ", ".join(f"coalesce(CAST(\"{column}\" AS TEXT), '')" for column in key)
    return f"sha256(concat_ws(chr(10), '{name}', {values}))"


def _drop_oldest_days(since: str, entries: list[FeedEntry]) -> tuple[str, list[FeedEntry]]:
    """Drop the oldest days if the feed is too long; a day is never split."""
    while len(entries) > MOST and entries[0].day != entries[-1].day:
        since = entries[0].day
        last = next(index for index, entry in enumerate(entries) if entry.day != since)
        entries = entries[last:]
    return since, entries


def _current_records(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, polars.DataFrame],
    entries: list[FeedEntry],
) -> dict[int, dict[str, Any]]:
    """The content of each currently public record, by the index of its newest entry."""
    newest = {(entry.table, entry.id): index for index, entry in enumerate(entries)}
    contents: dict[int, dict[str, Any]] = {}
    for name in sorted({entry.table for entry in entries} & tables.keys()):
        table = tables[name]
        connection.register("now", table.with_row_index("place"))
        ids = connection.execute(
            f"SELECT place, {_record_id_sql(name, table.columns)} FROM now"
        ).fetchall()
        connection.unregister("now")
        public_rows = [(index, newest[name, id_]) for index, id_ in ids if (name, id_) in newest]
        records = table[[index for index, _entry_index in public_rows]].to_dicts()
        contents |= {
            index: record for (_row, index), record in zip(public_rows, records, strict=True)
        }
    return contents
