"""What is decided about a record afterwards: kept for ever, in the score from its day on, never back in time."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import Busy, Misuse
from double_random.core.working_days import LastDay
from double_random.credit.policy.catalog import load_policy
from double_random.credit.records import rulings
from double_random.credit.records.load import load_records
from double_random.credit.records.rulings import Ruling
from double_random.credit.reports.credit_file import build_credit_file
from double_random.credit.reports.credit_report import build_credit_report
from double_random.credit.reports.notices import check_deadline
from double_random.credit.scoring.kept_scores import load_scores
from double_random.credit.scoring.score_run import score_institutions
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.locks import hold_lock

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"
FINE = "沪司罚决字〔2016〕第14号"
AT = "2016-12-31T08:00:00Z"


def ruling(home: Home, record_class: str, state: str, day: date, kind: str = "") -> Ruling:
    with home.releases.read() as release:
        about, _happened = rulings.find_record(release, FIRM, FINE)
    number = "YY-1" if record_class == "objection" else "更1号"
    return Ruling(
        record_class=record_class,
        kind=kind,
        state=state,
        about=about,
        document=number,
        decided=day,
        authority="示例司法局",
        note="",
    )


def points(home: Home, day: date = DAY) -> int:
    with home.releases.read() as release:
        found = load_scores(release, day, load_policy(home))
    return dict(found.select("institution", "points").iter_rows())[FIRM]


def standing(home: Home) -> str:
    with home.releases.read() as release:
        rows = build_credit_file(release, FIRM, DAY, load_policy(home)).records
    return dict(rows.select("document", "standing").iter_rows())[FINE]


def test_a_corrected_decision_counts_until_its_correction(loaded: Home) -> None:
    assert (points(loaded), standing(loaded)) == (80_00, "counts")
    rulings.enter_ruling(
        loaded, ruling(loaded, "correction", "decided", date(2016, 12, 1), "revoked"), AT
    )
    assert (points(loaded), standing(loaded)) == (95_00, "revoked")
    assert points(loaded, date(2016, 11, 30)) == 80_00


def test_an_objection_goes_its_way_and_is_shown(loaded: Home) -> None:
    for state, day, expected in (
        ("accepted", date(2016, 11, 1), (80_00, "objection in progress")),
        ("checking", date(2016, 11, 3), (80_00, "objection in progress")),
        ("corrected", date(2016, 11, 9), (95_00, "corrected")),
    ):
        rulings.enter_ruling(loaded, ruling(loaded, "objection", state, day), AT)
        assert (points(loaded), standing(loaded)) == expected
    with pytest.raises(Misuse, match="cannot become"):
        rulings.enter_ruling(loaded, ruling(loaded, "objection", "checking", DAY), AT)


def test_the_same_ruling_twice_is_kept_once(loaded: Home) -> None:
    one = ruling(loaded, "correction", "decided", date(2016, 12, 1), "corrected")
    first = rulings.enter_ruling(loaded, one, AT)
    assert rulings.enter_ruling(loaded, one, "2017-01-01T00:00:00Z") == first
    assert rulings.read_rulings(loaded) == [one]


def test_a_ruling_waits_for_nobody_and_counts_from_the_next_score(loaded: Home) -> None:
    one = ruling(loaded, "correction", "decided", date(2016, 12, 1), "revoked")
    settings = loaded.path / "settings.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("lock_seconds = 10", "lock_seconds = 0")
    )
    with hold_lock(loaded.releases.folder / "writer.lock", "the night", 0):
        assert rulings.enter_ruling(Home.open(loaded.path), one, AT) is None
        with pytest.raises(Busy):
            score_institutions(Home.open(loaded.path), DAY, load_policy(loaded))
    assert points(loaded) == 80_00
    score_institutions(loaded, DAY, load_policy(loaded))
    assert points(loaded) == 95_00


def test_rulings_survive_a_home_that_is_built_again(
    loaded: Home, tmp_path: Path, shared: Path
) -> None:
    rulings.enter_ruling(
        loaded, ruling(loaded, "correction", "decided", date(2016, 12, 1), "revoked"), AT
    )
    again = Home.create(tmp_path / "again")
    (again.path / "acts").mkdir()
    file = Path("acts") / "credit.jsonl"
    (again.path / file).write_bytes((loaded.path / file).read_bytes())
    drop = shared / "inputs" / "district"
    sync_registers(again, [drop], DAY)
    load_records(again, [drop], DAY)
    assert points(again) == 95_00


def test_many_repairs_come_from_a_file_and_none_is_lost(loaded: Home, tmp_path: Path) -> None:
    file = tmp_path / "修复.csv"
    rows = [
        [
            "机构名称",
            "统一社会信用代码",
            "原决定书文号",
            "处理结果",
            "处理决定文号",
            "处理决定日期",
        ],
        ["", FIRM, FINE, "撤销", "撤1号", "2016-12-02"],
        ["上海示例查无此所律师事务所", "", "无1号", "修复", "修2号", "2016-12-03"],
    ]
    with loaded.releases.read() as release:
        name = release.frame("SELECT name FROM institutions WHERE id = ? LIMIT 1", [FIRM]).item()
    rows[1][0] = name
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    (report,) = load_records(loaded, [file], DAY).json()["files"]  # type: ignore[index]
    assert (report["rows"], report["accepted"], report["quarantined"]) == (2, 1, 1)
    assert (points(loaded), standing(loaded)) == (95_00, "revoked")


def test_a_record_that_nobody_has_is_named(loaded: Home) -> None:
    with loaded.releases.read() as release, pytest.raises(Misuse, match="has no record"):
        rulings.find_record(release, FIRM, "没有这个文号")


def test_an_open_objection_says_by_which_working_day_it_is_looked_into(loaded: Home) -> None:
    accepted = date(
        2016, 9, 28
    )  # before the seven days off of October, with a Saturday and a Sunday worked
    rulings.enter_ruling(loaded, ruling(loaded, "objection", "accepted", accepted), AT)
    with loaded.releases.read() as release:
        rows = build_credit_report(loaded, release, FIRM, DAY, load_policy(loaded)).rows
    ((by,),) = rows.filter(rows["document"] == FINE).select("answer_by").rows()
    assert by == date(2016, 10, 17) and check_deadline(loaded, accepted) == LastDay(by)


def test_a_term_that_reaches_into_an_unannounced_year_says_so(loaded: Home) -> None:  # D-042
    by = check_deadline(loaded, date(2026, 12, 28))
    assert by is not None and by.waits_for == 2027
    assert str(by).startswith("about 2027-01-") and "waits for the holiday notice of 2027" in str(
        by
    )


def test_an_early_repair_is_refused_without_an_order(loaded: Home) -> None:
    """D-049."""
    text = data.path("publishing.toml").read_text(encoding="utf-8")
    own = loaded.path / "facts" / "publishing.toml"
    own.parent.mkdir(exist_ok=True)
    own.write_text(text.replace("from = 2019-07-01", "from = 2010-01-01"), encoding="utf-8")
    with loaded.releases.read() as release:
        _about, decided = rulings.find_record(release, FIRM, FINE)
    early = ruling(loaded, "repair", "decided", decided)
    with pytest.raises(Misuse, match="possible from") as refused:
        rulings.enter_ruling(loaded, early, AT)
    assert "--ordered-by" in refused.value.hint
    assert rulings.read_rulings(loaded) == []
    ordered = replace(early, ordered_by="示例法院", order="示法〔2016〕1号")
    assert rulings.enter_ruling(loaded, ordered, AT) and rulings.read_rulings(loaded) == [ordered]


def test_acts_without_an_order_keep_their_ids() -> None:
    old = rulings.Ruling(
        record_class="repair",
        kind="",
        state="decided",
        about="a" * 64,
        document="1",
        decided=DAY,
        authority="示例局",
        note="",
    )
    assert b"order" not in old.to_line(AT)
    assert rulings.Ruling.read(old.to_line(AT)) == old
