"""Data on stdout in every form, for people with headings, for machines with every column."""

from __future__ import annotations

import io
import json
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from double_random.commands.render.format_writers import Format
from double_random.commands.render.output import (
    _resolve_format,
    default_to_people,
    default_to_programs,
    show_answer,
    use_labels,
)
from double_random.core.errors import Misuse
from double_random.publish.content.workbook import build_workbook
from double_random.publish.content.writers import to_csv, to_jsonl

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
    show_answer(FRAME, form, columns=HEADINGS)
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


def test_csv_is_the_same_in_every_language_and_holds_no_formula(tmp_path: Path) -> None:  # D-059
    show_answer(FRAME, None, tmp_path / "list.csv", columns=HEADINGS)
    assert (tmp_path / "list.csv").read_text(encoding="utf-8") == (
        "id,name,points,day,former\n"
        "31310000XXXX30015D,示例𠮷律师事务所,9500,2016-12-31,示例甲、示例乙\n"
        "31310000XXXX300238,'=HYPERLINK(1),,,\n"
    )


def test_csv_for_people_opens_in_chinese_excel_with_their_headings(tmp_path: Path) -> None:
    use_labels(labels=True)
    show_answer(FRAME, None, tmp_path / "list.csv", columns=HEADINGS)
    content = (tmp_path / "list.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").split("\r\n") == [
        "代码,名称,得分",
        "31310000XXXX30015D,示例𠮷律师事务所,9500",
        "31310000XXXX300238,'=HYPERLINK(1),",
        "",
    ]


def test_a_workbook_keeps_codes_as_text(tmp_path: Path) -> None:
    use_labels(labels=True)
    show_answer(FRAME, None, tmp_path / "list.xlsx", columns=HEADINGS)
    sheet = CalamineWorkbook.from_path(str(tmp_path / "list.xlsx")).get_sheet_by_index(0)
    assert sheet.to_python() == [
        ["代码", "名称", "得分"],
        ["31310000XXXX30015D", "示例𠮷律师事务所", 9500],
        ["31310000XXXX300238", "=HYPERLINK(1)", ""],
    ]


@pytest.mark.parametrize("form", [Format.csv, Format.xlsx, Format.parquet, Format.jsonl])
def test_every_form_for_programs_has_the_same_columns(form: Format, tmp_path: Path) -> None:
    file = tmp_path / "list"
    show_answer(FRAME, form, file, columns=HEADINGS)
    if form is Format.csv:
        found = polars.read_csv(file).columns
    elif form is Format.xlsx:
        found = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()[0]  # type: ignore[assignment]
    elif form is Format.parquet:
        found = polars.read_parquet(file).columns
    else:
        found = list(json.loads(file.read_text(encoding="utf-8").splitlines()[0]))
    assert found == FRAME.columns


NUMBERS = polars.DataFrame(
    {
        "rule": ["=x", "-500"],
        "points": [-500, None],
        "share": [-0.25, 1e20],
        "score": polars.Series(["-69.50", "70.00"]).cast(polars.Decimal(18, 2)),
        "exact": [2**53, -(2**53) - 1],
    }
)


def test_numbers_are_numbers_in_csv(tmp_path: Path) -> None:  # D-056
    show_answer(NUMBERS, None, tmp_path / "list.csv")
    assert (tmp_path / "list.csv").read_text(encoding="utf-8").splitlines() == [
        "rule,points,share,score,exact",
        "'=x,-500,-0.25,-69.50,9007199254740992",
        "'-500,,1e+20,70.00,-9007199254740993",
    ]


def test_numbers_are_numbers_in_json(tmp_path: Path) -> None:  # D-057
    show_answer(NUMBERS, None, tmp_path / "list.json")
    assert json.loads((tmp_path / "list.json").read_text(encoding="utf-8")) == [
        {"rule": "=x", "points": -500, "share": -0.25, "score": -69.5, "exact": 2**53},
        {"rule": "-500", "points": None, "share": 1e20, "score": 70.0, "exact": str(-(2**53) - 1)},
    ]


def test_numbers_are_numbers_in_a_workbook_that_can_be_filtered(tmp_path: Path) -> None:  # D-057
    show_answer(NUMBERS, None, tmp_path / "list.xlsx")
    sheet = load_workbook(tmp_path / "list.xlsx").active
    row = [(cell.value, cell.number_format) for cell in sheet[2]]
    assert row[1:4] == [(-500, "0"), (-0.25, "General"), (-69.5, "0.00")]
    assert sheet["E2"].value == str(2**53)  # 16 digits: Excel would lose one
    assert [table.ref for table in sheet.tables.values()] == ["A1:E3"]


