"""Rows of a text with fewer cells than the header: taken as whole only where nothing speaks against it (D-023)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.credit_codes import check_character
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

CODE = f"31990000XXXX00001{check_character('31990000XXXX00001')}"
AS_OF = date(2016, 12, 31)
HEADER = ("登记编号", "被投诉机构", "登记日期", "受理情况", "办结日期", "来源", "投诉事项")
ROW = ("示例1号", "示例甲律师事务所", "2015-06-01", "受理", "2015-07-01", "网上", "服务态度")


def read(
    header: Sequence[str], rows: Iterable[Sequence[str]], name: str = "投诉.csv"
) -> FileReading:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_text(text.getvalue(), "utf-8")
        (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


def told(reading: FileReading, reason: str) -> list[tuple[int, str, str]]:
    return reading.issues.filter(reason=reason).select("row", "column", "severity").rows()


def test_empty_cells_that_a_program_left_out_at_the_end_are_empty() -> None:
    """D-023"""
    short = ("示例2号", *ROW[1:6])
    shorter = ("示例3号", *ROW[1:4])
    reading = read(HEADER, [ROW, short, shorter])
    assert (reading.accepted, reading.issues.height) == (3, 0)
    assert reading.tables["complaints"]["matter"].to_list() == ["服务态度", None, None]


def test_a_short_row_beside_rows_that_end_in_empty_cells_is_noted() -> None:
    """D-023"""
    reading = read(HEADER, [(*ROW[:6], ""), ("示例2号", *ROW[1:6])])
    assert reading.accepted == 2
    assert told(reading, reasons.SHORT_ROW) == [(3, "投诉事项", "noted")]


def test_a_required_cell_may_not_be_left_out() -> None:
    """D-023"""
    reading = read(HEADER, [ROW, ("示例2号", "示例甲律师事务所")])
    assert (reading.accepted, reading.quarantined) == (1, 1)
    assert told(reading, reasons.CELL_MISSING) == [(3, "登记日期", "quarantined")]


# The value of a later column, under the heading before it.
@pytest.mark.parametrize(
    ("header", "row"),
    [
        (("登记编号", "被投诉机构", "登记日期", "受理情况", "投诉事项", "办结日期"),
         ("示例2号", "示例甲律师事务所", "2015-06-01", "受理", "2015-07-01")),
        (("登记编号", "被投诉机构", "登记日期", "受理情况", "投诉事项", "办理结果"),
         ("示例2号", "示例甲律师事务所", "2015-06-01", "受理", "属实")),
        (("登记编号", "被投诉机构", "登记日期", "受理情况", "投诉事项", "统一社会信用代码"),
         ("示例2号", "示例甲律师事务所", "2015-06-01", "受理", CODE)),
        (("登记编号", "登记日期", "受理情况", "被投诉机构", "统一社会信用代码"),
         ("示例2号", "2015-06-01", "受理", CODE)),
        (("登记编号", "被投诉机构", "登记日期", "受理情况", "投诉事项", "投诉人电话"),
         ("示例2号", "示例甲律师事务所", "2015-06-01", "受理", "13800000000")),
        (("登记编号", "被投诉机构", "登记日期", "受理情况", "来源", "投诉事项", "办结日期"),
         ("示例2号", "示例甲律师事务所", "2015-06-01", "受理", "2015-07-01")),
    ],
)  # fmt: skip
def test_a_value_under_the_heading_of_another_sets_the_row_aside(
    header: tuple[str, ...], row: tuple[str, ...]
) -> None:
    """D-023"""
    whole = {"办结日期": "2015-07-01", "办理结果": "属实", "投诉人电话": "13800000000"}
    first = [whole.get(one, dict(zip(HEADER, ROW, strict=True)).get(one, CODE)) for one in header]
    reading = read(header, [first, row])
    assert (reading.accepted, reading.quarantined) == (1, 1)
    assert told(reading, reasons.FEWER_CELLS) == [(3, header[len(row)], "quarantined")]


def test_what_is_never_read_does_not_come_in_by_a_shift() -> None:
    """D-023: whether a complainant's name stands under the matter now, nobody can tell"""
    header = ("登记编号", "被投诉机构", "登记日期", "受理情况", "投诉事项", "投诉人")
    reading = read(header, [(*ROW[:4], "服务态度", ""), ("示例2号", *ROW[1:4], "示例某")])
    assert told(reading, reasons.FEWER_CELLS) == [(3, "投诉人", "quarantined")]


def test_a_row_that_a_line_break_has_torn_is_set_aside_with_its_rest() -> None:
    """D-023"""
    header = (*HEADER, "关联处罚文号")
    torn = [("示例2号", *ROW[1:6], "服务"), ("态度", "示文2号")]
    assert len(torn[0]) + len(torn[1]) - 1 == len(header)
    reading = read(header, [(*ROW, "示文1号"), *torn])
    assert (reading.accepted, reading.quarantined) == (1, 2)
    assert told(reading, reasons.FEWER_CELLS) == [(3, "关联处罚文号", "quarantined")]


def test_excel_leaves_empty_cells_out_in_blocks_of_sixteen_rows() -> None:
    """D-023"""
    last = {n: ("" if n % 2 else "示例",) for n in range(1, 16)}
    rows = [(f"示例{n}号", *ROW[1:6], *last.get(n, ())) for n in range(1, 40)]
    reading = read(HEADER, rows)
    assert (reading.accepted, reading.issues.height) == (39, 0)
    rows[2] = rows[2][:6]
    assert told(read(HEADER, rows), reasons.SHORT_ROW) == [(4, "投诉事项", "noted")]


