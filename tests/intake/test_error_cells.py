"""Excel's error cells, and formulas that no program has computed (D-017)."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from double_random.intake.error_cells import UNCOMPUTED, column_number, find_error_cells
from tests.intake.penalty_sheets import HEADER, ROW, read

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def workbook(folder: Path, rows: str, calculation: str = "", target: str = "sheet.xml") -> str:
    """A workbook of one sheet, reduced to the parts that are looked into; its path."""
    path = folder / "示例.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
            f'<sheet name="甲" r:id="rId1"/></sheets>{calculation}</workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships><Relationship Id="rId1" Target="{target}"/></Relationships>',
        )
        book.writestr("xl/sheet.xml", f'<worksheet xmlns="{MAIN}">{rows}</worksheet>')
    return str(path)


def test_people_see_the_place_of_a_formula_alone(tmp_path: Path) -> None:
    """D-017: also where the formula is a name, a heading or a note below the table"""
    path = tmp_path / "处罚.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([*HEADER[:5], "=Z1"])
    sheet.append([*ROW, "示例"])
    sheet.append(["=Z3", "示例2号", *ROW[2:]])
    sheet.append(["填表人：", "=Z4"])
    book.save(path)
    reading = read(path)
    assert reading.quarantined == 1
    shown = str(reading.issues.to_dicts())
    assert "UNCOMPUTED" not in shown
    assert ("A3", "") in reading.issues.select("value", "name").rows()
    assert "F1" in reading.issues["column"].to_list()


def test_an_error_is_found_at_its_address(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="B3" t="e"><v>#DIV/0!</v></c><c r="C3" t="e"><v></v></c></row>'
    assert find_error_cells(workbook(tmp_path, rows)) == {
        "甲": {(2, 1): "#DIV/0!", (2, 2): "#N/A"},
    }


def test_cells_without_an_address_follow_one_another(tmp_path: Path) -> None:
    rows = '<row><c><v>1</v></c></row><row><c/><c t="e"><v>#REF!</v></c></row>'
    assert find_error_cells(workbook(tmp_path, rows)) == {"甲": {(1, 1): "#REF!"}}


@pytest.mark.parametrize(
    ("cell", "calculation", "found"),
    [
        ("<f>1+1</f>", "", True),
        ("<f>1+1</f><v>2</v>", "", False),
        ("<f>1-1</f><v>0</v>", "", False),
        ("<f>1-1</f><v>0</v>", '<calcPr fullCalcOnLoad="1"/>', True),
    ],
)
def test_a_formula_without_a_value_was_never_computed(
    tmp_path: Path, cell: str, calculation: str, found: bool
) -> None:
    path = workbook(tmp_path, f'<row r="1"><c r="A1">{cell}</c></row>', calculation)
    expected = {"甲": {(0, 0): UNCOMPUTED}} if found else {"甲": {}}
    assert find_error_cells(path) == expected


def test_an_empty_text_is_a_value(tmp_path: Path) -> None:
    path = workbook(tmp_path, '<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>')
    assert find_error_cells(path) == {"甲": {}}


def test_a_sheet_may_be_named_from_the_root(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'
    assert find_error_cells(workbook(tmp_path, rows, target="/xl/sheet.xml")) == {
        "甲": {(0, 0): "#N/A"}
    }
    assert find_error_cells(workbook(tmp_path, rows, target="missing.xml")) == {}


def test_another_file_has_no_error_cells(tmp_path: Path) -> None:
    (tmp_path / "示例.xls").write_bytes(b"no archive")
    assert find_error_cells(str(tmp_path / "示例.xls")) == {}


@pytest.mark.parametrize(("letters", "number"), [("A", 0), ("Z", 25), ("AA", 26), ("XFD", 16_383)])
def test_columns_are_counted_from_zero(letters: str, number: int) -> None:
    assert column_number(letters) == number
