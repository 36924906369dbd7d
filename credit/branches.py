"""Branches (分所) and their head offices, where a policy counts a branch's records for its head office too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from registry.names import fold_expression

if TYPE_CHECKING:
    import polars

    from credit.parameters import Question
    from credit.policy import Policy


class Asked(Protocol):
    """Whatever answers a query."""

    def ask(self, sql: str) -> polars.DataFrame: ...


def branches(engine: Asked, policy: Policy, question: Question) -> polars.DataFrame:
    """head, branch: both by their numbers in the ledger; empty where the policy says `own`.

    A register names the head office; it is found by the name in force on the day, and only where one institution
    bears it.
    """
    import polars

    if policy.branch_records == "own":
        return polars.DataFrame(schema={"head": polars.Int32, "branch": polars.Int32})
    known = engine.ask(KNOWN.format(day=question.as_of, run=question.known_at))
    alone = known.filter(polars.col("folded").is_unique()).select("folded", head="who")
    wanted = known.filter(polars.col("head_office").is_not_null()).select(
        branch="who", folded=fold_expression("head_office")
    )
    found = wanted.join(alone, on="folded").filter(polars.col("head") != polars.col("branch"))
    return found.select("head", "branch").sort("head", "branch")


KNOWN = """
SELECT h.who, i.folded, i.head_office
FROM institutions AS i
JOIN ledger_holders AS h ON h.institution = i.id
WHERE i.valid_from <= DATE '{day}' AND (i.valid_to IS NULL OR i.valid_to > DATE '{day}')
  AND i.known_from <= {run} AND (i.known_to IS NULL OR i.known_to > {run})
ORDER BY h.who
"""
