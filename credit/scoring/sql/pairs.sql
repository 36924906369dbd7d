-- A complaint and the penalty that it led to: the dearer one counts. The penalty counts in full; the complaints that
-- name it count, together, only with the points above the penalty's.
WITH
weighed AS (
    SELECT who, number, decided, rule_no, points FROM policy_counted WHERE points IS NOT NULL
    UNION ALL
    SELECT who, number, decided, rule_no, points FROM policy_repeats
),
complained AS (
    SELECT c.who, c.number, k.named_key, c.rule_no, c.decided, -CAST(SUM(c.points) AS BIGINT) AS cost
    FROM policy_speaking AS k
    JOIN weighed AS c ON c.who = k.who AND c.number = k.number
    JOIN policy_rules AS r ON r.rule_no = c.rule_no
    WHERE r.pairing = 1 AND k.named_key IS NOT NULL
    GROUP BY c.who, c.number, k.named_key, c.rule_no, c.decided
),
penalised AS (
    SELECT c.who, k.own_key, -CAST(SUM(c.points) AS BIGINT) AS cost
    FROM (SELECT DISTINCT who, named_key FROM complained) AS n
    JOIN policy_speaking AS k ON k.who = n.who AND k.own_key = n.named_key
    JOIN weighed AS c ON c.who = k.who AND c.number = k.number
    JOIN policy_rules AS r ON r.rule_no = c.rule_no
    WHERE r.pairing = 2
    GROUP BY c.who, k.own_key
),
piled AS (
    SELECT c.who, c.number, c.rule_no, c.decided, c.cost, p.cost AS penalty,
           CAST(SUM(c.cost) OVER (
               PARTITION BY c.who, c.named_key ORDER BY c.decided, c.rule_no, c.cost, c.number ROWS UNBOUNDED PRECEDING
           ) AS BIGINT) AS pile
    FROM complained AS c
    JOIN penalised AS p ON p.who = c.who AND p.own_key = c.named_key
)
SELECT who, number, decided, rule_no, cost - greatest(0, least(cost, pile - penalty)) AS points
FROM piled
WHERE cost > greatest(0, least(cost, pile - penalty))
