"""Data on stdout in every form, for people with headings, for machines with every column."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import polars
import pytest
from python_calamine import CalamineWorkbook

from doors.answer import Format, answer
from errors import Misuse

FRAME = polars.DataFrame(
    {
        "id": ["31310000XXXX30015D", "31310000XXXX300238"],
        "name": ["示例𠮷律师事务所", "=HYPERLINK(1)"],
        "points": [9500, None],
        "day": [date(2016, 12, 31), None],
        "former": [["示例甲", "示例乙"], []],
    }
)
HEADINGS = {"id": "代码", "name": "名称", "points": "得分"}


@pytest.mark.parametrize("form", [Format.json, Format.jsonl])
def test_json_has_every_column_under_its_english_name(
    form: Format, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    answer(FRAME, form, columns=HEADINGS)
    text = capsysbinary.readouterr().out.decode()
    rows = (
        json.loads(text)
        if form is Format.json
        else [json.loads(line) for line in text.splitlines()]
    )
    assert rows[0] == {
        "id": "31310000XXXX30015D",
        "name": "示例𠮷律师事务所",
        "points": 9500,
        "day": "2016-12-31",
        "former": ["示例甲", "示例乙"],
    }
    assert rows[1]["points"] is None


def test_csv_opens_in_chinese_excel_and_holds_no_formula(tmp_path: Path) -> None:
    answer(FRAME, None, tmp_path / "list.csv", columns=HEADINGS)
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines() == [
        "代码,名称,得分",
        "31310000XXXX30015D,示例𠮷律师事务所,9500",
        "31310000XXXX300238,'=HYPERLINK(1),",
    ]


def test_a_workbook_keeps_codes_as_text(tmp_path: Path) -> None:
    answer(FRAME, None, tmp_path / "list.xlsx", columns=HEADINGS)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx")).get_sheet_by_index(0)
    assert sheet.to_python() == [
        ["代码", "名称", "得分"],
        ["31310000XXXX30015D", "示例𠮷律师事务所", 9500],
        ["31310000XXXX300238", "=HYPERLINK(1)", ""],
    ]


def test_parquet_is_the_frame(tmp_path: Path) -> None:
    answer(FRAME, Format.parquet, tmp_path / "list")
    assert polars.read_parquet(io.BytesIO((tmp_path / "list").read_bytes())).equals(FRAME)


def test_a_table_shows_control_characters_harmlessly(tmp_path: Path) -> None:
    frame = polars.DataFrame({"name": ["示例\x1b[2J\u202e[red]律师"]})
    answer(frame, Format.table, tmp_path / "list.txt", columns={"name": "名称"})
    text = (tmp_path / "list.txt").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]律师" in text


def test_a_long_table_is_cut_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(polars.DataFrame({"n": range(1000)}), Format.table, tmp_path / "list.txt")
    assert "200 of 1000" in capsys.readouterr().err


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=r"list\.doc"):
        answer(FRAME, None, tmp_path / "list.doc")
