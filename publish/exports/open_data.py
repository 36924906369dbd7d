"""Open data (开放数据): every published table as CSV, JSON Lines and Parquet, described by a datapackage.json.

The description follows Frictionless Data Package v1 (https://specs.frictionlessdata.io/data-package/): bytes and
SHA-256 of each file. CSV is for people: an apostrophe precedes a cell that a spreadsheet might read as a formula. JSON
Lines and Parquet have every value unchanged except hidden marks, which are made visible
(publish/disclosure/allow_list.py).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_
from double_random.publish.content.writers import BOM, to_csv, to_jsonl, to_parquet
from double_random.publish.exports import change_feed

if TYPE_CHECKING:
    import polars

    from double_random.publish.content.snapshot import Edition
    from double_random.publish.exports.change_feed import ChangeFeed

DESCRIPTION = N_(
    "What a justice bureau publishes of its registers and random inspections. In the CSV files an "
    "apostrophe stands before a cell that a spreadsheet might take for a formula; JSON Lines and "
    "Parquet have none. Marks that hide or turn the direction of a text are shown as \ufffd."
)
MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
FRICTIONLESS = {
    "string": "string",
    "date": "date",
    "integer": "integer",
    "list": "array",
    "object": "object",
}
CHANGES = N_("Changes from edition to edition")
FOLLOW = N_(
    "Whoever has the tables of the day `since`, or of a later one, can follow: added, changed, removed. The id is "
    "the SHA-256 of the class's name and the values of its primary key (without one, of the whole row), a line each, "
    "without a line break at the end. A record's content stands in its newest entry alone, and only while it is "
    "public."
)
Size = tuple[int, str]  # bytes, and "sha256:" with the hash
FEED = (
    ("day", "date", N_("Day of the edition")),
    ("change", "string", N_("Change")),
    ("class", "string", N_("Table")),
    ("id", "string", N_("Id")),
    ("record", "object", N_("Record as it is now")),
)


def build_open_data(
    edition: Edition,
    before: Path | None = None,
    is_unchanged: Callable[[str, str], bool] = lambda path, key: False,
) -> Iterator[tuple[str, bytes | None]]:
    """Yield every file of HOME/public/data/ with its path from the site's root, the description last.

    `before`: the edition shown until then, for the change feed. `is_unchanged`: whether a path's file has the same key
    there; its content is then None.
    """
    resources = []
    former = _read_former_sizes(before)
    for name, frame in edition.tables.items():
        which = edition.allowed.classes[name]
        fields = [(field.name, field.type, edition.words.title(field)) for field in which.fields]
        key = change_feed.KEYS.get(name, ())
        for path, form, content in _list_table_files(name, frame, former, is_unchanged):
            title = edition.words.title(which)
            size = former[path] if content is None else _measure_content(content)
            resources.append(_describe_resource(path, form, title, fields, size, key))
            yield f"data/{path}", content
    feed = change_feed.build_change_feed(before, edition.tables, edition.as_of)
    fields = [(name, kind, edition.words.say(title)) for name, kind, title in FEED]
    written = {"csv": _feed_to_csv(feed), "jsonl": feed.to_json_lines()}
    for path, form, content in _list_forms("changes", written):
        title = edition.words.say(CHANGES)
        resource = _describe_resource(path, form, title, fields, _measure_content(content))
        resources.append(resource | {"description": edition.words.say(FOLLOW), "since": feed.since})
        yield f"data/{path}", content
    yield "data/datapackage.json", _format_json(_describe_package(edition, resources))


def _list_table_files(
    name: str,
    frame: polars.DataFrame,
    former: Mapping[str, Size],
    is_unchanged: Callable[[str, str], bool],
) -> Iterator[tuple[str, str, bytes | None]]:
    """List a table's files as `_list_forms` does, without content where the former edition has the same rows."""
    parquet = to_parquet(frame)
    rows = hashlib.sha256(parquet).hexdigest()
    paths = [path for path, _form, _content in _list_forms(name, dict.fromkeys(MEDIA, b""))]
    known = [is_unchanged(f"data/{path}", rows) and path in former for path in paths]
    if all(known):
        for path, form, _content in _list_forms(name, dict.fromkeys(MEDIA, b"")):
            yield path, form, None
    else:
        written = {"csv": to_csv(frame), "jsonl": to_jsonl(frame), "parquet": parquet}
        yield from _list_forms(name, written)


def _read_former_sizes(before: Path | None) -> dict[str, Size]:
    """Read the bytes and hash of each file of an edition from its own description; empty if there is none."""
    if before is None or not (before / change_feed.DESCRIBED).exists():
        return {}
    described = json.loads((before / change_feed.DESCRIBED).read_bytes())
    return {each["path"]: (each["bytes"], each["hash"]) for each in described["resources"]}


def _measure_content(content: bytes) -> Size:
    return len(content), f"sha256:{hashlib.sha256(content).hexdigest()}"


def _feed_to_csv(feed: ChangeFeed) -> bytes:
    """Write the feed as CSV, with each record as JSON in one cell."""
    import polars

    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
    rows = [
        row | {"record": None if row["record"] is None else encode(row["record"])}
        for row in feed.rows()
    ]
    return to_csv(
        polars.DataFrame(rows, schema=dict.fromkeys((column[0] for column in FEED), polars.String))
    )


def _list_forms(name: str, written: dict[str, bytes]) -> Iterator[tuple[str, str, bytes]]:
    """List a table's files: path below data/, format, content; the CSV for Excel is last."""
    for form, content in written.items():
        yield f"{name}.{form}", form, content
    yield f"excel/{name}.csv", "csv", BOM + written["csv"]


def _describe_resource(
    path: str,
    form: str,
    title: str,
    fields: Sequence[tuple[str, str, str]],
    size: Size,
    key: Sequence[str] = (),
) -> dict[str, Any]:
    """Describe one file; fields: name, type, title; size: bytes and hash."""
    described: dict[str, Any] = {
        "name": path.replace("/", "-").replace(".", "-"),
        "title": title,
        "path": path,
        "format": form,
        "mediatype": MEDIA[form],
        "bytes": size[0],
        "hash": size[1],
    }
    if form != "parquet":
        described["encoding"] = "utf-8"
    if form == "csv":
        described["profile"] = "tabular-data-resource"
        described["dialect"] = {"lineTerminator": "\n"}
    # in CSV a list is one text with items joined by 、, an object is one text of JSON
    plain = {"list": "string", "object": "string"} if form == "csv" else {}
    described["schema"] = {
        "fields": [
            {"name": name, "type": plain.get(kind) or FRICTIONLESS[kind], "title": heading}
            for name, kind, heading in fields
        ],
        "missingValues": [""],
    }
    if key:
        described["schema"]["primaryKey"] = list(key)
    return described


def _describe_package(edition: Edition, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "double-random",
        "title": edition.words.say(N_("Random inspections and credit of legal services")),
        "description": edition.words.say(DESCRIPTION),
        "version": edition.as_of.isoformat(),
        "sources": [{"title": f"release {edition.release}"}],
        "resources": resources,
    }


def _format_json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
