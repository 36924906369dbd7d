"""The case file by command: from the papers to the quarter's report and the credit records."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random import cli
from tests.inspection.filing import later

__all__ = ["later"]


@pytest.fixture
def typed(
    filing: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Type an inspection command in the bureau of the drawn case; its data, or its error's text and code."""

    def type_(*words: str) -> Any:
        home = str(filing.home.path)
        argv = ["double-random", "--home", home, "--lang", "en", "inspection", *words]
        monkeypatch.setattr(sys, "argv", argv)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        if ended.value.code:
            assert said.err.startswith("error: ") and "Traceback" not in said.err
            return int(ended.value.code), said.err
        return json.loads(said.out) if said.out.startswith(("[", "{")) else said.out

    return type_


def test_a_case_from_its_task_to_the_credit_records(
    typed: Callable[..., Any], filing: Any, tmp_path: Path
) -> None:
    typed("task", "d1", "--first-day", "2026-11-04", "--last-day", "2026-11-20", "--number", "T1")
    for step, number in (("approved", "批1号"), ("notified", "知{n}号"), ("coded", "XXXX{n}")):
        rows = typed("paper", "d1", step, "--number", number, "--date", "2026-11-04")
    assert {row["step"] for row in rows} == {"coded"}
    assert [row["papers"][1].split()[-1] for row in rows] == ["知1号", "知2号", "知3号", "知4号"]
    sheet = tmp_path / "r.xlsx"
    typed("results", "d1", "--output", str(sheet))
    book = openpyxl.load_workbook(sheet)
    for row in range(3, 7):
        book.active[f"H{row}"] = "2026-11-10"
        book.active[f"I{row}"] = "未发现问题"
    book.save(sheet)
    assert typed("record", "d1", str(sheet))["recorded"] == 4
    typed("paper", "d1", "told", "--date", "2026-11-11")
    typed("paper", "d1", "published", "--date", "2026-11-12", "--number", "公告1号")
    told = typed("reconcile", "d1", "--as-of", "2026-12-31")
    assert told["differences"] == [] and told["published"] == 4
    (due,) = typed("due", "--as-of", "2026-11-20")
    assert due["what"] == "publish the list"
    report = {row["item"]: row for row in typed("report", "--quarter", "2026Q4")}
    assert report["law-firm-archives"]["published"] == 4
    handed = typed("to-credit", "--as-of", "2026-11-30")
    assert handed["files"][0]["accepted"] == 4
    newest = filing.home.log.entries()[-1]
    assert newest["kind"] == "sync"
    assert newest["release"].startswith(handed["release"].partition("-")[2])
    again = typed("to-credit", "--as-of", "2026-11-30")
    assert again["release"] == handed["release"]  # the same results make no new release


def test_case_checks_are_opened_and_closed(typed: Callable[..., Any], firm: Any) -> None:
    opened = ("triggered", firm(3), "--item", "law-firm-archives", "--number", "示个〔2026〕1号")
    assert typed(*opened, "--ground", "complaint", "--date", "2026-11-05")[0]["visited"] == ""
    assert typed(*opened, "--ground", "complaint", "--date", "2026-11-05")[0] == 2
    assert typed(*opened, "--ground", "a feeling")[0] == 2
    close = ("triggered", "--number", "示个〔2026〕1号", "--result", "corrected")
    assert typed(*close, "--date", "2026-11-01")[0] == 2
    (row,) = typed(*close, "--date", "2026-11-06")
    assert (row["visited"], row["codes"]) == ("2026-11-06", ["corrected"])
    assert typed(*close, "--date", "2026-11-06")[0] == 2
    handed = typed("to-credit", "--as-of", "2026-11-30")
    assert handed["files"][0]["accepted"] == 1