def test_a_sheet_too_small_for_the_rows_is_refused() -> None:
    with pytest.raises(Misuse, match="1048575"):
        build_workbook(polars.DataFrame({"n": polars.arange(2**20, eager=True)}), ["n"])


@given(
    st.one_of(
        st.integers(-(2**60), 2**60),
        st.floats(allow_nan=False, allow_infinity=False),
        st.decimals(places=2, min_value=-(10**9), max_value=10**9),
    )
)
def test_a_number_comes_back_from_json_and_csv_as_it_went(number: int | float | Decimal) -> None:
    frame = polars.DataFrame({"n": [number]})
    (back,) = (row["n"] for row in map(json.loads, to_jsonl(frame).splitlines()))
    assert Decimal(str(back)) == Decimal(str(number))
    assert Decimal(to_csv(frame).decode().splitlines()[1]) == Decimal(str(number))


def test_json_holds_no_character_that_steers_a_terminal(tmp_path: Path) -> None:  # D-005
    hostile = "a\x1b[2K\x9b\u202e\u200b\U000e0041\u3164b"
    show_answer(polars.DataFrame({"n": [hostile], "x": [1.5]}), None, tmp_path / "list.json")
    text = (tmp_path / "list.json").read_text(encoding="utf-8")
    assert text.isascii()
    assert json.loads(text)[0]["n"] == hostile


def test_a_free_answer_shows_its_empty_columns(tmp_path: Path) -> None:  # D-058
    frame = polars.DataFrame({"a": [1], "b": polars.Series([None], dtype=polars.String)})
    show_answer(frame, Format.table, tmp_path / "list.txt")
    assert (tmp_path / "list.txt").read_text(encoding="utf-8").split()[:2] == ["a", "b"]


def test_a_heading_is_no_markup_and_no_picture(tmp_path: Path) -> None:  # D-061
    frame = polars.DataFrame({"[/red] :office:": ["dice:office:8"]})
    show_answer(frame, Format.table, tmp_path / "list.txt", title=":school: [bold]")
    text = (tmp_path / "list.txt").read_text(encoding="utf-8")
    assert all(part in text for part in ("[/red] :office:", "dice:office:8", ":school: [bold]"))


def test_blanks_of_every_width_are_blanks(tmp_path: Path) -> None:  # D-062
    frame = polars.DataFrame({"n": ["示例\u3000全角\u00a0空格\u2003x"]})
    show_answer(frame, Format.table, tmp_path / "list.txt", columns={"n": "名称"})
    assert "示例 全角 空格 x" in (tmp_path / "list.txt").read_text(encoding="utf-8")


def test_parquet_is_the_frame(tmp_path: Path) -> None:
    show_answer(FRAME, Format.parquet, tmp_path / "list")
    assert polars.read_parquet(io.BytesIO((tmp_path / "list").read_bytes())).equals(FRAME)


def test_a_table_shows_control_characters_harmlessly(tmp_path: Path) -> None:
    frame = polars.DataFrame({"name": ["示例\x1b[2J\u202e[red]律师"]})
    show_answer(frame, Format.table, tmp_path / "list.txt", columns={"name": "名称"})
    text = (tmp_path / "list.txt").read_text(encoding="utf-8")
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]律师" in text


def test_a_long_table_is_cut_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show_answer(polars.DataFrame({"n": range(1000)}), Format.table, tmp_path / "list.txt")
    assert "200 of 1000" in capsys.readouterr().err


def test_an_unknown_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=r"list\.doc"):
        show_answer(FRAME, None, tmp_path / "list.doc")


@pytest.mark.parametrize(
    ("terminal", "form", "ending", "expected"),
    [
        (True, None, "", Format.table),
        (False, None, "", Format.json),
        (True, None, ".json", Format.json),
        (True, None, ".csv", Format.csv),
        (False, None, ".csv", Format.csv),
        (True, Format.csv, "", Format.csv),
        (False, Format.table, ".json", Format.table),
    ],
)
def test_the_format_is_the_option_then_the_ending_then_the_terminal(
    terminal: bool,
    form: Format | None,
    ending: str,
    expected: Format,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: terminal)
    assert _resolve_format(form, tmp_path / f"a{ending}" if ending else None) is expected


def test_an_answer_may_have_a_format_of_its_own_where_none_is_asked() -> None:
    assert default_to_people(None) is Format.table
    assert default_to_programs(None) is Format.json
    assert {default_to_people(form) for form in Format} == set(Format)
    assert {default_to_programs(form) for form in Format} == set(Format)
