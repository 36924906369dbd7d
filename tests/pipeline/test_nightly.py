"""The night has two ends: published, or stopped with everything as it was and a report that says why."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.core.errors import Stopped
from double_random.pipeline.nightly import run_nightly
from double_random.pipeline.status import collect_status
from double_random.store.home import Home
from double_random.store.locks import hold_lock
from tests.pipeline.state import SECOND, Nights, look, run

Copy = Callable[[], Path]


def report(home: Path) -> dict[str, object]:
    """The newest night's report."""
    newest = max((home / "nights").glob("[0-9]*"))
    return json.loads((newest / "report.json").read_text(encoding="utf-8"))


def test_a_night_publishes_what_the_drop_brings(nights: Nights) -> None:
    assert nights.after.rows["records"] == nights.before.rows["records"] + 130
    assert nights.after.site != nights.before.site
    said = nights.after.log[len(nights.before.log) :]
    assert nights.after.log[: len(nights.before.log)] == nights.before.log
    assert [kind for kind, _ in said if kind != "load"] == ["sync", "score"]
    assert {release for _, release in said} == {nights.after.release.partition("-")[2]}


def test_the_same_night_again_changes_nothing(nights: Nights) -> None:
    assert nights.again == nights.after


def test_every_event_is_a_line_with_the_run(nights: Nights, one: Copy) -> None:
    done = run(one(), nights.drop)
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert {event["run"] for event in events} == {"000002-2026-11-03"}
    stages = [event["stage"] for event in events if event["event"] == "done"]
    assert stages == ["keep", "sync", "load", "score", "due", "publish", "log", "switch"]
    assert all(event["ms"] >= 0 for event in events if event["event"] == "done")
    assert json.loads(done.stdout)["end"] == "published"


def test_an_empty_drop_is_no_news(nights: Nights, one: Copy, tmp_path: Path) -> None:
    home = one()
    (tmp_path / "empty").mkdir()
    stopped = run(home, tmp_path / "empty")
    assert stopped.returncode == 3
    assert "the drop is empty" in stopped.stderr and "Traceback" not in stopped.stderr
    assert look(home) == nights.before
    assert report(home)["end"] == "stopped" and report(home)["stage"] == "keep"


def test_files_with_headers_alone_are_no_news(nights: Nights, one: Copy, tmp_path: Path) -> None:
    home, drop = one(), tmp_path / "drop"
    drop.mkdir()
    header = (nights.drop / "投诉.csv").read_text(encoding="utf-8").splitlines()[0]
    (drop / "投诉.csv").write_text(header + "\n", encoding="utf-8")
    stopped = run(home, drop)
    assert stopped.returncode == 3, stopped.stderr
    assert look(home) == nights.before


def test_a_file_that_cannot_be_read_stops_the_night(
    nights: Nights, one: Copy, tmp_path: Path
) -> None:
    home, drop = one(), tmp_path / "drop"
    shutil.copytree(nights.drop, drop)
    (drop / "坏.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    stopped = run(home, drop)
    assert stopped.returncode == 3
    assert "坏.xlsx" in stopped.stderr
    assert look(home) == nights.before
    assert "坏.xlsx" in str(report(home)["why"])


def test_a_leak_stops_the_night_and_the_release_stays(
    nights: Nights, one: Copy, tmp_path: Path
) -> None:
    """A bureau that titles its list of fields with a phone number: proofreading finds it in the built folder."""
    home = one()
    own = home / "facts" / "publishing.toml"
    shipped = (Path(__file__).parents[2] / "data" / "publishing.toml").read_text(encoding="utf-8")
    own.write_text(shipped.replace("检查对象名录", "检查对象名录13800138000", 1), encoding="utf-8")
    stopped = run(home, nights.drop)
    assert stopped.returncode == 3, stopped.stderr
    assert report(home)["stage"] == "publish"
    own.unlink()
    assert look(home) == nights.before
    assert not list((home / "releases" / "night").iterdir())
    assert run(home, nights.drop).returncode == 0
    assert look(home) == nights.after


def test_institutions_that_vanish_stop_the_night(
    nights: Nights, one: Copy, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = one()
    monkeypatch.setattr(
        "double_random.pipeline.nightly._lowest_percent", lambda _home: 101
    )  # as if one had gone
    with pytest.raises(Stopped, match="institutions in practice"):
        run_nightly(Home.open(home), [nights.drop], SECOND)
    assert look(home) == nights.before


def test_status_says_why_nights_stopped(nights: Nights, one: Copy, tmp_path: Path) -> None:
    home = one()
    (tmp_path / "empty").mkdir()
    run(home, tmp_path / "empty")
    told = collect_status(Home.open(home), SECOND)["nights"]
    assert told["last_published"]["release"] == nights.before.release
    assert [night["stage"] for night in told["stopped_since"]] == ["keep"]
    assert "empty" in told["stopped_since"][0]["why"]


def test_a_second_night_waits_then_gives_up(nights: Nights, one: Copy) -> None:
    home = one()
    settings = home / "settings.toml"
    settings.write_text(settings.read_text().replace("lock_seconds = 10", "lock_seconds = 0"))
    with hold_lock(home / "nights" / "night.lock", "nightly", 0):
        busy = run(home, nights.drop)
    assert busy.returncode == 4
    assert "another run holds the lock" in busy.stderr
    assert look(home) == nights.before


def test_on_finish_is_told_the_end(nights: Nights, one: Copy, tmp_path: Path) -> None:
    home, note = one(), tmp_path / "note"
    command = f'printf "%s %s" "$DOUBLE_RANDOM_END" "$DOUBLE_RANDOM_REPORT" > {note}'
    assert run(home, nights.drop, "--on-finish", command).returncode == 0
    end, path = note.read_text().split()
    assert end == "published"
    assert json.loads(Path(path).read_text(encoding="utf-8"))["end"] == "published"
    (tmp_path / "empty").mkdir()
    assert run(home, tmp_path / "empty", "--on-finish", command).returncode == 3
    assert note.read_text().split()[0] == "stopped"
    assert run(home, nights.drop, "--on-finish", "exit 9").returncode == 0
