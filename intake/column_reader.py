"""One column of a sheet: its cells stripped and composed, then read in their form; the faults that every form has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from double_random.intake import (
    code_lists,
    credit_codes,
    dates,
    identifiers,
    money,
    reasons,
    text_columns,
)
from double_random.intake.error_cells import UNCOMPUTED
from double_random.intake.layouts import Layout, LayoutColumn
from double_random.intake.parsed_column import ParsedColumn

if TYPE_CHECKING:
    import polars as pl

ERROR = (
    r"^#(?:DIV/0!|REF!|N/A|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|GETTING_DATA|UNCOMPUTED!(?:[A-Z]+[0-9]+)?)$"
)
LONGEST = 32_767  # characters that a cell of Excel can hold
IDENTIFIERS = ("uscc", "identifier")
AS_WRITTEN = ("text", "name", "document")
# One search in a column shows whether it contains anything but printable ASCII, Chinese punctuation and common
# Chinese characters; only then are NFC, control characters and invisible marks looked at one by one.
_ODD = r"[^\t\n\r\x20-\x7e\u{2010}-\u{2026}\u{3001}-\u{3017}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{ff01}-\u{ff5e}]"
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
# Marks that change the reading direction or separate lines invisibly (Unicode TR 36): they can imitate another name.
_TURNING = r"[\u{61c}\u{200e}\u{200f}\u{2028}-\u{202e}\u{2061}-\u{206f}\u{fff9}-\u{fffb}\u{e0000}-\u{e007f}]"
# What spreadsheets add to a cell to keep it text: ="…", or an apostrophe before it.
_DRESSED = r"""^(?s:="([^"]*)"|'([^']+))$"""
_INVISIBLE = r"[\u{200b}-\u{200d}\u{2060}\u{feff}]"


_JOINING = "与和或及跟同到至等的是在用为转即按"  # one such character between two Latin words is Chinese text


@cache
def misread_pattern() -> str:
    """A pattern for Western text that was read as Chinese: a single Chinese character inside a Latin word.

    A letter with an accent and the letter after it form one character of GB18030: Müller is read as M黮ler. Its second
    byte is then a Latin letter, as in no common character. Two accents in a row may form any character.
    """
    swallowed = "".join(
        bytes([first, second]).decode("gb18030", "ignore")
        for first in range(0x81, 0xFF)
        for second in (*range(0x41, 0x5B), *range(0x61, 0x7B))
    )
    rare = f"[{re.escape(swallowed)}]"
    lone = rf"[\p{{Han}}--[{_JOINING}]]"
    between = rf"[A-Za-z][a-z]{lone}[a-z]|[A-Za-z]{lone}[a-z]{{2}}"
    return rf"[A-Za-z]{rare}|{rare}[a-z]|{between}|[ａ-ｚＡ-Ｚ][a-z]|[a-z][ａ-ｚＡ-Ｚ\x{{e000}}-\x{{f8ff}}]"


@dataclass(frozen=True)
class ColumnCells:
    """A column's cells as text, null if empty; odd: some hold more than plain characters."""

    text: pl.Series
    odd: bool


def strip_cells(text: pl.Series, is_read: bool) -> ColumnCells:
    """Cells without blanks around them; of a column that is read, composed (NFC) and without invisible marks.

    If a million rows contain few different texts, only these are processed.
    """
    import polars as pl

    different: int = text.to_frame().select(pl.all().approx_n_unique()).item()
    few = text.unique() if different * 10 < text.len() else text
    plain = few.str.strip_chars()
    if is_read and plain.str.contains(_DRESSED).any():
        plain = plain.str.replace(_DRESSED, "${1}${2}").str.strip_chars()
    odd = is_read and bool(plain.str.contains(_ODD).any())
    if odd:
        plain = plain.str.replace_all(_INVISIBLE, "").str.strip_chars().str.normalize("NFC")
    if not is_read and plain.str.starts_with("#").any():  # an error in a column that is not read
        plain = plain.set(plain.str.contains(ERROR).fill_null(False), None)
    empty = plain == ""
    plain = plain.set(empty, None) if empty.any() else plain
    if few is text:
        return ColumnCells(plain, odd)
    changed = few.ne_missing(plain)
    if changed.any():
        text = text.replace(few.filter(changed), plain.filter(changed))
    return ColumnCells(text, odd)


def join_cells(parts: list[ColumnCells], layout: Layout) -> ColumnCells:
    """Several columns of one meaning as one: 检查人员1 and 检查人员2 are one list."""
    import polars as pl

    texts = [clear_empty_words(part.text, layout).alias(f"{n}") for n, part in enumerate(parts)]
    frame = pl.DataFrame(texts).select(pl.concat_str(pl.all(), separator="、", ignore_nulls=True))
    text = frame.to_series()
    for part in texts:
        if part.str.starts_with("#").any():  # an error in one part is one in the whole
            text = text.zip_with(~part.str.contains(ERROR).fill_null(False), part)
    return ColumnCells(text.set(text == "", None), any(part.odd for part in parts))


def clear_empty_words(text: pl.Series, layout: Layout, form: str = "") -> pl.Series:
    """Replace words for an empty cell (无, /) by null; in names also those of data/identifiers.toml (暂无, nan)."""
    empty = text.is_in(layout.empty)
    text = text.set(empty.fill_null(False), None) if empty.any() else text
    if form == "name" and layout.identifiers:
        return identifiers.clear_empty_names(text, layout.identifiers)
    return text


