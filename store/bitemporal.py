"""Two times of every row: valid from and to, known from and to (a run's number); the condition for a run."""

from __future__ import annotations


def knowledge_condition(parameter: str, known_at: int | None) -> str:
    """The SQL condition for the state of knowledge at a run; without a run, for the present state."""
    if known_at is None:
        return "known_to IS NULL"
    return f"known_from <= {parameter} AND (known_to IS NULL OR known_to > {parameter})"
