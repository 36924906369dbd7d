"""The faults in the files, as data: every quarantined or noted row, with its position and the reason.

Every issue has a number by which a person may close it (resolutions.py): a quarantined row by its content, a refused
file by its name and content, a note by its text. A changed text, such as one more record, is another note.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_
from double_random.intake.reasons import NO_SUCH_INSTITUTION
from double_random.registry import reasons
from double_random.registry.inspectors.recusals import find_unmatched
from double_random.registry.institutions.names import core_name, normalize_name
from double_random.registry.practitioners.claims import CLAIMS, list_waiting
from double_random.registry.practitioners.queries import find_practitioner_notes
from double_random.registry.quality import quarantine
from double_random.registry.quality.duplicate_foundings import find_duplicate_foundings
from double_random.registry.quality.ended_repairs import find_ended_repairs
from double_random.registry.quality.name_mismatches import find_name_mismatches
from double_random.registry.quality.prohibited_changes import find_prohibited_changes
from double_random.store.json_rows import query_rows
from double_random.store.undo import effective_runs_condition

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Release


SHORTEST = 2  # characters of a distinctive part
MOST = 5  # candidates
NUMBER = 12  # characters of a number as it is shown
PRIVATE = re.compile(r"\\?[\ue000-\uf8ff\U000f0000-\U0010ffff]")
SEVERITIES = (N_("quarantined"), N_("noted"), N_("refused"))

# The number of a refused file, as an expression over a row of `files`: its name and content.
REFUSED = "sha256(concat_ws(chr(31), 'refused', f.file, f.sha256))"
# The number of a note on a row or file: file name, text, and its rank among equal notes there.
NOTED = """
CASE WHEN severity = 'noted' THEN sha256(concat_ws(chr(31), 'noted', file, sheet, "column", value, reason, name,
    row_number() OVER (PARTITION BY file, sha256, sheet, "column", value, reason, name, severity ORDER BY row)))
ELSE '' END
"""


def list_issues(release: Release, which: str = quarantine.STANDING) -> polars.DataFrame:
    """file sheet row column value reason name severity candidates id files.

    A quarantined row is listed until a corrected one arrives or a person closes it (quarantine.py, resolutions.py):
    once, at its last counted position, with the names of all files that contained it. Notes and refusals are those of
    the last reading of each file name by each command, until a person closes them. `id` is the number of each. Undone
    runs do not count. An issue that both commands report, such as a file that both refuse, is listed once. A row that
    waited for its institution and is linked now is not an issue any more. Reasons are the English sentences of the
    closed lists (intake/reasons.py, registry/reasons.py). Candidates are ids of institutions that an unknown name may
    mean, or of persons whom a waiting row may mean, for a manual decision (`registry link`). Issues of institutions
    themselves (recusals.py, prohibited_changes.py, ended_repairs.py …) are the last, without a file: column is the
    institution's id. `which`:
    the open ones, or those that a person has closed (quarantine.CLOSED).
    """
    return list_numbered_issues(release, which).drop("content")


def list_numbered_issues(release: Release, which: str = quarantine.STANDING) -> polars.DataFrame:
    """`list_issues` with their whole numbers, `content`; `which` may be quarantine.EVERY."""
    return _append_notes(release, _list_row_issues(release, which), list_notes(release, which))


def _append_notes(
    release: Release, row_issues: polars.DataFrame, institution_notes: Sequence[dict[str, Any]]
) -> polars.DataFrame:
    """The issues of rows and files with their candidates, then the notes on institutions."""
    import polars

    asked = (
        row_issues.filter(polars.col("reason") == NO_SUCH_INSTITUTION)["name"].unique().to_list()
    )
    may_be = find_candidates(release, asked)
    persons = _person_candidates(release)
    lists = [
        may_be.get(name, []) if reason == NO_SUCH_INSTITUTION else persons.get(content, [])
        for name, reason, content in row_issues.select("name", "reason", "content").iter_rows()
    ]
    texts = polars.List(polars.String)
    row_issues = row_issues.with_columns(
        polars.Series("candidates", lists, dtype=texts),
        polars.col("content").str.slice(0, NUMBER).alias("id"),
    ).select(polars.exclude("id", "files", "content"), "id", "files", "content")
    against = [
        {"file": "", "sheet": "", "row": 0} | note | {"candidates": [], "files": []}
        for note in institution_notes
    ]
    return polars.concat([row_issues, polars.DataFrame(against, schema=row_issues.schema)])


def _person_candidates(release: Release) -> dict[str, list[str]]:
    """Who may be meant by rows about persons that wait: the row's number → ids of practitioners."""
    if not release.has(CLAIMS):
        return {}
    waiting = list_waiting(release)
    rows = release.connection.execute(
        "SELECT DISTINCT content, claim FROM set_aside WHERE known_to IS NULL AND claim IS NOT NULL"
    ).fetchall()
    return {content: waiting[claim][1] for content, claim in rows if claim in waiting}


