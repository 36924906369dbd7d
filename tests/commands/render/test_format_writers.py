"""Every output format keeps the contract of a writer: what it writes, for whom, and what it refuses."""

from __future__ import annotations

import io
import json
from pathlib import Path

import polars
import pytest
from python_calamine import CalamineWorkbook

from double_random.commands.render.answer import Answer, Fields, Page, Table, UnfoldedLine
from double_random.commands.render.format_writers import DOCUMENTS, Format
from double_random.commands.render.output import is_for_people, show, use_labels
from double_random.core.errors import Misuse

FRAME = polars.DataFrame({"id": ["示例1", "示例2"], "points": [9500, None]})
ROWS = Answer(
    title="示例表", columns={"points": "得分"}, rows=lambda: FRAME, notes=lambda: ["note"]
)
OBJECT = Answer(title="示例", data=lambda: {"n": [1, 2]})


def written(answer: Answer, form: Format, folder: Path) -> bytes:
    """What a format writes into a file."""
    show(answer, form, folder / "file")
    return (folder / "file").read_bytes()


@pytest.mark.parametrize("form", Format)
def test_every_format_writes_all_rows(form: Format, tmp_path: Path) -> None:
    content = written(Answer(rows=lambda: FRAME), form, tmp_path)
    if form is Format.parquet:
        assert polars.read_parquet(io.BytesIO(content)).equals(FRAME)
    elif form is Format.xlsx:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        assert sheet.to_python() == [["id", "points"], ["示例1", 9500], ["示例2", ""]]
    else:
        text = content.decode()
        assert all(part in text for part in ("id", "points", "示例1", "示例2", "9500"))


@pytest.mark.parametrize("form", Format)
def test_notes_are_messages_and_no_part_of_the_answer(
    form: Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert b"note" not in written(ROWS, form, tmp_path)
    assert capsys.readouterr().err.endswith("\nnote\n") is (form is not Format.json)


@pytest.mark.parametrize("form", Format)
def test_an_object_is_no_list_of_rows(form: Format, tmp_path: Path) -> None:
    if form in (Format.csv, Format.parquet, Format.xlsx):
        with pytest.raises(Misuse, match="no list of rows"):
            written(OBJECT, form, tmp_path)
        return
    content = written(OBJECT, form, tmp_path)
    assert json.loads(content) == {"n": [1, 2]} if form is not Format.table else b"1" in content


def test_an_answer_of_both_gives_programs_the_object_or_the_rows(tmp_path: Path) -> None:
    both = Answer(data=lambda: {"all": 1}, rows=lambda: FRAME)
    for form, expected in (
        (Format.json, {"all": 1}),
        (Format.jsonl, {"id": "示例1", "points": 9500}),
    ):
        folder = tmp_path / form
        folder.mkdir()
        lines = written(both, form, folder).decode()
        assert json.loads(lines if form is Format.json else lines.splitlines()[0]) == expected


def test_rows_that_come_as_json_need_no_frame(tmp_path: Path) -> None:
    def refuse() -> polars.DataFrame:
        raise AssertionError("the rows were built")

    rows = Answer(rows=refuse, json_rows=lambda between: between.join(['{"n":1}', "{}"]).encode())
    show(rows, Format.json, tmp_path / "a")
    show(rows, Format.jsonl, tmp_path / "b")
    assert json.loads((tmp_path / "a").read_bytes()) == [{"n": 1}, {}]
    assert (tmp_path / "b").read_bytes() == b'{"n":1}\n{}\n'


def test_people_see_tables_fields_and_sentences_in_their_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = Answer(
        data=dict,
        heading=lambda: "a heading",
        people=lambda: [
            Table(FRAME, "示例甲", None, ["after the table"]),
            "a sentence",
            Fields({"n": True}, "示例乙"),
            UnfoldedLine("a line"),
        ],
        notes=lambda: ["at the end"],
    )
    show(parts, Format.table, None)
    shown = capsys.readouterr()
    places = [shown.out.index(p) for p in ("示例甲", "9500", "a sentence", "示例乙", "a line")]
    assert places == sorted(places)
    assert shown.err == "a heading\nafter the table\nat the end\n"


def test_sheets_need_a_file(tmp_path: Path) -> None:
    sheets = Answer(
        data=dict, sheets=lambda: [("甲", FRAME, ["代码", "得分"]), ("乙", FRAME, ["a", "b"])]
    )
    with pytest.raises(Misuse, match="a workbook needs a file"):
        show(sheets, Format.xlsx, None)
    show(sheets, None, tmp_path / "a.xlsx")
    assert CalamineWorkbook.from_path(str(tmp_path / "a.xlsx")).sheet_names == ["甲", "乙"]


def test_a_page_may_have_a_note_and_is_for_people(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Answer(data=dict, page=lambda: Page("<p>示例</p>", "a draft"))
    show(page, None, tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text("utf-8") == "<p>示例</p>"
    assert capsys.readouterr().err.endswith("\na draft\n")
    assert is_for_people(None, tmp_path / "a.html")


@pytest.mark.parametrize("ending", DOCUMENTS)
def test_a_document_that_an_answer_lacks_is_refused(ending: str, tmp_path: Path) -> None:
    with pytest.raises(Misuse, match=f"the form of .*{ending} is not known"):
        show(ROWS, None, tmp_path / f"a{ending}")


def test_labels_change_the_formats_that_people_open_in_excel() -> None:
    use_labels(labels=False)
    assert [form for form in Format if is_for_people(form, None)] == [Format.table]
    use_labels(labels=True)
    for_people = [form for form in Format if is_for_people(form, None)]
    assert for_people == [Format.table, Format.csv, Format.xlsx]
