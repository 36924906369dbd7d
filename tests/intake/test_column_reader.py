"""One column of a sheet: its cells are stripped, read in their form, and judged by what every form has."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from double_random.intake import reasons
from double_random.intake.column_reader import (
    LONGEST,
    ColumnCells,
    clear_empty_words,
    join_cells,
    read_column,
    strip_cells,
)
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import LayoutColumn, load_shipped_layouts
from double_random.intake.parsed_column import ParsedColumn

LAYOUT = next(layout for layout in load_shipped_layouts() if layout.id == "permits-2018")
SHEET = (
    "行政相对人名称,统一社会信用代码,行政许可决定文书号,许可内容,许可决定日期\n"
    "示例\u202e所务事师律\u202c,31990000XXXX00967X,示例〔2020〕1号,设立,2020-01-06\n"
    "示例甲律师事务所,31990000XXXX00203K,示例〔2020〕2号,设\u202e立,2020-01-06\n"
)


def test_a_turned_name_is_kept_and_noted(tmp_path: Path) -> None:
    (tmp_path / "许可.csv").write_text(SHEET, encoding="utf-8")
    (reading,) = read_drop([tmp_path], date(2020, 12, 31), load_shipped_layouts())
    assert (reading.accepted, reading.quarantined) == (2, 0)
    assert "示例\u202e所务事师律\u202c" in reading.tables["permits"]["name"].to_list()
    noted = reading.issues.select("row", "reason", "severity").rows()
    assert noted == [(2, reasons.HIDDEN_MARK, "noted")]


def column(form: str = "text", **said: Any) -> LayoutColumn:
    return LayoutColumn(to=said.pop("to", "content"), form=form, headers=("示例",), **said)


def read_cells(
    column: LayoutColumn, *texts: str | None, numbers: pl.Series | None = None
) -> ParsedColumn:
    cells = strip_cells(pl.Series(texts, dtype=pl.String), True)
    return read_column(cells, column, LAYOUT, date(2016, 12, 31), numbers)


def test_cells_are_stripped_undressed_and_composed() -> None:
    texts = [" 示例 ", '="0012"', "'0013", "e\u0301", "示\u200b例", "", None]
    found = strip_cells(pl.Series(texts), True)
    assert found.text.to_list() == ["示例", "0012", "0013", "é", "示例", None, None]
    assert found.odd
    assert not strip_cells(pl.Series(["示例", "A-1"]), True).odd


def test_an_error_in_a_column_that_is_not_read_is_no_content() -> None:
    assert strip_cells(pl.Series(["#REF!", "#示例"]), False).text.to_list() == [None, "#示例"]


def test_few_different_texts_are_stripped_like_many() -> None:
    found = strip_cells(pl.Series([" 示例 ", "-"] * 200), True).text
    assert found.to_list() == ["示例", "-"] * 200


def test_words_for_nothing_are_empty() -> None:
    texts = pl.Series(["无", "/", "示例", None])
    assert clear_empty_words(texts, LAYOUT).to_list() == [None, None, "示例", None]
    assert clear_empty_words(pl.Series(["暂无", "示例"]), LAYOUT, "name").to_list() == [
        None,
        "示例",
    ]


def test_columns_of_one_meaning_are_one_list() -> None:
    parts = [
        ColumnCells(pl.Series(["甲", "无", None]), False),
        ColumnCells(pl.Series(["乙", "丙", None]), True),
    ]
    found = join_cells(parts, LAYOUT)
    assert (found.text.to_list(), found.odd) == (["甲、乙", "丙", None], True)


def test_an_empty_cell_that_is_required_is_faulty() -> None:
    assert read_cells(column(required=True), "示例", "无").fault.to_list() == [
        None, reasons.CELL_MISSING,
    ]  # fmt: skip
    name = column("name", to="name", required=True)
    assert read_cells(name, None).fault.to_list() == [reasons.NAME_MISSING]


def test_a_bad_value_of_a_lenient_column_is_left_out_and_noted() -> None:
    typed = read_cells(column("date", lenient=True), "2016-02-30", "2016-02-03")
    assert typed.value.to_list() == [None, date(2016, 2, 3)]
    assert typed.fault.to_list() == [None, None]
    assert typed.note.to_list() == [reasons.NO_SUCH_DATE, None]


def test_a_default_fills_empty_cells() -> None:
    choice = column("choice", values=(("有效", "valid"),), default="valid")
    assert read_cells(choice, "有效", None).value.to_list() == ["valid", "valid"]
    flag = column("flag", values=(("是", "yes"),), default="yes")
    assert read_cells(flag, None).value.to_list() == [True]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("#DIV/0!", reasons.ERROR_CELL),
        ("#UNCOMPUTED!B2", reasons.FORMULA_WITHOUT_VALUE),
        ("示\x07例", reasons.CONTROL_CHARACTER),
        ("示" * (LONGEST + 1), reasons.CELL_TOO_LONG),
        ("M黮ler", reasons.MISREAD_TEXT),
        ("示例A&B律师事务所", None),
    ],
)
def test_faults_that_every_form_has(text: str, reason: str | None) -> None:
    assert read_cells(column(), text).fault.to_list() == [reason]


def test_a_number_cell_is_no_identifier_and_may_have_lost_digits() -> None:
    numbers = pl.Series([True, False])
    code = column("identifier", to="licence")
    assert read_cells(code, "31310000", None, numbers=numbers).fault[0] == reasons.NUMBER_CELL
    document = column("document", to="document")
    typed = read_cells(document, "2.015E+10", "〔2015〕1号", numbers=pl.Series([False, False]))
    assert typed.fault.to_list() == [reasons.DIGITS_LOST, None]
    typed = read_cells(document, "2015000000000000", "2015000000000000", numbers=numbers)
    assert typed.fault.to_list() == [reasons.DIGITS_LOST, None]
