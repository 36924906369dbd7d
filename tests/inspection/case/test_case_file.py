"""A drawn institution's way through the case file: what counts, what is refused, what damage is found."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Withdrawal
from double_random.inspection.case.steps import ORDER, Step
from double_random.inspection.draw import changes, lifecycle

AT = "2026-12-01T00:00:00Z"


def test_every_step_in_its_order(filing: Any) -> None:
    first = filing.ids[0]
    assert filing.case.targets[first].step is Step.drawn
    for step in ORDER[1:]:
        if step is Step.recorded:
            filing.finding(first, "clean")
        else:
            filing.paper(first, step, "2026-11-05", "示例1号")
        assert filing.case.targets[first].step is step
    assert not filing.case.targets[first].missing_papers(code_binds=True)


def test_a_late_paper_fills_its_gap_and_moves_nobody_back(filing: Any) -> None:
    first = filing.ids[0]
    filing.paper(first, "inspected", "2026-11-10")
    one = filing.case.targets[first]
    assert one.missing_papers(code_binds=False) == (Step.approved, Step.notified)
    assert one.missing_papers(code_binds=True) == (Step.approved, Step.notified, Step.coded)
    filing.paper(first, "notified", "2026-11-09")
    filing.paper(first, "approved", "2026-11-11")
    one = filing.case.targets[first]
    assert one.step is Step.inspected
    assert one.missing_papers(code_binds=False) == ()
    assert one.late_papers() == (Step.approved,)


def test_a_replaced_target_takes_earlier_papers_only(filing: Any) -> None:
    first = filing.ids[0]
    filing.paper(first, "approved", "2026-11-04", "批1号")
    changes.replace_target(filing.home, "d1", first, "ceased", "2026-11-05", "2026-11-05T01:00:00Z")
    case = filing.paper(first, "notified", "2026-11-04")
    gone = case.targets[first]
    assert (gone.step, gone.reason, gone.ended) == (Step.replaced, "ceased", "2026-11-05")
    assert set(gone.papers) == {Step.approved, Step.notified}
    new = case.targets[gone.successor]
    assert (new.step, new.instead_of, len(new.team)) == (Step.drawn, first, 2)
    with pytest.raises(Misuse, match="given up its place"):
        filing.paper(first, "inspected", "2026-11-06")
    with pytest.raises(Misuse, match="not been visited"):
        filing.finding(first, "clean")


def test_a_void_draw_keeps_its_targets(filing: Any) -> None:
    lifecycle.void_draw(filing.home, "d1", "institutions changed", "2026-11-05T00:00:00Z")
    assert {one.step for one in filing.case.targets.values()} == {Step.void}
    assert len(filing.case.targets) == 4


def test_what_was_a_mistake_is_taken_back_and_stays_on_file(filing: Any) -> None:
    first = filing.ids[0]
    filing.paper(first, "approved", "2026-11-04", "错号")
    with pytest.raises(Misuse, match="on file already"):
        filing.paper(first, "approved", "2026-11-04", "对号")
    case_file.append_acts(filing.home, "d1", [Withdrawal(1, "文号写错")], AT)
    case = filing.paper(first, "approved", "2026-11-04", "对号")
    assert case.targets[first].papers[Step.approved].number == "对号"
    assert [type(act.content).__name__ for act in case.acts] == ["Paper", "Withdrawal", "Paper"]
    for seq, message in ((1, "no act 1"), (2, "stays so"), (9, "no act 9")):
        with pytest.raises(Misuse, match=message):
            case_file.append_acts(filing.home, "d1", [Withdrawal(seq, "x")], AT)


def test_what_others_stand_on_is_not_taken_back(filing: Any) -> None:
    filing.to(filing.ids[0], "told")
    with pytest.raises(Misuse, match="stands on it"):
        case_file.append_acts(filing.home, "d1", [Withdrawal(4, "x")], AT)
    with pytest.raises(Misuse, match="stands on it"):
        case_file.append_acts(filing.home, "d1", [Withdrawal(5, "x")], AT)


@pytest.mark.parametrize("codes", [(), ("clean", "problem"), ("nonsense",)])
def test_a_result_is_of_the_list_and_clean_alone(filing: Any, codes: tuple[str, ...]) -> None:
    filing.paper(filing.ids[0], "inspected", "2026-11-10")
    with pytest.raises(Misuse, match="cannot be a result"):
        filing.finding(filing.ids[0], *codes)


def test_days_have_an_order(filing: Any) -> None:
    first = filing.ids[0]
    with pytest.raises(Misuse, match="before the draw"):
        filing.paper(first, "approved", "2026-11-01")
    with pytest.raises(Misuse, match="no such day"):
        filing.paper(first, "approved", "2026-11-31")
    with pytest.raises(Misuse, match="no result"):
        filing.paper(first, "published", "2026-11-30")
    filing.paper(first, "inspected", "2026-11-10")
    with pytest.raises(Misuse, match="before the visit"):
        filing.finding(first, "corrected", correct_by="2026-11-09")
    filing.finding(first, "corrected", correct_by="2026-12-10")
    with pytest.raises(Misuse, match="before the visit"):
        filing.paper(first, "told", "2026-11-09")


def test_several_acts_stand_together_or_not_at_all(filing: Any) -> None:
    from double_random.inspection.case.events import Paper

    first, second = filing.ids[:2]
    papers = [Paper(one, Step.approved, "", "2026-11-04") for one in (first, second, first)]
    with pytest.raises(Misuse):
        case_file.append_acts(filing.home, "d1", papers, AT)
    assert filing.case.acts == ()
    assert len(case_file.append_acts(filing.home, "d1", papers[:2], AT).acts) == 2


def test_nobody_who_was_not_drawn_has_a_paper(filing: Any) -> None:
    with pytest.raises(Misuse, match="was not drawn"):
        filing.paper("31310000XXXX999990", "approved", "2026-11-04")


@pytest.mark.parametrize("damage", ["a line taken out", "a byte changed", "not canonical"])
def test_a_changed_file_is_found(filing: Any, damage: str) -> None:
    filing.to(filing.ids[0], "coded")
    file = filing.home.draws / "d1" / "case.jsonl"
    assert file.stat().st_mode & 0o077 == 0
    lines = file.read_bytes().splitlines(keepends=True)
    if damage == "a line taken out":
        lines = [lines[0], lines[2]]
    elif damage == "a byte changed":
        lines[0] = lines[0].replace("示例".encode(), "真实".encode())
    else:
        lines[0] = lines[0].replace(b'"seq":1', b'"seq": 1')
    file.write_bytes(b"".join(lines))
    with pytest.raises(BadFile, match=r"case\.jsonl"):
        _ = filing.case
