"""The change feed (变更记录): from edition to edition, which records came, changed or went.

A record's id is a SHA-256 of its class and key; what it says stands only in the newest entry of a record that is still
public, as the tables have it now. So nothing that has ended, and nothing that was said otherwise before, stays in the
feed: of an ended record only "removed" and its id are left, in older entries too. What was there before is read from
the edition that is shown; no other memory is kept.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import polars

# What makes two rows of two editions the same record; of a class that does not stand here, the whole row does.
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
QUIET = {"grade": "as_of"}  # a column that alone makes no change: it is another one every day
MOST = 200_000  # entries; older days are left out, whoever is further behind takes the tables whole
PATH = "data/changes.jsonl"
DESCRIBED = "data/datapackage.json"


@dataclass(frozen=True)
class Entry:
    """One change; `what` is added, changed or removed."""

    day: str
    what: str
    table: str
    id: str


@dataclass(frozen=True)
class Changes:
    """The feed of one edition: whoever has the tables of the day `since`, or later, can follow it to this one."""

    since: str
    entries: tuple[Entry, ...]
    records: Mapping[int, dict[str, Any]]  # place of an entry → what the record says now

    def lines(self) -> bytes:
        """JSON Lines: day change class id record; record is null where it is said later, or no more."""
        encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
        return "".join(encode(row) + "\n" for row in self.rows()).encode()

    def rows(self) -> list[dict[str, Any]]:
        """The entries in order, the oldest first."""
        return [
            {
                "day": entry.day,
                "change": entry.what,
                "class": entry.table,
                "id": entry.id,
                "record": self.records.get(place),
            }
            for place, entry in enumerate(self.entries)
        ]


def changes(before: Path | None, tables: Mapping[str, polars.DataFrame], day: date) -> Changes:
    """The feed of an edition with these tables; `before`: the folder of the edition that is shown until then.

    Without one, or where it has no feed, the tables are the beginning and nothing has changed.
    """
    import duckdb

    if before is None or not (before / PATH).exists():
        return Changes(day.isoformat(), (), {})
    with (before / PATH).open(encoding="utf-8") as file:
        entries = [_entry(json.loads(line)) for line in file]
    described = json.loads((before / DESCRIBED).read_bytes())
    since = next(one["since"] for one in described["resources"] if "since" in one)
    with duckdb.connect() as connection:
        for name, table in sorted(tables.items()):
            found = _found(connection, name, before / "data" / f"{name}.parquet", table)
            entries += [Entry(day.isoformat(), what, name, id_) for id_, what in found]
        since, entries = _newest(since, entries)
        return Changes(since, tuple(entries), _records(connection, tables, entries))


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(row["day"], row["change"], row["class"], row["id"])


def _found(
    connection: duckdb.DuckDBPyConnection, name: str, file: Path, table: polars.DataFrame
) -> list[tuple[str, str]]:
    """What differs between a table of before and one of now: (id, added | changed | removed), by id."""
    import polars

    former = polars.read_parquet(io.BytesIO(file.read_bytes())) if file.exists() else table.clear()
    if former.equals(table):
        return []
    for side, frame in (("former", former), ("now", table)):
        connection.register(side, frame)
    rows = connection.execute(
        f"""
        WITH old AS ({_identified(name, former, "former")}), new AS ({_identified(name, table, "now")})
        SELECT id, CASE WHEN old.id IS NULL THEN 'added' WHEN new.id IS NULL THEN 'removed' ELSE 'changed' END
        FROM old FULL JOIN new USING (id)
        WHERE old.id IS NULL OR new.id IS NULL OR old.body <> new.body
        ORDER BY id
        """
    ).fetchall()
    for side in ("former", "now"):
        connection.unregister(side)
    return rows


def _identified(name: str, frame: polars.DataFrame, source: str) -> str:
    """SQL: each row's id, and its content as one text."""
    body = [f'"{column}"' for column in frame.columns if column != QUIET.get(name)]
    fields = ", ".join(f"{column} := {column}" for column in body)
    return f"""SELECT {_id(name, frame.columns)} AS id, min(CAST(to_json(struct_pack({fields})) AS TEXT)) AS body
               FROM {source} GROUP BY ALL"""


def _id(name: str, columns: Iterable[str]) -> str:
    """SQL: SHA-256 of the class's name and the key's values, a line each; a missing value is an empty line."""
    key = KEYS.get(name) or tuple(columns)
    values = ", ".join(f"coalesce(CAST(\"{column}\" AS TEXT), '')" for column in key)
    return f"sha256(concat_ws(chr(10), '{name}', {values}))"


def _newest(since: str, entries: list[Entry]) -> tuple[str, list[Entry]]:
    """Without the oldest days, where the feed has grown too long; a day stays whole."""
    while len(entries) > MOST and entries[0].day != entries[-1].day:
        since = entries[0].day
        last = next(place for place, one in enumerate(entries) if one.day != since)
        entries = entries[last:]
    return since, entries


def _records(
    connection: duckdb.DuckDBPyConnection,
    tables: Mapping[str, polars.DataFrame],
    entries: list[Entry],
) -> dict[int, dict[str, Any]]:
    """What each record that is public now says, at the place of its newest entry."""
    newest = {(entry.table, entry.id): place for place, entry in enumerate(entries)}
    found: dict[int, dict[str, Any]] = {}
    for name in sorted({entry.table for entry in entries} & tables.keys()):
        table = tables[name]
        connection.register("now", table.with_row_index("place"))
        ids = connection.execute(f"SELECT place, {_id(name, table.columns)} FROM now").fetchall()
        connection.unregister("now")
        wanted = [(place, newest[name, id_]) for place, id_ in ids if (name, id_) in newest]
        records = table[[place for place, _entry_place in wanted]].to_dicts()
        found |= {place: record for (_row, place), record in zip(wanted, records, strict=True)}
    return found
