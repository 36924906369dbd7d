"""`credit load`: every row is somewhere, links are right, and nothing is lost while its institution is unknown."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from double_random.credit.policy.catalog import load_policy
from double_random.credit.records.load import load_records
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.kept_scores import load_scores
from double_random.credit.scoring.score_run import score_institutions
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

DAY = date(2016, 12, 31)
LINKED = """
    SELECT l.institution, r.class, r.state, r.record
    FROM records AS r JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
"""


@pytest.fixture
def district(shared: Path) -> Path:
    return shared / "inputs" / "district"


@pytest.fixture
def expected(district: Path) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((district / "expected.json").read_text(encoding="utf-8"))
    return loaded


def counts(report: dict[str, object], file: str) -> tuple[int, ...]:
    (found,) = [f for f in report["files"] if f["file"] == file]  # type: ignore[attr-defined]
    return tuple(found[key] for key in ("rows", "accepted", "duplicates", "quarantined"))


def test_the_district_links_as_it_must(
    home: Home, district: Path, expected: dict[str, object]
) -> None:
    sync_registers(home, [district], DAY)
    report = load_records(home, [district], DAY).json()
    wanted = expected["penalties"]
    assert isinstance(wanted, dict)
    assert counts(report, "处罚.csv") == (
        17,
        wanted["linked"],
        wanted["duplicates"],
        wanted["unlinked"],
    )
    assert counts(report, "投诉.csv") == (24, 24, 0, 0)
    with home.releases.read() as release:
        rows = release.frame(LINKED).rows()
        issues = release.frame(
            "SELECT file, reason, name FROM issues WHERE reason = 'no such institution'"
        )
    by_institution = Counter(who for who, kind, _state, _record in rows if kind == "penalty")
    assert by_institution == wanted["by_institution"]
    upheld = [row for row in rows if row[2] in ("upheld", "partly_upheld")]
    assert len(upheld) == expected["complaints"]["upheld"]  # type: ignore[index]
    assert issues.rows() == [("处罚.csv", "no such institution", "上海示例查无此所律师事务所")]


def test_refused_files_are_named_and_the_others_are_read(home: Home, district: Path) -> None:
    report = load_records(home, [district], DAY)
    assert {file.file for file in report.refused} == {"坏文件_其实是xls.csv", "坏文件_空.csv"}
    results = Counter(file["result"] for file in report.json()["files"])
    assert results["read"] == 2
    assert results["other"] >= 5


def test_what_cannot_be_linked_waits_and_links_itself(home: Home, district: Path) -> None:
    before = load_records(home, [district], DAY).json()
    assert counts(before, "投诉.csv") == (24, 0, 0, 24)
    with home.releases.read() as release:
        assert release.frame(LINKED).height == 0
        assert release.frame("SELECT * FROM records").height == 40
    sync_registers(home, [district], DAY)
    with home.releases.read() as release:
        assert release.frame(LINKED).height == 39
        asked = list_issues(release).filter(pl.col("reason") == "no such institution")
        assert asked["name"].to_list() == ["上海示例查无此所律师事务所"], (
            "the others are issues no more"
        )


def test_the_same_drop_again_makes_no_new_release(home: Home, district: Path) -> None:
    sync_registers(home, [district], DAY)
    first = load_records(home, [district], DAY)
    again = load_records(home, [district], DAY)
    assert again == first


def test_two_homes_from_one_drop_have_one_hash(tmp_path: Path, district: Path) -> None:
    names = set()
    for name in ("one", "two"):
        home = Home.create(tmp_path / name)
        sync_registers(home, [district], DAY)
        load_records(home, [district], DAY)
        names.add(score_institutions(home, DAY, load_policy(home)).release)
    assert len(names) == 1


def test_a_penalty_known_only_by_name_counts_against_the_one_that_bore_it(
    home: Home, district: Path
) -> None:
    sync_registers(home, [district], DAY)
    load_records(home, [district], DAY)
    with home.releases.read() as release:
        (who,) = release.frame(
            """SELECT l.institution FROM records r JOIN links l ON l.claim = r.record
               WHERE r.document = '沪司罚决字〔2012〕第2号'"""
        )["institution"]
    assert who == "31310000XXXX30138E"


def test_every_line_of_the_district_adds_up(home: Home, district: Path) -> None:
    sync_registers(home, [district], DAY)
    load_records(home, [district], DAY)
    rule = load_policy(home)
    with home.releases.read() as release:
        computed = load_scores(release, DAY, rule)
    done = score_institutions(home, DAY, rule)
    assert done.new
    with home.releases.read() as release:
        kept = load_scores(release, DAY, rule)
        sums = release.frame(
            """SELECT institution, CAST(SUM(points) AS BIGINT) AS points FROM score_lines
               GROUP BY institution ORDER BY institution"""
        )
        found = explain_score(release, "31310000XXXX300238", DAY, rule)
    assert kept.equals(computed)
    assert sums.rows() == kept.select("institution", "points").rows()
    assert sum(line.points for line in found.lines) == found.points == 80_00
    documents = [line.document for line in found.lines if line.record]
    assert documents == ["TS201400000", "沪司罚决字〔2016〕第14号"]


def test_a_complaint_gives_way_to_the_penalty_that_it_became(home: Home, district: Path) -> None:
    sync_registers(home, [district], DAY)
    load_records(home, [district], DAY)
    day = date(2016, 1, 5)  # the penalty of 2013 has just ceased to count, the complaint begins to
    with home.releases.read() as release:
        lines = explain_score(release, "31310000XXXX300238", day, load_policy(home)).lines
    assert [(line.part, line.points) for line in lines] == [("base", 100_00), ("record", -5_00)]


def test_scores_that_records_have_overtaken_are_not_taken_for_true(
    home: Home, district: Path, tmp_path: Path
) -> None:
    sync_registers(home, [district], DAY)
    rule = load_policy(home)
    score_institutions(home, DAY, rule)
    load_records(home, [district], DAY)
    with home.releases.read() as release:
        assert load_scores(release, DAY, rule)["points"].min() == 80_00
    done = score_institutions(home, DAY, rule)
    assert done.new
    assert not score_institutions(home, DAY, rule).new


def test_no_free_text_of_a_penalty_is_in_an_explanation(home: Home, district: Path) -> None:
    from double_random.credit.reports.credit_file import build_credit_file

    sync_registers(home, [district], DAY)
    load_records(home, [district], DAY)
    with home.releases.read() as release:
        found = build_credit_file(release, "31310000XXXX3012XE", DAY, load_policy(home)).json()
        text = json.dumps(
            [found, explain_score(release, "31310000XXXX3012XE", DAY, load_policy(home)).json()]
        )
    assert len(found["records"]) == 2
    for secret in ("31010119800101001X", "13800138000", "6222020200112233445", "张三"):
        assert secret not in text
        assert json.dumps(secret)[1:-1] not in text
