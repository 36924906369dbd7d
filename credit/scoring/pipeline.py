"""The scoring pipeline: the policy as SQL steps over a slice of the institutions at a time.

The SQL is in the subset that DuckDB and Spark share; engine_runner.py runs the same steps on another engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING, NamedTuple

from double_random.core.errors import Stopped
from double_random.core.periods import day_number
from double_random.core.translation import _, join_words
from double_random.credit.policy.model import InForce, Policy
from double_random.credit.records import ledger
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.branches import find_branches
from double_random.credit.scoring.policy_tables import (
    SHARED_SORTS,
    ScoringQuery,
    Sort,
    build_policy_tables,
)
from double_random.credit.scoring.shared_records import find_shared_records
from double_random.store.engine.duckdb import DuckDB

if TYPE_CHECKING:
    import duckdb
    import polars


class SqlStep(NamedTuple):
    """The SQL file of a step, and whether it reads `known`, the ledger as known on the day."""

    file: str
    reads_known: bool = False


RULE = {  # the steps in order: table → the step that makes it
    "policy_subjects": SqlStep("subjects.sql"),
    "policy_speaking": SqlStep("references.sql", reads_known=True),
    "policy_left_out": SqlStep("excluded_records.sql"),
    "policy_counted": SqlStep("counted.sql", reads_known=True),
    "policy_repeats": SqlStep("repeats.sql"),
    "policy_pairs": SqlStep("pairs.sql"),
    "policy_vetoed": SqlStep("vetoed.sql", reads_known=True),
    "policy_by_rule": SqlStep("rule_totals.sql"),
    "policy_by_group": SqlStep("group_totals.sql"),
    "policy_totals": SqlStep("totals.sql"),
}
SLICE = 4_000_000  # records at a time: memory stays bounded, and sums stay in the processor's cache


def query_slices(
    release: ReadableRelease, policy: Policy, question: ScoringQuery, *queries: str
) -> list[polars.DataFrame]:
    """The results of queries over the tables of `scored_slices`: all slices of each query together, in no order."""
    import polars

    with scored_slices(release, policy, question) as slices:
        frames = [[release.frame(query) for query in queries] for _slice in slices]
    return [polars.concat(parts) for parts in zip(*frames, strict=True)]


@contextmanager
def scored_slices(
    release: ReadableRelease, policy: Policy, question: ScoringQuery
) -> Iterator[Iterable[tuple[int, int]]]:
    """Iterate over slices of the institutions; for each the release has its lines (worded, numbered) and grades.

    A slice is the ledger numbers of its first and last institution.
    """
    import duckdb

    rules = policy.in_force_on(question.as_of)
    connection = release.connection
    ledger.ensure_ledger(connection)
    sorts = connection.execute("SELECT sort, class, kinds, state FROM ledger_sorts").fetchall()
    refuse_uncovered(rules, sorts)
    engine = DuckDB(connection)
    parameters = build_policy_tables(rules, question, sorts)
    parameters["policy_branches"] = find_branches(engine, policy, question)
    parameters["policy_shared"] = find_shared_records(release, policy, question)
    for name, table in parameters.items():
        engine.give(name, table)
    try:
        yield _run_slices(engine, policy, question, _plan_slices(connection, question))
    finally:
        with suppress(duckdb.TransactionException):  # a failed draft is discarded anyway
            connection.execute("DROP VIEW IF EXISTS temp.policy_lines")
            for name in reversed(RULE):
                connection.execute(f"DROP TABLE IF EXISTS temp.{name}")
        for name in parameters:
            connection.unregister(name)


def _run_slices(
    engine: DuckDB, policy: Policy, question: ScoringQuery, slices: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    for slice_no, (first, last) in enumerate(slices):
        for name, step in pipeline_steps(policy, question, first, last):
            engine.make(name, step)
        if slice_no == 0:
            engine.connection.execute(
                f"CREATE OR REPLACE TEMP VIEW policy_lines AS {read_scoring_sql('lines.sql')}"
            )
        yield first, last


def _plan_slices(
    connection: duckdb.DuckDBPyConnection, question: ScoringQuery
) -> Iterable[tuple[int, int]]:
    """The institutions of the question, in slices with about the same number of records."""
    if question.only is not None:
        return connection.execute(
            """SELECT coalesce(min(who), 0), coalesce(max(who), 0) FROM ledger_holders
               WHERE institution IN (SELECT institution FROM policy_only)"""
        ).fetchall()
    ((holders, records),) = connection.execute(
        "SELECT (SELECT count(*) FROM ledger_holders), (SELECT count(*) FROM ledger)"
    ).fetchall()
    count = 1 + records // SLICE
    return [
        (1 + holders * slice_no // count, holders * (slice_no + 1) // count)
        for slice_no in range(count)
    ]


def pipeline_steps(
    policy: Policy, question: ScoringQuery, first: int, last: int
) -> Iterator[tuple[str, str]]:
    """The steps for the institutions from number `first` to `last`: each table with the SQL that makes it."""
    values = {
        "first": first,
        "last": last,
        "as_of": day_number(question.as_of),
        "day": f"DATE '{question.as_of}'",
        "known_at": question.known_at,
        "everybody": int(question.only is None),
        "shared_sorts": SHARED_SORTS,
    }
    ledger_sql = read_scoring_sql("ledger_as_known.sql")
    if policy.branch_records == "shared":
        ledger_sql += "\nUNION ALL\n" + read_scoring_sql("ledger_of_branches_as_known.sql")
    if policy.shared:
        ledger_sql += "\nUNION ALL\n" + read_scoring_sql("ledger_shared_as_known.sql")
    for name, (file, reads_known) in RULE.items():
        step = read_scoring_sql(file)
        if reads_known:
            step = f"WITH known AS (\n{ledger_sql}\n)\nSELECT * FROM (\n{step}\n) AS step"
        yield name, Template(step).substitute(values)


def refuse_uncovered(rules: InForce, sorts: Iterable[Sort]) -> None:
    """Stopped if the policy neither has a rule for a sort of records nor ignores it."""
    if forgotten := rules.find_uncovered_cases(
        (name, kinds, state) for _no, name, kinds, state in sorts
    ):
        raise Stopped(
            _("{policy} has no rule for {kinds}").format(
                policy=rules.policy.id, kinds=join_words(forgotten)
            ),
            _("write rules for them, or name them in `ignored`; no score was computed"),
        )


def numbered_lines_sql() -> str:
    """SQL: the lines of the question, numbered from 0 (the base) for each institution, in a fixed order."""
    return f"""
        SELECT institution,
               CAST(row_number() OVER (
                   PARTITION BY institution ORDER BY stage, decided, number, place, entry
               ) - 1 AS INTEGER) AS line,
               part, rule, number, points, reference
        FROM ({worded_lines_sql()}) AS worded
    """


def worded_lines_sql() -> str:
    """SQL: the lines of the question with part, rule and reference, in no order, as they are kept."""
    return """
        SELECT s.institution, l.stage, l.decided, l.place, l.entry, e.part, e.rule, l.number, l.points, e.reference
        FROM policy_lines AS l
        JOIN policy_totals AS s ON s.who = l.who
        JOIN policy_entries AS e ON e.stage = l.stage AND e.place = l.place AND e.entry = l.entry
    """


def grades_sql() -> str:
    """SQL: institution, points and grade, from the lines of the question."""
    return read_scoring_sql("grades.sql")


def read_scoring_sql(name: str) -> str:
    """Read one of this package's SQL files."""
    return files("double_random.credit.scoring").joinpath("sql", name).read_text("utf-8")
