-- The owner of a decision follows from its kind, code, licence number and name alone. So it is computed once for each
-- distinct combination, of which there are far fewer than decisions.
-- A host's code (12…, 52…, 91…) may belong to several institutions: then each is identified by its licence number.
CREATE OR REPLACE TEMP TABLE owners AS
WITH sayings AS (
    SELECT kind, uscc, licence, folded, bool_or(event = 'founded') AS founds FROM (
        SELECT kind, uscc, licence, folded, event FROM asked_again
        UNION ALL
        SELECT kind, uscc, licence, folded, event FROM incoming
    ) GROUP BY kind, uscc, licence, folded
), shared AS (
    SELECT uscc FROM sayings
    WHERE uscc IS NOT NULL AND left(uscc, 2) NOT IN (SELECT prefix FROM own_prefixes)
    GROUP BY uscc
    HAVING count(DISTINCT kind) > 1 OR count(DISTINCT licence) FILTER (founds) > 1
), coded AS (
    SELECT s.*,
        CASE WHEN k.by_code AND s.uscc NOT IN (SELECT uscc FROM shared) THEN s.uscc
             WHEN k.by_licence AND s.uscc IS NOT NULL THEN 'L:' || s.licence END AS code_id
    FROM sayings AS s JOIN kind_ids AS k ON k.kind = s.kind
), holders AS (
    SELECT licence, min(code_id) AS holder FROM coded
    WHERE licence IS NOT NULL AND code_id IS NOT NULL
    GROUP BY licence HAVING count(DISTINCT code_id) = 1
), numbered AS (
    SELECT c.*,
        coalesce(c.code_id, h.holder, CASE WHEN k.by_licence THEN 'L:' || c.licence END) AS number_id
    FROM coded AS c JOIN kind_ids AS k ON k.kind = c.kind
    LEFT JOIN holders AS h ON h.licence = c.licence AND c.code_id IS NULL
), contested AS (
    SELECT number_id FROM numbered WHERE number_id IS NOT NULL
    GROUP BY number_id HAVING count(DISTINCT folded) FILTER (founds) > 1
), contesting AS MATERIALIZED (
    SELECT * FROM numbered WHERE number_id IN (SELECT number_id FROM contested)
), said AS MATERIALIZED (
    SELECT c.number_id, c.number_id IS NOT DISTINCT FROM c.uscc AS coded, d.folded, d.event,
        d.state, d.decided, coalesce(d.document, '') AS document,
        contains(concat_ws(' ', d.title, d.content), '名称') AS renames
    FROM contesting AS c
    JOIN (
        SELECT kind, uscc, licence, folded, event, state, decided, document, title, content
        FROM placed.decisions WHERE place IN (SELECT place FROM asked_again)
        UNION ALL
        SELECT kind, uscc, licence, folded, event, state, decided, document, title, content FROM incoming
    ) AS d ON d.kind = c.kind AND d.uscc IS NOT DISTINCT FROM c.uscc AND d.licence IS NOT DISTINCT FROM c.licence
        AND d.folded = c.folded
), founding AS MATERIALIZED (
    SELECT * FROM said AS s
    WHERE event = 'founded' AND state = 'valid' AND NOT EXISTS (
        SELECT 1 FROM said AS r
        WHERE r.number_id = s.number_id AND r.folded = s.folded AND r.renames AND r.event <> 'founded'
    )
), founded AS MATERIALIZED (
    SELECT number_id, folded, regexp_replace(folded, $region, '') AS rest,
        min(struct_pack(by_licence := NOT coded, decided := decided, folded := folded)) AS since,
        bool_or(coded) AS coded
    FROM founding
    GROUP BY number_id, folded
), held AS MATERIALIZED (
    SELECT l.number_id, l.folded
    FROM founded AS l
    JOIN (SELECT number_id, min(since) AS since FROM founded GROUP BY number_id) AS o ON o.number_id = l.number_id
    JOIN founded AS f ON f.number_id = l.number_id AND f.since = o.since
    WHERE NOT l.coded AND NOT starts_with(l.rest, f.rest) AND NOT starts_with(f.rest, l.rest)
        AND NOT EXISTS (
            SELECT 1 FROM founding AS x JOIN founding AS y ON y.number_id = x.number_id AND y.document = x.document
            WHERE x.number_id = l.number_id AND x.folded = l.folded AND y.folded = f.folded
        )
), bearers AS (
    SELECT folded, kind, min(number_id) AS bearer FROM numbered
    WHERE number_id IS NOT NULL AND (number_id, folded) NOT IN (SELECT (number_id, folded) FROM held)
        AND folded IN (SELECT folded FROM numbered WHERE number_id IS NULL)
    GROUP BY folded, kind HAVING count(DISTINCT number_id) = 1
)
SELECT n.kind, coalesce(n.uscc, '') AS uscc, coalesce(n.licence, '') AS licence, n.folded,
    CASE WHEN h.folded IS NULL THEN coalesce(n.number_id, d.institution, b.bearer) ELSE d.institution END
        AS institution,
    CASE WHEN d.institution IS NULL THEN h.number_id END AS held
FROM numbered AS n
LEFT JOIN held AS h ON h.number_id = n.number_id AND h.folded = n.folded
LEFT JOIN decided_links AS d ON (n.number_id IS NULL OR h.folded IS NOT NULL) AND d.folded = n.folded
    AND d.known_to IS NULL
LEFT JOIN bearers AS b ON n.number_id IS NULL AND b.folded = n.folded AND b.kind = n.kind
