-- Third part of the rule.
-- A complaint and the penalty that it became: the dearer one counts. The penalty stands; the complaints that
-- name it count, together, only with what they cost above it.
WITH
complained AS (
    SELECT who, number, named_key, rule_no, grp_no, decided, -CAST(SUM(points) AS BIGINT) AS cost
    FROM policy_counted
    WHERE pairing = 1 AND named_key IS NOT NULL
    GROUP BY who, number, named_key, rule_no, grp_no, decided
),
penalised AS (
    SELECT c.who, c.own_key, -CAST(SUM(c.points) AS BIGINT) AS cost
    FROM policy_counted AS c
    JOIN (SELECT DISTINCT who, named_key FROM complained) AS n ON n.who = c.who AND n.named_key = c.own_key
    WHERE c.pairing = 2 AND c.own_key IS NOT NULL
    GROUP BY c.who, c.own_key
),
piled AS (
    SELECT c.who, c.number, c.rule_no, c.grp_no, c.decided, c.cost, p.cost AS penalty,
           CAST(SUM(c.cost) OVER (
               PARTITION BY c.who, c.named_key ORDER BY c.decided, c.rule_no, c.cost, c.number ROWS UNBOUNDED PRECEDING
           ) AS BIGINT) AS pile
    FROM complained AS c
    JOIN penalised AS p ON p.who = c.who AND p.own_key = c.named_key
)
SELECT who, number, decided, rule_no, grp_no, cost - greatest(0, least(cost, pile - penalty)) AS points, 3 AS place
FROM piled
WHERE cost > greatest(0, least(cost, pile - penalty))
