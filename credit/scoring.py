"""Scoring: score = f(records known, policy in force, as-of day). The rule itself is lines.sql and grades.sql.

Whole hundredths of a point; no clock, no chance, no fractions. The same question has one answer, for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Protocol

from credit import ledger, rulings
from credit.branches import branches
from credit.parameters import Question, Sort, tables
from credit.policy import InForce, Policy
from errors import Misuse, Stopped
from language import _
from store.engine import DuckDB

if TYPE_CHECKING:
    import duckdb
    import polars

    from store.engine import Engine
    from store.home import Home


class Opened(Protocol):
    """A release that is read, or the one in the making."""

    @property
    def connection(self) -> duckdb.DuckDBPyConnection: ...

    def frame(self, sql: str, parameters: tuple[object, ...] = ()) -> polars.DataFrame: ...


@dataclass(frozen=True)
class Scored:
    """What a score run did: the policy, the day, the release, and how many institutions have which grade."""

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


def score(home: Home, as_of: date, policy: Policy, engine: Engine | None = None) -> Scored:
    """Compute every active institution's score and keep it, with its lines, in a new release.

    `engine`: where it is computed, if not here; the release is the same, to the last bit.
    Where the same scores are kept already there is no new release. Misuse where the policy is not in force; Stopped
    where nobody is there to be graded, or a kind of record has no rule.
    """
    rules = policy.on(as_of)
    with home.releases.write("score", as_of) as release:
        folded = rulings.fold(home, release)
        question = Question(as_of, release.run)
        if engine is None:
            ledger.keep(release.connection)
            computed = asked(release, policy, question)
        else:
            from credit import anywhere

            same = "" if folded else release.before
            computed = anywhere.asked(engine, release, policy, question, same)
        with computed:
            found = release.frame(grades()).sort("institution")
            if not found.height:  # an empty night must not pass for a result
                raise Stopped(
                    _("{policy} finds no active institution to grade on {day}").format(
                        policy=policy.id, day=as_of
                    ),
                    _("read the permits first: double-random registry sync DROP --as-of DATE"),
                )
            new = not _kept(release, policy, as_of, found)
            if new:
                _keep(release, policy, as_of, release.run)
            elif not folded:
                release.discard()
    counts = {bound.grade: 0 for bound in rules.scale.bounds}
    for grade in found["grade"]:
        counts[grade] += 1
    return Scored(policy.id, policy.edition, as_of, release.name, found.height, counts, new)


def scores(
    release: Opened, as_of: date, policy: Policy, known_at: int | None = None
) -> polars.DataFrame:
    """Points (hundredths) and grade of every active institution on a day: institution points grade, by institution.

    As kept, where the last score run still answers the question; else computed. `known_at`: only what was known
    at the end of that run.
    """
    if known_at is None and fresh(release, policy, as_of):
        return release.frame(
            """SELECT institution, points, grade FROM scores
               WHERE policy = ? AND edition = ? AND as_of = ? ORDER BY institution""",
            (policy.id, policy.edition, as_of),
        )
    question = Question(as_of, last_run(release) if known_at is None else known_at)
    with asked(release, policy, question, lines=False):
        return release.frame(grades()).sort("institution")


RULE = {  # the rule, step by step: table → the SQL that makes it
    "policy_subjects": "subjects.sql",
    "policy_standing": "standing.sql",
    "policy_counted": "counted.sql",
    "policy_pairs": "pairs.sql",
    "policy_lines": "lines.sql",
}


@contextmanager
def asked(
    release: Opened, policy: Policy, question: Question, lines: bool = True
) -> Iterator[None]:
    """While this is open, the release has the policy's tables and `policy_lines`: every line that was asked for.

    `lines` False: they are not kept aside, only summed while they are made; for scores without explanation.
    """
    import duckdb

    rules = policy.on(question.as_of)
    connection = release.connection
    ledger.ensure(connection)
    sorts = connection.execute("SELECT sort, class, kinds, state FROM ledger_sorts").fetchall()
    refuse_forgotten(rules, sorts)
    engine = DuckDB(connection)
    parameters = tables(rules, question, sorts)
    for name, table in parameters.items():
        engine.give(name, table)
    parameters["policy_branches"] = branches(engine, policy, question)
    engine.give("policy_branches", parameters["policy_branches"])
    try:
        for name, file in RULE.items():
            if lines or name != "policy_lines":
                engine.make(name, sql(file))
        if not lines:
            connection.execute("CREATE OR REPLACE TEMP VIEW policy_lines AS " + sql("lines.sql"))
        yield
    finally:
        with suppress(duckdb.TransactionException):  # a failed draft is thrown away whole
            for name in reversed(RULE):
                kind = "TABLE" if lines or name != "policy_lines" else "VIEW"
                connection.execute(f"DROP {kind} IF EXISTS temp.{name}")
        for name in parameters:
            connection.unregister(name)


def refuse_forgotten(rules: InForce, sorts: Iterable[Sort]) -> None:
    """Stopped where the policy has neither a rule for a sort of records nor a word that it is ignored."""
    if forgotten := rules.forgotten((name, kinds, state) for _no, name, kinds, state in sorts):
        raise Stopped(
            _("{policy} has no rule for {kinds}").format(
                policy=rules.policy.id, kinds=", ".join(forgotten)
            ),
            _("write rules for them, or name them in `ignored`; no score was computed"),
        )


def numbered() -> str:
    """SQL: the lines that were asked for, numbered from 0 (the base) for each institution, in one fixed order."""
    return f"""
        SELECT institution,
               CAST(row_number() OVER (
                   PARTITION BY institution ORDER BY stage, decided, number, place, entry
               ) - 1 AS INTEGER) AS line,
               part, rule, number, points, reference
        FROM ({worded()}) AS worded
    """


def worded() -> str:
    """SQL: the lines that were asked for, with their words, in no order: as they are kept."""
    return """
        SELECT s.institution, l.stage, l.decided, l.place, l.entry, e.part, e.rule, l.number, l.points, e.reference
        FROM policy_lines AS l
        JOIN policy_subjects AS s ON s.who = l.who
        JOIN policy_entries AS e ON e.stage = l.stage AND e.place = l.place AND e.entry = l.entry
    """


def grades() -> str:
    """SQL: institution, points and grade, from the lines that were asked for."""
    return sql("grades.sql")


def fresh(release: Opened, policy: Policy, as_of: date) -> bool:
    """Whether scores of this policy's content and day are kept, and nothing but scores was written since."""
    if last_day(release, policy) is None:
        return False
    ((run,),) = release.connection.execute(
        "SELECT max(run) FROM scores WHERE policy = ? AND edition = ? AND as_of = ?",
        [policy.id, policy.edition, as_of],
    ).fetchall()
    if run is None:
        return False
    ((later,),) = release.connection.execute(
        "SELECT count(*) FROM runs WHERE run > ? AND kind <> 'score'", [run]
    ).fetchall()
    return bool(later == 0)


