"""检查对象名录库: what is asked of it. The institutions of a day, one institution with its names and history."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from errors import Misuse
from language import N_, _
from registry.inspectors import known
from registry.names import fold

if TYPE_CHECKING:
    import polars

    from store.releases import Draft, Release


STATUSES = (
    N_("active"),
    N_("suspended"),
    N_("cancelled"),
    N_("revoked"),
    N_("withdrawn"),
    N_("moved_out"),
)


def as_of(release: Release | Draft, day: date, known_at: int | None = None) -> polars.DataFrame:
    """Everybody whose history has begun by that day, as it was on that day; by id.

    id kind name uscc licence status district address head authority head_office founded licence_from licence_to
    valid_from former (list of the earlier names, oldest first). `known_at`: as the run of that number knew it.
    """
    return release.frame(
        AS_OF.format(known=known("$2", known_at)), [day] if known_at is None else [day, known_at]
    )


def last_day(release: Release) -> date:
    """The date argument of the newest sync in a release: where no day is asked for, the register is shown as of it."""
    found = release.connection.execute(
        "SELECT as_of FROM runs WHERE kind = 'sync' ORDER BY run DESC LIMIT 1"
    ).fetchall()
    if not found:
        raise Misuse(
            _("this home's register is empty"),
            _("read a drop first: double-random registry sync DROP --as-of DATE"),
        )
    day: date = found[0][0]
    return day


def identify(release: Release, asked: str) -> str:
    """The id of the one institution meant by an id, a code, a licence number, or a name that it alone bears or bore."""
    wanted = asked.strip()
    found = release.connection.execute(
        """SELECT DISTINCT id FROM institutions
           WHERE known_to IS NULL AND (id = $1 OR uscc = $2 OR licence = $2 OR folded = $2) ORDER BY id""",
        [wanted, fold(wanted)],
    ).fetchall()
    if len(found) == 1:
        return str(found[0][0])
    if found:
        raise Misuse(
            _("{asked} may mean several institutions").format(asked=asked),
            _("name one of these: {ids}").format(ids=", ".join(row[0] for row in found)),
        )
    raise Misuse(
        _("no institution is known as {asked}").format(asked=asked),
        _("find its code with: double-random registry list"),
    )


def show(
    release: Release, institution: str, day: date, known_at: int | None = None
) -> dict[str, Any]:
    """One institution as of a day: its fields, its names with the time in force, and the history behind them."""
    import polars

    mine = as_of(release, day, known_at).filter(polars.col("id") == institution).to_dicts()
    if not mine:
        raise Misuse(
            _("{id} was not yet in the register on {day}").format(id=institution, day=day),
            _("ask for a later day with --as-of"),
        )
    parameters = [institution] if known_at is None else [institution, known_at]
    condition = known("$2", known_at)
    names = release.frame(NAMES.format(known=condition), parameters).to_dicts()
    versions = release.frame(VERSIONS.format(known=condition), parameters).to_dicts()
    decisions = release.frame(DECISIONS.format(known=condition), parameters).to_dicts()
    suspensions = release.frame(SUSPENSIONS.format(known=condition), parameters).to_dicts()
    return mine[0] | {
        "as_of": day,
        "names": names,
        "versions": versions,
        "decisions": decisions,
        "suspensions": suspensions,
    }


AS_OF = """
WITH versions AS (
    SELECT * FROM institutions WHERE {known} AND valid_from <= $1
), now AS (
    SELECT * FROM versions WHERE valid_to IS NULL OR valid_to > $1
), earlier AS (
    SELECT v.id, v.name, min(v.valid_from) AS since
    FROM versions v JOIN now n ON n.id = v.id AND n.folded <> v.folded
    GROUP BY v.id, v.name
), former AS (
    SELECT id, list(name ORDER BY since, name) AS former FROM earlier GROUP BY id
)
SELECT n.id, n.kind, n.name, n.uscc, n.licence, n.status, n.district, n.address, n.head, n.authority, n.head_office,
    n.founded, n.licence_from, n.licence_to, n.valid_from,
    coalesce(f.former, CAST([] AS TEXT[])) AS former
FROM now n LEFT JOIN former f ON f.id = n.id
ORDER BY n.id
"""

# A name's time in force: versions that follow one another under one name are one time.
NAMES = """
WITH marked AS (
    SELECT name, valid_from, valid_to,
        lag(name) OVER (ORDER BY valid_from) IS DISTINCT FROM name AS new
    FROM institutions WHERE id = $1 AND {known}
), spells AS (
    SELECT *, CAST(sum(CAST(new AS INTEGER)) OVER (ORDER BY valid_from) AS INTEGER) AS spell FROM marked
)
SELECT name, min(valid_from) AS "from", CASE WHEN bool_or(valid_to IS NULL) THEN NULL ELSE max(valid_to) END AS "to"
FROM spells GROUP BY spell, name ORDER BY spell
"""

VERSIONS = """
SELECT valid_from, valid_to, name, status, district, address, head, licence, licence_from, licence_to,
    known_from, known_to
FROM institutions WHERE id = $1 AND {known} ORDER BY valid_from
"""

DECISIONS = """
SELECT decided, event, state, document, title, name, authority
FROM decisions WHERE institution = $1 AND {known} ORDER BY decided, document, decision
"""

SUSPENSIONS = """
SELECT decided, ends, event, document, authority
FROM suspensions WHERE institution = $1 AND {known} ORDER BY decided, document, suspension
"""
