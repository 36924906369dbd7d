-- The rule, from top to bottom. Each institution's lines add up to its score.
-- Whole numbers only; in the SQL that DuckDB and Spark share. The policy comes as tables policy_* (parameters.py).
WITH
-- Who is graded: institutions of the policy's kinds that are active on the day, as known then.
subjects AS (
    SELECT i.id AS institution
    FROM institutions AS i
    JOIN policy_subjects AS k ON k.kind = i.kind
    CROSS JOIN policy_frame AS f
    WHERE i.status = 'active'
      AND i.valid_from <= f.as_of AND (i.valid_to IS NULL OR i.valid_to > f.as_of)
      AND i.known_from <= f.known_at AND (i.known_to IS NULL OR i.known_to > f.known_at)
      AND (f.only_one IS NULL OR i.id = f.only_one)
),
-- What is known about them and was decided by the day.
decided AS (
    SELECT l.institution, r.record, r.class, r.kinds, r.state, r.document_key, r.related_key,
           r.decided, coalesce(r.ends, r.decided) AS ended, r.known_from
    FROM records AS r
    JOIN links AS l ON l.claim = r.record
    JOIN subjects AS s ON s.institution = l.institution
    CROSS JOIN policy_frame AS f
    WHERE r.decided <= f.as_of
      AND r.known_from <= f.known_at AND (r.known_to IS NULL OR r.known_to > f.known_at)
      AND l.known_from <= f.known_at AND (l.known_to IS NULL OR l.known_to > f.known_at)
),
-- Of a complaint's several decisions the newest one stands.
overtaken AS (
    SELECT institution, record
    FROM (
        SELECT institution, record,
               row_number() OVER (PARTITION BY institution, document_key ORDER BY decided DESC, known_from DESC, record DESC) AS place
        FROM decided
        WHERE class = 'complaint' AND document_key IS NOT NULL
    ) AS decisions
    WHERE place > 1
),
-- A repaired record is dropped, where the policy says so, and with a penalty the complaint that became it.
repaired AS (
    SELECT DISTINCT institution, related_key
    FROM decided
    CROSS JOIN policy_frame AS f
    WHERE class = 'repair' AND related_key IS NOT NULL AND f.repair = 'dropped'
),
standing AS (
    SELECT d.*
    FROM decided AS d
    LEFT JOIN overtaken AS o ON o.institution = d.institution AND o.record = d.record
    LEFT JOIN repaired AS p ON p.institution = d.institution AND p.related_key = d.document_key
    LEFT JOIN repaired AS q ON q.institution = d.institution AND q.related_key = d.related_key AND d.class = 'complaint'
    WHERE o.record IS NULL AND p.related_key IS NULL AND q.related_key IS NULL
),
-- The rule that a record counts under: the first that fits (policy_matches holds one for each class, kinds, state).
ruled AS (
    SELECT s.institution, s.record, s.class, s.document_key, s.related_key, s.decided, s.ended,
           r.rule, r.grp, r.family, CASE WHEN r.counts_from = 'ends' THEN s.ended ELSE s.decided END AS started
    FROM standing AS s
    JOIN policy_matches AS m ON m.class = s.class AND m.kinds = s.kinds AND m.state = s.state
    JOIN policy_rules AS r ON r.rule = m.rule
),
-- What it costs at its age: the step whose months still run.
priced AS (
    SELECT u.institution, u.record, u.class, u.document_key, u.related_key, u.decided, u.rule, u.grp, p.points
    FROM ruled AS u
    JOIN policy_steps AS p ON p.rule = u.rule AND u.started >= p.started_from AND u.started < p.started_before
),
-- A repeat: an earlier record of the same family ended less than so many months before (months end as in periods.py).
earlier AS (
    SELECT institution, record, decided,
           max(ended) OVER (
               PARTITION BY institution, family ORDER BY date_diff('day', DATE '1900-01-01', decided)
               RANGE BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS earlier_end
    FROM ruled
    WHERE family IS NOT NULL
),
repeats AS (
    SELECT p.institution, p.record, p.class, p.document_key, p.related_key, p.decided, p.rule, p.grp, r.repeat_points AS points
    FROM priced AS p
    JOIN policy_rules AS r ON r.rule = p.rule AND r.repeat_points IS NOT NULL
    JOIN earlier AS e ON e.institution = p.institution AND e.record = p.record
    WHERE (year(p.decided) * 12 + month(p.decided)) - (year(e.earlier_end) * 12 + month(e.earlier_end))
          - CASE WHEN day(p.decided) <= day(e.earlier_end) THEN 1 ELSE 0 END < r.repeat_within
),
counted AS (
    SELECT *, 'record' AS part, 1 AS place FROM priced
    UNION ALL
    SELECT *, 'repeat' AS part, 2 AS place FROM repeats
),
-- A complaint and the penalty that it became: the dearer one counts. The penalty stands; the complaints that
-- name it count, together, only with what they cost above it.
penalised AS (
    SELECT institution, document_key, -CAST(SUM(points) AS BIGINT) AS cost
    FROM counted
    CROSS JOIN policy_frame AS f
    WHERE class IN ('penalty', 'sanction') AND document_key IS NOT NULL AND f.pairs = 'dearer'
    GROUP BY institution, document_key
),
complained AS (
    SELECT institution, record, related_key, rule, grp, decided, -CAST(SUM(points) AS BIGINT) AS cost
    FROM counted
    WHERE class = 'complaint' AND related_key IS NOT NULL
    GROUP BY institution, record, related_key, rule, grp, decided
),
piled AS (
    SELECT c.institution, c.record, c.rule, c.grp, c.decided, c.cost, p.cost AS penalty,
           CAST(SUM(c.cost) OVER (
               PARTITION BY c.institution, c.related_key ORDER BY c.decided, c.record ROWS UNBOUNDED PRECEDING
           ) AS BIGINT) AS pile
    FROM complained AS c
    JOIN penalised AS p ON p.institution = c.institution AND p.document_key = c.related_key
),
pairs AS (
    SELECT institution, record, decided, rule, grp, cost - greatest(0, least(cost, pile - penalty)) AS points,
           'pair' AS part, 3 AS place
    FROM piled
    WHERE cost > greatest(0, least(cost, pile - penalty))
),
weighed AS (
    SELECT institution, record, decided, rule, grp, points, part, place FROM counted
    UNION ALL
    SELECT institution, record, decided, rule, grp, points, part, place FROM pairs
),
-- Caps: first of each rule, then of each group; a cap is a line of its own.
by_rule AS (
    SELECT institution, rule, grp, CAST(SUM(points) AS BIGINT) AS points
    FROM weighed
    GROUP BY institution, rule, grp
),
rule_caps AS (
    SELECT b.institution, b.rule, b.grp, r.cap - b.points AS points, r.reference
    FROM by_rule AS b
    JOIN policy_rules AS r ON r.rule = b.rule
    WHERE (r.cap < 0 AND b.points < r.cap) OR (r.cap > 0 AND b.points > r.cap)
),
by_group AS (
    SELECT institution, grp, CAST(SUM(points) AS BIGINT) AS points
    FROM (SELECT institution, grp, points FROM by_rule UNION ALL SELECT institution, grp, points FROM rule_caps) AS both_sums
    GROUP BY institution, grp
),
group_caps AS (
    SELECT b.institution, b.grp, g.cap - b.points AS points, g.reference
    FROM by_group AS b
    JOIN policy_groups AS g ON g.grp = b.grp
    WHERE (g.cap < 0 AND b.points < g.cap) OR (g.cap > 0 AND b.points > g.cap)
),
-- The limits of the scale: no score falls below its floor or rises above its ceiling.
raw AS (
    SELECT s.institution, f.base + coalesce(t.points, 0) AS points
    FROM subjects AS s
    CROSS JOIN policy_frame AS f
    LEFT JOIN (
        SELECT institution, CAST(SUM(points) AS BIGINT) AS points
        FROM (SELECT institution, points FROM by_group UNION ALL SELECT institution, points FROM group_caps) AS all_groups
        GROUP BY institution
    ) AS t ON t.institution = s.institution
),
floored AS (
    SELECT r.institution, r.points, greatest(r.points, coalesce(f.floor_points, r.points)) AS held
    FROM raw AS r
    CROSS JOIN policy_frame AS f
),
limits AS (
    SELECT h.institution, least(h.held, coalesce(f.ceiling_points, h.held)) - h.points AS points
    FROM floored AS h
    CROSS JOIN policy_frame AS f
),
-- Vetoes change the grade, not the points.
vetoes AS (
    SELECT s.institution, s.record, s.decided, v.veto, v.worst, v.reference
    FROM standing AS s
    JOIN policy_veto_matches AS m ON m.class = s.class AND m.kinds = s.kinds AND m.state = s.state
    JOIN policy_vetoes AS v ON v.veto = m.veto AND s.decided >= v.started_from
)
SELECT s.institution, 0 AS stage, CAST(NULL AS DATE) AS decided, CAST(NULL AS TEXT) AS record, 0 AS place,
       'base' AS part, 'base' AS rule, f.base AS points, 0 AS worst, f.reference
FROM subjects AS s CROSS JOIN policy_frame AS f
UNION ALL
SELECT w.institution, 1, w.decided, w.record, w.place, w.part, w.rule, w.points, 0, r.reference
FROM weighed AS w JOIN policy_rules AS r ON r.rule = w.rule
UNION ALL
SELECT institution, 2, NULL, NULL, 0, 'rule cap', rule, points, 0, reference FROM rule_caps
UNION ALL
SELECT institution, 3, NULL, NULL, 0, 'group cap', grp, points, 0, reference FROM group_caps
UNION ALL
SELECT l.institution, 4, NULL, NULL, 0, 'limit', 'limit', l.points, 0, f.reference
FROM limits AS l CROSS JOIN policy_frame AS f
WHERE l.points <> 0
UNION ALL
SELECT institution, 5, decided, record, 0, 'veto', veto, 0, worst, reference FROM vetoes
