"""One visit for several draws: proposed, decided, and checked."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Joint, Withdrawal
from double_random.inspection.case.model import Case
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import joint_visits
from double_random.inspection.casework.deadlines import list_duties
from double_random.inspection.casework.joint_visits import find_joint_differences, is_due_here
from double_random.inspection.casework.reconciliation import reconcile_draw
from double_random.inspection.draw import lifecycle
from double_random.store.home import Home
from tests.inspection.case.cases import FIRST, acts, case, paper
from tests.inspection.conftest import carry_out
from tests.inspection.filing import AT


def both(filing: Any, wish: Callable[..., Any]) -> str:
    """A second open draw of 2026-11-17, and a firm that both chose: tried in copies of the home until there is one.

    Each try has a secret of its own; that a hundred of them have no firm in common is out of the question.
    """
    lifecycle.publish_draw(filing.home, "d1", "2026-11-05T00:00:00Z")
    first = filing.home.path
    for number in range(100):
        copy = first.with_name(f"try-{number}")
        shutil.copytree(first, copy, symlinks=True)
        filing.home = Home.open(copy)
        week = date(2026, 11, 17)
        asked = wish("d2", not_before=f"{week}T06:00:00Z", publish_by=week + timedelta(weeks=4))
        carry_out(filing.home, asked, until="draw")
        common = set(filing.ids) & {
            one.id for one in case_file.read_case(filing.home, "d2").active_targets
        }
        if common:
            return min(common)
        shutil.rmtree(copy)
    raise AssertionError("none of a hundred second draws has a firm in common with the first")


def test_one_visit_for_two_draws_is_proposed_decided_and_looked_after(
    filing: Any, wish: Callable[..., Any]
) -> None:
    firm = both(filing, wish)
    home, two = filing.home, "d2"
    day = date(2026, 11, 20)

    def visits() -> list[Any]:
        return [one for one in list_duties(home, day) if one.kind == "visit" and one.target == firm]

    def said(draw: str) -> list[str]:
        return [
            one.what for one in reconcile_draw(home, draw, day).differences if one.target == firm
        ]

    assert any("one visit for all is proposed" in what for what in said(two))
    number = len(visits())
    assert number >= 2
    with pytest.raises(Misuse, match="is dated 2026-11-02, before the draw"):  # D-044
        joint_visits.decide_joint_visit(
            home, firm, [two, "d1"], "示司合〔2026〕1号", "2026-11-02", AT
        )
    made = joint_visits.decide_joint_visit(
        home, firm, [two, "d1"], "示司合〔2026〕1号", "2026-11-18", AT
    )
    assert made.draws == tuple(sorted(("d1", two)))
    assert len(visits()) == number - 1
    assert any("综合查一次" in one.basis and one.draw == "d1" for one in visits())
    assert not any("proposed" in what and "d1" in what for what in said("d1"))
    assert (
        joint_visits.decide_joint_visit(
            home, firm, ["d1", two], "示司合〔2026〕1号", "2026-11-18", AT
        )
        == made
    )
    assert len(case_file.read_case(home, "d1").acts) == 1  # said twice, written once
    with pytest.raises(Misuse, match="on file already"):
        joint_visits.decide_joint_visit(home, firm, ["d1", two], "另一号", "2026-11-18", AT)
    filing.paper(firm, "inspected", "2026-11-19")
    assert any("it was to be one visit" in what for what in said("d1"))
    seq = next(act.seq for act in case_file.read_case(home, two).acts)
    case_file.append_acts(home, two, [Withdrawal(seq, "示例笔误")], AT)
    assert any("says nothing of the one visit" in what for what in said("d1"))
    with pytest.raises(Misuse, match="at least two"):
        joint_visits.decide_joint_visit(home, firm, ["d1", "d1"], "", "2026-11-18", AT)


JOINT = Joint(FIRST, ("d1", "d2"), "示司合1号", "2026-03-04")


def known(**last_days: str) -> dict[str, Case]:
    """Cases in memory by their draws, with a joint visit on file in each."""
    return {
        name: replace(
            made, plan=replace(made.plan, draw=name), task=replace(made.task, last_day=day)
        )
        for name, day in last_days.items()
        for made in (case(JOINT),)
    }


def test_the_draw_whose_last_day_is_first_asks_for_the_joint_visit() -> None:
    cases = known(d1="2026-04-30", d2="2026-03-31")
    one = cases["d1"].targets[FIRST]
    asked = {draw for draw in cases if is_due_here(cases, cases[draw], one)}
    assert asked == {"d2"}
    plain = case().targets[FIRST]
    assert is_due_here(cases, cases["d1"], plain)  # not joined: each draw asks for its own visit


def test_a_joint_visit_that_was_not_one_is_explained() -> None:
    cases = known(d1="2026-04-30", d2="2026-03-31")
    one = cases["d1"].targets[FIRST]
    assert list(find_joint_differences(cases, "d1", one)) == []
    visited = (
        cases["d1"].apply_acts(*acts(paper(Step.inspected, "2026-03-05"), first=2)).targets[FIRST]
    )
    (difference,) = find_joint_differences(cases, "d1", visited)
    assert difference.startswith("visited on 2026-03-05 here, — for d2")
    (difference,) = find_joint_differences({"d1": cases["d1"]}, "d1", one)
    assert difference.startswith("d2 says nothing of the one visit for d1, d2")
    (difference,) = find_joint_differences({**cases, "d2": case()}, "d1", one)
    assert difference.startswith("d2 says nothing")
