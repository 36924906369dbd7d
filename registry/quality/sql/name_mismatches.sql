-- Names given with a code whose bearer never had them. Reads
-- record_documents (claim, document), the numbers of records, beside the register.
-- Of millions of claims nearly all give a name of the bearer of their code: these are removed by the small list
-- of these names, and only the rest is joined with links and records.
WITH known AS (
    SELECT id, uscc, name, folded, valid_from FROM institutions WHERE known_to IS NULL
), names AS MATERIALIZED (
    SELECT DISTINCT id, folded FROM known
), by_code AS (
    SELECT DISTINCT k.uscc AS code, n.folded FROM known AS k JOIN names AS n ON n.id = k.id WHERE k.uscc IS NOT NULL
), strange AS MATERIALIZED (
    SELECT c.claim, c.code, c.name, c.folded, c.day
    FROM claims AS c ANTI JOIN by_code AS b ON b.code = c.code AND b.folded = c.folded
    WHERE c.code IS NOT NULL AND c.folded <> ''
), sayings AS (
    SELECT l.institution, s.code, s.name, s.folded, s.day, s.claim, CAST(NULL AS TEXT) AS document
    FROM strange AS s JOIN links AS l ON l.claim = s.claim AND l.known_to IS NULL AND l.how = 'code'
    UNION ALL
    SELECT d.institution, d.uscc, d.name, d.folded, d.decided, NULL, d.document
    FROM decisions AS d
    WHERE d.known_to IS NULL AND d.uscc = d.institution AND d.folded <> ''
        AND NOT contains(coalesce(d.title, ''), '名称')
        AND NOT regexp_matches(coalesce(d.content, ''), '变更名称|名称变更')
        AND NOT EXISTS (SELECT 1 FROM names AS n WHERE n.id = d.institution AND n.folded = d.folded)
        AND NOT EXISTS (
            SELECT 1 FROM decisions AS r JOIN names AS n ON n.id = r.institution AND n.folded = r.folded
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
        regexp_extract(p.folded, $region, 1) AS region, regexp_replace(p.folded, $region, '') AS rest,
        regexp_extract(n.folded, $region, 1) AS own_region, regexp_replace(n.folded, $region, '') AS own_rest
    FROM pairs AS p JOIN names AS n ON n.id = p.institution
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
    SELECT p.* FROM pairs AS p ANTI JOIN alike AS a ON a.institution = p.institution AND a.folded = p.folded
), own AS (
    SELECT f.institution, f.folded,
        coalesce(arg_max(k.name, k.valid_from) FILTER (k.valid_from <= f.said.day),
            arg_min(k.name, k.valid_from)) AS name
    FROM found AS f JOIN known AS k ON k.id = f.institution
    GROUP BY f.institution, f.folded
), documents AS (
    SELECT r.claim, min(r.document) AS document
    FROM record_documents AS r SEMI JOIN found AS f ON f.said.claim = r.claim GROUP BY r.claim
)
SELECT o.name, f.institution AS "column",
    concat_ws(' ', CAST(f.said.day AS TEXT), f.said.name, '≠', o.name, f.said.code,
        coalesce(nullif(f.said.document, ''), d.document), CASE WHEN f.times > 1 THEN '×' || f.times END) AS value,
    $reason AS reason
FROM found AS f
JOIN own AS o ON o.institution = f.institution AND o.folded = f.folded
LEFT JOIN documents AS d ON d.claim = f.said.claim
ORDER BY "column", value
