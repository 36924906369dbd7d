"""The state of a draw, computed from its log entries only."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import N_, _
from double_random.store.log.signed_log import BadLog, Entry

if TYPE_CHECKING:
    from double_random.inspection.protocol.plan import Plan
    from double_random.inspection.protocol.v2.plan import Plan as SecondPlan


class DrawStage(enum.StrEnum):
    """The stages of a draw: a committed draw ends as published or void."""

    committed = N_("committed")  # 方案已封存
    drawn = N_("drawn")  # 已抽取
    published = N_("published")  # 已公开
    void = N_("void")  # 已作废


LOST = N_(
    "lost"
)  # the reason for voiding a plan whose files or secrets are lost: the only void without a secret
LOST_2 = N_("records lost")  # the same in version 2
LOST_REASONS = (LOST, LOST_2)
ENDED = (DrawStage.published, DrawStage.void)


def describe_plan(plan: Plan | SecondPlan) -> Entry:
    """What the log's entry of a plan repeats of it, in either protocol."""
    return {
        "draw": plan.draw,
        "items": [{"id": i.id, "title": i.title, "basis": i.basis} for i in plan.items],
        "scope": {"districts": list(plan.districts), "kinds": list(plan.kinds)},
        "not_before": plan.not_before,
        "publish_by": plan.publish_by,
        "replaces": plan.replaces and {"draw": plan.replaces[0], "reason": plan.replaces[1]},
    }


@dataclass(frozen=True, kw_only=True)
class DrawState:
    """The state of a draw by its log entries."""

    draw: str
    stage: DrawStage
    plan: Entry
    entropy: dict[str, str] = field(default_factory=dict)  # source → value
    drawn: Entry | None = None
    changes: tuple[Entry, ...] = ()  # replace, substitute, in the log's order
    end: Entry | None = None  # publish or void

    @property
    def is_open(self) -> bool:
        """Is the draw committed and not ended? Until it ends, no plan with an overlapping scope can be committed."""
        return self.stage not in ENDED

    @property
    def is_lost(self) -> bool:
        """Is the draw void because its files or secrets are lost? Then its result cannot be verified."""
        return self.end is not None and self.end.get("reason") in LOST_REASONS

    @property
    def result_hash(self) -> str:
        """The hash of result.json in the log; "" before the draw."""
        return str(self.drawn["result"]) if self.drawn is not None else ""

    def overlaps(self, plan: Entry) -> bool:
        """Does a plan (its log entry) share an item, a district and a kind with this draw?"""
        return share_item(self.plan, plan) and share_scope(self.plan, plan)

    def shares_rows(self, plan: Entry) -> bool:
        """Does a plan share a district and a kind with this draw, whatever its item?"""
        return share_scope(self.plan, plan)

    def has_title_of(self, items: Iterable[dict[str, Any]]) -> bool:
        """Has one of these items the title of an item of this draw?"""
        titles = {item["title"] for item in self.plan["items"]}
        return any(item["title"] in titles for item in items)


def share_scope(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Have two plans a district and a kind in common? In the second protocol an empty list has all in common."""
    second = "protocol" in one or "protocol" in other
    for name in ("districts", "kinds"):
        mine, theirs = one["scope"][name], other["scope"][name]
        if not set(mine) & set(theirs) and not (second and not (mine and theirs)):
            return False
    return True


def share_item(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Are two plans for the same item, by its id or, in the second protocol, by its title?"""
    names = ("id", "title") if "protocol" in one or "protocol" in other else ("id",)
    return any(
        {item[name] for item in one["items"]} & {item[name] for item in other["items"]}
        for name in names
    )


def replay_states(entries: Iterable[Entry]) -> dict[str, DrawState]:
    """Replay the log: the state of every draw, in the order of the plans. BadLog if an entry is out of order."""
    by_draw: dict[str, DrawState] = {}
    for number, entry in enumerate(entries):
        draw = entry.get("draw")
        if draw is None:
            continue
        before = by_draw.get(draw)
        after = _first_state(entry) if before is None else _next_state(before, entry)
        if after is None:
            raise BadLog(
                _(
                    "log.jsonl: entry {number} ({kind} of {draw}) cannot stand where it stands"
                ).format(number=number, kind=entry["kind"], draw=draw)
            )
        by_draw[draw] = after
    return by_draw


def find_state(entries: Iterable[Entry], draw: str) -> DrawState:
    """The state of one draw; Misuse if it has not been committed."""
    by_draw = replay_states(entries)
    if draw not in by_draw:
        raise Misuse(
            _("no plan of the draw {draw} has been committed").format(draw=draw),
            _("commit it first: double-random inspection commit {draw}").format(draw=draw),
        )
    return by_draw[draw]


def _first_state(entry: Entry) -> DrawState | None:
    return (
        DrawState(draw=entry["draw"], stage=DrawStage.committed, plan=entry)
        if entry["kind"] == "plan"
        else None
    )


def _next_state(state: DrawState, entry: Entry) -> DrawState | None:
    kind = entry["kind"]
    if kind == "attest":
        return state
    if (
        kind in ("replace", "substitute")
        and state.drawn is not None
        and state.stage is not DrawStage.void
    ):
        return replace(state, changes=(*state.changes, entry))
    if not state.is_open:
        return None
    again = "protocol" not in state.plan and entry.get("source") in state.entropy
    if kind == "entropy" and state.drawn is None and not again:
        return replace(state, entropy={**state.entropy, entry["source"]: entry["value"]})
    if kind == "draw" and state.drawn is None:
        return replace(state, stage=DrawStage.drawn, drawn=entry)
    if kind == "publish" and state.drawn is not None:
        return replace(state, stage=DrawStage.published, end=entry)
    if kind == "void":
        return replace(state, stage=DrawStage.void, end=entry)
    return None
