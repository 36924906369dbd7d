"""The rows of a sheet: which lines are rows, what their cells say, and which are quarantined. Columns, never rows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from intake import codes, dates, money, nouns, penalty_kinds, reasons, words
from intake.issues import Origin
from intake.layouts import Column, Layout
from intake.typed import Typed

if TYPE_CHECKING:
    import polars as pl

    from intake.header import Header
    from intake.sheet import Sheet

LONGEST = 32_767  # characters that a cell of Excel can hold
IDENTIFIERS = ("uscc", "identifier")
AS_WRITTEN = ("text", "name", "document")
# One look at a column finds whether it holds anything but printable ASCII, Chinese punctuation and common
# Chinese characters; only then are NFC, control characters and invisible marks looked at one by one.
_ODD = r"[^\t\n\r\x20-\x7e\u{2010}-\u{2026}\u{3001}-\u{3017}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
_INVISIBLE = r"[\u{200b}-\u{200d}\u{2060}\u{feff}]"


@dataclass
class SheetRows:
    """What became of a sheet's rows: the accepted ones as the noun's table, the count of all and of the bad."""

    noun: str
    accepted: pl.DataFrame
    rows: int
    quarantined: int
    issues: list[pl.DataFrame] = field(default_factory=list)


def read(sheet: Sheet, header: Header, origin: Origin, as_of: date) -> SheetRows:
    """Every row after the header, typed by the header's layout."""
    import polars as pl

    layout = header.layout
    body = sheet.body(header.row, len(header.cells))
    body, unnamed, odd = _stripped(body, header)
    issues = [
        origin.issue(header.row + 1, name, "", reasons.UNKNOWN_COLUMN)
        for name in [*(header.cells[place] for place in header.unknown), *unnamed]
    ]
    rows = body.height
    named = next((place for place, column in header.columns if column.to == "name"), None)
    name = words.name_column(body[f"c{named}"]).value if named is not None else None
    place = body.select("row", name=pl.lit(name, pl.String))
    typed: dict[str, pl.Series] = {}
    filled: dict[str, pl.Series] = {}
    bad = body["beyond"]
    if bad.any():
        found = place.filter(bad).with_columns(value=pl.lit(""), reason=pl.lit(reasons.MORE_CELLS))
        issues.append(origin.issues(found, "", "quarantined"))
    for index, column in header.columns:
        raw = body.drop_in_place(f"c{index}")
        numbers = body[f"n{index}"] if f"n{index}" in body.columns else None
        read_ = _column(raw, column, layout, as_of, index in odd, numbers)
        typed[column.to] = read_.value
        filled[column.to] = raw.is_not_null()
        for reason, severity in ((read_.fault, "quarantined"), (read_.note, "noted")):
            marked = reason.is_not_null()
            if not marked.any():
                continue
            if severity == "quarantined":
                bad = bad | marked
            found = place.with_columns(value=raw, reason=reason).filter(marked)
            issues.append(origin.issues(found, header.cells[index], severity))
    for group in layout.one_of:
        none = ~pl.Series([False]).new_from_index(0, rows)
        for to in group:
            none = none & ~filled[to] if to in filled else none
        if none.any():
            found = place.filter(none).with_columns(
                value=pl.lit(""), reason=pl.lit(reasons.ONE_OF_MISSING)
            )
            issues.append(origin.issues(found, " / ".join(_headers(header, group)), "quarantined"))
            bad = bad | none
    table = _table(layout, typed, body["row"], origin)
    quarantined = int(bad.sum())
    if quarantined:
        table = table.filter(~bad)
    return SheetRows(layout.noun, table, rows, quarantined, issues)


def _headers(header: Header, group: Iterable[str]) -> list[str]:
    return [header.cells[index] for index, column in header.columns if column.to in group]


def _stripped(body: pl.DataFrame, header: Header) -> tuple[pl.DataFrame, list[str], set[int]]:
    """The body without blank, totals, help and repeated header lines; kept columns stripped, empty ones null.

    Columns that the layout ignores or does not know are looked at for blankness alone, and dropped.
    Also the letters of columns that hold something under no header, and which columns hold odd characters.
    """
    import polars as pl

    kept = {index for index, _ in header.columns}
    count = pl.Series([0], dtype=pl.Int32).new_from_index(0, body.height)
    first: pl.Series | None = None
    repeated = ~pl.Series([False]).new_from_index(0, body.height)
    unnamed = []
    odd: set[int] = set()
    for index, cell in enumerate(header.cells):
        text = body.drop_in_place(f"c{index}").str.strip_chars()
        if index in kept and text.str.contains(_ODD).any():
            odd.add(index)
            text = text.str.replace_all(_INVISIBLE, "").str.strip_chars().str.normalize("NFC")
        text = text.set(text == "", None) if (text == "").any() else text
        count = count + text.is_not_null().cast(pl.Int32)
        if first is None:
            first = text
        elif first.null_count():
            first = pl.select(pl.coalesce(pl.lit(first), pl.lit(text))).to_series()
        if index in kept:
            repeated = repeated & (text == cell).fill_null(False)
            body = body.with_columns(text.alias(f"c{index}"))
        elif not cell and text.null_count() < text.len():
            unnamed.append(_letters(index))
    assert first is not None  # a header has cells
    layout = header.layout
    totals = first.str.contains(_any_of(layout.totals) + r"\s*[:：]?\s*[0-9]*\s*\p{Han}?$")
    helping = first.str.contains(_any_of(layout.help) + r"\s*(?:[:：](?s:.)*)?$") & (
        (count == 1) | first.is_in(layout.help)
    )
    line = (count == 0) & ~body["beyond"] | totals.fill_null(False) | helping.fill_null(False)
    line = line | repeated
    return (body.filter(~line) if line.any() else body), unnamed, odd