def read_column(
    cells: ColumnCells,
    column: LayoutColumn,
    layout: Layout,
    as_of: date,
    numbers: pl.Series | None,
    units: tuple[str, ...] = (),
) -> ParsedColumn:
    """A column's cells in its form; `numbers` marks the number cells of a workbook.

    `units`: the units of money given in the heading or in a line beside the table.
    """
    import polars as pl

    text = clear_empty_words(cells.text, layout, column.form)
    if column.form in AS_WRITTEN:
        read_ = (
            text_columns.name_column(text)
            if column.form == "name"
            else ParsedColumn.from_values(text)
        )
    else:
        read_ = _read_by_value(text, column, layout, as_of, units)
        if column.form in IDENTIFIERS:  # #N/A and the like state that there is no value
            text = text.set(read_.value.is_null(), None)
    value, fault, note = read_.value, read_.fault, read_.note
    if column.default is not None:
        default = column.default == "yes" if column.form == "flag" else column.default
        filled = pl.when(pl.lit(text.is_null())).then(pl.lit(default)).otherwise(pl.lit(value))
        value = pl.select(filled.alias("value")).to_series()
    by_default = column.to == "decided" and bool(layout.default_day)
    if column.required and not by_default:
        missing = reasons.NAME_MISSING if column.to == "name" else reasons.CELL_MISSING
        fault = _set_where(text.is_null(), missing, fault)
    if text.str.starts_with("#").any():
        fault = _set_where(text.str.contains(ERROR).fill_null(False), reasons.ERROR_CELL, fault)
        uncomputed = text.str.starts_with(UNCOMPUTED).fill_null(False)
        fault = _set_where(uncomputed, reasons.FORMULA_WITHOUT_VALUE, fault)
    if column.form in AS_WRITTEN and text.str.contains("[a-z]").any():
        fault = _set_where(
            text.str.contains(misread_pattern()).fill_null(False), reasons.MISREAD_TEXT, fault
        )
    if cells.odd:
        fault = _set_where(text.str.contains(_CONTROL), reasons.CONTROL_CHARACTER, fault)
        if column.form == "name":
            note = _set_where(text.str.contains(_TURNING), reasons.HIDDEN_MARK, note)
    if (text.str.len_bytes() > LONGEST).any():
        fault = _set_where(text.str.len_chars() > LONGEST, reasons.CELL_TOO_LONG, fault)
    if numbers is not None and column.form in IDENTIFIERS:
        fault = _set_where(numbers, reasons.NUMBER_CELL, fault)
    if column.form == "document":
        fault = _set_where(_has_lost_digits(text, numbers), reasons.DIGITS_LOST, fault)
    if column.lenient:
        note = pl.select(pl.coalesce(pl.lit(fault), pl.lit(note))).to_series()
        if fault.null_count() < fault.len():
            value = value.set(fault.is_not_null(), None)
        return ParsedColumn.from_values(value, None, note)
    return ParsedColumn(value, fault, note)


def _has_lost_digits(text: pl.Series, numbers: pl.Series | None) -> pl.Series:
    """Which document numbers a spreadsheet turned into numbers: 2.015E+10, or a number cell of over 15 digits."""
    lost = text.str.contains(r"^[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{1,3}$").fill_null(False)
    if numbers is not None:
        lost = lost | (numbers & (text.str.len_chars() > 15).fill_null(False))
    return lost


def _set_where(mask: pl.Series, reason: str, otherwise: pl.Series) -> pl.Series:
    import polars as pl

    if not mask.any():
        return otherwise
    return pl.select(
        pl.when(pl.lit(mask)).then(pl.lit(reason)).otherwise(pl.lit(otherwise))
    ).to_series()


def _read_by_value(
    text: pl.Series, column: LayoutColumn, layout: Layout, as_of: date, units: tuple[str, ...]
) -> ParsedColumn:
    """A form read once for each distinct text: a million rows have few distinct dates, kinds and codes."""
    import polars as pl

    values = text.drop_nulls().unique()
    read_ = _read_form(values, column, layout, as_of, units)
    table = pl.DataFrame(
        {"text": values, "value": read_.value, "fault": read_.fault, "note": read_.note}
    )
    done = pl.DataFrame({"text": text}).join(table, on="text", how="left", maintain_order="left")
    return ParsedColumn(done["value"], done["fault"], done["note"])


def _read_form(
    values: pl.Series, column: LayoutColumn, layout: Layout, as_of: date, units: tuple[str, ...]
) -> ParsedColumn:
    match column.form:
        case "uscc" | "identifier" if layout.identifiers:
            rules = layout.identifiers
            form = rules.find_form(layout.noun, "uscc" if column.form == "uscc" else column.to)
            return identifiers.read_identifiers(values, rules, form)
        case "uscc":
            return credit_codes.uscc_column(values)
        case "date":
            future = reasons.DECIDED_IN_FUTURE if column.to == "decided" else reasons.DATE_IN_FUTURE
            return dates.date_column(
                values, as_of if column.past else None, future, layout.date_order
            )
        case "end":
            return dates.end_column(values, layout.date_order)
        case "year":
            return dates.year_column(values, as_of if column.past else None)
        case "number":
            return text_columns.number_column(values)
        case "money":
            return money.money_column(
                values, column.unit, units, column.bounds, layout.decimal_mark
            )
        case "choice":
            return text_columns.choice_column(values, column.values)
        case "flag":
            return text_columns.flag_column(values, column.values)
        case "words":
            return text_columns.words_column(values)
        case "kinds":
            return code_lists.kinds_column(values, column.kinds)
    raise AssertionError(column.form)  # `layouts` has checked it
