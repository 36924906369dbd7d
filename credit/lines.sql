-- The rule, from top to bottom. Each institution's lines add up to its score.
-- Whole numbers only; in the SQL that DuckDB and Spark share. The policy comes as tables policy_* (parameters.py).
WITH
-- Who is graded: institutions of the policy's kinds that are active on the day, as known then. Numbered, since
-- whole numbers join and sort faster than codes.
subjects AS (
    SELECT i.id AS institution, CAST(row_number() OVER (ORDER BY i.id) AS INTEGER) AS who
    FROM institutions AS i
    JOIN policy_subjects AS k ON k.kind = i.kind
    CROSS JOIN policy_frame AS f
    WHERE i.status = 'active'
      AND i.valid_from <= f.as_of AND (i.valid_to IS NULL OR i.valid_to > f.as_of)
      AND i.known_from <= f.known_at AND (i.known_to IS NULL OR i.known_to > f.known_at)
      AND (f.only_one IS NULL OR i.id = f.only_one)
),
-- What is known about them and was decided by the day. sort_no: the record's class, kinds and state as one number.
decided AS (
    SELECT s.who, r.record, c.sort_no, r.class, r.document_key, r.related_key,
           r.decided, coalesce(r.ends, r.decided) AS ended, r.known_from
    FROM records AS r
    JOIN policy_sorts AS c ON c.class = r.class AND c.kinds = r.kinds AND c.state = r.state
    JOIN links AS l ON l.claim = r.record
    JOIN subjects AS s ON s.institution = l.institution
    CROSS JOIN policy_frame AS f
    WHERE r.decided <= f.as_of
      AND r.known_from <= f.known_at AND (r.known_to IS NULL OR r.known_to > f.known_at)
      AND l.known_from <= f.known_at AND (l.known_to IS NULL OR l.known_to > f.known_at)
),
-- What was repaired, where the policy drops it.
repaired AS (
    SELECT DISTINCT who, related_key AS document_key
    FROM decided
    CROSS JOIN policy_frame AS f
    WHERE class = 'repair' AND related_key IS NOT NULL AND f.repair = 'dropped'
),
left_out AS (
    -- Of a complaint's several decisions the newest one stands.
    SELECT who, record
    FROM (
        SELECT who, record,
               row_number() OVER (PARTITION BY who, document_key ORDER BY decided DESC, known_from DESC, record DESC) AS place
        FROM decided
        WHERE class = 'complaint' AND document_key IS NOT NULL
    ) AS decisions
    WHERE place > 1
    UNION
    -- A repaired record is dropped, and with a penalty the complaint that became it.
    SELECT d.who, d.record FROM decided AS d JOIN repaired AS p ON p.who = d.who AND p.document_key = d.document_key
    UNION
    SELECT d.who, d.record FROM decided AS d JOIN repaired AS p ON p.who = d.who AND p.document_key = d.related_key
    WHERE d.class = 'complaint'
),
standing AS (
    SELECT d.*
    FROM decided AS d
    LEFT JOIN left_out AS o ON o.who = d.who AND o.record = d.record
    WHERE o.record IS NULL
),
-- The rule that a record counts under: the first that fits (policy_matches holds one for each class, kinds, state).
ruled AS (
    SELECT s.who, s.record, s.class, s.document_key, s.related_key, s.decided, s.ended, r.rule, r.grp, r.family_no,
           r.repeat_within, r.repeat_points, CASE WHEN r.counts_from = 'ends' THEN s.ended ELSE s.decided END AS started
    FROM standing AS s
    JOIN policy_matches AS r ON r.sort_no = s.sort_no
),
-- For the repeats: when the last of a family's earlier records ended, by the day of the decision.
family_days AS (
    SELECT who, family_no, decided, max(ended) AS ended
    FROM ruled
    WHERE family_no IS NOT NULL
    GROUP BY who, family_no, decided
),
earlier AS (
    SELECT who, family_no, decided,
           max(ended) OVER (PARTITION BY who, family_no ORDER BY decided ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_end
    FROM family_days
),
-- What a record costs at its age: the step whose months still run.
priced AS (
    SELECT u.who, u.record, u.class, u.document_key, u.related_key, u.decided, u.rule, u.grp, p.points,
           u.family_no, u.repeat_within, u.repeat_points
    FROM ruled AS u
    JOIN policy_steps AS p ON p.rule = u.rule AND u.started >= p.started_from AND u.started < p.started_before
),
counted AS (
    SELECT who, record, class, document_key, related_key, decided, rule, grp, points, 'record' AS part, 1 AS place
    FROM priced
    UNION ALL
    -- A repeat: the earlier record ended less than so many months before (months end as in periods.py).
    SELECT p.who, p.record, p.class, p.document_key, p.related_key, p.decided, p.rule, p.grp, p.repeat_points, 'repeat', 2
    FROM priced AS p
    JOIN earlier AS e ON e.who = p.who AND e.family_no = p.family_no AND e.decided = p.decided
    WHERE (year(p.decided) * 12 + month(p.decided)) - (year(e.earlier_end) * 12 + month(e.earlier_end))
          - CASE WHEN day(p.decided) <= day(e.earlier_end) THEN 1 ELSE 0 END < p.repeat_within
),
-- A complaint and the penalty that it became: the dearer one counts. The penalty stands; the complaints that
-- name it count, together, only with what they cost above it.
complained AS (
    SELECT who, record, related_key, rule, grp, decided, -CAST(SUM(points) AS BIGINT) AS cost
    FROM counted
    CROSS JOIN policy_frame AS f
    WHERE class = 'complaint' AND related_key IS NOT NULL AND f.pairs = 'dearer'
    GROUP BY who, record, related_key, rule, grp, decided
),
penalised AS (
    SELECT c.who, c.document_key, -CAST(SUM(c.points) AS BIGINT) AS cost
    FROM counted AS c
    JOIN (SELECT DISTINCT who, related_key FROM complained) AS n
      ON n.who = c.who AND n.related_key = c.document_key
    WHERE c.class IN ('penalty', 'sanction')
    GROUP BY c.who, c.document_key
),
piled AS (
    SELECT c.who, c.record, c.rule, c.grp, c.decided, c.cost, p.cost AS penalty,
           CAST(SUM(c.cost) OVER (
               PARTITION BY c.who, c.related_key ORDER BY c.decided, c.record ROWS UNBOUNDED PRECEDING
           ) AS BIGINT) AS pile
    FROM complained AS c
    JOIN penalised AS p ON p.who = c.who AND p.document_key = c.related_key
),
pairs AS (
    SELECT who, record, decided, rule, grp, cost - greatest(0, least(cost, pile - penalty)) AS points,
           'pair' AS part, 3 AS place
    FROM piled
    WHERE cost > greatest(0, least(cost, pile - penalty))
),
weighed AS (
    SELECT who, record, decided, rule, grp, points, part, place FROM counted
    UNION ALL
    SELECT who, record, decided, rule, grp, points, part, place FROM pairs
),
-- Caps: first of each rule, then of each group; a cap is a line of its own.
by_rule AS (
    SELECT who, rule, grp, CAST(SUM(points) AS BIGINT) AS points
    FROM weighed
    GROUP BY who, rule, grp
),
rule_caps AS (
    SELECT b.who, b.rule, b.grp, r.cap - b.points AS points, r.reference
    FROM by_rule AS b
    JOIN policy_rules AS r ON r.rule = b.rule
    WHERE (r.cap < 0 AND b.points < r.cap) OR (r.cap > 0 AND b.points > r.cap)
),
by_group AS (
    SELECT who, grp, CAST(SUM(points) AS BIGINT) AS points
    FROM (SELECT who, grp, points FROM by_rule UNION ALL SELECT who, grp, points FROM rule_caps) AS both_sums
    GROUP BY who, grp
),
group_caps AS (
    SELECT b.who, b.grp, g.cap - b.points AS points, g.reference
    FROM by_group AS b
    JOIN policy_groups AS g ON g.grp = b.grp
    WHERE (g.cap < 0 AND b.points < g.cap) OR (g.cap > 0 AND b.points > g.cap)
),
-- The limits of the scale: no score falls below its floor or rises above its ceiling.
raw AS (
    SELECT s.who, f.base + coalesce(t.points, 0) AS points
    FROM subjects AS s
    CROSS JOIN policy_frame AS f
    LEFT JOIN (
        SELECT who, CAST(SUM(points) AS BIGINT) AS points
        FROM (SELECT who, points FROM by_group UNION ALL SELECT who, points FROM group_caps) AS all_groups
        GROUP BY who
    ) AS t ON t.who = s.who
),
floored AS (
    SELECT r.who, r.points, greatest(r.points, coalesce(f.floor_points, r.points)) AS held
    FROM raw AS r
    CROSS JOIN policy_frame AS f
),
limits AS (
    SELECT h.who, least(h.held, coalesce(f.ceiling_points, h.held)) - h.points AS points
    FROM floored AS h
    CROSS JOIN policy_frame AS f
),
-- Vetoes change the grade, not the points.
vetoes AS (
    SELECT s.who, s.record, s.decided, v.veto, v.worst, v.reference
    FROM standing AS s
    JOIN policy_veto_matches AS m ON m.sort_no = s.sort_no
    JOIN policy_vetoes AS v ON v.veto = m.veto AND s.decided >= v.started_from
),
lines AS (
    SELECT s.who, 0 AS stage, CAST(NULL AS DATE) AS decided, CAST(NULL AS TEXT) AS record, 0 AS place,
           'base' AS part, 'base' AS rule, f.base AS points, 0 AS worst, f.reference
    FROM subjects AS s CROSS JOIN policy_frame AS f
    UNION ALL
    SELECT w.who, 1, w.decided, w.record, w.place, w.part, w.rule, w.points, 0, r.reference
    FROM weighed AS w JOIN policy_rules AS r ON r.rule = w.rule
    UNION ALL
    SELECT who, 2, NULL, NULL, 0, 'rule cap', rule, points, 0, reference FROM rule_caps
    UNION ALL
    SELECT who, 3, NULL, NULL, 0, 'group cap', grp, points, 0, reference FROM group_caps
    UNION ALL
    SELECT l.who, 4, NULL, NULL, 0, 'limit', 'limit', l.points, 0, f.reference
    FROM limits AS l CROSS JOIN policy_frame AS f
    WHERE l.points <> 0
    UNION ALL
    SELECT who, 5, decided, record, 0, 'veto', veto, 0, worst, reference FROM vetoes
)
SELECT s.institution, l.stage, l.decided, l.record, l.place, l.part, l.rule, l.points, l.worst, l.reference
FROM lines AS l
JOIN subjects AS s ON s.who = l.who
