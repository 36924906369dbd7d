"""Progress of a run: one JSON line per event for programs, a bar on a terminal."""

from __future__ import annotations

import json
import sys

import pytest

from double_random.commands.render.progress import show_progress

EVENTS = [{"event": "begin", "stage": "sync"}, {"event": "done", "stage": "sync"}]


def test_programs_read_one_json_line_per_event(capsys: pytest.CaptureFixture[str]) -> None:
    with show_progress(["sync"]) as report_event:
        for event in EVENTS:
            report_event(event)
    assert [json.loads(line) for line in capsys.readouterr().err.splitlines()] == EVENTS


def test_a_terminal_shows_the_stage_and_the_whole_bar_at_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with show_progress(["sync"]) as report_event:
        for event in EVENTS:
            report_event(event)
    shown = capsys.readouterr().err
    assert "sync" in shown and "━" * 40 in shown and "{" not in shown
