"""递补 and 更换检查人员 as the public can check them, without the value from which teams follow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.draw.change_records import ChangeRecord, changed_notice_hash
from double_random.inspection.protocol import notices
from double_random.inspection.protocol.succession import Change, CurrentAssignment
from double_random.inspection.verification.public_changes import check_changes
from tests.inspection.verification.drawn import drawn

DRAW = drawn(inspectors=8, leads=(0, 2, 4, 6))
DRAWN = DRAW.draw.selection.visits
TICKETS = DRAW.draw.selection.tickets
BEGUN = CurrentAssignment.after_draw(DRAW.draw, DRAW.reveal.inner)


def replaced(
    old: str = DRAWN[0], before: CurrentAssignment = BEGUN
) -> tuple[CurrentAssignment, Change]:
    return before.replace(old, "ceased")


def substituted(
    target: str = DRAWN[1], before: CurrentAssignment = BEGUN
) -> tuple[CurrentAssignment, Change]:
    return before.substitute(target, before.teams[target][0], "illness")


def check(*changes: Change, notice: str | None = None, **record: Any) -> None:
    """Follow changes with the notices of their own teams."""
    lines, entries = [], []
    for number, change in enumerate(changes, start=1):
        fields = {"draw": DRAW.plan.draw, "seq": number, "change": change, "date": "2026-03-05"}
        lines.append(ChangeRecord(**{**fields, **record}).dump())
        leaf = ""
        if change.target:
            leaf = notices.notice_leaf_hash(
                notices.build_notice(change.target, change.inspectors, TICKETS), TICKETS
            )
        entries.append({"kind": change.kind, "notice": leaf if notice is None else notice})
    files = DRAW.draw.selection.files
    check_changes(
        DRAW.plan,
        replace(DRAW.state, changes=tuple(entries)),
        lines,
        drawn=DRAW.draw.members,
        pool={row.id for row in files.frame},
        people={one.id: one for one in files.inspectors},
        tickets=TICKETS,
    )


def test_changes_that_the_draw_itself_makes_are_in_order() -> None:
    after, first = replaced()
    later, second = substituted(before=after)
    check()
    check(first, second)
    assert changed_notice_hash(later, second) == notices.notice_leaf_hash(
        notices.build_notice(second.target, second.inspectors, TICKETS), TICKETS
    )


def test_a_place_without_a_reserve_stays_empty() -> None:
    check(
        Change(kind="replace", old=DRAWN[0], new="", target="", inspectors=(), reason="ceased"),
    )


@pytest.mark.parametrize(
    "other",
    [
        {"old": "31310000XXXX00099A"},
        {"new": "31310000XXXX00099A", "target": "31310000XXXX00099A"},
        {"new": DRAWN[1], "target": DRAWN[1]},
        {"new": DRAWN[0], "target": DRAWN[0]},
        {"target": DRAWN[2]},
        {"reason": "illness"},
        {"inspectors": ("SL000",)},
        {"inspectors": ("SL001", "SL003")},
        {"inspectors": ("SL000", "SL099")},
        {"inspectors": ("SL002", "SL000")},
        {"new": "", "target": ""},
    ],
)
def test_a_replacement_against_the_rules_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(BadFile, match="line 1: this change cannot stand") as refused:
        check(replace(replaced()[1], **other))
    assert refused.value.file == "records.jsonl"


@pytest.mark.parametrize(
    "other",
    [
        {"target": "31310000XXXX00099A"},
        {"old": "SL099"},
        {"new": "SL099"},
        {"reason": "ceased"},
        {"inspectors": BEGUN.teams[DRAWN[1]]},
    ],
)
def test_a_substitution_against_the_rules_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(BadFile, match="line 1: this change cannot stand"):
        check(replace(substituted()[1], **other))


def test_a_replaced_institution_does_not_come_back() -> None:
    after, first = replaced()
    second = Change(
        kind="replace",
        old=first.new,
        new=first.old,
        target=first.old,
        inspectors=after.teams[first.new],
        reason="ceased",
    )
    with pytest.raises(BadFile, match="line 2: this change cannot stand"):
        check(first, second)


@pytest.mark.parametrize("record", [{"draw": "other"}, {"seq": 2}, {"notice": "0" * 64}])
def test_a_record_in_another_place_or_with_another_notice_is_refused(
    record: dict[str, Any],
) -> None:
    with pytest.raises(BadFile, match="line 1: this change cannot stand"):
        check(replaced()[1], **record)
