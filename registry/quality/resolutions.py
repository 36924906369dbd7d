"""Marks quarantined rows and refused files as resolved (了结), with author and reason; applied at each rebuild.

HOME/acts/closed.jsonl has who said it, when and why, a line each, and is only ever added to; of several words on one
row the last one counts. The release has what follows from it (table `settled`, how = closed).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.registry import manual_decisions
from double_random.registry.tables import ensure

if TYPE_CHECKING:
    import duckdb

    from double_random.store.home import Home

# The number of a refused file, over a row of `files`: of this content under this name.
REFUSED = "sha256(concat_ws(chr(31), 'refused', f.file, f.sha256))"
SHORTEST = 6  # characters of a row's number that are enough, where one row alone begins with them


@dataclass(frozen=True, kw_only=True)
class Word:
    """One decision: the row or file of this content (SHA-256) is done with, or is open again."""

    content: str
    closed: bool
    who: str
    why: str
    day: str
    at: str


def close(
    home: Home, asked: str, who: str, why: str, as_of: date, at: str, closed: bool = True
) -> str:
    """Keep a person's word on a quarantined row, by its number, and make the release that follows; its name.

    Misuse where no row, or more than one, has this number, or where who or why is empty.
    """
    if not who.strip() or not why.strip():
        raise Misuse(
            _("closing a row needs who decided it and why"),
            _("say --by NAME and --reason 'the reason'"),
        )
    with home.releases.read() as release:
        found: list[tuple[str]] = []
        if release.has("set_aside") and len(asked) >= SHORTEST:
            found = release.connection.execute(NUMBERED, [asked]).fetchall()
    if len(found) != 1:
        raise Misuse(
            _("no quarantined row has the number {number}").format(number=asked)
            if not found
            else _("several quarantined rows begin with {number}").format(number=asked),
            _("the numbers stand in: double-random registry issues"),
        )
    word = Word(
        content=found[0][0],
        closed=closed,
        who=who.strip(),
        why=why.strip(),
        day=as_of.isoformat(),
        at=at,
    )
    with home.releases.write("close", as_of) as draft:
        manual_decisions.keep(home, "closed", "close", word)
        apply(home, draft.connection, draft.run)
    return draft.name


def words(home: Home) -> list[Word]:
    """Everything that was ever said, in its order; DoubleRandomError where a line is damaged."""
    return manual_decisions.words(home, "closed", Word)


def apply(home: Home, connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Bring the closed rows of the table `settled` to what has been said until now."""
    ensure(connection)
    latest = {word.content: word.closed for word in words(home)}
    connection.execute("CREATE OR REPLACE TEMP TABLE said_closed (content TEXT)")
    for content in sorted(content for content, closed in latest.items() if closed):
        connection.execute("INSERT INTO said_closed VALUES (?)", [content])
    connection.execute(ENDED, {"run": run})
    connection.execute(ADDED, {"run": run})


NUMBERED = f"""
SELECT content FROM set_aside WHERE known_to IS NULL AND starts_with(content, $1)
UNION
SELECT {REFUSED} FROM files f WHERE f.result = 'refused' AND starts_with({REFUSED}, $1)
"""

ENDED = """
UPDATE settled SET known_to = $run
WHERE known_to IS NULL AND how = 'closed' AND content NOT IN (SELECT content FROM said_closed)
"""

ADDED = """
INSERT INTO settled
SELECT content, 'closed', $run, NULL FROM said_closed
WHERE content NOT IN (SELECT content FROM settled WHERE known_to IS NULL)
ORDER BY ALL
"""
