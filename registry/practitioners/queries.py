"""Queries on the register of practitioners: the persons of a day, one person with its history, who is where."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.registry import reasons
from double_random.registry.institutions.names import normalize_name
from double_random.registry.institutions.resolver import KnownParty, choose_match
from double_random.store.bitemporal import knowledge_condition, period_condition
from double_random.store.json_rows import query_rows

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Draft, Release

TABLE = "practitioners"  # its presence says that the release has persons


def practitioners_as_of(
    release: Release | Draft, day: date, known_at: int | None = None
) -> polars.DataFrame:
    """All practitioners whose history has begun by that day, as they were on that day; by id.

    id kind category name licence status institution institution_name district employer authority first_decided
    licence_from licence_to valid_from former (list of the earlier names, oldest first). The institution is that of
    the day, the newest one if both decisions of two posts allow them; its district is the person's.
    """
    if not release.has(TABLE):
        return release.frame(NOBODY)
    return release.frame(
        AS_OF.format(known=knowledge_condition("$2", known_at), asked="true") + "ORDER BY id",
        [day] if known_at is None else [day, known_at],
    )


def list_members(
    release: Release | Draft, institution: str, day: date, known_at: int | None = None
) -> list[dict[str, Any]]:
    """Who practises in an institution on a day: id name kind category licence status since; by name and id."""
    if not release.has(TABLE):
        return []
    return query_rows(
        release.connection,
        MEMBERS.format(known=knowledge_condition("$3", known_at)),
        [day, institution] if known_at is None else [day, institution, known_at],
    )


def identify_practitioner(release: Release, asked: str) -> str:
    """The id of the one practitioner with this id or licence number, past ones included, or with this name.

    Misuse with the candidates: namesakes are told apart by their numbers.
    """
    query = normalize_name(asked).removeprefix("P:")
    matches = (
        release.connection.execute(BY_NUMBER, [query]).fetchall() if release.has(TABLE) else []
    )
    if len(matches) == 1:
        return str(matches[0][0])
    return choose_match(
        asked,
        list_practitioners(release),
        _("no practitioner is known as {asked}").format(asked=asked),
        _("find the licence number with: double-random registry list --kind lawyer"),
    ).id


def find_practitioner(release: Release, asked: str) -> str:
    """The id of the practitioner with this id or licence number, or with this name where no institution has a like one;
    empty if it is none. Misuse with the candidates of a name that several bear.
    """
    if not release.has(TABLE):
        return ""
    query = normalize_name(asked)
    if query.startswith("P:") or release.connection.execute(BY_NUMBER, [query]).fetchall():
        return identify_practitioner(release, asked)
    named = release.connection.execute(
        "SELECT 1 FROM practitioners WHERE known_to IS NULL AND folded = ? LIMIT 1", [query]
    ).fetchall()
    return identify_practitioner(release, asked) if named else ""


def list_practitioners(release: Release | Draft) -> list[KnownParty]:
    """All practitioners with their newest name, their numbers and their former names; by id."""
    if not release.has(TABLE):
        return []
    return [
        KnownParty(id_, name, tuple(numbers), tuple(other for other in names if other != name))
        for id_, name, numbers, names in release.connection.execute(PARTIES).fetchall()
    ]


def describe_practitioner(
    release: Release | Draft, practitioner: str, day: date, known_at: int | None = None
) -> dict[str, Any]:
    """One practitioner as of a day: its fields, and licences, names, versions, employment, decisions, penalties and
    notes.
    """
    condition = knowledge_condition("$2", known_at)
    parameters = [practitioner] if known_at is None else [practitioner, known_at]
    table = AS_OF.format(known=knowledge_condition("$3", known_at), asked="id = $2")
    rows = query_rows(release.connection, table, [day, *parameters])
    if not rows:
        raise Misuse(
            _("{id} was not yet in the register on {day}").format(id=practitioner, day=day),
            _("ask for a later day with --as-of"),
        )
    parts = {
        "licences": LICENCES,
        "names": NAMES,
        "versions": VERSIONS,
        "employment": EMPLOYMENT,
        "decisions": DECISIONS,
        "penalties": PENALTIES,
        "notes": NOTES,
    }
    sections = {
        name: query_rows(release.connection, sql.format(known=condition), parameters)
        for name, sql in parts.items()
    }
    return rows[0] | {"as_of": day, **sections}


def find_practitioner_notes(release: Release) -> list[dict[str, Any]]:
    """What a supervisor should be told of persons, and permits that wait since another came: name, column (the id),
    value, reason, about.
    """
    if not release.has(TABLE):
        return []
    return release.frame(TOLD).to_dicts() + release.frame(OUSTED).to_dicts()


NOBODY = """
SELECT '' AS id, '' AS kind, '' AS category, '' AS name, '' AS licence, '' AS status, '' AS institution,
    '' AS institution_name, '' AS district, '' AS employer, '' AS authority, CAST(NULL AS DATE) AS first_decided,
    CAST(NULL AS DATE) AS licence_from, CAST(NULL AS DATE) AS licence_to, CAST(NULL AS DATE) AS valid_from,
    CAST([] AS TEXT[]) AS former
