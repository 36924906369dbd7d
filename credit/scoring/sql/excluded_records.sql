-- Records that do not count: replaced by a newer decision, repaired, corrected, revoked or under objection.
WITH
-- Of several decisions about a complaint (an objection) the newest one counts.
superseded AS (
    SELECT who, number
    FROM (
        SELECT who, number,
               row_number() OVER (PARTITION BY who, class, own_key ORDER BY decided DESC, known_from DESC, number DESC) AS place
        FROM policy_speaking
        WHERE own_key IS NOT NULL AND class IN ('complaint', 'objection')
    ) AS decisions
    WHERE place > 1
),
-- A penalty or sanction loaded again with the same document but other content is corrected: the last version counts.
corrected AS (
    SELECT who, number
    FROM (
        SELECT who, number, came, max(came) OVER (PARTITION BY who, class, own_key) AS newest
        FROM policy_speaking
        WHERE own_key IS NOT NULL AND class IN ('penalty', 'sanction')
    ) AS versions
    WHERE came < newest
),
-- Records that were repaired, corrected or revoked, or are under objection, if the policy drops them.
dropped AS (
    SELECT DISTINCT d.who, d.named_key AS key_no
    FROM policy_speaking AS d
    LEFT JOIN superseded AS o ON o.who = d.who AND o.number = d.number
    WHERE d.drops = 1 AND d.named_key IS NOT NULL AND o.number IS NULL
)
SELECT who, number FROM superseded
UNION
SELECT who, number FROM corrected
UNION
SELECT d.who, d.number FROM policy_speaking AS d JOIN dropped AS p ON p.who = d.who AND p.key_no = d.own_key
UNION
-- A complaint is excluded together with the penalty that it led to.
SELECT d.who, d.number
FROM policy_speaking AS d
JOIN dropped AS p ON p.who = d.who AND p.key_no = d.named_key
WHERE d.class = 'complaint'
