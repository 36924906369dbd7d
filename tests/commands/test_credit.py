"""The credit commands, as they are typed."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path

import polars
import pytest

from double_random.store.home import Home
from tests import forked

ROOT = Path(__file__).parent.parent.parent


def run(home: Path, *words: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    done = forked.run(["--home", home, "--lang", "en", *words])
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """A home with the district's registers, records and scores."""
    home = tmp_path_factory.mktemp("credit") / "home"
    drop = str(shared / "inputs" / "district")
    run(home, "init")
    run(home, "registry", "sync", drop, "--as-of", "2016-12-31", code=1)
    done = run(home, "credit", "load", drop, "--as-of", "2016-12-31", code=1)
    assert "坏文件_空.csv" in done.stderr
    assert set(json.loads(done.stdout)) == {"release", "files"}
    run(home, "credit", "score", "--as-of", "2016-12-31")
    return home


def test_a_load_is_an_entry_of_the_log_with_its_release_s_hash(loaded: Path) -> None:
    home = Home.open(loaded)
    made = {}
    for name in home.releases.names():
        with home.releases.read(name) as release:
            made[release.hash] = release.frame("SELECT max_by(kind, run) FROM runs").item()
    told = [(entry["kind"], made.get(entry.get("release"))) for entry in home.log.entries()]
    assert told[-3:] == [("sync", "sync"), ("sync", "load"), ("score", "score")]


def test_list_gives_every_graded_institution(loaded: Path) -> None:
    rows = json.loads(run(loaded, "credit", "list", "--format", "json").stdout)
    assert len(rows) == 58
    assert rows[0]["points"] == 80_00
    b = json.loads(run(loaded, "credit", "list", "--grade", "B", "--format", "json").stdout)
    assert {row["grade"] for row in b} == {"B"}


def test_explain_adds_up_and_says_its_format(loaded: Path) -> None:
    said = json.loads(run(loaded, "credit", "explain", "31310000XXXX300238").stdout)
    assert said["format"] == "double-random/explanation/1"
    assert sum(line["points"] for line in said["lines"]) == said["points"] == 80_00
    table = run(loaded, "credit", "explain", "31310000XXXX300238", "--format", "table").stdout
    assert "沪司罚决字〔2016〕第14号" in table.replace("\n", "")
    assert "80.00" in table
    assert "█" in table


def test_show_has_every_record_but_no_facts(loaded: Path) -> None:
    said = json.loads(run(loaded, "credit", "show", "31310000XXXX3012XE").stdout)
    assert said["format"] == "double-random/credit-file/1"
    assert len(said["records"]) == 2
    assert "facts" not in said["records"][0]


def test_a_trend_has_a_picture_for_people_alone(loaded: Path, tmp_path: Path) -> None:
    """D-055: bars and reasons in the table; data is numbers, with the reason of a day without a score."""
    span = (
        "credit",
        "trend",
        "31310000XXXX300238",
        "--from",
        "2011-01-01",
        "--until",
        "2012-06-30",
    )
    rows = json.loads(run(loaded, *span, "--format", "json").stdout)
    names = ["day", "points", "grade", "reason", "score"]
    assert all(list(row) == names for row in rows)
    assert all((row["points"] is None) == bool(row["reason"]) for row in rows)
    assert {row["points"] is None for row in rows} == {True, False}
    run(loaded, *span, "--format", "parquet", "--output", str(tmp_path / "t.parquet"))
    assert polars.read_parquet(tmp_path / "t.parquet").columns == names
    csv = run(loaded, *span, "--format", "csv").stdout
    table = run(loaded, *span, "--format", "table").stdout
    assert "█" in table and "█" not in csv and "bar" not in csv


def test_measures_are_one_row_a_measure_for_people(loaded: Path) -> None:
    """D-054: the table counts institutions by measure and reason; data names each of them."""
    asked = ("credit", "measures", "--as-of", "2016-12-31")
    rows = json.loads(run(loaded, *asked, "--format", "json").stdout)
    kinds = {(row["title"], row["department"], row["because"], row["basis"]) for row in rows}
    assert len(kinds) < len(rows) / 5
    table = run(loaded, *asked, "--format", "table").stdout
    most = Counter(row["title"] for row in rows if not row["document"]).most_common(1)[0]
    assert table.count(most[0].split()[0]) <= len(kinds)
    assert any(str(most[1]) in line.split() for line in table.splitlines())
    each = run(loaded, *asked, "--each", "--format", "table").stdout
    assert len(each.splitlines()) > len(table.splitlines()) + 20


def test_policies_are_listed_and_scenarios_tried(loaded: Path) -> None:
    rows = json.loads(run(loaded, "credit", "policies", "--format", "json").stdout)
    assert {row["id"] for row in rows} >= {"risk-100", "evaluation-1000", "stars"}
    file = str(ROOT / "tests" / "scenarios" / "stars.toml")
    done = run(loaded, "credit", "policies", "--scenarios", file, "--format", "json")
    assert done.stderr.count("holds:") == 8


def test_a_scenario_that_does_not_hold_stops(loaded: Path, tmp_path: Path) -> None:
    text = (ROOT / "tests" / "scenarios" / "stars.toml").read_text(encoding="utf-8")
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(text.replace("points = 95_00", "points = 96_00"), encoding="utf-8")
    done = run(loaded, "credit", "policies", "--scenarios", str(wrong), code=3)
    assert "1 of 8 scenarios do not hold" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("credit", "explain", "nobody"), "nobody"),
        (("credit", "score", "--as-of", "1999-01-01"), "not in force on 1999-01-01"),
        (("credit", "list", "--policy", "nothing"), "there is no policy nothing"),
        (("credit", "list", "--as-of", "2016-02-30"), "2016-02-30: there is no such day"),
    ],
)
def test_a_slip_is_told_with_a_hint(loaded: Path, words: tuple[str, ...], said: str) -> None:
    done = run(loaded, *words, code=2)
    assert said in done.stderr
    assert "hint:" in done.stderr
