"""The forms in which rows leave: CSV, JSON, JSON Lines, Parquet, XLSX; one typed writer for answers, open data, sheets.

A number is a number in each of them, a missing value is missing, and text is made harmless where people read it. What
a form has no type for (a duration, a number with more digits than it keeps) is its exact text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from double_random.publish.disclosure.sanitise import escaped, harmless

if TYPE_CHECKING:
    import polars

EXACT = 2**53  # up to here a whole number is the same in every JSON reader
BOM = b"\xef\xbb\xbf"  # Chinese Excel takes UTF-8 for another coding where this mark is missing
BETWEEN_ITEMS = "、"


def to_csv(
    frame: polars.DataFrame,
    headings: Sequence[str] = (),
    people: bool = False,
    word: Callable[[Any], Any] | None = None,
) -> bytes:
    """UTF-8, LF, empty for a missing value; the items of a list are joined by 、; no text starts a formula.

    `people`: for a spreadsheet, with a BOM and CR LF. `word`: what is written instead of a value, as yes for true.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n" if people else "\n")
    writer.writerow([harmless(heading) for heading in headings or frame.columns])
    for row in plain(frame).iter_rows():
        writer.writerow([_csv_cell(word(value) if word else value) for value in row])
    return (BOM if people else b"") + text.getvalue().encode()


def to_jsonl(frame: polars.DataFrame) -> bytes:
    """One object a line."""
    return "".join(line + "\n" for line in json_lines(frame)).encode()


def to_parquet(frame: polars.DataFrame) -> bytes:
    """Parquet with the types that the table has; the same rows give the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=100_000)
    return buffer.getvalue()


def json_lines(frame: polars.DataFrame) -> list[str]:
    """The rows as objects of JSON, compact."""
    import polars

    shown = plain(frame)
    shown = shown.with_columns(polars.col(polars.Date).cast(polars.String))
    if all(_simple(column) for column in shown.iter_columns()):
        # not splitlines: a cell may hold U+2028
        return escaped(shown.write_ndjson()).split("\n")[:-1]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return [escaped(encode(json_value(row))) for row in shown.iter_rows(named=True)]


def json_value(value: Any) -> Any:
    """A value as JSON has it: numbers as numbers, if each reader takes them for the same; else the exact text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return _json_decimal(value)
    if isinstance(value, dict):
        return {str(key): json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(item) for item in value]
    return text_of(value)


def text_of(value: Any) -> str:
    """A value as text: dates as YYYY-MM-DD, the items of a list joined by 、, an object as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return BETWEEN_ITEMS.join(map(text_of, value))
    if isinstance(value, dict):
        return escaped(json.dumps(json_value(value), ensure_ascii=False))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def plain(frame: polars.DataFrame) -> polars.DataFrame:
    """The frame with the dates that Python has no type for as text."""
    import polars

    def far(column: polars.Series) -> bool:
        years = column.dt.year()
        return bool(((years < 1) | (years > 9999)).any())

    temporal = frame.select(polars.col(polars.Date, polars.Datetime))
    odd = [column.name for column in temporal.iter_columns() if far(column)]
    return frame.with_columns(polars.col(odd).cast(polars.String)) if odd else frame


def _simple(column: polars.Series) -> bool:
    """Whether Polars itself writes a column as `json_value` has it."""
    import polars

    kind = column.dtype
    if kind.is_float():
        return bool(column.is_finite().all())
    if kind.is_integer():
        ends = (column.min(), column.max())
        return all(end is None or (isinstance(end, int) and abs(end) <= EXACT) for end in ends)
    if isinstance(kind, polars.List):
        return kind.inner in (polars.String, polars.Boolean, polars.Date)
    return kind in (polars.String, polars.Boolean, polars.Null)


def _csv_cell(value: Any) -> str | int | float | Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, timedelta | date | time) or value is None:
        return text_of(value)
    return harmless(text_of(value))


def _json_decimal(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if not int(value.as_tuple().exponent) < 0:
        whole = int(value)
        return whole if abs(whole) <= EXACT else str(whole)
    shown = float(value)
    return shown if Decimal(repr(shown)) == value else f"{value:f}"
