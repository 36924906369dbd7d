-- All lines; each institution's lines add up to its score. Each cap or limit is a separate line.
-- entry: the number of the line's rule, group or veto (policy_entries has the words).
SELECT t.who, 0 AS stage, CAST(NULL AS INTEGER) AS decided, CAST(NULL AS BIGINT) AS number, 0 AS place,
       0 AS entry, f.base AS points
FROM policy_totals AS t CROSS JOIN policy_frame AS f
UNION ALL
SELECT who, 1, decided, number, 1, rule_no, points FROM policy_counted WHERE points IS NOT NULL
UNION ALL
SELECT who, 1, decided, number, 2, rule_no, points FROM policy_repeats
UNION ALL
SELECT who, 1, decided, number, 3, rule_no, points FROM policy_pairs
UNION ALL
SELECT who, 2, NULL, NULL, 0, rule_no, held - points FROM policy_by_rule WHERE held <> points
UNION ALL
SELECT who, 3, NULL, NULL, 0, grp_no, held - points FROM policy_by_group WHERE held <> points
UNION ALL
SELECT who, 4, NULL, NULL, 0, 0, points - raw FROM policy_totals WHERE points <> raw
UNION ALL
SELECT who, 5, decided, number, 0, veto_no, 0 FROM policy_vetoed
