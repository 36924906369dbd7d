"""The process that reads one workbook or page: JSON lines on its output, and an exit code."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from double_random.intake import workbook_reader
from double_random.intake.workbook_reader import cell_text, main


@pytest.fixture(autouse=True)
def unbounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds are for a process of its own, and not for that of the tests."""
    monkeypatch.setattr(
        workbook_reader, workbook_reader._set_limits.__name__, lambda _seconds: None
    )


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("示例", "示例"),
        (True, "TRUE"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (5000.0, "5000"),
        (datetime(2016, 1, 2), "2016-01-02"),
        (datetime(2016, 1, 2, 3, 4, 5), "2016-01-02 03:04:05"),
        (date(2016, 1, 2), "2016-01-02"),
        (time(3, 4), "03:04:00"),
    ],
)
def test_a_cell_is_text_as_excel_keeps_it(cell: object, shown: str) -> None:
    assert cell_text(cell) == shown


def printed(capsys: pytest.CaptureFixture[str], path: Path, kind: str = "workbook") -> list[Any]:
    assert main(str(path), kind) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_workbook_is_printed_sheet_by_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "示例.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("甲")
        sheet.write_row(0, 0, ["名称", "金额"])
        money = book.add_format({"num_format": '0"万元"'})
        sheet.write(2, 0, "示例甲")
        sheet.write(2, 1, 5, money)
        book.add_worksheet("乙").hide()
    first, head, row, second = printed(capsys, path)
    assert (first["sheet"], first["width"], first["hidden"]) == ("甲", 2, [0, "", False])
    assert head == [0, ["名称", "金额"], [], {}]
    assert row == [2, ["示例甲", "5"], [1], {"1": "5万元"}]
    assert (second["sheet"], second["hidden"]) == ("乙", [0, "", True])


def test_a_page_is_printed_table_by_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "示例.html"
    path.write_text("<table><tr><td colspan=2>甲</td></tr><tr><td>乙</td></tr></table>", "utf-8")
    sheet, *rows = printed(capsys, path, "page")
    assert sheet["ragged"] and sheet["merged"] == [[0, 0, 0, 1]]
    assert [row[1] for row in rows] == [["甲", ""], ["乙"]]


@pytest.mark.parametrize(
    ("content", "kind", "code"),
    [
        (b"no workbook", "workbook", workbook_reader.NOT_A_WORKBOOK),
        (b"<p>log in</p>", "page", workbook_reader.NO_TABLE),
        (b"<table><tr>" + b"<td>1</td>" * 1_001 + b"</table>", "page", workbook_reader.TOO_WIDE),
    ],
)
def test_what_cannot_be_read_has_its_exit_code(
    tmp_path: Path, content: bytes, kind: str, code: int
) -> None:
    path = tmp_path / "示例.xls"
    path.write_bytes(content)
    assert main(str(path), kind) == code


def test_a_row_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "示例.html"
    path.write_text(f"<table><tr><td>{'示' * 101}</td></tr></table>", "utf-8")
    monkeypatch.setattr(workbook_reader, "LONGEST", 100)
    assert main(str(path), "page") == workbook_reader.LONG_ROW
    monkeypatch.setattr(workbook_reader, "LONGEST", 1_000)
    monkeypatch.setattr(workbook_reader, "MOST", 100)
    assert main(str(path), "page") == workbook_reader.NO_MEMORY