def test_an_institution_is_named_by_its_name_in_every_command(
    typed: Callable[..., Any], filing: Any
) -> None:  # D-013
    first, second, third = filing.case.active_targets[:3]
    rows = typed("paper", "d1", "approved", first.name, second.id.lower(), "--number", "批{n}号")
    assert [row["id"] for row in rows if row["papers"]] == [first.id, second.id]
    team = typed("show", "d1")[0]["team"]
    assert {row["id"]: row["team"] for row in typed("show", "d1")}[first.id]
    changed = typed("replace", "d1", third.name, "--reason", "ceased")
    assert changed["old"] == third.id
    visited = next(row for row in typed("show", "d1") if row["id"] == first.id)
    leaves = visited["team"][-1]
    left = typed("substitute", "d1", first.name, leaves["name"], "--reason", "illness")
    assert (left["target"], left["old"]) == (first.id, leaves["id"]) and team
    code, said = typed("replace", "d1", third.name, "--reason", "ceased")
    assert code == 2 and "was not drawn in d1, or has given up its place" in said
    code, said = typed("replace", "d1", "律师事务所", "--reason", "ceased")
    assert code == 2 and "may mean several" in said and first.id in said


def test_a_sheet_that_is_not_there_is_not_found(
    typed: Callable[..., Any], tmp_path: Path
) -> None:  # D-078
    code, said = typed("record", "d1", "nofile.xlsx")
    assert code == 2 and "file not found: nofile.xlsx" in said
    code, said = typed("record", "d1", str(tmp_path))
    assert code == 2 and "file cannot be opened: " in said


def test_nothing_is_dated_ahead_or_before_its_cause(
    typed: Callable[..., Any], filing: Any
) -> None:  # D-044
    ahead, name = ("--date", "2099-01-04"), filing.case.active_targets[0].name
    for words in (
        ("paper", "d1", "inspected", name, *ahead),
        ("replace", "d1", name, "--reason", "ceased", *ahead),
        ("triggered", name, "--item", "law-firm-archives", "--number", "1", *ahead),
        ("year-plan", "2027", "--approve", "--number", "1", *ahead),
    ):
        code, said = typed(*words)
        assert code == 2 and "2099-01-04 is still to come" in said
    code, said = typed("replace", "d1", name, "--reason", "ceased", "--date", "2026-11-02")
    assert code == 2 and "before the draw" in said
    code, said = typed("task", "d1", "--first-day", "2026-11-02", "--last-day", "2026-11-20")
    assert code == 2 and "2026-11-02 lies before the draw's numbers of 2026-11-03" in said
    assert filing.case.acts == ()


def test_the_list_of_duties_names_the_missing_notice_once(
    typed: Callable[..., Any], filing: Any, tmp_path: Path
) -> None:  # D-042
    from double_random.inspection.case import case_file
    from double_random.inspection.case.events import Paper
    from double_random.inspection.case.steps import Step

    visits = [Paper(one, Step.inspected, "", "2026-12-15") for one in filing.ids[:2]]
    case_file.append_acts(filing.home, "d1", visits, "2026-12-15T08:00:00Z")
    rows = typed("due", "--as-of", "2026年12月16日")
    assert [row["waits_for"] for row in rows if row["by"] > "2027"] == [2027, 2027]
    file = tmp_path / "due.txt"
    typed("due", "--as-of", "2026-12-16", "--format", "table", "--output", str(file))
    assert file.read_text("utf-8").count("about 2027-01-12") == 2


