-- Second part of the rule: what each record that stands costs: its rule, its age, its repeats.
WITH
-- For the repeats: when the last of a family's earlier records ended, by the day of the decision.
family_days AS (
    SELECT s.who, m.family_no, s.decided, max(s.ended) AS ended
    FROM policy_standing AS s
    JOIN policy_families AS m ON m.sort = s.sort AND s.fine >= m.fine_from AND s.fine < m.fine_below
    GROUP BY s.who, m.family_no, s.decided
),
earlier AS (
    SELECT who, family_no, decided, earlier_end
    FROM (
        SELECT who, family_no, decided,
               max(ended) OVER (PARTITION BY who, family_no ORDER BY decided ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS earlier_end
        FROM family_days
    ) AS days
    WHERE earlier_end IS NOT NULL
),
-- What a record costs: by the first rule that fits it, and at its age, by the step whose months still run
-- (policy_prices holds these for each sort and size of fine).
priced AS (
    SELECT s.who, s.number, s.own_key, s.named_key, s.decided, p.rule_no, p.pairing, p.grp_no, p.points, p.family_no,
           p.repeat_within, p.repeat_points
    FROM policy_standing AS s
    JOIN policy_prices AS p ON p.sort = s.sort AND s.fine >= p.fine_from AND s.fine < p.fine_below
     AND CASE WHEN p.from_end = 1 THEN s.ended ELSE s.decided END >= p.started_from
     AND CASE WHEN p.from_end = 1 THEN s.ended ELSE s.decided END < p.started_before
)
SELECT who, number, pairing, own_key, named_key, decided, rule_no, grp_no, points, 1 AS place
FROM priced
UNION ALL
-- A repeat: the earlier record ended less than so many months before (months end as in periods.py).
SELECT p.who, p.number, p.pairing, p.own_key, p.named_key, p.decided, p.rule_no, p.grp_no, p.repeat_points, 2
FROM priced AS p
JOIN earlier AS e ON e.who = p.who AND e.family_no = p.family_no AND e.decided = p.decided
WHERE p.repeat_within IS NOT NULL
  AND (year(p.decided) * 12 + month(p.decided)) - (year(e.earlier_end) * 12 + month(e.earlier_end))
      - CASE WHEN day(p.decided) <= day(e.earlier_end) THEN 1 ELSE 0 END < p.repeat_within
