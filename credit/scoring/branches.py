"""Branches (分所) and their head offices, for policies that count a branch's records for its head office too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from double_random.registry.institutions.names import normalize_expression

if TYPE_CHECKING:
    import polars

    from double_random.credit.policy.model import Policy
    from double_random.credit.schema import ReadableRelease
    from double_random.credit.scoring.policy_tables import ScoringQuery


class QueryEngine(Protocol):
    """An engine that runs a query."""

    def ask(self, sql: str) -> polars.DataFrame:
        """Run a query and return its result."""


def find_branches(engine: QueryEngine, policy: Policy, question: ScoringQuery) -> polars.DataFrame:
    """head, branch: both by their numbers in the ledger; empty if the policy's value is `own`.

    The register gives the head office's name; it is matched by the name in force on the day, and only if exactly one
    institution has it.
    """
    import polars

    if policy.branch_records == "own":
        return polars.DataFrame(schema={"head": polars.Int32, "branch": polars.Int32})
    offices = engine.ask(NUMBERED.format(day=question.as_of, run=question.known_at))
    return _pair_branches(offices).sort("head", "branch")


def pair_branches_on(
    release: ReadableRelease, policy: Policy, question: ScoringQuery
) -> polars.DataFrame:
    """head, branch: both by their ids; empty if the policy's value is `own`."""
    import polars

    if policy.branch_records == "own":
        return polars.DataFrame(schema={"head": polars.String, "branch": polars.String})
    return _pair_branches(release.frame(KNOWN.format(day=question.as_of, run=question.known_at)))


def find_branch_names(
    release: ReadableRelease, policy: Policy, question: ScoringQuery, head: str
) -> dict[str, str]:
    """The branches whose records count for a head office: id → name on that day."""
    import polars

    if policy.branch_records == "own":
        return {}
    offices = release.frame(KNOWN.format(day=question.as_of, run=question.known_at))
    own_branches = _pair_branches(offices).filter(polars.col("head") == head).select(key="branch")
    return dict(own_branches.join(offices, on="key").select("key", "name").sort("key").iter_rows())


def _pair_branches(offices: polars.DataFrame) -> polars.DataFrame:
    """head, branch by their keys."""
    import polars

    alone = offices.filter(polars.col("folded").is_unique()).select("folded", head="key")
    named_heads = offices.filter(polars.col("head_office").is_not_null()).select(
        branch="key", folded=normalize_expression("head_office")
    )
    pairs = named_heads.join(alone, on="folded").filter(polars.col("head") != polars.col("branch"))
    return pairs.select("head", "branch")


IN_FORCE = """
WHERE i.valid_from <= DATE '{day}' AND (i.valid_to IS NULL OR i.valid_to > DATE '{day}')
  AND i.known_from <= {run} AND (i.known_to IS NULL OR i.known_to > {run})
ORDER BY key
"""
KNOWN = f"SELECT i.id AS key, i.name, i.folded, i.head_office FROM institutions AS i {IN_FORCE}"
NUMBERED = f"""
SELECT h.who AS key, i.folded, i.head_office
FROM institutions AS i
JOIN ledger_holders AS h ON h.institution = i.id
{IN_FORCE}
"""
