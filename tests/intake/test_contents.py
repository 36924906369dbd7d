"""What a file holds decides how it is read, never its name; what is not read is named (D-027, D-034, D-073, D-077)."""

from __future__ import annotations

import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from double_random.intake import reasons
from double_random.intake.drop_reader import find_files, follow_links, read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

AS_OF = date(2016, 12, 31)
HEADER = ["XK_XDR_MC", "XK_XDR_SHXYM", "XK_WSH", "XK_NR", "XK_JDRQ", "XK_YXQZI"]
ROW = [
    "示例甲律师事务所",
    "31310000XXXX30082B",
    "示例许〔2015〕1号",
    "示例内容",
    "2015-01-01",
    "长期",
]
TEXT = ("\n".join(",".join(line) for line in (HEADER, ROW)) + "\n").encode()


def readings(drop: Path) -> dict[str, FileReading]:
    return {one.file: one for one in read_drop(drop, AS_OF, load_shipped_layouts())}


def one(drop: Path, name: str, raw: bytes) -> FileReading:
    (drop / name).write_bytes(raw)
    return readings(drop)[name]


def html(*extra: str) -> str:
    lines = (HEADER, ROW, *(row.split(",") for row in extra))
    rows = ("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    return f"<html><head><style>td {{}}</style></head><body><table>{''.join(rows)}</table></body></html>"


def sheets_2003() -> str:
    def cells(line: list[str]) -> str:
        return "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in line)

    day = '<Cell ss:Index="5"><Data ss:Type="DateTime">2015-01-02T00:00:00.000</Data></Cell>'
    row = "示例乙律师事务所", ROW[1], "示例许〔2015〕2号", "示例内容"
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Excel.Sheet"?>'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="示例"><Table>'
        f'<Row>{cells(HEADER)}</Row><Row ss:Index="4" ss:Hidden="1">{cells(ROW)}</Row>'
        f"<Row>{cells(list(row))}{day}</Row></Table></Worksheet></Workbook>"
    )


@pytest.mark.parametrize("name", ["许可.xls", "许可.xlsx", "许可.csv"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_page_with_a_table_is_read_under_any_name(
    tmp_path: Path, name: str, encoding: str
) -> None:
    reading = one(tmp_path, name, html().encode(encoding))
    assert (reading.result, reading.accepted) == ("read", 1), reading.reason
    assert reading.tables["permits"]["name"].to_list() == [ROW[0]]


def test_cells_of_a_page_that_span_rows_hold_for_all_of_them(tmp_path: Path) -> None:
    page = html().replace(
        f"<td>{ROW[0]}</td>", f"<td rowspan=2>{ROW[0]}<br></td>"
    ).replace("</table>", "<tr style='display: none'><td>31310000XXXX30082B</td><td>示例许〔2015〕2号</td>"
              "<td>示例&amp;内容</td><td>2015-02-01</td><td>长期</td></tr></table>")  # fmt: skip
    reading = one(tmp_path, "许可.xls", page.encode())
    assert reading.tables["permits"]["name"].to_list() == [ROW[0], ROW[0]]
    assert reading.tables["permits"]["content"].to_list() == ["示例内容", "示例&内容"]
    noted = reading.issues.filter(reason=reasons.HIDDEN_ROWS)
    assert noted["value"].to_list() == ["1"]


def test_an_xml_of_2003_is_read_and_its_places_are_kept(tmp_path: Path) -> None:
    reading = one(tmp_path, "许可.xls", sheets_2003().encode())
    table = reading.tables["permits"].sort("row")
    assert table["row"].to_list() == [4, 5]
    assert table["decided"].to_list() == [date(2015, 1, 1), date(2015, 1, 2)]
    assert reading.issues.filter(reason=reasons.HIDDEN_ROWS)["value"].to_list() == ["1"]


@pytest.mark.parametrize("name", ["许可.xls", "许可.xlsx", "许可.et"])
def test_text_under_the_name_of_a_workbook_is_text(tmp_path: Path, name: str) -> None:
    assert one(tmp_path, name, TEXT.replace(b",", b"\t")).accepted == 1


@pytest.mark.parametrize("name", ["许可.csv", "许可.xls", "许可.txt"])
def test_a_workbook_or_archive_under_another_name_is_what_it_is(tmp_path: Path, name: str) -> None:
    with xlsxwriter.Workbook(tmp_path / "book") as book:
        sheet = book.add_worksheet()
        for place, line in enumerate((HEADER, ROW)):
            sheet.write_row(place, 0, line)
    raw = (tmp_path / "book").read_bytes()
    (tmp_path / "book").unlink()
    assert one(tmp_path, name, raw).accepted == 1
    (tmp_path / name).unlink()
    with zipfile.ZipFile(tmp_path / name, "w") as archive:
        archive.writestr("许可.csv", TEXT)
    assert readings(tmp_path)[f"{name}/许可.csv"].accepted == 1


OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"%PDF-1.7\n", reasons.PDF),
        (b"\x89PNG\r\n\x1a\n", reasons.PICTURE),
        (b"\xff\xd8\xff\xe0", reasons.PICTURE),
        (b"Rar!\x1a\x07", reasons.PACKED),
        (b"7z\xbc\xaf\x27\x1c", reasons.PACKED),
        (b"\x1f\x8b\x08", reasons.PACKED),
        (b"{\\rtf1 }", reasons.DOCUMENT),
        (OLE + "WordDocument".encode("utf-16-le"), reasons.DOCUMENT),
        (OLE + "EncryptedPackage".encode("utf-16-le"), reasons.PROTECTED),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", reasons.OPEN_DOCUMENT),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml xl/workbook.bin", reasons.BINARY_WORKBOOK),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml word/document.xml", reasons.DOCUMENT),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", reasons.WEB_ARCHIVE),
        (b"<html><body>404 Not Found</body></html>", reasons.PAGE_WITHOUT_TABLE),
        (b'<?xml version="1.0"?><rows/>', reasons.OTHER_XML),
        (b'[{"a": 1}]', reasons.JSON),
        (bytes(4096), reasons.ZEROS),
    ],
)  # fmt: skip
def test_what_is_no_table_is_named(tmp_path: Path, raw: bytes, reason: str) -> None:
    for name in ("许可.xls", "许可.csv"):
        reading = one(tmp_path, name, raw)
        assert (reading.result, reading.reason) == ("refused", reason)


