"""Open data (开放数据): every published table as CSV, JSON Lines and Parquet, described by a datapackage.json.

The description follows Frictionless Data Package v1 (https://specs.frictionlessdata.io/data-package/): bytes and
SHA-256 of each file. CSV is for people: a cell that a spreadsheet might take for a formula has an apostrophe before
it. JSON Lines and Parquet have every value as it is.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from language import N_
from publish.harmless import harmless

if TYPE_CHECKING:
    import polars

    from publish.allowed import Class
    from publish.edition import Edition

DESCRIPTION = N_(
    "What a justice bureau publishes of its registers and random inspections. In the CSV files an "
    "apostrophe stands before a cell that a spreadsheet might take for a formula; JSON Lines and "
    "Parquet have every value as it is."
)
MEDIA = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
}
FRICTIONLESS = {"string": "string", "date": "date", "integer": "integer", "list": "array"}


def files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Every file of HOME/public/data/ with its path from the site's root, the description last."""
    resources = []
    for name, frame in edition.tables.items():
        written = {"csv": to_csv(frame), "jsonl": to_jsonl(frame), "parquet": to_parquet(frame)}
        for form, content in written.items():
            resources.append(_resource(edition, edition.allowed.classes[name], form, content))
            yield f"data/{name}.{form}", content
        # Chinese Excel takes UTF-8 for another coding where no mark stands before it
        yield f"data/excel/{name}.csv", b"\xef\xbb\xbf" + written["csv"]
    yield "data/datapackage.json", _pretty(_package(edition, resources))


def to_csv(frame: polars.DataFrame) -> bytes:
    """UTF-8 without BOM, LF, empty for a missing value; the items of a list are joined by 、."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    for row in frame.iter_rows():
        writer.writerow([_cell(value) for value in row])
    return text.getvalue().encode()


def to_jsonl(frame: polars.DataFrame) -> bytes:
    """One object a line; dates as YYYY-MM-DD."""
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode
    return "".join(encode(row) + "\n" for row in frame.iter_rows(named=True)).encode()


def to_parquet(frame: polars.DataFrame) -> bytes:
    """Parquet with the types that the table has; the same rows give the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=100_000)
    return buffer.getvalue()


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return harmless("、".join(value))
    return value.isoformat() if isinstance(value, date) else harmless(value)


def _resource(edition: Edition, which: Class, form: str, content: bytes) -> dict[str, Any]:
    described = {
        "name": f"{which.name}-{form}",
        "title": edition.words.title(which),
        "path": f"{which.name}.{form}",
        "format": form,
        "mediatype": MEDIA[form],
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }
    if form != "parquet":
        described["encoding"] = "utf-8"
    if form == "csv":
        described["profile"] = "tabular-data-resource"
        described["dialect"] = {"lineTerminator": "\n"}
    described["schema"] = {
        "fields": [
            {
                "name": field.name,
                # in CSV a list is one text, its items joined by 、
                "type": "string"
                if form == "csv" and field.type == "list"
                else FRICTIONLESS[field.type],
                "title": edition.words.title(field),
            }
            for field in which.fields
        ],
        "missingValues": [""],
    }
    return described


def _package(edition: Edition, resources: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "data-package",
        "name": "double-random",
        "title": edition.words.say(N_("Random inspections and credit of legal services")),
        "description": edition.words.say(DESCRIPTION),
        "version": edition.as_of.isoformat(),
        "sources": [{"title": f"release {edition.release}"}],
        "resources": resources,
    }


def _pretty(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
