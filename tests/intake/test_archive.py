"""ZIP archives: their files are read as if they had come alone; one that might do harm is refused whole."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.intake import archive, reasons
from double_random.intake.credit_codes import check_character
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

AS_OF = date(2016, 12, 31)
HEADER = "XK_XDR_MC,XK_XDR_SHXYM,XK_WSH,XK_JDRQ\n"


def permits(*numbers: int) -> bytes:
    rows = []
    for number in numbers:
        body = f"31310000XXXX3{number:04}"
        code = body + check_character(body)
        rows.append(f"示例{number}律师事务所,{code},示例许〔2015〕{number}号,2015-01-01\n")
    return (HEADER + "".join(rows)).encode()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", method) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return raw.getvalue()


def renamed(raw: bytes, old: bytes, new: bytes) -> bytes:
    """The archive with a name's bytes replaced, as a program that writes no UTF-8 would have them."""
    assert len(old) == len(new)
    assert raw.count(old) == 2
    return raw.replace(old, new)


def read(folder: Path, raw: bytes) -> list[FileReading]:
    (folder / "包.zip").write_bytes(raw)
    return read_drop(folder, AS_OF, load_shipped_layouts())


def refused(folder: Path, raw: bytes) -> str:
    (reading,) = read(folder, raw)
    assert (reading.file, reading.result, reading.rows) == ("包.zip", "refused", 0)
    return reading.reason


def test_each_file_is_read_as_if_it_had_come_alone(tmp_path: Path) -> None:
    (tmp_path / "在外.csv").write_bytes(permits(3))
    inside = {
        "二/许可.csv": permits(2, 3),
        "一.csv": permits(1),
        "信.pdf": b"%PDF",
        "坏.csv": b"",
        "__MACOSX/._一.csv": b"x",
    }
    readings = {
        reading.file: (reading.result, reading.accepted, reading.duplicates)
        for reading in read(tmp_path, zipped(inside))
    }
    assert readings == {
        "包.zip/一.csv": ("read", 1, 0),
        "包.zip/二/许可.csv": ("read", 2, 0),
        "包.zip/信.pdf": ("other", 0, 0),
        "包.zip/坏.csv": ("refused", 0, 0),
        "在外.csv": ("read", 0, 1),
    }


def test_what_was_handed_in_is_the_archive(tmp_path: Path) -> None:
    for reading in read(tmp_path, zipped({"一.csv": permits(1), "二.csv": permits(2)})):
        assert reading.source == tmp_path / "包.zip"
        assert len(reading.sha256) == 64


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_mark_of_utf8_are_read(encoding: str) -> None:
    written = "许可.csv".encode(encoding)
    raw = renamed(zipped({"x" * len(written): b"1"}), b"x" * len(written), written)
    assert list(archive.read_members("包.zip", raw)) == [("许可.csv", b"1")]


@pytest.mark.parametrize(
    "name", ["../外.csv", "一/../../外.csv", "/外.csv", "C:/外.csv", "..\\外.csv", "\\\\机\\外.csv"]
)
def test_a_path_that_leads_out_is_refused_and_writes_nothing(tmp_path: Path, name: str) -> None:
    drop = tmp_path / "drop"
    drop.mkdir()
    assert refused(drop, zipped({"好.csv": permits(1), name: permits(2)})) == reasons.CLIMBS_OUT
    assert [path.name for path in tmp_path.rglob("*")] == ["drop", "包.zip"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    raw = zipped({"一.csv": permits(1), "二.csv": permits(2)})
    raw = renamed(raw, "二.csv".encode(), "一.csv".encode())
    assert refused(tmp_path, raw) == reasons.TWO_OF_ONE_NAME


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    (reading,) = read(tmp_path, zipped({"内.zip": zipped({"一.csv": permits(1)})}))
    assert (reading.result, reading.reason) == ("refused", reasons.NESTED_ARCHIVE)


@pytest.mark.parametrize("length", [0, 4, 30, 60, 100])
def test_a_torn_archive_is_refused(tmp_path: Path, length: int) -> None:
    assert refused(tmp_path, zipped({"一.csv": permits(1)})[:length]) == reasons.NOT_AN_ARCHIVE


def test_a_file_that_does_not_match_its_checksum_refuses_the_archive(tmp_path: Path) -> None:
    raw = zipped({"一.csv": permits(1)}, zipfile.ZIP_STORED)
    broken = raw.replace("示例许".encode(), "示例许".encode()[::-1])
    assert broken != raw
    assert refused(tmp_path, broken) == reasons.NOT_AN_ARCHIVE


def test_a_method_that_may_ask_for_any_memory_is_not_tried(tmp_path: Path) -> None:
    raw = zipped({"一.csv": permits(1)}, zipfile.ZIP_LZMA)
    assert refused(tmp_path, raw) == reasons.NOT_AN_ARCHIVE


def test_a_protected_archive_says_so(tmp_path: Path) -> None:
    raw = bytearray(zipped({"一.csv": permits(1)}))
    raw[6] |= 1  # the flag in the file's own header, and in the directory
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert refused(tmp_path, bytes(raw)) == reasons.ARCHIVE_PROTECTED


def test_nothing_in_it_is_said(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped({})) == reasons.ARCHIVE_EMPTY
    assert refused(tmp_path, zipped({".隐藏": b"x"})) == reasons.ARCHIVE_EMPTY


def test_a_directory_of_very_many_files_is_refused_before_it_is_read(tmp_path: Path) -> None:
    assert refused(tmp_path, b"PK\x01\x02" * 200_000) == reasons.ARCHIVE_TOO_LARGE
    few = zipped({f"{number}.csv": b"" for number in range(archive.MOST + 1)})
    assert refused(tmp_path, few) == reasons.ARCHIVE_TOO_LARGE


BOMB = """
import resource, sys
from datetime import date
from pathlib import Path
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts
(reading,) = read_drop(Path(sys.argv[1]), date(2016, 12, 31), load_shipped_layouts())
print(reading.reason)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def test_a_bomb_is_refused_within_bounded_memory(tmp_path: Path) -> None:
    """600 MiB of commas, in an archive of less than 3 MiB."""
    raw = io.BytesIO()
    with (
        zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
        made.open("弹.csv", "w", force_zip64=True) as stream,
    ):
        for _ in range(600):
            stream.write(b"," * (1 << 20))
    path = tmp_path / "弹.zip"
    path.write_bytes(raw.getvalue())
    assert path.stat().st_size < 3 << 20
    done = subprocess.run(
        [sys.executable, "-c", BOMB, str(path)], capture_output=True, text=True, check=True
    )
    reason, peak = done.stdout.splitlines()
    assert reason == reasons.ARCHIVE_TOO_LARGE
    assert int(peak) < 1_500_000  # KiB


def test_the_directory_is_not_believed_about_sizes() -> None:
    raw = bytearray(zipped({"弹.csv": b"," * 10_000_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = raw.index(mark) + place
        raw[start : start + 4] = struct.pack("<I", 10)
    with pytest.raises(BadFile):
        list(archive.read_members("弹.zip", bytes(raw)))


@given(st.binary(max_size=200), st.integers(0, 300), st.binary(max_size=4))
def test_random_bytes_end_in_an_answer(raw: bytes, place: int, patch: bytes) -> None:
    good = zipped({"一.csv": b"1"})
    for tried in (raw, b"PK\x03\x04" + raw, good[:place] + patch + good[place + len(patch) :]):
        try:
            for name, content in archive.read_members("包.zip", tried):
                assert isinstance(name, str) and isinstance(content, bytes)
        except BadFile as error:
            assert error.reason
