"""`credit score`: computes every institution's score of a day and stores it with its lines in a new release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Stopped
from double_random.core.translation import _
from double_random.credit.policy.model import Policy
from double_random.credit.records import rulings
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring import engine_runner
from double_random.credit.scoring.affected import (
    find_affected,
    hash_scoring_program,
    load_sources,
)
from double_random.credit.scoring.pipeline import grades_sql, scored_slices, worded_lines_sql
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.store import memory_limit
from double_random.store.database import open_database
from double_random.store.engine.duckdb import DuckDB
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
        same = "" if folded else release.before
        affected = find_affected(release, policy, question) if engine is None else None
        if affected is None:
            _score_all(release, policy, question, engine, same)
        else:
            _score_some(home, release, policy, question, affected)
        some = affected is not None
        new = not _is_unchanged(release, policy, as_of, some)
        if new:
            _write_changes(release, policy, as_of, some)
        elif not folded:
            release.discard()
        grades = _count_grades(release, policy, some)
        if not grades:  # an empty result must not pass for a score run
            raise Stopped(
                _("{policy} finds no active institution to grade on {day}").format(
                    policy=policy.id, day=as_of
                ),
                _("read the permits first: double-random registry sync DROP --as-of DATE"),
            )
    counts = {bound.grade: grades.get(bound.grade, 0) for bound in rules.scale.bounds}
    return ScoreRun(
        policy=policy.id,
        edition=policy.edition,
        as_of=as_of,
        release=release.name,
        institutions=sum(counts.values()),
        grades=counts,
        new=new,
    )


HISTORIES = {  # what is computed → the history that keeps it, and its columns
    "scores_now": ("score_history", "institution, points, grade"),
    "lines_now": ("score_line_history", "institution, part, rule, number, points, reference"),
}


def _score_all(
    release: Draft, policy: Policy, question: ScoringQuery, engine: Engine | None, same: str
) -> None:
    """Make `scores_now` and `lines_now` of every institution. `same`: the release whose tables these still are."""
    if engine is None:
        computed = scored_slices(release, policy, question)
    else:
        computed = engine_runner.engine_slices(engine, release, policy, question, same)
    with computed as slices:
        for _slice in slices:
            _collect_slice(release)


def _score_some(
    home: Home, release: Draft, policy: Policy, question: ScoringQuery, affected: Sequence[str]
) -> None:
    """Make the same tables of these institutions alone, and `affected_now` with their ids."""
    import polars

    connection = release.connection
    names = polars.DataFrame({"institution": affected}, {"institution": polars.String})
    connection.register("named_now", names)
    connection.execute("CREATE OR REPLACE TEMP TABLE affected_now AS FROM named_now")
    connection.unregister("named_now")
    sources = load_sources(release, policy, question, affected)
    config = memory_limit.database_config(home, home.path.joinpath(".spill-score"))
    with closing(open_database(config=config)) as database:
        only = replace(question, only=tuple(affected))
        computed = engine_runner.compute_scores(DuckDB(database), sources, policy, only)
    for table, rows in (("scores_now", computed.scores), ("lines_now", computed.lines)):
        connection.register("computed", rows)
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {HISTORIES[table][1]} FROM computed"
        )
        connection.unregister("computed")


def _count_grades(release: Draft, policy: Policy, some: bool) -> dict[str, int]:
    """How many institutions have each grade."""
    if not some:
        rows = release.connection.execute("SELECT grade, count(*) FROM scores_now GROUP BY grade")
    else:
        rows = release.connection.execute(
            f"""SELECT grade, count(*) FROM score_history
                WHERE policy = $policy AND edition = $edition AND {KEPT_NOW} GROUP BY grade""",
            {"policy": policy.id, "edition": policy.edition},
        )
    return dict(rows.fetchall())


def _collect_slice(release: ReadableRelease) -> None:
    """Add a slice's scores and lines to the temporary tables `scores_now` and `lines_now`."""
    queries = {"scores_now": grades_sql(), "lines_now": worded_lines_sql()}
    for table, query in queries.items():
        columns = HISTORIES[table][1]
        release.connection.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {table} AS SELECT {columns} FROM ({query}) LIMIT 0"
        )
        release.connection.execute(f"INSERT INTO {table} SELECT {columns} FROM ({query})")


