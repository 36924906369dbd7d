"""Records of changes are read strictly, belong to the log one by one, and repeat what the tickets decide."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.draw.change_records import (
    ChangeRecord,
    changed_notice_hash,
    check_record_hashes,
    replay_changes,
)
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.protocol.succession import Change, CurrentAssignment
from tests.inspection.protocol.conftest import make_case


@dataclass(frozen=True)
class Changed:
    """A draw, one replacement after it, and the log's entry of that."""

    plan: Plan
    secret: str
    start: CurrentAssignment
    after: CurrentAssignment
    change: Change
    state: DrawState

    @property
    def record(self) -> ChangeRecord:
        return ChangeRecord(self.plan.draw, 1, self.change, "2026-11-04")

    def logged(self, record: ChangeRecord, **other: Any) -> DrawState:
        entry = {
            "kind": record.change.kind,
            "record": self.plan.digest(f"{record.dump().decode()}:{self.secret}"),
            "notice": changed_notice_hash(self.after, self.change),
            **other,
        }
        return replace(self.state, changes=(entry,))


@pytest.fixture(scope="module")
def made() -> Changed:
    case = make_case(seed=4)
    start = CurrentAssignment.after_draw(case.draw(), case.reveal.inner)
    after, change = start.replace(next(iter(start.teams)), "ceased")
    state = DrawState(draw=case.plan.draw, stage=DrawStage.drawn, plan={})
    return Changed(case.plan, case.reveal.secret, start, after, change, state)


def test_a_record_is_read_as_it_was_written(made: Changed) -> None:
    assert ChangeRecord.read(made.record.dump()) == made.record


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b'"kind":"replace"', b'"kind":"remove"', "kind"),
        (b'"seq":1', b'"seq":0', "seq"),
        (b'"date":"2026-11-04"', b'"date":"2026-11-31"', "date"),
        (b'"reason":"ceased"', b'"reason":""', "reason"),
    ],
)
def test_an_invalid_record_is_refused(made: Changed, old: bytes, new: bytes, expected: str) -> None:
    line = made.record.dump()
    assert old in line
    with pytest.raises(BadFile, match=rf"records\.jsonl.*{expected}"):
        ChangeRecord.read(line.replace(old, new))


def test_each_logged_change_has_its_record(made: Changed) -> None:
    line, state = made.record.dump(), made.logged(made.record)
    check_record_hashes(made.plan, state, [line], made.secret)
    with pytest.raises(BadFile, match="0 records, but the log has 1 changes"):
        check_record_hashes(made.plan, state, [], made.secret)
    for wrong in (line.replace(b"ceased", b"seized"), b"\xff"):
        with pytest.raises(BadFile, match="line 1 is not the one that was logged"):
            check_record_hashes(made.plan, state, [wrong], made.secret)


def test_replaying_the_records_gives_the_assignment_after_them(made: Changed) -> None:
    line, state = made.record.dump(), made.logged(made.record)
    assert replay_changes(made.start, made.plan, state, [line]).teams == made.after.teams


def test_a_record_of_another_number_or_with_another_team_is_refused(made: Changed) -> None:
    second = replace(made.record, seq=2)
    with pytest.raises(BadFile, match="line 1 belongs elsewhere"):
        replay_changes(made.start, made.plan, made.logged(second), [second.dump()])
    friend = replace(made.record, change=replace(made.change, inspectors=("SL005",)))
    with pytest.raises(BadFile, match="line 1: the tickets say otherwise"):
        replay_changes(made.start, made.plan, made.logged(friend), [friend.dump()])
    with pytest.raises(BadFile, match="line 1: the tickets say otherwise"):
        state = made.logged(made.record, notice="0" * 64)
        replay_changes(made.start, made.plan, state, [made.record.dump()])


def test_a_place_that_stays_empty_has_no_notice(made: Changed) -> None:
    empty = replace(made.change, new="", target="", inspectors=())
    assert changed_notice_hash(made.after, empty) == ""
    assert len(changed_notice_hash(made.after, made.change)) == 64
