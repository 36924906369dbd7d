"""Two times of every row: valid from and to, known from and to (a run's number); conditions for a run and for a day."""

from __future__ import annotations


def knowledge_condition(parameter: str, known_at: int | None) -> str:
    """The SQL condition for the state of knowledge at a run; without a run, for the present state."""
    if known_at is None:
        return "known_to IS NULL"
    return f"known_from <= {parameter} AND (known_to IS NULL OR known_to > {parameter})"


def period_condition(day: str, table: str = "") -> str:
    """The SQL condition that a row's period holds on a day: `since` belongs to it, `until` does not, null is open.

    `table`: the name before the columns, with its dot.
    """
    return f"coalesce({table}since <= {day}, true) AND coalesce({table}until > {day}, true)"
