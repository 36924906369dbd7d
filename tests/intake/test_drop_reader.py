"""A drop: files of every dress, what is refused, what is a duplicate, and the count that must add up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from double_random.core.errors import Misuse
from double_random.intake import reasons
from double_random.intake.credit_codes import check_character
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

AS_OF = date(2016, 12, 31)
HEADER = "XK_XDR_MC,XK_XDR_SHXYM,XK_FR_ZJHM,XK_WSH,XK_NR,XK_JDRQ,XK_YXQZI"
CODE = "31310000XXXX30082B"


def permit(number: int, name: str = "", decided: str = "2015-01-01") -> str:
    body = f"31310000XXXX3{number:04}"
    name = name or f"示例{number}律师事务所"
    code = body + check_character(body)
    return f"{name},{code},31010119590101032X,示例许〔2015〕{number}号,示例内容,{decided},长期"


def one(folder: Path, raw: bytes, name: str = "许可.csv") -> FileReading:
    (folder / name).write_bytes(raw)
    readings = read_drop(folder, AS_OF, load_shipped_layouts())
    for reading in readings:
        adds_up(reading)
    return next(reading for reading in readings if reading.file == name)


def adds_up(reading: FileReading) -> None:
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    assert reading.accepted == sum(table.height for table in reading.tables.values())
    bad = reading.issues.filter(severity="quarantined").select("sheet", "row").unique()
    assert bad.height == reading.quarantined


def reasons_of(reading: FileReading) -> list[str]:
    return reading.issues["reason"].to_list()


ENCODINGS: list[Callable[[str], bytes]] = [
    lambda text: text.encode("utf-8"),
    lambda text: text.encode("utf-8-sig"),
    lambda text: text.encode("gb18030"),
    lambda text: text.encode("utf-16"),
    lambda text: text.replace("\n", "\r\n").encode("gb18030"),
    lambda text: text.replace("\n", "\r").encode("utf-8"),
    lambda text: text.replace(",", "\t").encode("utf-8"),
    lambda text: text.rstrip("\n").encode("utf-8"),
]


@pytest.mark.parametrize("dress", ENCODINGS)
def test_the_same_rows_in_every_dress(tmp_path: Path, dress: Callable[[str], bytes]) -> None:
    lines = ["示例市许可公示", "表格说明：示例", HEADER, permit(1, "示例𠮷喆律师事务所"), permit(2)]
    reading = one(tmp_path, dress("\n".join(lines) + "\n"))
    table = reading.tables["permits"]
    assert (reading.result, reading.rows, reading.accepted) == ("read", 2, 2)
    assert table["name"].to_list() == ["示例𠮷喆律师事务所", "示例2律师事务所"]
    assert table["row"].to_list() == [4, 5]
    assert table["decided"].to_list() == [date(2015, 1, 1)] * 2
    assert table["licence_to"].to_list() == [None, None]


def test_rows_count_as_excel_counts_them(tmp_path: Path) -> None:
    broken = permit(1).replace("示例内容", '"示例\n(含""附则"",详见附件)"')
    lines = [
        HEADER,
        broken,
        ",,,,,,",
        permit(2),
        "",
        "合计,2",
        permit(3),
        " 合 计 ： 3 ",
        "注：以上为示例",
    ]
    reading = one(tmp_path, "\n".join(lines).encode())
    table = reading.tables["permits"]
    assert table["row"].to_list() == [2, 4, 7]
    assert table["content"][0] == '示例\n(含"附则",详见附件)'
    assert reading.rows == 3


def test_a_row_with_a_code_is_no_total_whatever_its_name(tmp_path: Path) -> None:
    """D-015: a firm whose name cell says 小计 was passed over without a word."""
    lines = [HEADER, permit(1), permit(2, "小计"), "小计,1", permit(3)]
    reading = one(tmp_path, "\n".join(lines).encode())
    assert reading.rows == 3 and reading.accepted + reading.quarantined == 3


@pytest.mark.parametrize(
    ("document", "reason"),
    [("2.015E+16", reasons.DIGITS_LOST), ("3E+20", reasons.DIGITS_LOST), ("示E+1号", None)],
)
def test_a_document_number_that_a_spreadsheet_ruined_is_set_aside(
    tmp_path: Path, document: str, reason: str | None
) -> None:
    """D-007: not the codes alone lose their digits."""
    raw = f"{HEADER}\n{permit(1).replace('示例许〔2015〕1号', document)}\n".encode()
    assert document in raw.decode()
    assert reasons_of(one(tmp_path, raw)) == ([reason] if reason else [])


def test_a_document_number_in_a_number_cell_keeps_fifteen_digits(tmp_path: Path) -> None:
    """D-007: what Excel shows as 20150000000000001 it has saved as 20150000000000000."""
    book = openpyxl.Workbook()
    for row in (HEADER, permit(1), permit(2)):  # the number cells follow
        book.active.append(row.split(","))
    place = HEADER.split(",").index("XK_WSH") + 1
    book.active.cell(2, place).value = 20150000000000001
    book.active.cell(3, place).value = 201500000000001
    book.save(tmp_path / "许可.xlsx")
    (reading,) = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    assert (reading.accepted, reasons_of(reading)) == (1, [reasons.DIGITS_LOST])


def test_a_row_of_more_cells_than_the_header_is_quarantined(tmp_path: Path) -> None:
    reading = one(tmp_path, f"{HEADER}\n{permit(1)}\n{permit(2)},错位\n{permit(3)},,\n".encode())
    assert (reading.rows, reading.accepted, reading.quarantined) == (3, 1, 2)
    assert reasons_of(reading) == [reasons.MORE_CELLS] * 2
    assert reading.issues["row"].to_list() == [3, 4]


def test_quotes_where_none_may_stand_lose_nothing(tmp_path: Path) -> None:
    odd = permit(1, '示例"甲"律师事务所')
    reading = one(tmp_path, f"{HEADER}\n{odd}\n{permit(2)}\n".encode())
    assert reading.tables["permits"]["name"].to_list() == ['示例"甲"律师事务所', "示例2律师事务所"]


def test_a_quote_that_is_never_closed_is_refused(tmp_path: Path) -> None:
    reading = one(tmp_path, f'{HEADER}\n{permit(1)}\n"{permit(2)}\n{permit(3)}\n'.encode())
    assert (reading.result, reading.reason) == (
        "refused",
        f"{reasons.OPEN_QUOTE}; row: 3",
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (f"示例律师事务所,{CODE},,示例号,示例,2035-01-01,", reasons.DECIDED_IN_FUTURE),
        (f"示例律师事务所,{CODE},,示例号,示例,2015-02-30,", reasons.NO_SUCH_DATE),
        (f"示例律师事务所,{CODE},,示例号,示例,,", reasons.CELL_MISSING),
        (f",{CODE},,示例号,示例,2015-01-01,", reasons.NAME_MISSING),
        (f"无,{CODE},,示例号,示例,2015-01-01,", reasons.NAME_MISSING),
        ("示例律师事务所,,,示例号,示例,2015-01-01,", reasons.ONE_OF_MISSING),
        (f"示例\x07律师事务所,{CODE},,示例号,示例,2015-01-01,", reasons.CONTROL_CHARACTER),
        (f"示例律师事务所,{CODE},,示例号,{'长' * 40_000},2015-01-01,", reasons.CELL_TOO_LONG),
        ("示例律师事务所,310101195901010328,,示例号,示例,2015-01-01,", reasons.CHECK_DIGIT),
    ],
)
def test_a_bad_row_is_quarantined_with_its_reason(tmp_path: Path, cells: str, reason: str) -> None:
    reading = one(tmp_path, f"{HEADER}\n{permit(1)}\n{cells}\n".encode())
    assert (reading.accepted, reading.quarantined) == (1, 1)
    assert reasons_of(reading) == [reason]
    assert reading.issues["row"].to_list() == [3]
    assert "19590101" not in reading.issues.write_json()


def test_a_row_with_two_faults_counts_once_and_tells_both(tmp_path: Path) -> None:
    reading = one(tmp_path, f"{HEADER}\n,{CODE[:-1]}A,,示例号,示例,2015-01-01,\n".encode())
    assert (reading.rows, reading.quarantined) == (1, 1)
    assert sorted(reasons_of(reading)) == sorted([reasons.NAME_MISSING, reasons.CHECK_DIGIT])


def test_unknown_columns_are_told_once(tmp_path: Path) -> None:
    rows = f"{HEADER},颜色,\n{permit(1)},红,左\n{permit(2)},蓝,\n"
    reading = one(tmp_path, rows.encode())
    assert reading.accepted == 2
    assert reading.issues["column"].to_list() == ["颜色", "I"]
    assert set(reasons_of(reading)) == {reasons.UNKNOWN_COLUMN}
    assert set(reading.issues["severity"]) == {"noted"}


def test_duplicates_are_sought_over_the_whole_drop(tmp_path: Path) -> None:
    chinese = "行政相对人名称,统一社会信用代码,行政许可决定文书号,许可内容,许可决定日期,有效期至"
    same = permit(1).replace("31010119590101032X,", "").replace("2015-01-01", "2015年1月1日")
    (tmp_path / "b.csv").write_text(f"{chinese}\n{same}\n{same}\n", "gb18030")
    (tmp_path / "a.csv").write_text(f"{HEADER}\n{permit(1)}\n{permit(2)}\n", "utf-8")
    first, second = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    assert (first.file, first.accepted, first.duplicates) == ("a.csv", 2, 0)
    assert (second.rows, second.accepted, second.duplicates) == (2, 0, 2)
    adds_up(second)


@pytest.mark.parametrize(
    ("name", "raw", "result", "reason"),
    [
        ("空.csv", b"", "refused", reasons.EMPTY_FILE),
        ("空白.csv", b"\n\n \n", "refused", reasons.NOTHING_WRITTEN),
        (
            "旧.csv",
            bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504),
            "refused",
            reasons.NOT_A_WORKBOOK,
        ),
        ("旧.xls", b"x", "refused", reasons.NO_HEADER),
        ("新.csv", b"PK\x03\x04" + bytes(100), "refused", reasons.NOT_AN_ARCHIVE),
        ("断.xlsx", b"PK\x03\x04" + bytes(100), "refused", reasons.NOT_A_WORKBOOK),
        ("字节.csv", bytes([0x81, 0x20, 0xFF, 0xFF]) * 9, "refused", reasons.NO_ENCODING),
        ("诗.csv", "床前明月光\n疑是地上霜\n".encode(), "refused", reasons.NO_HEADER),
        ("函.xlsx", b"%PDF-1.7\n", "refused", reasons.PDF),
        (
            "缺.csv",
            "行政相对人名称,许可决定日期,许可编号\n示例所,2016-01-01,1\n".encode(),
            "refused",
            f"{reasons.MISSING_COLUMN}: 行政许可决定文书号",
        ),
        ("宽.csv", b"a," * 1_000_000, "refused", reasons.TOO_WIDE),
        (
            "下宽.csv",
            f"{HEADER}\n{permit(1)}\n".encode() + b"," * 3_000_000,
            "refused",
            reasons.TOO_WIDE,
        ),
        ("信.pdf", b"%PDF", "other", reasons.NO_TABLE),
    ],
)
def test_what_is_no_table_is_refused_and_the_others_go_on(
    tmp_path: Path, name: str, raw: bytes, result: str, reason: str
) -> None:
    (tmp_path / "好.csv").write_text(f"{HEADER}\n{permit(1)}\n", "utf-8")
    reading = one(tmp_path, raw, name)
    assert (reading.result, reading.rows) == (result, 0)
    assert reading.reason.partition("; ")[0] == reason
    others = {other.file: other for other in read_drop(tmp_path, AS_OF, load_shipped_layouts())}
    assert others["好.csv"].accepted == 1


def test_a_folder_that_is_not_there_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        read_drop(tmp_path / "nowhere", AS_OF, load_shipped_layouts())


def test_the_columns_of_a_table_do_not_depend_on_the_file(tmp_path: Path) -> None:
    narrow = one(tmp_path, b"XK_XDR_MC,XK_XDR_SHXYM,XK_WSH,XK_JDRQ\n", "a.csv").tables["permits"]
    wide = one(tmp_path, f"{HEADER}\n{permit(1)}\n".encode(), "b.csv").tables["permits"]
    assert narrow.schema == wide.schema
    assert narrow.height == 0
    assert wide["state"].to_list() == ["valid"]
    assert wide.schema["decided"] == pl.Date
