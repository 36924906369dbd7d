"""Objections (异议): each with its record, its state, and the last day for checking an open one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.credit.records import rulings

if TYPE_CHECKING:
    from double_random.core.working_days import LastDay
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class Objection:
    """One objection with its current state."""

    number: str
    record: str
    document: str | None  # of the record; None if the release no longer knows it
    name: str | None  # of the institution, as the record has it
    state: str
    since: date
    accepted: date
    until: LastDay | None  # None if it is closed, or no term is in force


def list_objections(home: Home) -> tuple[Objection, ...]:
    """All objections of a home, in the order of their first step."""
    steps_by_number = rulings.group_objections(rulings.read_rulings(home))
    if not steps_by_number:
        return ()
    from double_random.credit.reports.notices import check_deadline

    with home.releases.read() as opened:
        named = {
            record: (document, name)
            for record, document, name in opened.connection.execute(
                NAMED, [[steps[0].about for steps in steps_by_number.values()]]
            ).fetchall()
        }
    return tuple(
        Objection(
            number=number,
            record=steps[-1].about,
            document=named.get(steps[-1].about, (None, None))[0],
            name=named.get(steps[-1].about, (None, None))[1],
            state=steps[-1].state,
            since=steps[-1].decided,
            accepted=steps[0].decided,
            until=check_deadline(home, steps[0].decided)
            if steps[-1].state in rulings.OPEN
            else None,
        )
        for number, steps in steps_by_number.items()
    )


NAMED = """
SELECT record, document, name FROM records WHERE known_to IS NULL AND record IN (SELECT unnest($1))
"""
