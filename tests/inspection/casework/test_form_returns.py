"""The forms of a year's plan and of a quarter's report."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from double_random.core.errors import Misuse
from double_random.inspection.casework import year_plan
from double_random.inspection.casework.form_returns import (
    NAMES,
    fill_quarter_forms,
    fill_year_forms,
)
from double_random.inspection.casework.quarterly_report import Quarter
from double_random.store.home import Home

AT = "2026-12-01T00:00:00Z"


def words(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter("{*}t")) for p in body.iter("{*}p"))


@pytest.fixture
def planned(home: Home, tmp_path: Path) -> Home:
    """A year's plan of one batch, filed and not yet approved."""
    path = tmp_path / "计划.xlsx"
    path.write_bytes(year_plan.render_year_sheet(home, 2026))
    book = openpyxl.load_workbook(path)
    cells = {"I4": "一年一次", "J4": "14", "K4": "2026-02-01", "L4": "2026-06-30"}
    for cell, value in cells.items():
        book.active[cell] = value
    book.save(path)
    year_plan.file_year_plan(home, 2026, path, "示司备〔2026〕1号", "2026-01-10", "", AT)
    return home


def test_a_years_plan_is_filled_in_each_layout(planned: Home) -> None:
    made = dict(fill_year_forms(planned, 2026))
    assert set(made) == {"年度抽查计划.docx", "年度抽查计划_按对象.docx"}
    text = words(made["年度抽查计划.docx"])
    for part in ("2026", "示司备〔2026〕1号", "未批准", "14", "2026年6月30日"):
        assert part in text
    year_plan.approve_year_plan(planned, 2026, "示司批1号", "2026-01-12", AT)
    text = words(dict(fill_year_forms(planned, 2026))["年度抽查计划.docx"])
    assert "示司批1号 2026年1月12日" in text and "未批准" not in text


def test_a_year_without_a_plan_has_no_form(planned: Home) -> None:
    with pytest.raises(Misuse, match="there is no plan of 2027"):
        list(fill_year_forms(planned, 2027))


def test_a_quarters_report_has_a_row_for_each_item_and_the_sums(planned: Home) -> None:
    ((name, content),) = fill_quarter_forms(planned, Quarter(2026, 1), date(2026, 3, 1))
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert name == "季度报表.xlsx"
    flat = [value for row in cells for value in row if value is not None]
    assert any("2026年第1季度" in str(value) for value in flat)
    assert flat.count(14) == 2  # planned for the item, and in all
    assert all(any(heading in str(value) for value in flat) for heading in NAMES.values())
