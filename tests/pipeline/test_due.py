"""What the night says is due is what `inspection due` lists, visit by visit, and `status` counts it."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random import cli
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Finding, Paper
from double_random.inspection.case.steps import Step
from double_random.pipeline.nightly import run_nightly
from double_random.store.home import Home
from tests.clock import stopped
from tests.inspection import conftest as bureau_of

LATE = "2026-12-20"


@pytest.fixture(scope="module")
def visited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Four firms drawn in November: one visited, with an order to correct; three that nobody visited."""
    folder = tmp_path_factory.mktemp("due")
    with stopped("2026-11-10"):
        home = bureau_of.make(folder, 40, 6, [(1, 2)])
        bureau_of.carry_out(home, bureau_of.ask())
        first = case_file.read_case(home, "d1").active_targets[0].id
        filed = [
            Paper(first, Step.inspected, "", "2026-11-09"),
            Finding(
                target=first,
                item="law-firm-archives",
                codes=("corrected",),
                found="示例",
                correct_by="2026-12-10",
            ),
        ]
        case_file.append_acts(home, "d1", filed, "2026-11-10T00:00:00Z")
    with stopped(LATE):
        yield home


@pytest.fixture
def told(
    visited: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """A command's JSON."""

    def tell(*words: str) -> Any:
        line = ["double-random", "--home", str(visited.path), "--lang", "en", *words]
        monkeypatch.setattr(sys, "argv", [*line, "--format", "json"])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert not ended.value.code, said.err
        return json.loads(said.out)

    return tell


def test_the_night_lists_what_the_command_lists(
    visited: Home, told: Callable[..., Any], tmp_path: Path
) -> None:
    """D-043."""
    drop = tmp_path / "drop"
    shutil.copytree(visited.path.parent / "drop", drop)
    assert run_nightly(visited, [drop], date.fromisoformat(LATE))["end"] == "published"
    newest = max((visited.path / "nights").glob("[0-9]*"))
    kept = json.loads((newest / "due.json").read_text(encoding="utf-8"))
    listed = told("inspection", "due", "--as-of", LATE)
    assert kept["duties"] == listed
    late = [one for one in listed if one["overdue"]]
    assert sorted(one["what"] for one in late) == [
        *("check again", "publish the result", "visit", "visit", "visit"),
    ]
    assert kept["overdue"] == ["d1"]
    counts = {"open": len(listed), "overdue": len(late), "wait_for_notice": 0}
    assert kept["counts"] == counts == told("status")["due"]  # the clock shows the day after


def test_a_night_before_the_last_day_has_nothing_overdue(
    visited: Home, told: Callable[..., Any]
) -> None:
    """D-043: the list follows the day that it is asked for."""
    early = told("inspection", "due", "--as-of", "2026-11-10")
    assert early and not any(one["overdue"] for one in early)