WHERE false
"""

AS_OF = f"""
WITH versions AS (
    SELECT * FROM practitioners WHERE {{known}} AND {{asked}} AND valid_from <= $1
), now AS (
    SELECT * FROM versions WHERE valid_to IS NULL OR valid_to > $1
), posts AS (
    SELECT practitioner, institution FROM employment
    WHERE {{known}} AND {period_condition("$1")}
    QUALIFY row_number() OVER (PARTITION BY practitioner ORDER BY since DESC NULLS LAST, institution) = 1
), seats AS (
    SELECT id, name, district FROM institutions WHERE {{known}}
    QUALIFY row_number() OVER (
        PARTITION BY id ORDER BY valid_from <= $1 DESC, abs(date_diff('day', valid_from, $1)), valid_from) = 1
), earlier AS (
    SELECT id, name, folded, min(valid_from) AS since FROM versions WHERE valid_to <= $1 GROUP BY id, name, folded
), former AS (
    SELECT e.id, list_transform(
        list_sort(list(struct_pack(since := e.since, name := e.name))), lambda one: one.name) AS former
    FROM earlier e JOIN now n ON n.id = e.id AND n.folded <> e.folded
    GROUP BY e.id
)
SELECT n.id, n.kind, n.category, n.name, n.licence, n.status, p.institution, s.name AS institution_name, s.district,
    n.employer, n.authority, n.first_decided, n.licence_from, n.licence_to, n.valid_from,
    coalesce(f.former, CAST([] AS TEXT[])) AS former
FROM now n
LEFT JOIN posts p ON p.practitioner = n.id
LEFT JOIN seats s ON s.id = p.institution
LEFT JOIN former f ON f.id = n.id
"""

MEMBERS = f"""
SELECT n.id, n.name, n.kind, n.category, n.licence, n.status, e.since
FROM (SELECT * FROM employment WHERE institution = $2 AND {{known}}) e
JOIN (SELECT * FROM practitioners WHERE {{known}}) n
    ON n.id = e.practitioner AND n.valid_from <= $1 AND coalesce(n.valid_to > $1, true)
