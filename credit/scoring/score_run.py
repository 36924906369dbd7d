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

if TYPE_CHECKING:
    import polars

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
                _write_slice(release, policy, as_of, release.run)
        score_table = _read_scores(release, policy, as_of, release.run)
        if not score_table.height:  # an empty result must not pass for a score run
            raise Stopped(
                _("{policy} finds no active institution to grade on {day}").format(
                    policy=policy.id, day=as_of
                ),
                _("read the permits first: double-random registry sync DROP --as-of DATE"),
            )
        new = not _is_unchanged(release, policy, as_of, score_table)
        if new or folded:
            _delete_superseded(release, policy, as_of, new)
        else:
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


KEY = "policy = ? AND edition = ? AND as_of = ?"


def _write_slice(release: ReadableRelease, policy: Policy, as_of: date, run: int) -> None:
    """Insert a slice's scores and lines; kept ones stay."""
    key = [policy.id, policy.edition, as_of]
    release.connection.execute(
        f"""INSERT INTO scores
            SELECT ?, ?, CAST(? AS DATE), institution, points, grade, ? FROM ({grades_sql()})""",
        [*key, run],
    )
    release.connection.execute(
        f"""INSERT INTO score_lines
            SELECT ?, ?, CAST(? AS DATE), institution, part, rule, number, points, reference, ?
            FROM ({worded_lines_sql()}) AS worded""",
        [*key, run],
    )


def _read_scores(
    release: ReadableRelease, policy: Policy, as_of: date, run: int
) -> polars.DataFrame:
    return release.frame(
        f"SELECT institution, points, grade FROM scores WHERE {KEY} AND run = ? ORDER BY institution",
        (policy.id, policy.edition, as_of, run),
    )


def _is_unchanged(
    release: Draft, policy: Policy, as_of: date, score_table: polars.DataFrame
) -> bool:
    """Whether exactly these scores, with exactly these lines, were kept already."""
    key = [policy.id, policy.edition, as_of]
    ((before,),) = release.connection.execute(
        f"SELECT max(run) FROM scores WHERE {KEY} AND run < ?", [*key, release.run]
    ).fetchall()
    if before is None or not score_table.equals(_read_scores(release, policy, as_of, before)):
        return False
    lines = f"""SELECT institution, part, rule, number, points, reference FROM score_lines
                WHERE {KEY} AND run"""
    ((differing,),) = release.connection.execute(
        f"""SELECT (SELECT count(*) FROM ({lines} = ? EXCEPT ALL {lines} < ?) AS more)
                 + (SELECT count(*) FROM ({lines} < ? EXCEPT ALL {lines} = ?) AS fewer)""",
        [value for _turn in range(4) for value in (*key, release.run)],
    ).fetchall()
    return bool(differing == 0)


def _delete_superseded(release: Draft, policy: Policy, as_of: date, new: bool) -> None:
    """Keep either the new scores and lines of a day or the earlier ones; other days stay unchanged."""
    other = "<>" if new else "="
    release.connection.execute(
        f"DELETE FROM scores WHERE policy = ? AND as_of = ? AND run {other} ?",
        [policy.id, as_of, release.run],
    )
    release.connection.execute(
        f"DELETE FROM score_lines WHERE policy = ? AND as_of = ? AND run {other} ?",
        [policy.id, as_of, release.run],
    )
