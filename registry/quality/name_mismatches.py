"""Names that contradict the code: the code links the row, and an issue reports that the institution never had the
name.

These names are not a contradiction: a name in force on any day, before or after; a name that lacks its region
or has the 市 of it, as linking's `near` accepts it; two names of which one is the beginning of the other, as
with a branch and its head office or with an institution and its host, whose code it may use; a name with one
bracket more, 北京…(上海)律师事务所; a name that a manual decision links to this institution (manual_links.py).
Decisions about a change of name are not reported, nor is a row if a right one has the same document and title; a change
that took effect has given its name to a version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.registry import reasons
from double_random.registry.institutions.names import region_pattern
from double_random.store.json_rows import query_rows

if TYPE_CHECKING:
    from double_random.store.releases import Draft, Release


def find_name_mismatches(release: Release | Draft) -> list[dict[str, str]]:
    """One issue for each institution and foreign name given with its code: name, column (its id), value, reason.

    The value has the first day of the foreign name, that name ≠ the institution's own on that day, the code, the
    document's number if it is known, and ×n if it occurs in several records or decisions.
    """
    if not (release.has("links") and release.has("decided_links")):  # an older version's
        return []
    sql = MISNAMED.format(
        region=region_pattern(),
        documents=DOCUMENTS if release.has("records") else NO_DOCUMENTS,
        reason=reasons.NAME_AGAINST_CODE,
    )
    return query_rows(release.connection, sql)


# Of millions of claims nearly all give a name of the bearer of their code: these are removed by the small list
# of these names, and only the rest is joined with links and records.
MISNAMED = r"""
WITH known AS (
    SELECT id, uscc, name, folded, valid_from FROM institutions WHERE known_to IS NULL
), names AS MATERIALIZED (
    SELECT DISTINCT id, folded FROM known
), by_code AS (
    SELECT DISTINCT k.uscc AS code, n.folded FROM known k JOIN names n ON n.id = k.id WHERE k.uscc IS NOT NULL
), strange AS MATERIALIZED (
    SELECT c.claim, c.code, c.name, c.folded, c.day
    FROM claims c ANTI JOIN by_code b ON b.code = c.code AND b.folded = c.folded
    WHERE c.code IS NOT NULL AND c.folded <> ''
), sayings AS (
    SELECT l.institution, s.code, s.name, s.folded, s.day, s.claim, CAST(NULL AS TEXT) AS document
    FROM strange s JOIN links l ON l.claim = s.claim AND l.known_to IS NULL AND l.how = 'code'
    UNION ALL
    SELECT d.institution, d.uscc, d.name, d.folded, d.decided, NULL, d.document
    FROM decisions d
    WHERE d.known_to IS NULL AND d.uscc = d.institution AND d.folded <> ''
        AND NOT contains(coalesce(d.title, ''), '名称')
        AND NOT regexp_matches(coalesce(d.content, ''), '变更名称|名称变更')
        AND NOT EXISTS (SELECT 1 FROM names n WHERE n.id = d.institution AND n.folded = d.folded)
        AND NOT EXISTS (
            SELECT 1 FROM decisions r JOIN names n ON n.id = r.institution AND n.folded = r.folded
            WHERE r.known_to IS NULL AND r.institution = d.institution AND r.document = d.document
                AND r.title IS NOT DISTINCT FROM d.title
        )
), pairs AS MATERIALIZED (
    SELECT institution, folded, count(*) AS times,
        min(struct_pack(day := day, name := name, code := code, claim := coalesce(claim, ''),
            document := coalesce(document, ''))) AS said
    FROM sayings GROUP BY institution, folded
), spelled AS (
    SELECT p.institution, p.folded, n.folded AS own,
        regexp_extract(p.folded, '{region}', 1) AS region, regexp_replace(p.folded, '{region}', '') AS rest,
        regexp_extract(n.folded, '{region}', 1) AS own_region, regexp_replace(n.folded, '{region}', '') AS own_rest
    FROM pairs p JOIN names n ON n.id = p.institution
), plain AS (
    SELECT *, regexp_replace(rest, '\([^()]*\)([^()]*)$', '\1') AS bare,
        regexp_replace(own_rest, '\([^()]*\)([^()]*)$', '\1') AS own_bare
    FROM spelled
), alike AS (
    SELECT DISTINCT institution, folded FROM plain
    WHERE (region = own_region OR region = '' OR own_region = '') AND length(rest) > 1 AND length(own_rest) > 1
        AND (starts_with(rest, own_rest) OR starts_with(own_rest, rest) OR bare = own_rest OR rest = own_bare)
    UNION
    SELECT institution, folded FROM decided_links WHERE known_to IS NULL AND record = ''
), found AS MATERIALIZED (
    SELECT p.* FROM pairs p ANTI JOIN alike a ON a.institution = p.institution AND a.folded = p.folded
), own AS (
    SELECT f.institution, f.folded,
        coalesce(arg_max(k.name, k.valid_from) FILTER (k.valid_from <= f.said.day),
            arg_min(k.name, k.valid_from)) AS name
    FROM found f JOIN known k ON k.id = f.institution
    GROUP BY f.institution, f.folded
), documents AS ({documents})
SELECT o.name, f.institution AS "column",
    concat_ws(' ', CAST(f.said.day AS TEXT), f.said.name, '≠', o.name, f.said.code,
        coalesce(nullif(f.said.document, ''), d.document), CASE WHEN f.times > 1 THEN '×' || f.times END) AS value,
    '{reason}' AS reason
FROM found f
JOIN own o ON o.institution = f.institution AND o.folded = f.folded
LEFT JOIN documents d ON d.claim = f.said.claim
ORDER BY "column", value
"""

DOCUMENTS = """
    SELECT r.record AS claim, min(r.document) AS document
    FROM records r SEMI JOIN found f ON f.said.claim = r.record
    WHERE r.known_to IS NULL GROUP BY r.record
"""

NO_DOCUMENTS = "SELECT '' AS claim, CAST(NULL AS TEXT) AS document WHERE false"