WHERE {period_condition("$1", "e.")}
ORDER BY n.name, n.id
"""

BY_NUMBER = """
SELECT DISTINCT practitioner FROM practitioner_decisions
WHERE known_to IS NULL AND practitioner IS NOT NULL AND $1 IN (licence, former_licence)
"""

PARTIES = """
WITH numbers AS (
    SELECT practitioner, list_sort(list_distinct(flatten(list([licence, former_licence])))) AS numbers
    FROM practitioner_decisions WHERE known_to IS NULL AND practitioner IS NOT NULL GROUP BY practitioner
)
SELECT p.id, max_by(p.name, p.valid_from), any_value(n.numbers), list_sort(list(DISTINCT p.name))
FROM practitioners p JOIN numbers n ON n.practitioner = p.id
WHERE p.known_to IS NULL GROUP BY p.id ORDER BY p.id
"""

LICENCES = """
SELECT licence, min(since) AS since FROM (
    SELECT licence, decided AS since FROM practitioner_decisions WHERE practitioner = $1 AND {known}
    UNION ALL
    SELECT former_licence, NULL FROM practitioner_decisions
    WHERE practitioner = $1 AND {known} AND former_licence IS NOT NULL
) GROUP BY licence ORDER BY since NULLS FIRST, licence
"""

NAMES = """
WITH marked AS (
    SELECT name, valid_from, valid_to,
        lag(folded) OVER (ORDER BY valid_from) IS DISTINCT FROM folded AS new
    FROM practitioners WHERE id = $1 AND {known}
), spells AS (
    SELECT *, CAST(sum(CAST(new AS INTEGER)) OVER (ORDER BY valid_from) AS INTEGER) AS spell FROM marked
)
SELECT min_by(name, valid_from) AS name, min(valid_from) AS "from",
    CASE WHEN bool_or(valid_to IS NULL) THEN NULL ELSE max(valid_to) END AS "to"
FROM spells GROUP BY spell ORDER BY spell
"""

VERSIONS = """
SELECT valid_from, valid_to, name, category, status, licence, employer, licence_from, licence_to, known_from, known_to
FROM practitioners WHERE id = $1 AND {known} ORDER BY valid_from
"""

EMPLOYMENT = """
SELECT e.institution, (
        SELECT arg_min(i.name, (i.valid_from > e.since, abs(date_diff('day', i.valid_from, e.since)), i.valid_from))
        FROM institutions i WHERE i.id = e.institution AND i.known_to IS NULL
    ) AS name, e.since AS "from", e.until AS "to", e.why, e.known_from, e.known_to
FROM employment e WHERE e.practitioner = $1 AND {known} ORDER BY e.since NULLS FIRST, e.until NULLS LAST, e.institution
"""

DECISIONS = """
SELECT decided, event, state, document, title, name, licence, authority
FROM practitioner_decisions WHERE practitioner = $1 AND {known} ORDER BY decided, document, decision
"""

PENALTIES = """
SELECT p.decided, p.ends, p.event, p.document, p.authority
FROM (SELECT penalty FROM practitioner_links WHERE practitioner = $1 AND {known}) l
JOIN practitioner_penalties p ON p.penalty = l.penalty AND p.known_to IS NULL
ORDER BY p.decided, p.document, p.penalty
"""

NOTES = """
SELECT reason, day, value FROM practitioner_notes WHERE practitioner = $1 AND {known} ORDER BY day, reason, value
"""

TOLD = """
SELECT p.name, n.practitioner AS "column", concat_ws(' ', n.day, coalesce(i.name, n.value)) AS value, n.reason,
    concat_ws(chr(31), n.reason, n.day, n.value) AS about
FROM practitioner_notes n
JOIN (SELECT id, max_by(name, valid_from) AS name FROM practitioners WHERE known_to IS NULL GROUP BY id) p
    ON p.id = n.practitioner
LEFT JOIN (SELECT id, max_by(name, valid_from) AS name FROM institutions WHERE known_to IS NULL GROUP BY id) i
    ON i.id = n.value
WHERE n.known_to IS NULL ORDER BY ALL
"""

# Permits that an earlier run had taken: each is listed, though no quarantined row tells of it.
OUSTED = f"""
SELECT d.name, 'P:' || d.licence AS "column", concat_ws(' ', d.decided, d.document) AS value,
    coalesce(d.held, '{reasons.OTHER_PERSON}') AS reason, d.decision AS about
FROM practitioner_decisions d
WHERE d.known_to IS NULL AND d.practitioner IS NULL
    AND d.decision NOT IN (SELECT claim FROM set_aside WHERE claim IS NOT NULL AND known_to IS NULL)
ORDER BY ALL
"""