def _is_unchanged(release: Draft, policy: Policy, as_of: date, some: bool) -> bool:
    """Whether exactly these scores, with exactly these lines, are kept for the day already."""
    kept = release.connection.execute(
        """SELECT arg_max(edition, run), max(run) FROM score_days
           WHERE policy = ? AND as_of = ? HAVING max(run) IS NOT NULL""",
        [policy.id, as_of],
    ).fetchall()
    if not kept or kept[0][0] != policy.edition:
        return False
    at = {"policy": policy.id, "edition": policy.edition, "run": kept[0][1]}
    for now in HISTORIES:
        _collect_kept(release, now, KEPT_AT, at, some)
        if release.connection.execute(f"{_fill(DIFFERING, now)} LIMIT 1").fetchall():
            return False
    return True


def _write_changes(release: Draft, policy: Policy, as_of: date, some: bool) -> None:
    """Write what differs from the last scores by this policy: lines that hold no more end, new ones are added."""
    connection = release.connection
    of_policy = {"policy": policy.id, "edition": policy.edition}
    for now, (table, _columns) in HISTORIES.items():
        _collect_kept(release, now, KEPT_NOW, of_policy, some)
        connection.execute(_fill(CHANGED, now))
        connection.execute(_fill(COMPARED, now))
        end_rows(
            connection, table, "SELECT place FROM compared WHERE place IS NOT NULL", release.run
        )
        connection.execute(_fill(ADDED, now), {**of_policy, "run": release.run})
    connection.execute(
        "INSERT INTO added.score_days VALUES (?, ?, ?, ?, ?)",
        [policy.id, policy.edition, as_of, release.run, hash_scoring_program()],
    )


def _collect_kept(
    release: Draft, now: str, condition: str, parameters: Mapping[str, object], some: bool
) -> None:
    """Make `kept`: the kept rows that are compared; `some`: those of `affected_now` alone."""
    whose = " AND institution IN (FROM affected_now)" if some else ""
    of_policy = {name: parameters[name] for name in ("policy", "edition")}
    at = {name: parameters[name] for name in ("run",) if name in parameters}
    release.connection.execute(_fill(CANDIDATES, now) + whose, of_policy)
    release.connection.execute(f"{_fill(KEPT, now)}{condition}) USING (place)", at)


def _fill(sql: str, now: str) -> str:
    """SQL about what is computed and its history."""
    table, columns = HISTORIES[now]
    return sql.format(table=table, columns=columns, now=now)


KEPT_NOW = "known_to IS NULL"
KEPT_AT = "known_from <= $run AND (known_to IS NULL OR known_to > $run)"

# Rows are found without their ends first: then a scan reads the rows of these institutions alone.
CANDIDATES = """
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT place, {columns} FROM placed.{table} WHERE policy = $policy AND edition = $edition
"""

KEPT = """
CREATE OR REPLACE TEMP TABLE kept AS
SELECT * FROM candidates
SEMI JOIN (SELECT place FROM placed.{table} WHERE place IN (SELECT place FROM candidates) AND """

# What is computed but not kept, and what is kept but not computed. A line may stand twice: so rows are counted.
DIFFERING = """
(SELECT {columns} FROM {now} EXCEPT ALL SELECT {columns} FROM kept)
UNION ALL
(SELECT {columns} FROM kept EXCEPT ALL SELECT {columns} FROM {now})
"""

CHANGED = f"CREATE OR REPLACE TEMP TABLE changed AS SELECT DISTINCT institution FROM ({DIFFERING})"

# The rows of these alone, each with its number among equal ones: a kept row that is not there now has no partner.
COMPARED = """
CREATE OR REPLACE TEMP TABLE compared AS
WITH fresh AS (
    SELECT {columns}, row_number() OVER (PARTITION BY {columns}) AS copy
    FROM {now} SEMI JOIN changed USING (institution)
), stood AS (
    SELECT {columns}, place, row_number() OVER (PARTITION BY {columns} ORDER BY place) AS copy
    FROM kept SEMI JOIN changed USING (institution)
), both_sides AS (
    SELECT {columns}, copy, max(place) AS place, count(*) AS sides FROM (
        SELECT {columns}, copy, CAST(NULL AS BIGINT) AS place FROM fresh
        UNION ALL
        SELECT {columns}, copy, place FROM stood
    ) GROUP BY {columns}, copy
)
SELECT * FROM both_sides WHERE sides = 1
"""

ADDED = """
INSERT INTO added.{table}
SELECT $policy, $edition, {columns}, CAST($run AS INTEGER), NULL FROM compared WHERE place IS NULL
"""