def _any_of(words_: Iterable[str]) -> str:
    """A pattern for one of the words at the start, blanks within it allowed (合 计)."""
    return "^(?:" + "|".join(r"\s*".join(map(re.escape, word)) for word in words_) + ")"


def _letters(index: int) -> str:
    """A column as Excel calls it: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _column(
    raw: pl.Series,
    column: Column,
    layout: Layout,
    as_of: date,
    odd: bool,
    numbers: pl.Series | None,
) -> Typed:
    """One column read: composed text, its form, and the faults that every form has."""
    import polars as pl

    text = raw
    if text.is_in(layout.empty).any():
        text = text.set(text.is_in(layout.empty).fill_null(False), None)
    if column.form in AS_WRITTEN:
        read_ = words.name_column(text) if column.form == "name" else Typed.of(text)
    else:
        read_ = _by_value(text, column, as_of)
    value, fault = read_.value, read_.fault
    if column.default is not None:
        default = column.default == "yes" if column.form == "flag" else column.default
        filled = pl.when(pl.lit(text.is_null())).then(pl.lit(default)).otherwise(pl.lit(value))
        value = pl.select(filled.alias("value")).to_series()
    if column.required:
        missing = reasons.NAME_MISSING if column.to == "name" else reasons.CELL_MISSING
        fault = _where(text.is_null(), missing, fault)
    if odd:
        fault = _where(text.str.contains(_CONTROL), reasons.CONTROL_CHARACTER, fault)
    fault = _where(text.str.len_chars() > LONGEST, reasons.CELL_TOO_LONG, fault)
    if numbers is not None and column.form in IDENTIFIERS:
        fault = _where(numbers, reasons.NUMBER_CELL, fault)
    if column.lenient:
        note = pl.select(pl.coalesce(pl.lit(fault), pl.lit(read_.note))).to_series()
        if fault.null_count() < fault.len():
            value = value.set(fault.is_not_null(), None)
        return Typed.of(value, None, note)
    return Typed(value, fault, read_.note)


def _where(mask: pl.Series, reason: str, otherwise: pl.Series) -> pl.Series:
    import polars as pl

    if not mask.any():
        return otherwise
    return pl.select(
        pl.when(pl.lit(mask)).then(pl.lit(reason)).otherwise(pl.lit(otherwise))
    ).to_series()


def _by_value(text: pl.Series, column: Column, as_of: date) -> Typed:
    """A form read once for each different text: a million rows have few different dates, kinds and codes."""
    import polars as pl

    values = text.drop_nulls().unique()
    read_ = _form(values, column, as_of)
    table = pl.DataFrame(
        {"text": values, "value": read_.value, "fault": read_.fault, "note": read_.note}
    )
    done = pl.DataFrame({"text": text}).join(table, on="text", how="left", maintain_order="left")
    return Typed(done["value"], done["fault"], done["note"])


def _form(values: pl.Series, column: Column, as_of: date) -> Typed:
    match column.form:
        case "uscc":
            return codes.uscc(values)
        case "identifier":
            return codes.identifier(values)
        case "date":
            future = reasons.DECIDED_IN_FUTURE if column.to == "decided" else reasons.DATE_IN_FUTURE
            return dates.date_column(values, as_of if column.past else None, future)
        case "end":
            return dates.end_column(values)
        case "money":
            return money.money_column(values, column.unit)
        case "choice":
            return words.choice_column(values, column.values)
        case "flag":
            return words.flag_column(values, column.values)
        case "words":
            return words.words_column(values)
        case "kinds":
            return penalty_kinds.kinds_column(values)
    raise AssertionError(column.form)  # `layouts` has checked it


def _table(
    layout: Layout, typed: dict[str, pl.Series], row: pl.Series, origin: Origin
) -> pl.DataFrame:
    """The noun's table: typed columns, derived ones, defaults where the sheet has no such column, the place."""
    import polars as pl

    schema = nouns.schema(layout.noun)
    for derived in layout.derived:
        if derived.to not in typed and derived.source in typed:
            typed[derived.to] = typed[derived.source].str.extract(derived.pattern, 1)
    defaults = {column.to: column for column in layout.columns if column.default is not None}
    columns: list[pl.Expr] = []
    for name, kind in schema.items():
        value: object = None
        if name in typed:
            value = typed[name]
        elif name in defaults:
            default = defaults[name].default
            value = default == "yes" if defaults[name].form == "flag" else default
        elif name == "row":
            value = row
        elif name in ("file", "sheet"):
            value = getattr(origin, name)
        columns.append(pl.lit(value).cast(kind).alias(name))
    return pl.DataFrame({"row": row}).with_columns(columns).select(list(schema))
