"""Typed writers of CSV, JSON, JSON Lines and Parquet, shared by command output, open data and sheets.

Numbers stay numbers, missing values stay missing, and text is sanitised in formats that people read. A value without a
type in the format (a duration, a number with too many digits) is written as its exact text.
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

from double_random.publish.disclosure.sanitise import (
    MAY_BE_ESCAPED,
    escape_formula,
    escape_json_marks,
)

if TYPE_CHECKING:
    import polars

EXACT = 2**53  # largest integer that every JSON reader keeps exact
BOM = b"\xef\xbb\xbf"  # without this mark Chinese Excel reads UTF-8 as another encoding
BETWEEN_ITEMS = "、"


def to_csv(
    frame: polars.DataFrame,
    headings: Sequence[str] = (),
    people: bool = False,
    word: Callable[[Any], Any] | None = None,
) -> bytes:
    """Write CSV: UTF-8, LF, a missing value is empty, list items are joined by 、, no text starts a formula.

    `people`: for a spreadsheet, with a BOM and CR LF. `word`: replaces values by words, such as true by yes.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n" if people else "\n")
    writer.writerow([escape_formula(heading) for heading in headings or frame.columns])
    converted = convert_far_dates(frame)
    if word is None:
        writer.writerows(zip(*map(_to_csv_column, converted.iter_columns()), strict=True))
    else:
        for row in converted.iter_rows():
            writer.writerow([_to_csv_cell(word(value)) for value in row])
    return (BOM if people else b"") + text.getvalue().encode()


def to_jsonl(frame: polars.DataFrame) -> bytes:
    """Write one JSON object per line."""
    return "".join(line + "\n" for line in to_json_lines(frame)).encode()


def to_parquet(frame: polars.DataFrame) -> bytes:
    """Write Parquet with the table's types; the same rows give the same bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=100_000)
    return buffer.getvalue()


def to_json_lines(frame: polars.DataFrame) -> list[str]:
    """Encode each row as a compact JSON object."""
    import polars

    converted = convert_far_dates(frame)
    converted = converted.with_columns(polars.col(polars.Date).cast(polars.String))
    if all(_is_simple_column(column) for column in converted.iter_columns()):
        # not splitlines: a cell may contain U+2028
        return escape_json_marks(converted.write_ndjson()).split("\n")[:-1]
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    return [
        escape_json_marks(encode(to_json_value(row))) for row in converted.iter_rows(named=True)
    ]


def to_json_value(value: Any) -> Any:
    """Convert a value to JSON: numbers stay numbers if every reader keeps them exact, else they become text."""
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, int):
        return value if abs(value) <= EXACT else str(value)
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return _to_json_decimal(value)
    if isinstance(value, dict):
        return {str(key): to_json_value(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_json_value(item) for item in value]
    return to_text(value)


def to_text(value: Any) -> str:
    """Convert a value to text: dates as YYYY-MM-DD, list items joined by 、, an object as JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return BETWEEN_ITEMS.join(map(to_text, value))
    if isinstance(value, dict):
        return escape_json_marks(json.dumps(to_json_value(value), ensure_ascii=False))
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return str(value)


def convert_far_dates(frame: polars.DataFrame) -> polars.DataFrame:
    """Convert columns with dates outside Python's range (years 1 to 9999) to text."""
    import polars

    def is_out_of_range(column: polars.Series) -> bool:
        years = column.dt.year()
        return bool(((years < 1) | (years > 9999)).any())

    temporal = frame.select(polars.col(polars.Date, polars.Datetime))
    odd = [column.name for column in temporal.iter_columns() if is_out_of_range(column)]
    return frame.with_columns(polars.col(odd).cast(polars.String)) if odd else frame


def _is_simple_column(column: polars.Series) -> bool:
    """Whether Polars writes a column exactly as `json_value` does."""
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


def _to_csv_column(column: polars.Series) -> list[Any]:
    """The cells of a column as `_to_csv_cell` makes them; most columns need no look at each cell."""
    import polars

    kind = column.dtype
    if kind.is_integer() or kind.is_float():
        return ["" if value is None else value for value in column.to_list()]
    if kind == polars.Date:
        return column.cast(polars.String).fill_null("").to_list()
    if kind == polars.List(polars.String) and not column.list.contains(None).any():
        column, kind = column.list.join(BETWEEN_ITEMS), polars.String()
    if kind != polars.String:
        return [_to_csv_cell(value) for value in column.to_list()]
    column = column.fill_null("")
    cells: list[Any] = column.to_list()
    for position in column.str.contains(MAY_BE_ESCAPED).arg_true().to_list():
        cells[position] = escape_formula(cells[position])
    return cells


def _to_csv_cell(value: Any) -> str | int | float | Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, timedelta | date | time) or value is None:
        return to_text(value)
    return escape_formula(to_text(value))


def _to_json_decimal(value: Decimal) -> int | float | str:
    if not value.is_finite():
        return str(value)
    if not int(value.as_tuple().exponent) < 0:
        integer = int(value)
        return integer if abs(integer) <= EXACT else str(integer)
    number = float(value)
    return number if Decimal(repr(number)) == value else f"{value:f}"