def list_notes(release: Release, which: str = quarantine.STANDING) -> list[dict[str, Any]]:
    """The notes on institutions: name, column (the id), value, reason, severity, id, content."""
    closed_states = {quarantine.STANDING: (False,), quarantine.CLOSED: (True,)}.get(
        which, (False, True)
    )
    return [note for note, closed in _collect_notes(release) if closed in closed_states]


def _collect_notes(release: Release) -> list[tuple[dict[str, Any], bool]]:
    """All notes on institutions, each with whether a person has closed it."""
    if not release.has("institutions"):
        return []
    closed = set()
    if release.has("settled"):
        numbers = release.connection.execute(quarantine.CLOSED_NUMBERS).fetchall()
        closed = {number for (number,) in numbers}
    collected = []
    for kind, ask in SAYING.items():
        for note in ask(release):
            subject = note.pop("about", note["value"])
            content = sha256(
                "\x1f".join(("noted", kind, note["column"], subject)).encode()
            ).hexdigest()
            number = {"severity": "noted", "id": content[:NUMBER], "content": content}
            collected.append((note | number, content in closed))
    return collected


def list_issues_about(release: Release, institution: str) -> list[dict[str, Any]]:
    """The issues, as `list_numbered_issues` without candidates, of an institution, by its id or under any of its names.

    `closed`: whether a person has closed it; open ones are the first.
    """
    folded = release.connection.execute(
        "SELECT DISTINCT folded FROM institutions WHERE id = $1 AND known_to IS NULL", [institution]
    ).fetchall()
    own = {name for (name,) in folded}
    notes = _collect_notes(release)
    listed: list[dict[str, Any]] = []
    for which, closed in ((quarantine.STANDING, False), (quarantine.CLOSED, True)):
        sql = _row_issues_query(release, which)
        names = release.connection.execute(f"SELECT DISTINCT name FROM ({sql})").fetchall()
        named = [name for (name,) in names if normalize_name(name or "") in own]
        about = f"""SELECT *, substr(content, 1, {NUMBER}) AS id FROM ({sql})
                    WHERE list_contains($named, name) OR "column" = $institution ORDER BY ALL"""
        rows = query_rows(release.connection, about, {"named": named, "institution": institution})
        rows += [
            {"file": "", "sheet": "", "row": 0} | note
            for note, ended in notes
            if ended == closed
            and (note["column"] == institution or normalize_name(note["name"] or "") in own)
        ]
        listed += [row | {"closed": closed} for row in rows]
    return listed


def count_open_issues(release: Release) -> dict[str, Any]:
    """How many issues are open: quarantined (rows), notes (on institutions, by reason), row_notes (others)."""
    ((quarantined, row_notes),) = release.connection.execute(
        f"""SELECT count(DISTINCT (content, file, sheet, row)) FILTER (severity = 'quarantined'),
                count(*) FILTER (severity = 'noted')
            FROM ({_row_issues_query(release)})"""
    ).fetchall()
    return {
        "quarantined": quarantined,
        "notes": dict(sorted(Counter(str(note["reason"]) for note in list_notes(release)).items())),
        "row_notes": row_notes,
    }


def _list_row_issues(release: Release, which: str = quarantine.STANDING) -> polars.DataFrame:
    """Every issue of a file, a sheet or a row, without candidates."""
    return release.frame(_row_issues_query(release, which))


def _row_issues_query(release: Release, which: str = quarantine.STANDING) -> str:
    """The query for every issue of a file, a sheet or a row; rows whose institution is known by now are left out."""
    sql = FORMER.replace("{which}", "" if which != quarantine.CLOSED else "WHERE false")
    if release.has("set_aside"):
        sql = ISSUES.replace("{places}", quarantine.open_places_query(release, which)).replace(
            "{which}", which
        )
    sql = sql.format(standing=effective_runs_condition(release))
    waits = "true"
    if release.has("claims"):
        waits = f"(claimed OR reason <> '{NO_SUCH_INSTITUTION}' OR name IN ({WAITING}))"
    return f"SELECT * EXCLUDE (claimed) FROM ({sql}) WHERE {waits} ORDER BY ALL"


