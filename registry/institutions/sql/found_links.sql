-- The institution of each of `asked_claims`, if one is certain: by code, licence number, name, manual decision, or near name.
CREATE OR REPLACE TEMP TABLE found AS
WITH known AS (
    SELECT id, uscc, licence, folded, valid_from, valid_to FROM institutions WHERE known_to IS NULL
), identities AS (
    SELECT id, max(uscc) AS uscc FROM known GROUP BY id
), by_code AS (
    SELECT c.claim, k.id, bool_or(k.licence = c.licence) AS licensed, bool_or(k.folded = c.folded) AS named
    FROM asked_claims AS c JOIN known AS k ON k.uscc = c.code
    GROUP BY c.claim, k.id
), code_answers AS (
    SELECT claim,
        CASE WHEN count(*) = 1 THEN min(id)
             WHEN count(*) FILTER (licensed) = 1 THEN min(id) FILTER (licensed)
             WHEN count(*) FILTER (named) = 1 THEN min(id) FILTER (named) END AS id
    FROM by_code GROUP BY claim
), by_licence AS (
    SELECT c.claim, min(k.id) AS id
    FROM asked_claims AS c JOIN known AS k ON k.licence = c.licence JOIN identities AS i ON i.id = k.id
    WHERE c.code IS NULL OR i.uscc IS NULL
    GROUP BY c.claim HAVING count(DISTINCT k.id) = 1
), by_name AS (
    SELECT c.claim, min(k.id) AS id
    FROM asked_claims AS c JOIN known AS k ON k.folded = c.folded
        AND (k.valid_from <= c.day OR c.day IS NULL)
        AND (k.valid_to IS NULL OR k.valid_to > c.day)
    JOIN identities AS i ON i.id = k.id
    WHERE c.code IS NULL OR i.uscc IS NULL
    GROUP BY c.claim HAVING count(DISTINCT k.id) = 1
), decided AS (
    SELECT d.folded, d.record, coalesce(own.id, moved.id) AS id
    FROM decided_links AS d
    LEFT JOIN identities AS own ON own.id = d.institution
    LEFT JOIN (
        SELECT 'L:' || licence AS former_id, min(id) AS id FROM known GROUP BY licence HAVING count(DISTINCT id) = 1
    ) AS moved ON moved.former_id = d.institution
    WHERE d.known_to IS NULL
), exact AS (
    SELECT c.claim, c.code, c.folded, c.day, l.id AS licence_id, n.id AS name_id, p.id AS person_id,
        r.id AS record_id, a.id AS code_id, a.claim IS NOT NULL AS coded
    FROM asked_claims AS c
    LEFT JOIN code_answers AS a ON a.claim = c.claim
    LEFT JOIN by_licence AS l ON l.claim = c.claim
    LEFT JOIN by_name AS n ON n.claim = c.claim
    LEFT JOIN decided AS p ON p.folded = c.folded AND p.folded <> '' AND a.claim IS NULL
    LEFT JOIN decided AS r ON r.record = c.claim AND r.record <> ''
), open AS (
    SELECT claim, code, day,
        regexp_extract(folded, $region, 1) AS region, regexp_replace(folded, $region, '') AS rest
    FROM exact
    WHERE NOT coded AND coalesce(record_id, person_id, licence_id, name_id) IS NULL AND folded IS NOT NULL
), bearers AS (
    SELECT id, valid_from, valid_to,
        regexp_extract(folded, $region, 1) AS region, regexp_replace(folded, $region, '') AS rest
    FROM known WHERE EXISTS (SELECT 1 FROM open)
), near AS (
    SELECT o.claim, min(b.id) AS id
    FROM open AS o JOIN bearers AS b ON b.rest = o.rest AND (b.region = o.region OR b.region = '' OR o.region = '')
        AND (b.valid_from <= o.day OR o.day IS NULL)
        AND (b.valid_to IS NULL OR b.valid_to > o.day)
    JOIN identities AS i ON i.id = b.id
    WHERE o.code IS NULL OR i.uscc IS NULL
    GROUP BY o.claim HAVING count(DISTINCT b.id) = 1
), answers AS (
    SELECT e.claim,
        CASE WHEN e.record_id IS NOT NULL THEN e.record_id
             WHEN e.coded THEN e.code_id
             WHEN e.person_id IS NULL AND e.licence_id <> e.name_id THEN NULL
             ELSE coalesce(e.person_id, e.licence_id, e.name_id, n.id) END AS institution,
        CASE WHEN e.record_id IS NOT NULL THEN 'person'
             WHEN e.coded THEN 'code'
             WHEN e.person_id IS NOT NULL THEN 'person'
             WHEN e.licence_id IS NOT NULL THEN 'licence'
             WHEN e.name_id IS NOT NULL THEN 'name' ELSE 'near' END AS how
    FROM exact AS e LEFT JOIN near AS n ON n.claim = e.claim
)
SELECT claim, institution, how FROM answers WHERE institution IS NOT NULL
