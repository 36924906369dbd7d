"""Queries on the 检查对象名录库: the institutions of a day, one institution with its names and history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.intake.entered_days import read_day
from double_random.registry.institutions.names import normalize_name
from double_random.registry.institutions.resolver import KnownParty, choose_match
from double_random.registry.tables import column_names
from double_random.store.bitemporal import knowledge_condition
from double_random.store.json_rows import query_json_lines, query_rows
from double_random.store.undo import effective_runs_condition

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Draft, Release


def institutions_as_of(
    release: Release | Draft, day: date, known_at: int | None = None
) -> polars.DataFrame:
    """All institutions whose history has begun by that day, as they were on that day; by id.

    id kind name uscc licence status district address head authority head_office founded licence_from licence_to
    valid_from former (list of the earlier names, oldest first) district_kept (its address gives no district: the last
    known one stays). `known_at`: as known at the run of that number.
    """
    return release.frame(
        AS_OF.format(
            known=knowledge_condition("$2", known_at),
            asked="true",
            kept=_district_kept_expression(release),
        )
        + "ORDER BY n.id",
        [day] if known_at is None else [day, known_at],
    )


def institutions_as_json(
    release: Release,
    day: date,
    known_at: int | None = None,
    only: Mapping[str, str] | None = None,
    between: str = "\n",
) -> bytes:
    """`institutions_as_of` as lines of JSON with `between` them; `only`: of this kind, district or status."""
    filters = {
        name: value
        for name, value in (only or {}).items()
        if name in ("kind", "district", "status")
    }
    chosen = " AND ".join(["true", *(f"{name} = ${name}" for name in filters)])
    table = AS_OF.format(
        known=knowledge_condition("$at", known_at),
        asked="true",
        kept=_district_kept_expression(release),
    )
    table = table.replace("$1", "$day")
    parameters = {"day": day, **filters} | ({} if known_at is None else {"at": known_at})
    return query_json_lines(
        release.connection,
        f"SELECT * FROM ({table}) AS everybody WHERE {chosen}",
        parameters,
        order="id",
        between=between,
    )


def count_by_status(release: Release, day: date) -> list[tuple[str, str, int]]:
    """Kind, status and number of the institutions in the register on that day; by kind and status."""
    return release.connection.execute(COUNTED, [day]).fetchall()


def _district_kept_expression(release: Release | Draft) -> str:
    """The column district_kept; releases of older versions have none."""
    here = "district_kept" in column_names(release.connection, "institutions")
    return "coalesce(n.district_kept, false)" if here else "false"


def latest_data_day(release: Release) -> date:
    """The day of the data: the newest one of a sync, load or score; the default if no day is given."""
    newest = release.connection.execute(
        f"SELECT max(as_of) FROM runs WHERE kind IN ('sync', 'load', 'score') AND {effective_runs_condition(release)}"
    ).fetchall()
    if newest[0][0] is None:
        raise Misuse(
            _("this home's register is empty"),
            _("read a drop first: double-random registry sync DROP --as-of DATE"),
        )
    day: date = newest[0][0]
    return day


def identify_institution(release: Release, asked: str) -> str:
    """The id of the one institution with this id, code or licence number, or with this present or former name or a
    unique part of it; Misuse with the candidates, or with those of a similar name.
    """
    query = asked.strip()
    matches = release.connection.execute(
        """SELECT DISTINCT id FROM institutions
           WHERE known_to IS NULL AND (id = $1 OR uscc = $2 OR licence = $2 OR folded = $2) ORDER BY id""",
        [query, normalize_name(query)],
    ).fetchall()
    if len(matches) == 1:
        return str(matches[0][0])
    return choose_match(
        asked,
        list_institutions(release),
        _("no institution is known as {asked}").format(asked=asked),
        _("find its code with: double-random registry list"),
    ).id


def list_institutions(release: Release) -> list[KnownParty]:
    """All institutions with their newest name, their numbers and their former names; by id."""
    institutions = release.connection.execute(
        """SELECT id, max_by(name, valid_from), list_sort(list(DISTINCT uscc)) || list_sort(list(DISTINCT licence)),
               list_sort(list(DISTINCT name))
           FROM institutions WHERE known_to IS NULL GROUP BY id ORDER BY id"""
    ).fetchall()
    return [
        KnownParty(
            id,
            name,
            tuple(number for number in numbers if number),
            tuple(other for other in names if other != name),
        )
        for id, name, numbers, names in institutions
    ]


def describe_institution(
    release: Release | Draft, institution: str, day: date, known_at: int | None = None
) -> dict[str, Any]:
    """One institution as of a day: its fields, its names with the time in force, and the history behind them."""
    connection = release.connection
    parameters = [institution] if known_at is None else [institution, known_at]
    condition = knowledge_condition("$2", known_at)
    current_rows = query_rows(
        connection,
        AS_OF.format(
            known=knowledge_condition("$3", known_at),
            asked="id = $2",
            kept=_district_kept_expression(release),
        ),
        [day, *parameters],
    )
    if not current_rows:
        raise Misuse(
            _("{id} was not yet in the register on {day}").format(id=institution, day=day),
            _("ask for a later day with --as-of"),
        )
    parts = {
        "names": NAMES,
        "versions": VERSIONS,
        "decisions": DECISIONS,
        "suspensions": SUSPENSIONS,
    }
    sections = {
        name: query_rows(connection, sql.format(known=condition), parameters)
        for name, sql in parts.items()
    }
    return current_rows[0] | {"as_of": day, **sections}


def institution_history(release: Release, institution: str) -> list[dict[str, Any]]:
    """All that was ever known of one institution, version by version, in the order in which it became known.

    learnt (the day of the run that added it), given_up (the day of the run that ended it; null: still known so),
    known_from and known_to (these runs), valid_from, valid_to and the version's fields.
    """
    return query_rows(release.connection, HISTORY, [institution])


def _parse_day(text: str) -> date:
    """The day that a text names, in any spelling; ValueError if it names none."""
    day = read_day(text)
    if day is None:
        raise ValueError(text)
    return day


def resolve_run(release: Release | Draft, known_at: str) -> int:
    """The run given by a day (the newest run up to it) or by its number; Misuse if there is none."""
    try:
        if known_at.isascii() and known_at.isdecimal():
            condition, value = "run = $1", str(int(known_at))
        else:
            condition, value = "as_of <= $1", _parse_day(known_at).isoformat()
    except ValueError:
        raise Misuse(
            _("{option}: {value} is not known").format(option="--known-at", value=known_at),
            _("give a day as YYYY-MM-DD, or the number of a run"),
        ) from None
    ((run,),) = release.connection.execute(
        f"SELECT max(run) FROM runs WHERE {condition}", [value]
    ).fetchall()
    if run is None:
        raise Misuse(
            _("nothing was known yet at {known_at}").format(known_at=known_at),
            _("the runs are listed by: double-random sql 'FROM runs'"),
        )
    return int(run)


AS_OF = """
WITH versions AS (
    SELECT * FROM institutions WHERE {known} AND {asked} AND valid_from <= $1
), now AS (
    SELECT * FROM versions WHERE valid_to IS NULL OR valid_to > $1
), earlier AS (
    SELECT id, name, folded, min(valid_from) AS since
    FROM versions WHERE valid_to <= $1
    GROUP BY id, name, folded
), former AS (
    SELECT e.id, list_transform(
        list_sort(list(struct_pack(since := e.since, name := e.name))), lambda one: one.name) AS former
    FROM earlier e JOIN now n ON n.id = e.id AND n.folded <> e.folded
    GROUP BY e.id
)
SELECT n.id, n.kind, n.name, n.uscc, n.licence, n.status, n.district, n.address, n.head, n.authority, n.head_office,
    n.founded, n.licence_from, n.licence_to, n.valid_from,
    coalesce(f.former, CAST([] AS TEXT[])) AS former, {kept} AS district_kept
FROM now n LEFT JOIN former f ON f.id = n.id
"""

COUNTED = """
SELECT kind, status, count(*) FROM institutions
WHERE known_to IS NULL AND valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1)
GROUP BY ALL ORDER BY ALL
"""

# A name's time in force: consecutive versions with one name are one period.
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

HISTORY = """
SELECT b.as_of AS learnt, e.as_of AS given_up, i.known_from, i.known_to, i.valid_from, i.valid_to,
    i.name, i.status, i.kind, i.uscc, i.licence, i.district, i.address, i.head, i.authority, i.head_office,
    i.licence_from, i.licence_to
FROM institutions i
JOIN runs b ON b.run = i.known_from
LEFT JOIN runs e ON e.run = i.known_to
WHERE i.id = $1
ORDER BY i.known_from, i.valid_from
"""
