"""Scoring on any engine: the same SQL, step by step, over tables that are given to it (store/engine.py)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from credit.branches import branches
from credit.ledger import STEPS
from credit.parameters import Question, tables
from credit.policy import Policy
from credit.scoring import RULE, numbered

if TYPE_CHECKING:
    import polars

    from store.engine import Engine


@dataclass(frozen=True)
class Scores:
    """institution points grade, by institution; institution line part rule number points reference, by both."""

    scores: polars.DataFrame
    lines: polars.DataFrame


def score(
    engine: Engine, sources: dict[str, polars.DataFrame], policy: Policy, question: Question
) -> Scores:
    """Scores and lines from the tables `institutions`, `records` and `links`, as credit/schema.sql has them."""
    for name in ("institutions", "records", "links"):
        engine.give(name, sources[name])
    for name, file in STEPS.items():
        engine.make(name, _sql(file))
    sorts = engine.ask("SELECT sort, class, kinds, state FROM ledger_sorts").rows()
    for name, table in tables(policy.on(question.as_of), question, sorts).items():
        engine.give(name, table)
    engine.give("policy_branches", branches(engine, policy, question))
    for name, file in RULE.items():
        engine.make(name, _sql(file))
    found = engine.ask(_sql("grades.sql")).sort("institution")
    return Scores(found, engine.ask(numbered()).sort("institution", "line"))


def _sql(name: str) -> str:
    return files("credit").joinpath(name).read_text("utf-8")