def test_notes_below_the_table_are_no_short_rows() -> None:
    """D-023"""
    more = [(*ROW, ""), ("示例2号", *ROW[1:], ""), ("填表人：示例",), ("合计", "2")]
    reading = read(HEADER, more)
    assert (reading.rows, reading.accepted) == (2, 2)
    assert told(reading, reasons.MORE_CELLS) == []


def test_the_counts_of_cells_hold_for_quotes_and_every_separator(tmp_path: Path) -> None:
    """D-023"""
    path = tmp_path / "投诉.csv"
    for separator in ",;\t":
        lines = [HEADER, ROW, ("示例2号", *ROW[1:4], "", f'"网{separator}上\n""台"""', ""), ROW[:2]]
        path.write_text("\n".join(separator.join(line) for line in lines), "utf-8")
        (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
        assert (reading.accepted, reading.quarantined) == (2, 1)
        assert reading.tables["complaints"]["channel"].to_list() == [
            "网上",
            f'网{separator}上\n"台"',
        ]


SHAPES = {shape.id: shape for shape in load_shipped_layouts() if shape.noun != "past_draws"}
VALUES = {
    "uscc": CODE,
    "identifier": "29902010100001234",
    "date": "2015-06-1{n}",
    "end": "2016-01-1{n}",
    "year": "2015",
    "number": "7",
    "money": "5.5",
    "name": "示例{n}律师事务所",
    "document": "示文{n}号",
    "words": "示例人{n}",
    "text": "示例文{n}",
}
TELLING = ("uscc", "date", "choice", "flag", "kinds", "end")


@given(st.sampled_from(sorted(SHAPES)), st.data())
def test_a_row_out_of_which_cells_were_cut_brings_no_value_of_another_column(
    id_: str, data: st.DataObject
) -> None:
    """D-023"""
    shape = SHAPES[id_]
    one_each = {column.to: column for column in shape.columns}
    must = {*shape.signature, *shape.needed, *(group[0] for group in shape.one_of)}
    must |= {column.to for column in shape.columns if column.required}
    others = sorted(one_each.keys() - must)
    chosen = data.draw(st.lists(st.sampled_from(others), max_size=5, unique=True))
    columns = [
        one_each[to]
        for to in data.draw(st.permutations([*sorted(must & one_each.keys()), *chosen]))
    ]
    words = [next((word for word, code in column.values if code), "") for column in columns]
    row = [
        words[n]
        or (column.kinds[0].words[0] if column.kinds else "")
        or VALUES.get(column.form, "示例").format(n=n % 10)
        for n, column in enumerate(columns)
    ]
    header = [column.headers[0] for column in columns]
    whole = read(header, [row], "示例.csv")
    assert whole.accepted == 1
    at = data.draw(st.integers(0, len(row) - 2))
    count = data.draw(st.integers(1, len(row) - 1 - at))
    reading = read(header, [row, row[:at] + row[at + count :]], "示例.csv")
    taken = reading.tables[shape.noun].filter(row=3)
    if not taken.height:
        return
    (said,), (right,) = taken.to_dicts(), whole.tables[shape.noun].to_dicts()
    for column in columns:
        if column.form in TELLING and said[column.to] not in (None, [], ""):
            assert said[column.to] == right[column.to]
    typed = {cell for column, cell in zip(columns, row, strict=True) if column.form in TELLING}
    free = [column.to for column in columns if column.form in ("text", "name", "document")]
    assert not typed & {said[to] for to in free}


def page(*rows: Sequence[str]) -> str:
    lines = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<html><body><table>{lines}</table></body></html>"


def test_the_rows_of_a_web_page_are_judged_alike(tmp_path: Path) -> None:
    """D-023"""
    header = ("登记编号", "被投诉机构", "登记日期", "受理情况", "投诉事项", "办结日期")
    whole = (*ROW[:4], "服务态度", "2015-07-01")
    lost = ("示例2号", *ROW[1:4], "2015-07-01")
    more = ("示例3号", *ROW[1:4], "收费", "2015-07-01", "过高")
    path = tmp_path / "投诉.xls"
    path.write_text(page(header, whole, lost, more, ("示例4号", *whole[1:5])), "utf-8")
    (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
    assert reading.tables["complaints"]["number"].to_list() == ["示例1号", "示例4号"]
    assert told(reading, reasons.FEWER_CELLS) == [(3, "办结日期", "quarantined")]
    assert [row for row, _column, _how in told(reading, reasons.MORE_CELLS)] == [4]


def test_a_cell_right_of_the_headings_of_a_sheet_of_2003_is_told(tmp_path: Path) -> None:
    """D-023"""
    cells = [
        "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row)
        for row in (HEADER, (*ROW, "多出"))
    ]
    rows = "".join(f"<Row>{row}</Row>" for row in cells)
    path = tmp_path / "投诉.xls"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="投诉"><Table>'
        f"{rows}</Table></Worksheet></Workbook>",
        "utf-8",
    )
    (reading,) = read_drop(path, AS_OF, load_shipped_layouts())
    assert reading.accepted == 1
    unread = reading.issues.filter(reason=reasons.UNKNOWN_COLUMN)
    assert unread["column"].to_list() == ["H"]