def last_day(release: Opened, policy: Policy) -> date | None:
    """The day of the newest scores that are kept of this policy's content; None where there are none."""
    ((found,),) = release.connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_name = 'scores'"
    ).fetchall()
    if not found:
        return None
    rows = release.connection.execute(
        "SELECT as_of FROM scores WHERE policy = ? AND edition = ? ORDER BY run DESC, as_of DESC LIMIT 1",
        [policy.id, policy.edition],
    ).fetchall()
    return rows[0][0] if rows else None


def run_of(release: Opened, text: str) -> int:
    """The run that is meant by its number, or by a day: the last one whose date argument is not after it.

    Misuse where there is none. Knowledge has runs, not hours: the clock is no part of a release.
    """
    if text.isdigit():
        sql, value = "SELECT max(run) FROM runs WHERE run <= ?", int(text)
    else:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise Misuse(
                _("{text} is no run and no day").format(text=text),
                _("write a run's number, or a day such as 2016-12-31"),
            ) from None
        sql, value = "SELECT max(run) FROM runs WHERE as_of <= ?", day  # type: ignore[assignment]
    ((run,),) = release.connection.execute(sql, [value]).fetchall()
    if run is None:
        raise Misuse(
            _("nothing was known yet at {text}").format(text=text),
            _("the runs are listed by: double-random sql 'SELECT * FROM runs'"),
        )
    return int(run)


def last_run(release: Opened) -> int:
    """The number of the newest run that the release knows of."""
    ((run,),) = release.connection.execute("SELECT coalesce(max(run), 0) FROM runs").fetchall()
    return int(run)


def apply_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the tables that scoring reads and writes, where they are missing."""
    connection.execute(files("registry").joinpath("schema.sql").read_text("utf-8"))
    connection.execute(files("credit").joinpath("schema.sql").read_text("utf-8"))


def _kept(release: Opened, policy: Policy, as_of: date, found: polars.DataFrame) -> bool:
    """Whether exactly these scores, by exactly these lines, are kept already."""
    key = (policy.id, policy.edition, as_of)
    kept = release.frame(
        """SELECT institution, points, grade FROM scores
           WHERE policy = ? AND edition = ? AND as_of = ? ORDER BY institution""",
        key,
    )
    if not kept.height or not kept.equals(found.sort("institution")):
        return False
    lines = "institution, part, rule, number, points, reference"
    ((differing,),) = release.connection.execute(
        f"""
        WITH now AS ({worded()}),
        kept AS (SELECT {lines} FROM score_lines WHERE policy = ? AND edition = ? AND as_of = ?)
        SELECT (SELECT count(*) FROM (SELECT {lines} FROM now EXCEPT ALL SELECT {lines} FROM kept) AS more)
             + (SELECT count(*) FROM (SELECT {lines} FROM kept EXCEPT ALL SELECT {lines} FROM now) AS fewer)
        """,
        list(key),
    ).fetchall()
    return bool(differing == 0)


def _keep(release: Opened, policy: Policy, as_of: date, run: int) -> None:
    """Scores stay for every day that was asked; lines only for the newest."""
    connection = release.connection
    connection.execute("DELETE FROM scores WHERE policy = ? AND as_of = ?", [policy.id, as_of])
    connection.execute("DELETE FROM score_lines WHERE policy = ?", [policy.id])
    key = [policy.id, policy.edition, as_of]
    connection.execute(
        f"""INSERT INTO scores
            SELECT ?, ?, CAST(? AS DATE), institution, points, grade, ? FROM ({grades()})""",
        [*key, run],
    )
    connection.execute(
        f"""INSERT INTO score_lines
            SELECT ?, ?, CAST(? AS DATE), institution, part, rule, number, points, reference, ?
            FROM ({worded()}) AS worded""",
        [*key, run],
    )


def sql(name: str) -> str:
    """One of this room's SQL files."""
    return files("credit").joinpath(name).read_text("utf-8")
