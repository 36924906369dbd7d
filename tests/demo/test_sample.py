"""The sample drop is fictitious, the same for ever, and holds what the guided tour speaks of."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest

from double_random import data
from double_random.demo import sample
from double_random.demo.bureau import (
    SampleBureau,
)
from double_random.demo.years import sample_bureau

SHIPPED = data.path("sample")


@pytest.fixture(scope="module")
def made() -> SampleBureau:
    return sample_bureau()


def cells(workbook: bytes) -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text((SHIPPED / name).read_bytes()))))


def test_the_shipped_drop_is_what_the_generator_writes() -> None:
    written = sample.sample_files()
    assert {path.name for path in SHIPPED.iterdir()} == set(written)
    for name, content in written.items():
        shipped = (SHIPPED / name).read_bytes()
        if name.endswith(".xlsx"):  # zip may pack otherwise under another zlib; the cells may not
            assert cells(shipped) == cells(content)
        else:
            assert shipped == content, name


def test_writing_puts_every_file_into_the_folder(tmp_path: Path) -> None:
    paths = sample.write_sample(tmp_path / "drop")
    assert {path.name for path in paths} == set(sample.sample_files())
    assert all(path.stat().st_size for path in paths)


def test_no_row_holds_an_id_number_or_a_telephone_that_could_be_somebodys() -> None:
    for name, content in sample.sample_files().items():
        if name.endswith(".csv"):
            everything = text(content).replace("00000000000000000X", "")
            assert not re.search(r"(?<![0-9A-Z])\d{17}[0-9X](?![0-9A-Z])", everything)
            assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", everything)


def test_the_sheets_come_in_the_encodings_that_bureaus_send() -> None:
    files = sample.sample_files()
    assert files[sample.OTHERS].startswith(b"\xef\xbb\xbf")
    assert "行政相对人名称" in files[sample.FIRMS].decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        files[sample.FIRMS].decode("utf-8")
    assert files[sample.FORENSICS].startswith(b"PK")


def test_penalties_bear_the_name_of_their_day_and_some_have_no_code() -> None:
    rows = table(sample.PENALTIES)
    assert sum(row["CF_XDR_SHXYM"] == "" for row in rows) >= 5
    assert any(row["CF_NR_FK"].endswith("元") for row in rows)
    assert rows[-1]["CF_XDR_MC"] == "示例查无律师事务所"
