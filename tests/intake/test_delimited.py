"""Text of any shape is read within bounds, and what is refused has a place (D-033, D-076)."""

from __future__ import annotations

import codecs
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from double_random.intake import delimited, reasons, workbook_reader
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

AS_OF = date(2016, 12, 31)
HEADER = b"XK_XDR_MC,XK_XDR_SHXYM,XK_FR_ZJHM,XK_WSH,XK_NR,XK_JDRQ,XK_YXQZI\n"
ROW = "示例甲律师事务所,31310000XXXX30082B,,示例许〔2015〕1号,示例内容,2015-01-01,长期\n".encode()
MOST = 2 << 30
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
READ = """
import resource, sys
from datetime import date
from pathlib import Path
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts
(one,) = read_drop(Path(sys.argv[1]), date(2016, 12, 31), load_shipped_layouts())
rows = [row for table in one.tables.values() for row in table["row"].to_list()]
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
print(one.result, one.rows, rows, one.reason)
"""


def read(folder: Path, raw: bytes, name: str = "许可.csv") -> FileReading:
    (folder / name).write_bytes(raw)
    (reading,) = read_drop(folder, AS_OF, load_shipped_layouts())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (lambda: HEADER + b"\n" * (25 << 20) + ROW, f"read 1 [{(25 << 20) + 2}] "),
        (lambda: HEADER + b",,,,,,\n" * (4 << 20) + ROW, f"read 1 [{(4 << 20) + 2}] "),
        (lambda: HEADER + ROW + b"," * (30 << 20), f"refused 0 [] {reasons.LONG_LINE}; line: 3"),
        (lambda: HEADER + b"a" * (30 << 20), f"refused 0 [] {reasons.LONG_LINE}; line: 2"),
        (lambda: HEADER + ROW + b'"' + b"a\n" * (15 << 20) + b'"\n', f"refused 0 [] {reasons.LONG_CELL}; row: 3"),
        (lambda: HEADER + b"a\n" * (10 << 20), f"refused 0 [] {reasons.TOO_MANY_CELLS}"),
        (lambda: HEADER + b'"' * (10 << 20), f"refused 0 [] {reasons.LONG_LINE}; line: 2"),
    ],
    ids=["line feeds", "empty rows", "commas", "a cell", "a cell of lines", "short rows", "quotes"],
)  # fmt: skip
def test_a_flood_takes_bounded_memory(tmp_path: Path, raw: Callable[[], bytes], said: str) -> None:
    with zipfile.ZipFile(tmp_path / "许可.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("许可.csv", raw())
    command = [sys.executable, "-c", READ, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    memory, told = done.stdout.splitlines()
    assert told == said
    assert int(memory) < MOST


def test_empty_lines_within_quotes_belong_to_their_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_CELLS", 0)
    content = ROW.replace("示例内容".encode(), '"示例\n\n ,\n内容"'.encode())
    reading = read(
        tmp_path,
        HEADER + b"\n,,\n" + content + b"\n" * 200 + ROW.replace(b"1\xe5", b"2\xe5") + b",,",
    )
    table = reading.tables["permits"]
    assert table["row"].to_list() == [4, 205]
    assert table["content"].to_list() == ["示例\n\n ,\n内容", "示例内容"]


def test_the_first_byte_that_no_encoding_has_is_named(tmp_path: Path) -> None:
    torn = HEADER + ROW + ROW.replace("示例内容".encode(), "示例内".encode() + b"\xe5\xae,")
    place = torn.index(b"\xe5\xae,")
    place += 1
    character = len(torn[:place].decode("utf-8", "ignore").split("\n")[2]) + 1
    assert read(tmp_path, torn).reason == (
        f"{reasons.NO_ENCODING}; line: 3; character: {character}; byte: {place} (0xE5)"
    )
    joined = HEADER + ROW * 3 + ROW.decode().encode("gb18030")
    assert "; line: 5; character: " in read(tmp_path, joined).reason


@pytest.mark.parametrize("separator", ["|", "^", "\x01", "\t", ";"])
def test_other_separators_are_read(tmp_path: Path, separator: str) -> None:
    raw = (HEADER + ROW).decode().replace(",", separator)
    assert read(tmp_path, raw.encode(), "许可.txt").accepted == 1


def test_commas_or_bars_within_cells_decide_no_separator(tmp_path: Path) -> None:
    listed = ROW.replace("示例内容".encode(), "甲|乙|丙|丁|戊|己|庚|辛|壬".encode())
    assert read(tmp_path, HEADER + listed).accepted == 1
    commas = (HEADER.decode().replace(",", "\t") + ROW.decode().replace(",", "\t")).replace(
        "示例内容", "甲,乙,丙,丁,戊,己,庚,辛,壬"
    )
    assert read(tmp_path, commas.encode()).accepted == 1


@pytest.mark.parametrize("name", ["许可.xlsx", "许可.html"])
def test_a_row_of_a_workbook_or_page_is_no_longer_than_a_line_of_text(
    tmp_path: Path, name: str
) -> None:
    """D-033: one cell of 200 MB took 4 GB and several minutes."""
    flood = "a" * (workbook_reader.LONGEST + 1)
    header = HEADER.decode().strip().split(",")
    if name.endswith("xlsx"):
        cells = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in (*header, flood))
        sheet = (
            f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
        )
        book = openpyxl.Workbook()
        book.save(tmp_path / "book")
        with (
            zipfile.ZipFile(tmp_path / "book") as old,
            zipfile.ZipFile(tmp_path / name, "w") as new,
        ):
            for part in old.namelist():
                kept = old.read(part)
                new.writestr(part, sheet if part.endswith("sheet1.xml") else kept)
        (tmp_path / "book").unlink()
    else:
        cells = "".join(f"<td>{one}</td>" for one in (*header, flood))
        (tmp_path / name).write_text(f"<table><tr>{cells}</tr></table>", encoding="utf-8")
    (reading,) = read_drop(tmp_path, AS_OF, load_shipped_layouts())
    assert (reading.result, reading.reason) == ("refused", reasons.LONG_LINE)


@pytest.mark.parametrize(
    "raw",
    [
        "示例甲".encode(),
        codecs.BOM_UTF8 + "示例甲".encode(),
        "示例甲".encode("gb18030"),
        codecs.BOM_UTF16_LE + "示例甲".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "示例甲".encode("utf-16-be"),
        "示例甲\n".encode("utf-16-le"),
    ],
)
def test_a_text_is_decoded_from_what_bureaus_write(raw: bytes) -> None:
    assert delimited.decode_text("示例.csv", raw).decode("utf-8").strip() == "示例甲"


def test_a_layouts_own_encoding_is_tried_unless_the_text_is_utf_8() -> None:
    assert delimited.decode_with("示例".encode("big5"), "big5") == "示例".encode()
    assert delimited.decode_with("示例".encode(), "big5") is None
    assert delimited.decode_with(b"\xff\xff", "big5") is None


def test_the_slow_and_the_fast_way_give_the_same_cells() -> None:
    regular = b'a,b,c\n1,"x, y",3\n\n4,,6\n'
    irregular = b'a,b,c\n1,"x, y",3\n\n4,,6'.replace(b"\n4", b"\r4")
    fast = delimited.DelimitedSheet("示例.csv", regular)
    slow = delimited.DelimitedSheet("示例.csv", irregular)
    assert fast.separator == slow.separator == ","
    names = ["row", "c0", "c1", "c2"]
    rows = [each for each in fast.body(0, 3).select(names).rows() if any(each[1:])]
    assert rows == [(2, "1", "x, y", "3"), (4, "4", None, "6")]
    found = [(n, a, b or None, c) for n, a, b, c in slow.body(0, 3).select(names).rows()]
    assert found == rows