@pytest.mark.parametrize("name", ["show", "targets"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_show_the_code_beside_the_name(
    typed: Callable[..., Any], filing: Any, tmp_path: Path, name: str, form: str
) -> None:  # D-013
    file = tmp_path / f"list.{form}"
    typed(name, "d1", "--output", str(file))
    if form == "csv":
        cells = file.read_text("utf-8-sig").splitlines()[1]
    else:
        sheet = openpyxl.load_workbook(file).active
        cells = " ".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    assert any(id in cells for id in filing.ids)


@pytest.mark.parametrize(
    "words",
    [
        ("targets", "nothing"),
        ("paper", "d1", "eaten"),
        ("paper", "d1", "approved", "31310000XXXX999990"),
        ("record", "d1", "/nowhere.xlsx"),
        ("take-back", "d1", "7", "--reason", "x"),
        ("reconcile", "nothing", "--as-of", "2026-12-31"),
        ("report", "--quarter", "2026"),
        ("year-plan", "2026"),
        ("year-plan", "2026", "--file", "/nowhere.xlsx"),
        ("task", "d1", "--first-day", "2026-11-04", "--last-day", "2026-11-01"),
        (
            "task",
            "d1",
            "--first-day",
            "2026-11-04",
            "--last-day",
            "2026-11-05",
            "--batch",
            "2026/1",
        ),
    ],
)
def test_a_mistake_is_told(typed: Callable[..., Any], words: tuple[str, ...]) -> None:
    code, _text = typed(*words)
    assert code in (1, 2)


def test_a_letter_to_all_without_results_says_how_to_name_some(typed: Callable[..., Any]) -> None:
    """Finding: of thirteen drawn, three without a result stopped the letter to the other ten, with no way out told."""
    code, said = typed("paper", "d1", "told", "--date", "2026-11-11")
    assert code == 2 and "inspection paper d1 told INSTITUTION" in said


def test_forms_and_the_code_of_a_notice_by_command(
    typed: Callable[..., Any], filing: Any, tmp_path: Path
) -> None:
    from double_random.inspection.casework import forms, notice_code

    folder = tmp_path / "forms"
    said = typed(
        "forms", "d1", "--as-of", "2026-11-20", "--only", "行政检查", "--output", str(folder)
    )
    assert len(said.splitlines()) == len(list(folder.rglob("*.docx"))) == 2 * 4
    written = [path.relative_to(folder) for path in folder.rglob("*.docx")]
    # finding: the answer named all forms of the list, also those that it had not made
    assert forms.list_unconfirmed(filing.home, written) == [
        "行政检查审批表.docx",
        "行政检查通知书.docx",
    ]
    assert forms.list_unconfirmed(filing.home, [Path("抽查名单.xlsx")]) == ["抽查名单.xlsx"]
    again = ("forms", "d1", "--as-of", "2026-11-20", "--output", str(folder))
    assert typed(*again)[0] == 2  # a paper is never written over
    text = notice_code.make_notice_code(filing.home, "d1", filing.ids[0])
    file = tmp_path / "code.txt"
    file.write_text(text, "utf-8")
    key = filing.home.log.public.text
    for given in (text, str(file)):
        told = typed("check-notice", given, "--key", key)
        assert (told["target"], told["signed"]) == (filing.ids[0], True)
    assert typed("check-notice", text[:-3])[0] == 1
    quarter = tmp_path / "quarter"
    typed("forms", "2026Q4", "--as-of", "2026-12-31", "--output", str(quarter))
    assert [path.name for path in quarter.iterdir()] == ["季度报表.xlsx"]


def test_preview_and_the_empty_sheets_by_command(
    typed: Callable[..., Any], filing: Any, tmp_path: Path
) -> None:
    told = typed("preview", "law-firm-archives", "--as-of", "2026-10-31")
    assert (told["drawn"], told["groups"]) == (4, ["law_firm: 40 → 4"])
    assert len(told["together"]) == 4  # those of d1 wait for their visit
    nobody = typed("preview", "law-firm-archives", "--as-of", "2026-10-31", "--unit", "无此科室")
    assert nobody[0] == 2
    for words in (("do", "--blank"), ("year-plan", "2026", "--blank")):
        path = tmp_path / f"{words[0]}.xlsx"
        typed(*words, str(path))
        assert openpyxl.load_workbook(path).active.max_row > 3
    assert typed("do")[0] == 2
    assert typed("do", str(tmp_path / "do.xlsx"))[0] == 1  # nothing is filled in
