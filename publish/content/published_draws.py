"""Draws as published: stage, plan, numbers, list, replacements, bundle."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.publish.content.inspection_results import (
    UNVISITED,
    PublishedInspections,
    describe_inspections,
)
from double_random.publish.disclosure import allow_list as rules

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.draw.draw_folder import DrawFolder
    from double_random.inspection.draw.draw_state import DrawState
    from double_random.publish.disclosure.allow_list import AllowList
    from double_random.store.home import Home
    from double_random.store.log.signed_log import Entry


@dataclass(frozen=True, kw_only=True)
class PublishedDraw:
    """One draw: its allowed fields, and the attachments of a published one."""

    row: dict[str, Any]
    overdue: bool  # past its day, neither published nor void: 未公开
    drawn: tuple[dict[str, Any], ...] = ()  # id, name; in the order of list.csv
    changes: tuple[dict[str, Any], ...] = ()  # replacements: seq, old, new, reason, date
    bundle: Mapping[str, bytes] = field(default_factory=dict)  # the public bundle's files
    inspections: PublishedInspections = field(
        default_factory=PublishedInspections
    )  # inspections and results
    numbers: tuple[str, str] = ("", "")  # number of the task, number of the year's plan

    @property
    def is_published(self) -> bool:
        """Whether its list is public."""
        return bool(self.row["stage"] == "published")

    @property
    def unvisited_rows(self) -> tuple[dict[str, Any], ...]:
        """Rows of drawn institutions that were not inspected in time (未检查)."""
        return tuple(row for row in self.inspections.rows if row["state"] == UNVISITED)

    @property
    def is_waiting(self) -> bool:
        """Whether it is neither published nor void."""
        return self.row["stage"] in ("committed", "drawn")


def load_draws(
    home: Home,
    entries: Sequence[Entry],
    as_of: date,
    allowed: AllowList,
    cases: Iterable[Case],
) -> tuple[PublishedDraw, ...]:
    """Load every draw in these log entries, the latest plan first; `cases`: those of the published ones."""
    from double_random.inspection.draw.draw_state import replay_states

    draw_states = replay_states(entries).values()
    by_draw = {case.draw: case for case in cases}
    return tuple(
        _build_draw(home, state, as_of, allowed, by_draw) for state in reversed(list(draw_states))
    )


def _build_draw(
    home: Home, state: DrawState, as_of: date, allowed: AllowList, cases: Mapping[str, Case]
) -> PublishedDraw:
    from double_random.inspection.case.model import default_task
    from double_random.inspection.draw.draw_folder import DrawFolder
    from double_random.inspection.verification import bundle

    published = state.stage.value == "published"
    row = dict.fromkeys(
        (column.name for column in allowed.classes["draw"].fields), None
    ) | _log_fields(state)
    overdue = state.is_open and as_of.isoformat() > state.plan["publish_by"]
    if not published:
        ended = state.end is not None and state.drawn is not None and not state.is_lost
        return PublishedDraw(
            row=rules.select_draw_fields(row, allowed.classes["draw"], False),
            overdue=overdue,
            bundle=bundle.gather_bundle(home, state.draw) if ended else {},
        )
    folder = DrawFolder.find(home, state.draw)
    result = folder.read_result()
    drawn = tuple(
        {"id": id_, "name": name}
        for id_, name in list(csv.reader(io.StringIO(result["list.csv"].decode("utf-8"))))[1:]
    )
    outcome = describe_inspections(cases[state.draw], as_of)
    row |= _plan_fields(folder) | {
        "entropy": [f"{source}={value}" for source, value in state.entropy.items()],
        "seed": json.loads(result["result.json"])["seed"],
        "drawn": len(drawn),
    }
    task = outcome.task or default_task(folder.read_plan())
    # the reason for a directed draw is not published: it may reveal a complaint
    row |= {name: getattr(task, name) for name in ("type", "first_day", "last_day")}
    return PublishedDraw(
        row=rules.select_draw_fields(row, allowed.classes["draw"], True),
        overdue=overdue,
        drawn=drawn,
        changes=tuple(_list_replacements(folder, state)),
        bundle=bundle.gather_bundle(home, state.draw),
        inspections=outcome,
        numbers=(task.number or state.draw, task.year_plan or str(row["number"] or "")),
    )


def _log_fields(state: DrawState) -> dict[str, Any]:
    """Fields from the log, public from the commitment of the plan on."""
    from double_random.inspection.protocol.plan import short_form

    plan, end = state.plan, state.end or {}
    return {
        "draw": state.draw,
        "stage": state.stage.value,
        "commitment": plan["plan"],
        "code": short_form(plan["plan"]),
        "items": [item["title"] for item in plan["items"]],
        "basis": [item["basis"] for item in plan["items"]],
        "kinds": plan["scope"]["kinds"],
        "districts": plan["scope"]["districts"],
        "committed": plan["time"],
        "not_before": plan["not_before"],
        "drawn_at": state.drawn["time"] if state.drawn else None,
        "publish_by": plan["publish_by"],
        "ended": end.get("time"),
        "reason": end.get("reason"),
    }


def _plan_fields(folder: DrawFolder) -> dict[str, Any]:
    """Fields from the plan, published together with the list."""
    plan = folder.read_plan()
    return {
        "number": plan.number,
        "title": plan.title,
        "authority": plan.authority_name,
        "as_of": plan.as_of,
        "population": plan.files["pool.csv"].rows,
        "left_out": plan.files["left_out.csv"].rows,
        "inspectors": plan.files["inspectors.csv"].rows,
    }


def _list_replacements(folder: DrawFolder, state: DrawState) -> Iterator[dict[str, Any]]:
    """Yield replacements of institutions (递补). Substitutions of inspectors are only in the bundle."""
    for seq, entry in enumerate(state.changes, start=1):
        if entry["kind"] == "replace":
            record = json.loads(folder.read_record(seq))
            yield {name: record[name] for name in ("seq", "old", "new", "reason", "date")}
