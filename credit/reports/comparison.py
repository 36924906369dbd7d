"""Compares two policies over all institutions: changes of grade, by which rule and clause, and how many are tied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.credit.policy.model import Policy, Scale
from double_random.credit.scoring.kept_scores import last_run_number
from double_random.credit.scoring.pipeline import grades_sql, query_slices, worded_lines_sql
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.credit.scoring.ranking import list_registered

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Release

FORMAT = "double-random/comparison/1"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """The effect of a change of policy on a day.

    `matrix`: grade_a, then one column for each grade of b (counts). `movers`: institutions whose grade or share of the
    scale changes: institution name kind district points_a grade_a points_b grade_b change (of rank; negative: to a
    worse grade; 0: only the score changes). `top_a`, `top_b`: the length of each scale. `reasons`: institution part
    rule points_a points_b reference_a reference_b: the sums of the lines in which the two differ, for movers. `rules`:
    the same for all movers together: part rule reference_a reference_b movers points_a points_b.
    """

    a: Policy
    b: Policy
    as_of: date
    matrix: polars.DataFrame
    movers: polars.DataFrame
    reasons: polars.DataFrame
    rules: polars.DataFrame
    graded: int
    tied_a: int
    tied_b: int
    top_a: int = 1
    top_b: int = 1

    @property
    def regraded_count(self) -> int:
        """How many of the movers change their grade, not only their score."""
        return self.movers.filter(self.movers["change"] != 0).height

    def json(self) -> dict[str, Any]:
        """The comparison as a JSON object with its format's name and version."""
        return {
            "format": FORMAT,
            "a": self.a.id,
            "b": self.b.id,
            "as_of": str(self.as_of),
            "graded": self.graded,
            "tied_a": self.tied_a,
            "tied_b": self.tied_b,
            "matrix": self.matrix.to_dicts(),
            "movers": self.movers.to_dicts(),
            "reasons": self.reasons.to_dicts(),
            "rules": self.rules.to_dicts(),
        }


def compare_policies(release: Release, a: Policy, b: Policy, as_of: date) -> Comparison:
    """Compare two policies on a day, for all institutions that both grade. Misuse if there are none.

    Tied institutions share their points with another one. A mover's grade has another rank from the best, or, if both
    policies have the same grades, another name.
    """
    import polars

    scores_a, lines_a = _score_with_lines(release, a, as_of)
    scores_b, lines_b = _score_with_lines(release, b, as_of)
    both = scores_a.join(scores_b, on="institution", suffix="_b").rename(
        {"points": "points_a", "grade": "grade_a"}
    )
    if not both.height:
        raise Misuse(
            _("nobody is graded by both {a} and {b} on {day}").format(a=a.id, b=b.id, day=as_of),
            _("compare policies for the same kinds of institutions"),
        )
    names_a = [bound.grade for bound in a.in_force_on(as_of).scale.bounds]
    names_b = [bound.grade for bound in b.in_force_on(as_of).scale.bounds]
    both = both.with_columns(
        change=_grade_rank("grade_a", names_a) - _grade_rank("grade_b", names_b),
    ).with_columns(polars.col("change").cast(polars.Int64))
    top_a, top_b = (
        _scale_length(a.in_force_on(as_of).scale),
        _scale_length(b.in_force_on(as_of).scale),
    )
    otherwise = (
        (polars.col("grade_a") != polars.col("grade_b"))
        if names_a == names_b
        else (polars.col("change") != 0)
    )
    moved = both.filter(otherwise | _points_differ(top_a, top_b))
    movers = moved.join(list_registered(release, as_of), on="institution", how="left").select(
        "institution",
        "name",
        "kind",
        "district",
        "points_a",
        "grade_a",
        "points_b",
        "grade_b",
        "change",
    )
    reasons = _build_reasons(movers, lines_a, lines_b, top_a, top_b)
    return Comparison(
        a=a,
        b=b,
        as_of=as_of,
        matrix=_build_matrix(both, names_a, names_b),
        movers=movers.sort("change", "institution"),
        reasons=reasons,
        rules=_sum_by_rule(reasons),
        graded=both.height,
        tied_a=count_tied(both["points_a"]),
        tied_b=count_tied(both["points_b"]),
        top_a=top_a,
        top_b=top_b,
    )


def _scale_length(scale: Scale) -> int:
    """The length of a scale, for points as a share of it: the base points; if they are 0, the ceiling."""
    return scale.base if scale.base > 0 else max(scale.ceiling or 0, 1)


def _points_differ(top_a: int, top_b: int) -> polars.Expr:
    """Whether points are a different share of b's scale than of a's; cross-multiplied whole numbers."""
    import polars

    return polars.col("points_a") * top_b != polars.col("points_b") * top_a


def count_tied(points: polars.Series) -> int:
    """How many share their points with another institution."""
    counts = points.value_counts(name="count")["count"]
    return int(counts.filter(counts > 1).sum())


def _score_with_lines(
    release: Release, policy: Policy, as_of: date
) -> tuple[polars.DataFrame, polars.DataFrame]:
    """Scores, and the sums of the lines by part and rule: institution part rule points reference."""
    scores, lines = query_slices(
        release,
        policy,
        ScoringQuery(as_of, last_run_number(release)),
        grades_sql(),
        f"""SELECT institution, part, rule, CAST(SUM(points) AS BIGINT) AS points, min(reference) AS reference
            FROM ({worded_lines_sql()}) GROUP BY institution, part, rule""",
    )
    return scores.sort("institution"), lines.sort("institution", "part", "rule")


def _grade_rank(column: str, names: list[str]) -> polars.Expr:
    import polars

    ranks = {name: position for position, name in enumerate(names)}
    return polars.col(column).replace_strict(ranks, return_dtype=polars.Int64)


def _build_matrix(
    both: polars.DataFrame, names_a: list[str], names_b: list[str]
) -> polars.DataFrame:
    import polars

    counts = {(a, b): n for a, b, n in both.group_by("grade_a", "grade_b").len().iter_rows()}
    return polars.DataFrame(
        [{"grade_a": a, **{b: counts.get((a, b), 0) for b in names_b}} for a in names_a]
    )


def _build_reasons(
    movers: polars.DataFrame,
    lines_a: polars.DataFrame,
    lines_b: polars.DataFrame,
    top_a: int,
    top_b: int,
) -> polars.DataFrame:
    """The lines of movers in which the policies differ, side by side."""
    import polars

    keys = ["institution", "part", "rule"]
    moved = movers.select("institution")
    both = lines_a.join(moved, on="institution").join(
        lines_b.join(moved, on="institution"), on=keys, how="full", coalesce=True, suffix="_b"
    )
    return (
        both.rename(
            {"points": "points_a", "reference": "reference_a", "reference_b": "reference_b"}
        )
        .with_columns(polars.col("points_a", "points_b").fill_null(0))
        .filter(
            _points_differ(top_a, top_b)
            | (polars.col("part") == "veto")
            & (polars.col("reference_a").is_null() | polars.col("reference_b").is_null())
        )
        .select(*keys, "points_a", "points_b", "reference_a", "reference_b")
        .sort(keys)
    )


def _sum_by_rule(reasons: polars.DataFrame) -> polars.DataFrame:
    import polars

    return (
        reasons.group_by("part", "rule")
        .agg(
            polars.col("institution").n_unique().alias("movers").cast(polars.Int64),
            polars.col("points_a", "points_b").sum(),
            polars.col("reference_a", "reference_b").max(),
        )
        .sort("movers", "part", "rule", descending=[True, False, False])
    )
