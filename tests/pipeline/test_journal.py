"""The journal of nightly runs: events as lines, numbered folders, and the history that status shows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.pipeline.journal import (
    KEPT,
    Event,
    Journal,
    list_journals,
    read_night_history,
    start_journal,
)
from double_random.store import durable_files


def test_an_event_is_written_then_told(tmp_path: Path) -> None:
    told: list[Event] = []
    journal = Journal(tmp_path / "000001-2026-11-02", told.append)
    written = journal.write("done", stage="sync", rows=3)
    assert told == journal.events == [written]
    assert (written["run"], written["stage"], written["rows"]) == ("000001-2026-11-02", "sync", 3)
    journal.write("done", stage="load")
    assert journal.last_event("done") == told[-1] and journal.last_event("end") is None


def test_a_line_that_a_kill_left_half_is_no_event(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.write("start")
    with (tmp_path / "journal.jsonl").open("a") as file:
        file.write('{"event": "do')
    assert [event["event"] for event in journal.events] == ["start"]


def test_the_end_leaves_a_report(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    journal.end({"end": "stopped", "why": "示例"})
    assert journal.last_event("end") is not None
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report == {"end": "stopped", "why": "示例"}


def test_a_disk_that_takes_nothing_does_not_hide_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object) -> None:
        raise OSError("no space left on device")

    told: list[Event] = []
    monkeypatch.setattr(durable_files, durable_files.append_line.__name__, full)
    Journal(tmp_path, told.append).end({"end": "stopped", "why": "示例"})
    assert [(event["event"], event["why"]) for event in told] == [("end", "示例")]
    assert not list(tmp_path.iterdir())


def test_runs_are_numbered_and_the_newest_is_first(tmp_path: Path) -> None:
    for day in ("2026-11-02", "2026-11-03"):
        start_journal(tmp_path, day, lambda event: None).write("start")
    assert [journal.run_id for journal in list_journals(tmp_path)] == [
        "000002-2026-11-03",
        "000001-2026-11-02",
    ]


def test_the_oldest_folders_go(tmp_path: Path) -> None:
    for number in range(1, KEPT + 3):
        (tmp_path / f"{number:06d}-2026-11-02").mkdir()
    assert (
        start_journal(tmp_path, "2026-11-03", lambda event: None).run_id
        == f"{KEPT + 3:06d}-2026-11-03"
    )
    left = sorted(folder.name for folder in tmp_path.iterdir())
    assert len(left) == KEPT - 1 and left[0] == "000004-2026-11-02"


def test_the_history_has_the_last_published_run_and_why_later_ones_stopped(tmp_path: Path) -> None:
    assert read_night_history(tmp_path) == {"last_published": None, "stopped_since": []}
    release = {"as_of": "2026-11-02", "release": "000001-示例"}
    for end, why in (("stopped", "old"), ("published", ""), ("stopped", "示例")):
        journal = start_journal(tmp_path, "2026-11-02", lambda event: None)
        journal.end({"end": end, "stage": "keep", "why": why, **release})
    start_journal(tmp_path, "2026-11-03", lambda event: None).write("begin", stage="load")
    found = read_night_history(tmp_path)
    assert found["last_published"]["run"] == "000002-2026-11-02"
    assert [(one["run"][:6], one["stage"]) for one in found["stopped_since"]] == [
        ("000003", "keep"),
        ("000004", "load"),
    ]
    assert found["stopped_since"][0]["why"] == "示例"
    assert "killed" in found["stopped_since"][1]["why"]
