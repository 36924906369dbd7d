"""Tables of web pages and of Excel's XML of 2003: units in styles (D-016), what is hidden (D-077)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.table_pages import read_tables
from tests.intake.penalty_sheets import FORMATS, HEADER, ROW, page, told

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
    list(
        read_tables(
            f"<style>{text}</style><table><tr><td class=x style='{text}'>5</td></tr></table>"
        )
    )