def test_a_lock_file_named_by_hand_is_said_to_be_one(tmp_path: Path) -> None:
    lock = tmp_path / "~$投诉.xlsx"
    lock.write_bytes(b"\x04user" + bytes(160))
    (reading,) = read_drop(lock, AS_OF, load_shipped_layouts())
    assert (reading.result, reading.reason) == ("refused", reasons.LOCK_FILE)
    assert read_drop(tmp_path, AS_OF, load_shipped_layouts()) == []


@pytest.mark.parametrize(
    ("raw", "name"),
    [("许可.csv".encode("gb18030"), "许可.csv"), (b"\xff\xfe.csv", "\\xff\\xfe.csv")],
)
def test_a_name_in_other_bytes_is_decoded_as_in_an_archive(
    tmp_path: Path, raw: bytes, name: str
) -> None:
    with open(os.path.join(os.fsencode(tmp_path), raw), "wb") as file:
        file.write(TEXT)
    assert readings(tmp_path)[name].accepted == 1


def test_pipes_and_links_out_of_the_drop_are_named_and_not_read(tmp_path: Path) -> None:
    drop, outside = tmp_path / "drop", tmp_path / "outside"
    (drop / "within").mkdir(parents=True)
    outside.mkdir()
    (outside / "处罚.csv").write_bytes(TEXT)
    (drop / "within" / "许可.csv").write_bytes(TEXT)
    os.mkfifo(drop / "处罚.csv")
    (drop / "投诉.csv").symlink_to(outside / "处罚.csv")
    (drop / "文件夹").symlink_to(outside)
    (drop / "内.csv").symlink_to(drop / "within" / "许可.csv")
    (drop / "无.csv").symlink_to(drop / "nothing.csv")
    (drop / "圈").symlink_to(drop / "圈")
    assert {one.name: one.reason for one in find_files(drop)} == {
        "within/许可.csv": "",
        "内.csv": "",
        "处罚.csv": reasons.NOT_A_FILE,
        "投诉.csv": reasons.LEADS_OUT,
        "文件夹": reasons.LEADS_OUT,
        "无.csv": reasons.LINK_TO_NOTHING,
        "圈": reasons.LINK_TO_NOTHING,
    }
    read = readings(drop)
    assert {name for name, one in read.items() if one.result == "refused"} == {
        "处罚.csv", "投诉.csv", "文件夹", "无.csv", "圈",
    }  # fmt: skip
    with follow_links():
        assert "投诉.csv" not in {one.name for one in find_files(drop) if one.reason}


def test_hidden_rows_of_a_workbook_are_counted_once(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "许可.xlsx") as book:
        sheet = book.add_worksheet()
        for place, line in enumerate((HEADER, ROW, [*ROW[:2], "示例许〔2015〕2号", *ROW[3:]])):
            sheet.write_row(place, 0, line)
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_row(50, None, None, {"hidden": True})  # nothing stands in it
    reading = readings(tmp_path)["许可.xlsx"]
    assert reading.accepted == 2
    assert reading.issues.select("reason", "value", "severity").rows() == [
        (reasons.HIDDEN_ROWS, "1", "noted")
    ]


def test_a_format_in_the_last_row_of_all_costs_no_row(tmp_path: Path) -> None:
    """D-041: Excel's last row is number 1,048,576."""
    with xlsxwriter.Workbook(tmp_path / "许可.xlsx") as book:
        sheet = book.add_worksheet()
        for place, line in enumerate((HEADER, [], ROW)):
            sheet.write_row(place, 0, line)
        sheet.write_blank(1_048_575, 5, None, book.add_format({"bold": True}))
        sheet.write_string(1_048_574, 2, " ")
    reading = readings(tmp_path)["许可.xlsx"]
    assert (reading.rows, reading.accepted) == (1, 1)
    assert reading.tables["permits"]["row"].to_list() == [3]
