"""Marks issues as resolved (了结), with author and reason; applied at each rebuild.

HOME/acts/closed.jsonl contains who decided it, when and why, one line each, and is append-only; of several decisions
on one issue (a quarantined row, a refused file, a note) the last one counts. The release contains the result (table
`settled`, how = closed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.registry import manual_decisions
from double_random.registry.quality.issues import (
    NUMBER,
    REFUSED,
    list_issues_about,
    list_numbered_issues,
)
from double_random.registry.quality.quarantine import CLOSED, EVERY
from double_random.registry.tables import ensure_tables
from double_random.store.tables import end_where

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.store.home import Home
    from double_random.store.releases import Release

SHORTEST = 6  # the shortest accepted beginning of an issue's number, if it is unique


@dataclass(frozen=True, kw_only=True)
class ClosingDecision:
    """One decision: the issue with this full number (SHA-256) is closed, or is open again."""

    content: str
    closed: bool
    who: str
    why: str
    day: str
    at: str


def close_issue(
    home: Home, asked: str, who: str, why: str, as_of: date, at: str, closed: bool = True
) -> str:
    """Store a person's decision on an issue, by its number, and make the resulting release; returns its name.

    Misuse if no issue, or more than one, has this number, or if who or why is empty.
    """
    if not who.strip() or not why.strip():
        raise Misuse(
            _("closing an issue needs who decided it and why"),
            _("say --by NAME and --reason 'the reason'"),
        )
    with home.releases.read() as release:
        numbers = _match_numbers(home, release, asked) if len(asked) >= SHORTEST else []
    if len(numbers) != 1:
        raise Misuse(
            _("no issue has the number {number}").format(number=asked)
            if not numbers
            else _("several issues begin with {number}").format(number=asked),
            _("the numbers stand in: double-random registry issues"),
        )
    word = ClosingDecision(
        content=numbers[0],
        closed=closed,
        who=who.strip(),
        why=why.strip(),
        day=as_of.isoformat(),
        at=at,
    )
    with home.releases.write("close", as_of) as draft:
        manual_decisions.append_decision(home, "closed", "close", word)
        apply_resolutions(home, draft.connection, draft.run)
    return draft.name


def read_resolutions(home: Home) -> list[ClosingDecision]:
    """All decisions, in their order; DoubleRandomError if a line is damaged."""
    return manual_decisions.read_decisions(home, "closed", ClosingDecision)


def list_closed_issues(home: Home, release: Release) -> polars.DataFrame:
    """The issues that a person has closed, as `list_issues` has them, with closed_by, closed_why and closed_on.

    Also decisions on issues that this release does not know any more; of these only the number is known.
    """
    import polars

    issues, resolutions = list_numbered_issues(release, CLOSED), _latest_resolutions(home)
    joined = issues.join(resolutions, on="content", how="left", maintain_order="left")
    gone = resolutions.join(issues, on="content", how="anti", maintain_order="left")
    number = polars.col("content").str.slice(0, NUMBER).alias("id")
    return polars.concat([joined, gone.with_columns(number)], how="diagonal").drop("content")


def list_institution_issues(home: Home, release: Release, institution: str) -> list[dict[str, Any]]:
    """The issues about an institution, the open ones first; closed_by, closed_why and closed_on of those closed."""
    latest = {word.content: word for word in read_resolutions(home)}
    listed = []
    for issue in list_issues_about(release, institution):
        word = latest.get(issue["content"]) if issue["closed"] else None
        who, why, on = (word.who, word.why, word.day) if word else (None, None, None)
        listed.append(issue | {"closed_by": who, "closed_why": why, "closed_on": on})
    return listed


def _latest_resolutions(home: Home) -> polars.DataFrame:
    """The last decision on each closed issue: content, closed_by, closed_why, closed_on."""
    import polars

    latest = {word.content: word for word in read_resolutions(home)}
    return polars.DataFrame(
        [
            (resolution.content, resolution.who, resolution.why, resolution.day)
            for resolution in latest.values()
            if resolution.closed
        ],
        schema=dict.fromkeys(("content", "closed_by", "closed_why", "closed_on"), polars.String),
        orient="row",
    )


def apply_resolutions(home: Home, connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Update the closed rows of the table `settled` to the decisions made so far."""
    ensure_tables(connection)
    latest = {word.content: word.closed for word in read_resolutions(home)}
    connection.execute("CREATE OR REPLACE TEMP TABLE said_closed (content TEXT)")
    for content in sorted(content for content, closed in latest.items() if closed):
        connection.execute("INSERT INTO said_closed VALUES (?)", [content])
    end_where(connection, "settled", REOPENED, run)
    connection.execute(ADDED, {"run": run})


def _match_numbers(home: Home, release: Release, asked: str) -> list[str]:
    """The full numbers with this beginning: of rows, files and notes, and of closed issues that are not known any
    more.
    """
    numbers = {word.content for word in read_resolutions(home)} | set(
        list_numbered_issues(release, EVERY)["content"]
    )
    if release.has("set_aside"):
        numbers |= set(release.frame(NUMBERS)["content"])
    return sorted(content for content in numbers if content.startswith(asked))


NUMBERS = f"""
SELECT content FROM set_aside WHERE known_to IS NULL
UNION
SELECT {REFUSED} FROM files f WHERE f.result = 'refused'
"""

REOPENED = "how = 'closed' AND content NOT IN (SELECT content FROM said_closed)"

ADDED = """
INSERT INTO added.settled
SELECT content, 'closed', $run, NULL FROM said_closed
WHERE content NOT IN (SELECT content FROM settled WHERE known_to IS NULL)
ORDER BY ALL
"""
