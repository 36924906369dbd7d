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
-- What is known about them and was decided by the day.
decided AS (
    SELECT o.who, l.number, l.sort, l.decided, l.ended, l.fine, l.own_key, l.named_key, l.known_from
    FROM ledger AS l
    JOIN owners AS o ON o.holder = l.who
    CROSS JOIN policy_frame AS f
    WHERE l.decided <= f.as_of AND l.known_from <= f.known_at AND (l.known_to IS NULL OR l.known_to > f.known_at)
),
-- Of a complaint's (an objection's) several decisions the newest one stands.
superseded AS (
    SELECT who, number
    FROM (
        SELECT d.who, d.number,
               row_number() OVER (PARTITION BY d.who, s.class, d.own_key ORDER BY d.decided DESC, d.known_from DESC, d.number DESC) AS place
        FROM decided AS d
        JOIN policy_sorts AS s ON s.sort = d.sort
        WHERE d.own_key IS NOT NULL AND s.class IN ('complaint', 'objection')
    ) AS decisions
    WHERE place > 1
),
-- What was repaired, corrected or revoked, or is being objected to, where the policy drops it.
dropped AS (
    SELECT DISTINCT d.who, d.named_key AS key_no
    FROM decided AS d
    JOIN policy_sorts AS s ON s.sort = d.sort AND s.drops = 1
    LEFT JOIN superseded AS o ON o.who = d.who AND o.number = d.number
    WHERE d.named_key IS NOT NULL AND o.number IS NULL
),
left_out AS (
    SELECT who, number FROM superseded
    UNION
    SELECT d.who, d.number FROM decided AS d JOIN dropped AS p ON p.who = d.who AND p.key_no = d.own_key
    UNION
    -- With a penalty goes the complaint that became it.
    SELECT d.who, d.number
    FROM decided AS d
    JOIN policy_sorts AS s ON s.sort = d.sort AND s.class = 'complaint'
    JOIN dropped AS p ON p.who = d.who AND p.key_no = d.named_key
)
SELECT d.who, d.number, d.sort, d.decided, d.ended, d.fine, d.own_key, d.named_key
FROM decided AS d
LEFT JOIN left_out AS o ON o.who = d.who AND o.number = d.number
WHERE o.number IS NULL
