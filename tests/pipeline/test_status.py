"""The status of a home: what it says of an empty one, of a release, of draws and of nightly runs."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date

import pytest

from double_random.credit.schema import apply_schema
from double_random.pipeline import status
from double_random.pipeline.journal import start_journal
from double_random.pipeline.status import collect_status
from double_random.registry.tables import ensure_tables
from double_random.store.home import Home
from double_random.store.soundness import DamagedRelease

DAY = date(2026, 11, 3)


def test_an_empty_home_has_no_release_and_nothing_waits(home: Home) -> None:
    found = collect_status(home, DAY)
    assert found["home"] == str(home.path) and found["release"] is None
    assert (found["open_draws"], found["planned_not_committed"], found["log_entries"]) == (
        [],
        [],
        0,
    )
    assert found["nights"] == {"last_published": None, "stopped_since": []}
    assert "hash" not in found and "ahead" not in found


def test_a_release_shows_the_day_of_its_last_run_and_its_counts(home: Home) -> None:
    with home.releases.write("sync", date(2026, 11, 2)) as release:
        ensure_tables(release.connection)
        release.connection.execute(
            """INSERT INTO added.institutions (id, kind, name, folded, status, valid_from, known_from)
               VALUES ('L:1', 'law_firm', '示例甲', '示例甲', 'active', DATE '2020-01-01', 1),
                      ('L:2', 'law_firm', '示例乙', '示例乙', 'cancelled', DATE '2020-01-01', 1)"""
        )
    found = collect_status(home, DAY)
    assert found["release"] == home.releases.current()
    assert found["last_runs"] == {"sync": "2026-11-02"}
    assert found["institutions"] == {"law_firm active": 1, "law_firm cancelled": 1}
    assert found["records"] is None  # nothing was loaded yet
    assert found["inspectors"] == 0


def add_institution(home: Home, number: int) -> None:
    with home.releases.write("sync", date(2026, 11, number)) as release:
        ensure_tables(release.connection)
        release.connection.execute(
            """INSERT INTO added.institutions (id, kind, name, folded, status, valid_from, known_from)
               VALUES ($1, 'law_firm', '示例', '示例', 'active', DATE '2020-01-01', 1)""",
            [f"L:{number}"],
        )


def test_counts_are_made_once_for_a_release(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second question opens no database; the next release is counted anew."""
    add_institution(home, 1)
    found = collect_status(home, DAY)
    with monkeypatch.context() as closed:
        closed.setattr(status, "_count_release", lambda release: pytest.fail("counted again"))
        assert collect_status(home, DAY) == found
    add_institution(home, 2)
    again = collect_status(home, DAY)
    assert again["institutions"] == {"law_firm active": 2}
    assert again["release"] == home.releases.current() != found["release"]


def test_kept_counts_do_not_hide_that_the_release_is_damaged(home: Home) -> None:
    add_institution(home, 1)
    collect_status(home, DAY)
    segment = next(home.releases.segments.path.glob("*institutions*"))
    content = bytearray(segment.read_bytes())
    content[len(content) // 2] ^= 1
    segment.write_bytes(bytes(content))
    with pytest.raises(DamagedRelease):
        collect_status(home, DAY)


def test_a_plan_that_is_not_committed_is_named(home: Home) -> None:
    (home.draws / "示例-1").mkdir(parents=True)
    (home.draws / "示例-1" / "plan.json").write_text("{}", "utf-8")
    assert collect_status(home, DAY)["planned_not_committed"] == ["示例-1"]


def test_runs_that_stopped_are_told(home: Home) -> None:
    journal = start_journal(home.path / "nights", "2026-11-02", lambda event: None)
    journal.end({"end": "stopped", "stage": "keep", "why": "示例"})
    (stopped,) = collect_status(home, DAY)["nights"]["stopped_since"]
    assert (stopped["stage"], stopped["why"]) == ("keep", "示例")


def test_no_library_of_tables_is_loaded_for_a_few_counts(home: Home) -> None:
    """F-006."""
    with home.releases.write("sync", date(2026, 11, 2)) as release:
        ensure_tables(release.connection)
        apply_schema(release.connection)
        release.connection.execute(
            """INSERT INTO added.institutions (id, kind, name, folded, status, valid_from, known_from)
               VALUES ('L:1', 'law_firm', '示例甲', '示例甲', 'active', DATE '2020-01-01', 1)"""
        )
        release.connection.execute(
            """INSERT INTO added.issues (run, file, sha256, sheet, row, "column", value, reason, name, severity)
               VALUES (1, '示例.xlsx', 'ab', '1', 3, '名称', '示', 'unknown column', '示例甲', 'noted')"""
        )
        release.connection.execute(
            "INSERT INTO added.files VALUES (1, '示例.xlsx', 'ab', '', 'read', 1, 1, 0, 0, '')"
        )
    code = (
        "import sys, json; from pathlib import Path; from datetime import date\n"
        "from double_random.pipeline.status import collect_status\n"
        "from double_random.store.home import Home\n"
        f"print(json.dumps(collect_status(Home.open(Path({str(home.path)!r})), date(2026, 11, 3))))\n"
        "print(*sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    answer, loaded = said.stdout.splitlines()
    assert json.loads(answer) == collect_status(home, DAY)
    found = json.loads(answer)
    assert found["institutions"] == {"law_firm active": 1}
    assert (found["records"], found["row_notes"]) == (0, 1)
    assert not {"polars", "numpy", "pyarrow", "pandas"} & set(loaded.split())
