"""`credit score`: computes every institution's score of a day and stores it with its lines in a new release."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Stopped
from double_random.core.translation import _
from double_random.credit.policy.model import Policy
from double_random.credit.records import rulings
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring import engine_runner
from double_random.credit.scoring.pipeline import grades_sql, scored_slices, worded_lines_sql
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.store.tables import end_rows

if TYPE_CHECKING:
    from double_random.store.engine.duckdb import Engine
    from double_random.store.home import Home
    from double_random.store.releases import Draft


@dataclass(frozen=True, kw_only=True)
class ScoreRun:
    """The result of a score run: policy, day, release, and the number of institutions by grade."""

    policy: str
    edition: str
    as_of: date
    release: str
    institutions: int
    grades: dict[str, int]
    new: bool

    def json(self) -> dict[str, object]:
        """The run as a JSON object."""
        return {
            "policy": self.policy,
            "edition": self.edition,
            "as_of": str(self.as_of),
            "release": self.release,
            "institutions": self.institutions,
            "grades": self.grades,
            "new": self.new,
        }


def score_institutions(
    home: Home, as_of: date, policy: Policy, engine: Engine | None = None
) -> ScoreRun:
    """Compute every active institution's score and store it, with its lines, in a new release.

    `engine`: computes the scores instead of DuckDB; the release is the same, to the last bit.
    If the same scores are kept already, there is no new release. Misuse if the policy is not in force; Stopped if there
    is no institution to grade, or a kind of record has no rule.
    """
    rules = policy.in_force_on(as_of)
    with home.releases.write("score", as_of) as release:
        release.made["policy"] = policy.id
        folded = rulings.fold_rulings(home, release)
        question = ScoringQuery(as_of, release.run)
        if engine is None:
            computed = scored_slices(release, policy, question)
        else:
            same = "" if folded else release.before
            computed = engine_runner.engine_slices(engine, release, policy, question, same)
        with computed as slices:
            for _slice in slices:
                _collect_slice(release)
        score_table = release.frame("FROM scores_now ORDER BY institution")
        if not score_table.height:  # an empty result must not pass for a score run
            raise Stopped(
                _("{policy} finds no active institution to grade on {day}").format(
                    policy=policy.id, day=as_of
                ),
                _("read the permits first: double-random registry sync DROP --as-of DATE"),
            )
        new = not _is_unchanged(release, policy, as_of)
        if new:
            _write_changes(release, policy, as_of)
        elif not folded:
            release.discard()
    counts = {bound.grade: 0 for bound in rules.scale.bounds}
    for grade in score_table["grade"]:
        counts[grade] += 1
    return ScoreRun(
        policy=policy.id,
        edition=policy.edition,
        as_of=as_of,
        release=release.name,
        institutions=score_table.height,
        grades=counts,
        new=new,
    )


HISTORIES = {  # what is computed → the history that keeps it, and its columns
    "scores_now": ("score_history", "institution, points, grade"),
    "lines_now": ("score_line_history", "institution, part, rule, number, points, reference"),
}


def _collect_slice(release: ReadableRelease) -> None:
    """Add a slice's scores and lines to the temporary tables `scores_now` and `lines_now`."""
    queries = {"scores_now": grades_sql(), "lines_now": worded_lines_sql()}
    for table, query in queries.items():
        columns = HISTORIES[table][1]
        release.connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {table} AS SELECT {columns} FROM ({query}) LIMIT 0"
        )
        release.connection.execute(f"INSERT INTO {table} SELECT {columns} FROM ({query})")


def _is_unchanged(release: Draft, policy: Policy, as_of: date) -> bool:
    """Whether exactly these scores, with exactly these lines, are kept for the day already."""
    kept = release.connection.execute(
        """SELECT arg_max(edition, run), max(run) FROM score_days
           WHERE policy = ? AND as_of = ? HAVING max(run) IS NOT NULL""",
        [policy.id, as_of],
    ).fetchall()
    if not kept or kept[0][0] != policy.edition:
        return False
    at = {"policy": policy.id, "edition": policy.edition, "run": kept[0][1]}
    return not any(
        release.connection.execute(
            f"{DIFFERING.format(table=table, columns=columns, now=now, kept=KEPT_AT)} LIMIT 1", at
        ).fetchall()
        for now, (table, columns) in HISTORIES.items()
    )


def _write_changes(release: Draft, policy: Policy, as_of: date) -> None:
    """Write what differs from the last scores by this policy: lines that hold no more end, new ones are added."""
    connection = release.connection
    of_policy = {"policy": policy.id, "edition": policy.edition}
    for now, (table, columns) in HISTORIES.items():
        shape = {"table": table, "columns": columns, "now": now}
        differing = DIFFERING.format(**shape, kept=KEPT_NOW)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT institution FROM ({differing})",
            of_policy,
        )
        connection.execute(COMPARED.format(**shape, kept=KEPT_NOW), of_policy)
        end_rows(
            connection, table, "SELECT place FROM compared WHERE place IS NOT NULL", release.run
        )
        connection.execute(ADDED.format(**shape), {**of_policy, "run": release.run})
    connection.execute(
        "INSERT INTO added.score_days VALUES (?, ?, ?, ?)",
        [policy.id, policy.edition, as_of, release.run],
    )


KEPT_NOW = "policy = $policy AND edition = $edition AND known_to IS NULL"
KEPT_AT = """policy = $policy AND edition = $edition
    AND known_from <= $run AND (known_to IS NULL OR known_to > $run)"""

# What is computed but not kept, and what is kept but not computed. A line may stand twice: so rows are counted.
DIFFERING = """
(SELECT {columns} FROM {now} EXCEPT ALL SELECT {columns} FROM {table} WHERE {kept})
UNION ALL
(SELECT {columns} FROM {table} WHERE {kept} EXCEPT ALL SELECT {columns} FROM {now})
"""

# The rows of these alone, each with its number among equal ones: a kept row that is not there now has no partner.
COMPARED = """
CREATE OR REPLACE TEMP TABLE compared AS
WITH fresh AS (
    SELECT {columns}, row_number() OVER (PARTITION BY {columns}) AS copy
    FROM {now} SEMI JOIN changed USING (institution)
), kept AS (
    SELECT {columns}, place, row_number() OVER (PARTITION BY {columns} ORDER BY place) AS copy
    FROM placed.{table} SEMI JOIN changed USING (institution) WHERE {kept}
), both_sides AS (
    SELECT {columns}, copy, max(place) AS place, count(*) AS sides FROM (
        SELECT {columns}, copy, CAST(NULL AS BIGINT) AS place FROM fresh
        UNION ALL
        SELECT {columns}, copy, place FROM kept
    ) GROUP BY {columns}, copy
)
SELECT * FROM both_sides WHERE sides = 1
"""

ADDED = """
INSERT INTO added.{table}
SELECT $policy, $edition, {columns}, CAST($run AS INTEGER), NULL FROM compared WHERE place IS NULL
"""
