-- First part of the rule: whose records count, as known and decided by the day, and which of them stand.
-- Records come as the ledger (ledger.sql), those who are graded as policy_subjects (subjects.sql), the policy as tables
-- policy_* (parameters.py). Whole numbers only; in the SQL that DuckDB and Spark share.
WITH
-- Whose records count for whom: everybody's own; a branch's for its head office too, where the policy says so.
owners AS (
    SELECT who, who AS holder FROM policy_subjects
    UNION ALL
    SELECT b.head AS who, b.branch AS holder FROM policy_branches AS b JOIN policy_subjects AS s ON s.who = b.head
),
-- The few records that speak of others, or are spoken of by their document.
speaking AS (
    SELECT o.who, l.number, s.class, s.drops, l.decided, l.own_key, l.named_key, l.known_from
    FROM ledger AS l
    JOIN owners AS o ON o.holder = l.who
    JOIN policy_sorts AS s ON s.sort = l.sort
    CROSS JOIN policy_frame AS f
    WHERE (l.own_key IS NOT NULL OR l.named_key IS NOT NULL)
      AND l.decided <= f.as_of AND l.known_from <= f.known_at AND (l.known_to IS NULL OR l.known_to > f.known_at)
),
-- Of a complaint's (an objection's) several decisions the newest one stands.
superseded AS (
    SELECT who, number
    FROM (
        SELECT who, number,
               row_number() OVER (PARTITION BY who, class, own_key ORDER BY decided DESC, known_from DESC, number DESC) AS place
        FROM speaking
        WHERE own_key IS NOT NULL AND class IN ('complaint', 'objection')
    ) AS decisions
    WHERE place > 1
),
-- What was repaired, corrected or revoked, or is being objected to, where the policy drops it.
dropped AS (
    SELECT DISTINCT d.who, d.named_key AS key_no
    FROM speaking AS d
    LEFT JOIN superseded AS o ON o.who = d.who AND o.number = d.number
    WHERE d.drops = 1 AND d.named_key IS NOT NULL AND o.number IS NULL
),
left_out AS (
    SELECT who, number FROM superseded
    UNION
    SELECT d.who, d.number FROM speaking AS d JOIN dropped AS p ON p.who = d.who AND p.key_no = d.own_key
    UNION
    -- With a penalty goes the complaint that became it.
    SELECT d.who, d.number
    FROM speaking AS d
    JOIN dropped AS p ON p.who = d.who AND p.key_no = d.named_key
    WHERE d.class = 'complaint'
)
-- What is so old that no step, repeat or veto can reach it (policy_sorts.oldest) is left aside from here on.
SELECT o.who, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key
FROM ledger AS l
JOIN policy_sorts AS s ON s.sort = l.sort AND greatest(l.decided, l.ended) >= s.oldest
JOIN owners AS o ON o.holder = l.who
CROSS JOIN policy_frame AS f
LEFT JOIN left_out AS t ON t.who = o.who AND t.number = l.number
WHERE t.number IS NULL
  AND l.decided <= f.as_of AND l.known_from <= f.known_at AND (l.known_to IS NULL OR l.known_to > f.known_at)
