"""What a workbook of any form says beside its values: units in number formats (D-016), formulas that no program has
computed (D-017), and what is hidden (D-077)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import Reading
from double_random.intake.layouts import shipped
from double_random.intake.old_excel import BLANK, old_sheets
from double_random.intake.table_pages import tables

HEADER = [
    "行政相对人名称",
    "行政处罚决定书文号",
    "处罚类别",
    "处罚决定日期",
    "处罚机关",
    "罚款金额",
]
ROW = ["示例甲律师事务所", "示例1号", "罚款", "2015-05-03", "示例区司法局"]
OLD = Path(__file__).with_name("old_formats.xls")  # written by xlwt 1.3
FORMATS = [
    ('#,##0.00"元"', "5000", 500_000),
    ('0.00"万元"', "0.5", 500_000),
    ("[$￥-804]#,##0.00", "5000", 500_000),
    ("0", "5", 5_000_000),
    ('0"千元"', "5", 500_000),
]


def read(path: Path) -> Reading:
    (reading,) = read_drop(path, date(2016, 12, 31), shipped())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


def told(reading: Reading, *why: str) -> list[tuple[str, str]]:
    found = reading.issues.filter(reading.issues["reason"].is_in(why))
    return found.select("sheet", "value").rows()


def page(folder: Path, text: str) -> Reading:
    path = folder / "处罚.xls"
    path.write_text(text, "utf-8")
    return read(path)


def test_an_old_workbook_shows_units_in_its_formats() -> None:
    """D-016: a dollar is set aside"""
    reading = read(OLD)
    table = reading.tables["penalties"]
    assert table["fine_fen"].to_list() == [fen for _code, _value, fen in FORMATS]
    assert told(reading, reasons.NO_SUCH_AMOUNT) == [("处罚", "$5000")]


def test_an_old_workbook_says_what_is_hidden() -> None:
    """D-077: row 3, column E, a whole sheet"""
    seen = told(read(OLD), reasons.HIDDEN_ROWS, reasons.HIDDEN_COLUMNS, reasons.HIDDEN_SHEET)
    assert sorted(seen) == [("处罚", "1"), ("处罚", "E"), ("往年", "往年")]


def test_a_formula_without_a_value_in_an_old_workbook(tmp_path: Path) -> None:
    """D-017: xlwt keeps an empty text; other programs keep 0 and ask to be computed; Excel keeps what it computes"""
    raw = OLD.read_bytes()
    assert told(read(OLD), reasons.FORMULA_WITHOUT_VALUE) == [("往年", "F2")]
    other = raw.replace(b"None ", b"POI  ", 1)
    assert raw.count(BLANK + b"\0\0") == 1 and other != raw
    path = tmp_path / "处罚.xls"
    path.write_bytes(other.replace(BLANK + b"\0\0", bytes(8) + b"\2\0"))
    assert told(read(path), reasons.FORMULA_WITHOUT_VALUE) == [("往年", "F2")]
    path.write_bytes(other.replace(BLANK + b"\0\0", bytes(8) + b"\0\0"))
    assert told(read(path), reasons.FORMULA_WITHOUT_VALUE) == []


@given(st.data())
def test_a_damaged_old_workbook_says_nothing_more(data: st.DataObject) -> None:
    raw = bytearray(OLD.read_bytes())
    for at in data.draw(st.lists(st.integers(8, len(raw) - 1), max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(raw[:cut])
        file.flush()
        assert isinstance(old_sheets(file.name), dict)


NAMES = (
    'xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)


def sheet_2003(styles: str, rows: Sequence[str], columns: str = "", options: str = "") -> str:
    return (
        f'<?xml version="1.0"?><Workbook {NAMES}><Styles>{styles}</Styles><Worksheet ss:Name="处罚">'
        f"<Table>{columns}{''.join(rows)}</Table>{options}</Worksheet></Workbook>"
    )


def row_2003(cells: Sequence[str], last: str = "", of_row: str = "") -> str:
    texts = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in cells)
    return f"<Row{of_row}>{texts}{last}</Row>"


def escaped(code: str) -> str:
    return code.replace("&", "&amp;").replace('"', "&quot;")


def test_a_sheet_of_2003_shows_units_in_its_styles(tmp_path: Path) -> None:
    """D-016: of the cell, of its row, of its column, by a parent, and by a name"""
    styles = "".join(
        f'<Style ss:ID="s{n}"><NumberFormat ss:Format="{escaped(code)}"/></Style>'
        for n, (code, _value, _fen) in enumerate(FORMATS)
    )
    styles += '<Style ss:ID="child" ss:Parent="s0"><Font/></Style>'
    styles += '<Style ss:ID="money"><NumberFormat ss:Format="Currency"/></Style>'

    def number(value: str, style: str = "") -> str:
        said = f' ss:StyleID="{style}"' if style else ""
        return f'<Cell{said}><Data ss:Type="Number">{value}</Data></Cell>'

    rows = [row_2003(HEADER)]
    rows += [
        row_2003([ROW[0], f"示例{n}号", *ROW[2:]], number(value, f"s{n}"))
        for n, (_code, value, _fen) in enumerate(FORMATS)
    ]
    rows.append(row_2003([ROW[0], "示例6号", *ROW[2:]], number("5000", "child")))
    rows.append(row_2003([ROW[0], "示例7号", *ROW[2:]], number("5000", "money")))
    rows.append(row_2003([ROW[0], "示例8号", *ROW[2:]], number("0.5"), ' ss:StyleID="s1"'))
    rows.append(row_2003([ROW[0], "示例9号", *ROW[2:]], number("5")))
    columns = '<Column ss:Index="6" ss:StyleID="s4"/>'
    reading = page(tmp_path, sheet_2003(styles, rows, columns))
    expected = [fen for _code, _value, fen in FORMATS] + [500_000] * 4
    assert reading.tables["penalties"]["fine_fen"].to_list() == expected


def test_a_sheet_of_2003_says_what_is_hidden(tmp_path: Path) -> None:
    """D-077"""
    options = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    columns = '<Column/><Column ss:Index="3" ss:Span="1" ss:Hidden="1"/>'
    rows = [row_2003(HEADER[:5]), row_2003(ROW)]
    reading = page(tmp_path, sheet_2003("", rows, columns, options))
    assert reading.accepted == 1
    seen = told(reading, reasons.HIDDEN_COLUMNS, reasons.HIDDEN_SHEET)
    assert seen == [("处罚", "C、D"), ("处罚", "处罚")]


@pytest.mark.parametrize("by_class", [True, False])
def test_a_web_page_shows_units_in_its_styles(tmp_path: Path, by_class: bool) -> None:
    """D-016: as Excel itself writes them, with escapes, in a style sheet or in the cell"""
    css = [
        "".join(f"\\{one}" if not one.isalnum() and one != '"' else one for one in code).replace(
            '"', "\\0022"
        )
        for code, _value, _fen in FORMATS
    ]
    rules = "".join(f'.x{n}\n\t{{mso-number-format:"{code}";}}\n' for n, code in enumerate(css))
    lines = [f"<tr>{''.join(f'<td>{cell}</td>' for cell in HEADER)}</tr>"]
    for n, (_code, value, _fen) in enumerate(FORMATS):
        texts = "".join(f"<td>{cell}</td>" for cell in [ROW[0], f"示例{n}号", *ROW[2:]])
        said = f"class='a x{n}'" if by_class else f"style='mso-number-format:\"{css[n]}\"'"
        lines.append(f"<tr>{texts}<td {said}>{value}</td></tr>")
    style = f"<style><!-- {rules} --></style>" if by_class else ""
    text = f"<html><head>{style}</head><table><col><col style='display:none'>{''.join(lines)}</table></html>"
    reading = page(tmp_path, text)
    expected = [fen for _code, _value, fen in FORMATS]
    assert reading.tables["penalties"]["fine_fen"].to_list() == expected
    assert told(reading, reasons.HIDDEN_COLUMNS) == [("1", "B")]


@given(st.text(st.sampled_from("mso-number-format:'\"\\;{}.x0元<>/td style=class"), max_size=80))
def test_no_style_breaks_a_page(text: str) -> None:
    list(tables(f"<style>{text}</style><table><tr><td class=x style='{text}'>5</td></tr></table>"))


def test_a_workbook_says_which_columns_and_sheets_are_hidden(tmp_path: Path) -> None:
    """D-077: columns beyond the table are none; a sheet that is not read is said to be hidden, too"""
    path = tmp_path / "处罚.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name in ("处罚", "往年"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER[:5])
            sheet.write_row(1, 0, [ROW[0], f"{name}1号", *ROW[2:]])
            sheet.set_column("D:XFD", None, None, {"hidden": True})
            if name == "往年":
                sheet.very_hidden()
    reading = read(path)
    assert reading.accepted == 2
    assert told(reading, reasons.HIDDEN_COLUMNS) == [("处罚", "D、E"), ("往年", "D、E")]
    assert told(reading, reasons.HIDDEN_SHEET) == [("往年", "往年")]


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