def find_candidates(release: Release, asked: Sequence[str]) -> dict[str, list[str]]:
    """For each name up to five institutions with this name, now or before, or with its distinctive part."""
    if not asked or not release.has("institutions"):
        return {}
    folded_names = release.connection.execute(
        "SELECT DISTINCT folded, id FROM institutions WHERE known_to IS NULL ORDER BY ALL"
    ).fetchall()
    by_core: dict[str, set[str]] = {}
    for folded, id_ in folded_names:
        by_core.setdefault(core_name(folded), set()).add(id_)
    ids_by_name = {}
    for name in asked:
        own_core = core_name(normalize_name(name))
        if len(own_core) >= SHORTEST:
            ids = set(by_core.get(own_core, ()))
            for theirs, some in by_core.items():
                if len(theirs) >= SHORTEST and (own_core in theirs or theirs in own_core):
                    ids |= some
            if PRIVATE.search(name):  # a private-use character matches any character
                like = re.compile(PRIVATE.sub(".", re.escape(normalize_name(name))))
                ids |= {id_ for folded, id_ in folded_names if like.fullmatch(folded)}
            ids_by_name[name] = sorted(ids)[:MOST]
    return ids_by_name


def _find_without_district(release: Release) -> list[dict[str, Any]]:
    """Institutions without a known district; an address without a district is reported at its row."""
    return query_rows(release.connection, WITHOUT_DISTRICT)


# A note's number contains the key here, so it stays the same when the sentence changes.
SAYING: dict[str, Callable[[Release], list[dict[str, Any]]]] = {
    "recusal": find_unmatched,
    "forbidden": find_prohibited_changes,
    "misnamed": find_name_mismatches,
    "founded twice": find_duplicate_foundings,
    "repair ended": find_ended_repairs,
    "no district": _find_without_district,
    "practitioner": find_practitioner_notes,
}

WITHOUT_DISTRICT = f"""
SELECT name, id AS "column", '' AS value, '{reasons.NOWHERE}' AS reason FROM institutions
WHERE known_to IS NULL AND valid_to IS NULL AND status IN ('active', 'suspended') AND district IS NULL
    AND address IS NULL
ORDER BY id
"""

WAITING = """
SELECT coalesce(name, '') AS name
FROM claims ANTI JOIN (SELECT claim FROM links WHERE known_to IS NULL) USING (claim)
UNION
SELECT name FROM decisions WHERE institution IS NULL AND known_to IS NULL AND name IS NOT NULL
"""

READS = """
WITH reads AS (
    SELECT f.file, f.sha256, f.run, r.kind
    FROM (SELECT * FROM files WHERE {standing}) f JOIN runs r ON r.run = f.run
    QUALIFY rank() OVER (PARTITION BY f.file, r.kind ORDER BY f.run DESC) = 1
), refused AS (
    SELECT f.file, '' AS sheet, 0 AS row, '' AS "column", '' AS value, f.reason, '' AS name, 'refused' AS severity,
        {number} AS content, CAST([] AS TEXT[]) AS files, false AS claimed
    FROM files f JOIN reads r ON r.file = f.file AND r.sha256 = f.sha256 AND r.run = f.run
    WHERE f.result = 'refused'
), said AS (
    SELECT DISTINCT i.file, i.sha256, i.sheet, i.row, i."column", i.value, i.reason, i.name, i.severity
    FROM issues i JOIN reads r ON r.file = i.file AND r.sha256 = i.sha256 AND r.run = i.run
), latest AS (
    SELECT DISTINCT * EXCLUDE (sha256), CAST([] AS TEXT[]) AS files, false AS claimed
    FROM (SELECT *, {noted} AS content FROM said)
)
""".replace("{number}", REFUSED).replace("{noted}", NOTED)

# For a release of an older version: the last reading of each file.
FORMER = READS + "SELECT * FROM (FROM latest UNION FROM refused) {which} ORDER BY ALL"

ISSUES = (
    READS
    + """
, places AS (
    {places}
), open AS (
    SELECT content, list_sort(list(DISTINCT file)) AS files, bool_or(claim IS NOT NULL) AS claimed,
        arg_max(struct_pack(file := file, sheet := sheet, row := row, run := listed, sha256 := sha256),
            (listed IS NOT NULL, arrived, file, row)) AS seen
    FROM places GROUP BY content
), aside AS (
    SELECT DISTINCT i.file, i.sheet, i.row, i."column", i.value, i.reason, i.name, i.severity,
        o.content, o.files, o.claimed
    FROM open o JOIN issues i ON i.run = o.seen.run AND i.file = o.seen.file AND i.sheet = o.seen.sheet
        AND i.row = o.seen.row AND i.severity = 'quarantined' AND i.sha256 = coalesce(o.seen.sha256, i.sha256)
)
FROM aside
UNION
FROM latest l WHERE l.content {which} AND (l.severity <> 'quarantined'
    OR NOT EXISTS (SELECT 1 FROM set_aside s WHERE s.file = l.file AND s.sheet = l.sheet AND s.row = l.row))
UNION
FROM refused r WHERE r.content {which}
ORDER BY ALL
"""
)
