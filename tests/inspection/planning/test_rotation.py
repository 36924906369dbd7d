"""轮换: whoever checked an institution lately is not sent there again; what loosens it is said."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.credit.records.load import load_records
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Paper
from double_random.inspection.case.steps import Step
from double_random.inspection.casework.preview import preview_plan
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning import items
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.inspection.planning.rotation import RosterIndex
from double_random.inspection.planning.selection_odds import estimate_odds
from double_random.inspection.protocol.files import RECUSALS
from double_random.inspection.protocol.plan import TeamRule
from double_random.store.home import Home
from tests.inspection.item_lists import write_item
from tests.releases import forget_tables

DAY = date(2026, 10, 31)
PLACE = """
[[rule]]
what = "rotation"
place = "{place}"
from = {since}
value = {months}
reference = "示例"
confirmed = false
"""


@pytest.fixture
def past(
    bureau: Callable[..., Home], firm: Callable[[int], str], tmp_path: Path
) -> Callable[..., Home]:
    """Eight firms, inspectors (1 and 3 are leads), and past inspections: (firm, day, who, authority)."""

    def of(
        *visits: tuple[int, str, str, str], rotation: str = "rotation = 12", inspectors: int = 7
    ) -> Home:
        home = bureau(firms=8, inspectors=inspectors, recusals=())
        (home.path / "facts" / "items.toml").write_text(write_item(more=rotation), "utf-8")
        path = tmp_path / "历次检查.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                ["被检查机构", "统一社会信用代码", "检查日期", "检查事项", "检查机关", "检查人员"]
            )
            for number, day, who, authority in visits:
                name = f"上海示例{number:03d}律师事务所"
                rows.writerow([name, firm(number), day, "归档", authority, who])
        report = load_records(home, [path], DAY)
        assert sum(file.accepted for file in report.files) == len(visits)
        return home

    return of


def pairs(home: Home, draw: str) -> set[tuple[str, str]]:
    """The recusals that a plan froze, by institution and certificate number."""
    folder = DrawFolder.find(home, draw)
    number = {badge: one for one, badge in folder.read_badges().items()}
    rows = RECUSALS.load(folder.read_files()["recusals.csv"])
    return {(target, number[badge]) for target, badge, _salt in rows}


OURS = "示例市司法局"


def test_who_was_there_within_the_time_is_kept_away_by_name_and_by_number(
    past: Callable[..., Home], wish: Callable[..., Any], firm: Callable[[int], str]
) -> None:
    home = past(
        (1, "2025-11-01", "检查员示例01、检查员示例02", OURS),  # the day after twelve months before
        (2, "2025-10-31", "检查员示例01", OURS),
        (3, "2026-05-01", "ZFXXXX03", "示例市税务局"),
        (4, "2026-05-01", "检查员示例03", "示例市税务局"),  # a namesake of another authority's
        (5, "2026-05-01", "检查员示例03（ＺＦＸＸＸＸ03）", "示例市税务局"),
        (6, "2026-05-01", "示例外人", OURS),
    )
    planned = freeze_plan(home, wish())
    assert pairs(home, "d1") == {
        (firm(1), "ZFXXXX01"),
        (firm(1), "ZFXXXX02"),
        (firm(3), "ZFXXXX03"),
        (firm(5), "ZFXXXX03"),
    }
    assert planned.recusals == {"rotation": 4}
    assert {why for _t, _i, why in DrawFolder.find(home, "d1").read_exclusions()} == {"rotation"}


def test_nobody_is_kept_away_where_no_data_ask_for_it(
    past: Callable[..., Home], wish: Callable[..., Any]
) -> None:
    home = past((1, "2026-05-01", "检查员示例01", OURS), rotation="")
    assert freeze_plan(home, wish()).recusals == {}


def test_a_place_may_ask_from_a_day_on_and_the_item_goes_before_it(
    past: Callable[..., Home], wish: Callable[..., Any], firm: Callable[[int], str]
) -> None:
    home = past(
        (1, "2026-05-01", "检查员示例01", OURS),
        (2, "2026-10-01", "检查员示例01", OURS),
        rotation="",
    )
    own = home.fact_file("place_rules.toml").read_text("utf-8")
    facts = home.path / "facts" / "place_rules.toml"
    facts.write_text(own + PLACE.format(place="31", since="2026-11-01", months=12), "utf-8")
    assert freeze_plan(home, wish("early")).recusals == {}
    facts.write_text(own + PLACE.format(place="31", since="2026-01-01", months=12), "utf-8")
    freeze_plan(home, wish("place"))
    assert pairs(home, "place") == {(firm(1), "ZFXXXX01"), (firm(2), "ZFXXXX01")}
    (home.path / "facts" / "items.toml").write_text(write_item(more="rotation = 2"), "utf-8")
    freeze_plan(home, wish("item"))
    assert pairs(home, "item") == {(firm(2), "ZFXXXX01")}


def test_our_own_teams_count_once_they_were_there(
    past: Callable[..., Home], wish: Callable[..., Any], run: Callable[..., Any]
) -> None:
    home = past((1, "2020-01-01", "检查员示例01", OURS))
    run(home, wish("d1"))
    case = case_file.read_case(home, "d1")
    first, *rest = case.targets.values()
    assert rest
    for step in (Step.approved, Step.notified, Step.inspected):
        paper = Paper(first.id, step, "示例1号", "2026-11-06", "")
        case_file.append_acts(home, "d1", [paper], "2026-11-06T09:00:00Z")
    later = wish(
        "d2",
        as_of=date(2026, 11, 30),
        not_before="2026-12-03T06:00:00Z",
        publish_by=date(2026, 12, 30),
    )
    freeze_plan(home, later)
    certificate = {badge: one for one, badge in DrawFolder.find(home, "d1").read_badges().items()}
    assert pairs(home, "d2") == {(first.id, certificate[one]) for one in first.team}


def test_rotation_that_leaves_no_team_is_refused_and_says_what_would_loosen_it(
    past: Callable[..., Home], wish: Callable[..., Any], firm: Callable[[int], str]
) -> None:
    home = past(  # on duty: leads 1 and 3, and 2
        (1, "2026-03-01", "检查员示例01", OURS),
        (1, "2026-08-01", "检查员示例03", OURS),
        (2, "2026-08-01", "检查员示例03", OURS),
        inspectors=4,
    )
    with pytest.raises(PlanNotFeasible, match="rotation of 12 months") as caught:
        freeze_plan(home, wish())
    assert [firm(1)] == [row.split()[0] for row in caught.value.rows]
    assert "at most 7 months" in caught.value.hint
    assert not list(home.draws.iterdir())
    found = preview_plan(home, wish())
    assert not found.possible
    assert "rotation of 12 months" in found.tight[0] and "at most 7 months" in found.tight[0]
    (home.path / "facts" / "items.toml").write_text(write_item(more="rotation = 7"), "utf-8")
    found = preview_plan(home, wish())
    assert found.possible and found.recusals == {"rotation": 2}
    forced = [told for told in found.tight if "only one team" in told]
    assert len(forced) == 2 and all("because of rotation" in told for told in forced)
    planned = freeze_plan(home, wish())
    assert set(planned.forced) == {firm(1), firm(2)}
    assert set(estimate_odds(home, "d1", trials=3).forced) == {firm(1), firm(2)}


def test_what_declared_recusals_make_impossible_is_not_blamed_on_rotation(
    past: Callable[..., Home], wish: Callable[..., Any]
) -> None:
    home = past((1, "2026-08-01", "检查员示例03", OURS), inspectors=4)
    with pytest.raises(PlanNotFeasible, match="cannot get a team of 4"):
        freeze_plan(home, wish(team=TeamRule(4, 1, None, False, False)))


def test_a_plan_says_before_which_day_it_is_blind(
    past: Callable[..., Home], wish: Callable[..., Any], tmp_path: Path
) -> None:
    home = past((1, "2026-03-01", "检查员示例01", OURS))
    blind = freeze_plan(home, wish()).blind
    assert any("blind before 2026-03-01" in told and "2025-10-31" in told for told in blind)
    assert any("2026-03-01" in told for told in preview_plan(home, wish("d2")).blind)


def test_a_plan_that_sees_far_enough_back_says_nothing(
    past: Callable[..., Home], wish: Callable[..., Any]
) -> None:
    home = past((1, "2025-01-01", "检查员示例01", OURS))
    assert freeze_plan(home, wish()).blind == ()


def test_a_name_that_two_inspectors_bear_is_named_and_decides_nothing() -> None:
    people = RosterIndex(
        [("Z1", "张示例", "甲局"), ("Z2", "张示例", "甲局"), ("Z3", "李示例", "甲局一科")]
    )
    assert people.match_inspectors("张示例", "", "") == ["Z1", "Z2"]
    assert people.match_inspectors("张 示例(Z2)", "乙局", "") == ["Z2"]
    assert people.match_inspectors("李示例", "甲局", "") == ["Z3"]
    assert people.match_inspectors("李示例", "乙局", "") == []
    assert people.match_inspectors("李示例", "乙局、丙局", "丙局") == ["Z3"]


def test_a_time_that_is_none_is_refused(home: Home) -> None:
    path = home.path / "facts" / "items.toml"
    path.write_text(write_item(more="rotation = 121"), "utf-8")
    with pytest.raises(BadFile, match="rotation: expected a whole number from 0 to 120"):
        items.read_items(path)


def test_a_history_that_was_read_before_inspectors_were_kept_is_learnt_by_reading_it_again(
    past: Callable[..., Home], wish: Callable[..., Any], firm: Callable[[int], str], tmp_path: Path
) -> None:
    home = past((1, "2026-05-01", "检查员示例01", OURS))
    forget_tables(home, "checked_by")
    assert freeze_plan(home, wish("before")).recusals == {}
    load_records(home, [tmp_path / "历次检查.csv"], DAY)
    freeze_plan(home, wish("after"))
    assert pairs(home, "after") == {(firm(1), "ZFXXXX01")}


def test_a_recusal_with_times_counts_on_the_plans_day(
    bureau: Callable[..., Home],
    wish: Callable[..., Any],
    firm: Callable[[int], str],
    tmp_path: Path,
) -> None:
    from double_random.registry.sync.sync_run import sync_registers

    home = bureau(firms=8, inspectors=7, recusals=())
    drop = tmp_path / "later"
    drop.mkdir()
    (drop / "回避.csv").write_text(
        "执法证号,统一社会信用代码,事由,起始日期,终止日期\n"
        f"ZFXXXX01,{firm(1)},曾任职,2020-01-01,2026-10-30\n"
        f"ZFXXXX02,{firm(1)},曾任职,2020-01-01,2026-10-31\n"
        f"ZFXXXX03,{firm(1)},曾任职,2026-11-01,\n",
        "utf-8",
    )
    assert not sync_registers(home, [drop], DAY).refused
    assert freeze_plan(home, wish()).recusals == {"declared": 1}
    assert pairs(home, "d1") == {(firm(1), "ZFXXXX02")}
