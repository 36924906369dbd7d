"""Tight and impossible draws: what can be known at planning is refused there, by name and with the reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.inspection.protocol.files import read_inspectors
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_files
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.inspection.conftest import DAY, drop, write_csv

Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]
HUANGPU, XUHUI = "示例市黄浦区司法局", "示例市徐汇区司法局"


@pytest.fixture
def bureau(tmp_path: Path) -> Callable[..., Home]:
    """Six firms, every second one in each district, and inspectors as (unit, kind, lead)."""

    def of(
        people: Sequence[tuple[str, str, bool]], recusals: Sequence[tuple[int, int]] = ()
    ) -> Home:
        home = Home.create(tmp_path / "bureau", "示例市司法局", "11310000XXXX00071R")
        folder = drop(tmp_path / "drop", 6, 2, recusals)
        write_csv(
            folder / "检查人员.csv",
            ["姓名", "执法证号", "所属单位", "专业", "是否主办", "状态"],
            [
                (f"检查员示例{n:02d}", f"ZFXXXX{n:02d}", unit, kind, "是" if lead else "否", "在岗")
                for n, (unit, kind, lead) in enumerate(people, start=1)
            ],
        )
        assert not sync_registers(home, [folder], DAY).refused
        return home

    return of


def teams(home: Home) -> dict[str, set[str]]:
    """Who goes where: certificate numbers' order is not needed, only who differs from whom."""
    found: dict[str, set[str]] = {}
    lines = bundle.gather_bundle(home, "d1", auditor=True)["teams.csv"].decode().splitlines()[1:]
    for line in lines:
        target, inspector, _role = line.split(",")
        found.setdefault(target, set()).add(inspector)
    return found


def leads(home: Home) -> set[str]:
    people = read_inspectors(DrawFolder.find(home, "d1").read_files()["inspectors.csv"])
    return {one.id for one in people if one.lead}


def test_one_lead_goes_everywhere_and_the_load_grows(
    bureau: Callable[..., Home], wish: Asking, run: Running
) -> None:
    home = bureau([(HUANGPU, "律师", n == 0) for n in range(4)])
    run(home, wish())
    (lead,) = leads(home)
    drawn = teams(home)
    assert drawn and all(lead in team and len(team) == 2 for team in drawn.values())
    assert verify_files(bundle.gather_bundle(home, "d1", auditor=True), home.log.public).intact


def test_of_four_inspectors_two_of_the_firms_own_district_stay_away(
    bureau: Callable[..., Home], wish: Asking, run: Running
) -> None:
    """Two of one office, two of the other: whoever may go there must, and all are named beforehand."""
    home = bureau(
        [
            (HUANGPU, "律师", True),
            (HUANGPU, "律师", False),
            (XUHUI, "律师", True),
            (XUHUI, "律师", False),
        ]
    )
    planned = run(home, wish(team=TeamRule(2, 1, None, False, True)))
    assert len(planned.forced) == 6
    verdict = verify_files(bundle.gather_bundle(home, "d1", auditor=True), home.log.public)
    assert verdict.intact
    assert any("only one team was possible" in note for note in verdict.notes)


def test_a_district_whose_inspectors_are_all_its_own_is_refused_by_name(
    bureau: Callable[..., Home], wish: Asking, firm: Callable[[int], str]
) -> None:
    home = bureau([(HUANGPU, "律师", True)] * 3 + [(XUHUI, "律师", True)])
    with pytest.raises(PlanNotFeasible) as caught:
        freeze_plan(home, wish(team=TeamRule(2, 1, None, False, True)))
    named = {row.split()[0] for row in caught.value.rows}
    assert named == {firm(2), firm(4), firm(6)} or named == {firm(1), firm(3), firm(5)}
    assert "1 admissible" in caught.value.message


def test_a_firm_from_which_everybody_is_recused_is_refused_by_name(
    bureau: Callable[..., Home], wish: Asking, firm: Callable[[int], str]
) -> None:
    home = bureau([(HUANGPU, "律师", True)] * 4, [(3, n) for n in range(1, 5)])
    with pytest.raises(PlanNotFeasible) as caught:
        freeze_plan(home, wish())
    assert [row.split()[0] for row in caught.value.rows] == [firm(3)]
    assert "(0 admissible, 0 of them leads)" in caught.value.message
    assert not (home.draws / "d1").exists()


def test_without_an_inspector_for_the_kind_every_row_is_refused(
    bureau: Callable[..., Home], wish: Asking
) -> None:
    home = bureau([(HUANGPU, "公证", True)] * 4)
    with pytest.raises(PlanNotFeasible) as caught:
        freeze_plan(home, wish(team=TeamRule(2, 1, None, True, False)))
    assert len(caught.value.rows) == 6


def test_groups_that_cannot_reach_a_firm_give_way_to_single_inspectors(
    bureau: Callable[..., Home], wish: Asking, run: Running
) -> None:
    """Two groups of two, and from every firm one lead and one member are recused: no dealing can always work."""
    recusals = [(firm, n) for firm in range(1, 7) for n in (1, 4)]
    home = bureau([(HUANGPU, "律师", n < 2) for n in range(4)], recusals)
    run(home, wish(team=TeamRule(2, 1, 2, False, False)))
    verdict = verify_files(bundle.gather_bundle(home, "d1", auditor=True), home.log.public)
    assert verdict.intact
    together = set(map(frozenset, teams(home).values()))
    assert len(together) == 1 and len(next(iter(together))) == 2  # 2 and 3, whom nothing keeps away


def test_more_groups_than_leads_are_refused(bureau: Callable[..., Home], wish: Asking) -> None:
    home = bureau([(HUANGPU, "律师", n == 0) for n in range(4)])
    with pytest.raises(PlanNotFeasible, match="2 groups of 2 with 1 leads"):
        freeze_plan(home, wish(team=TeamRule(2, 1, 2, False, False)))


def test_a_substitute_where_nobody_is_left_is_refused_and_nothing_changes(
    bureau: Callable[..., Home], wish: Asking, run: Running
) -> None:
    from double_random.core.errors import DoubleRandomError
    from double_random.inspection.draw import changes

    home = bureau([(HUANGPU, "律师", True), (HUANGPU, "律师", False)])
    run(home, wish(), until="draw")
    target, team = next(iter(teams(home).items()))
    with pytest.raises(DoubleRandomError, match="No inspector is left"):
        changes.substitute_inspector(
            home, "d1", target, min(team), "illness", "2026-11-04", "2026-11-04T02:00:00Z"
        )
    assert len(home.log.entries()) == 3
    lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")
