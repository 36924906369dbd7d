"""Runs scoring on any engine (store/engine/): the same SQL, step by step; results are whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from double_random.credit.policy.model import Policy
from double_random.credit.records import ledger
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.branches import find_branches
from double_random.credit.scoring.kept_scores import has_fresh_scores, last_run_number, load_scores
from double_random.credit.scoring.pipeline import (
    grades_sql,
    numbered_lines_sql,
    pipeline_steps,
    read_scoring_sql,
    refuse_uncovered,
)
from double_random.credit.scoring.policy_tables import ScoringQuery, build_policy_tables
from double_random.credit.scoring.shared_records import find_shared_records, no_shared_records
from double_random.store.frames import has_table

if TYPE_CHECKING:
    from datetime import date

    import polars

    from double_random.store.engine.duckdb import Engine
    from double_random.store.releases import Release

# The columns that scoring reads; nothing else leaves a release: no name, no facts, no original document number.
SOURCES = {
    "institutions": "id, kind, status, folded, head_office, valid_from, valid_to, known_from, known_to",
    "records": "record, number, class, kinds, state, document_key, related_key, decided, ends, fine_fen,"
    " known_from, known_to",
    "links": "claim, institution, known_from, known_to",
}

PERSONS = "practitioners"  # whom a release may have beside institutions
PERSON = "id, kind, status, valid_from, valid_to, known_from, known_to"

EVERYBODY = 2**31 - 1  # above the number of every institution


@dataclass(frozen=True)
class Scores:
    """institution points grade, by institution; institution line part rule number points reference, by both."""

    scores: polars.DataFrame
    lines: polars.DataFrame


def compute_scores(
    engine: Engine, sources: dict[str, polars.DataFrame], policy: Policy, question: ScoringQuery
) -> Scores:
    """Scores and lines from the tables `institutions`, `records` and `links`, as credit/schema.sql has them."""
    for name in SOURCES:
        engine.give(name, sources[name])
    run_pipeline(engine, policy, question)
    score_table = engine.ask(grades_sql()).sort("institution")
    return Scores(score_table, engine.ask(numbered_lines_sql()).sort("institution", "line"))


def load_engine_scores(
    engine: Engine, release: Release, as_of: date, policy: Policy, known_at: int | None = None
) -> polars.DataFrame:
    """As kept_scores.load_scores; scores that are not kept are computed on the engine."""
    if known_at is None and has_fresh_scores(release, policy, as_of):
        return load_scores(release, as_of, policy)
    run = last_run_number(release) if known_at is None else known_at
    question = ScoringQuery(as_of, run)
    persons = _send_sources(engine, release, release.name)
    shared = find_shared_records(release, policy, question)
    run_pipeline(engine, policy, question, persons, shared)
    return engine.ask(grades_sql()).sort("institution")


@contextmanager
def engine_slices(
    engine: Engine, release: ReadableRelease, policy: Policy, question: ScoringQuery, name: str
) -> Iterator[Iterable[tuple[int, int]]]:
    """As pipeline.scored_slices: while this is open, the release has the lines that the engine has computed.

    `name`: the release's name if its tables are unchanged; "" if they are still being written.
    """
    persons = _send_sources(engine, release, name)
    shared = find_shared_records(release, policy, question)
    parameters = run_pipeline(engine, policy, question, persons, shared)
    connection = release.connection
    fetched = ("policy_totals", "policy_lines")
    for table in fetched:
        engine.fetch(connection, table)
    for table, rows in parameters.items():
        connection.register(table, rows)
    try:
        yield [(0, EVERYBODY)]
    finally:
        for table in parameters:
            connection.unregister(table)
        for table in fetched:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table}")


def run_pipeline(
    engine: Engine,
    policy: Policy,
    question: ScoringQuery,
    persons: bool = False,
    shared: polars.DataFrame | None = None,
) -> dict[str, polars.DataFrame]:
    """Make the ledger and the policy's lines on an engine that has the sources; returns the policy's tables.

    `persons`: the sources have practitioners; `shared`: the records that count for others too.
    """
    rules = policy.in_force_on(question.as_of)
    engine.make("parties", ledger.parties_sql(persons, PERSON))
    for table, file in ledger.STEPS.items():
        engine.make(table, ledger.read_ledger_sql(file))
    sorts = engine.ask("SELECT sort, class, kinds, state FROM ledger_sorts").rows()
    refuse_uncovered(rules, sorts)
    parameters = build_policy_tables(rules, question, sorts)
    for table, rows in parameters.items():
        engine.give(table, rows)
    engine.give("policy_branches", find_branches(engine, policy, question))
    engine.give("policy_shared", no_shared_records() if shared is None else shared)
    for table, step in pipeline_steps(policy, question, 0, EVERYBODY):
        engine.make(table, step)
    engine.make("policy_lines", read_scoring_sql("lines.sql"))
    return parameters


def _send_sources(engine: Engine, release: ReadableRelease, name: str) -> bool:
    """Send the tables that scoring reads; returns whether practitioners are among them."""
    persons = has_table(release.connection, PERSONS)
    for table, columns in SOURCES.items() | ({(PERSONS, PERSON)} if persons else set()):
        engine.bring(release.connection, table, columns, name)
    return persons
