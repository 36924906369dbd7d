"""The case file by command: from the papers to the quarter's report and the credit records."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import cli


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
        return json.loads(said.out) if said.out[:1] in "[{" else said.out

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
