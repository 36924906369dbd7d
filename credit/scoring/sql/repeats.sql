-- Repeats: an earlier record of the family ended at most so many months before (a month is 32 in day numbers).
-- To avoid comparing all pairs, a family's records are put into spans as long as its shortest window. An earlier record
-- in the same span always makes a repeat (none ends before the day on which it was decided); for the earlier spans the
-- last end decides.
WITH
spans AS (
    SELECT c.who, c.family_no, c.decided // r.span AS span, min(c.decided) AS first_decided, max(c.ended) AS last_ended
    FROM policy_counted AS c
    JOIN policy_rules AS r ON r.rule_no = c.rule_no
    WHERE c.family_no IS NOT NULL
    GROUP BY c.who, c.family_no, c.decided // r.span
),
later AS (
    SELECT c.who, c.number, c.decided, c.rule_no, c.family_no, r.repeat_points,
           c.decided // r.span AS span, c.decided - r.repeat_within AS since
    FROM policy_counted AS c
    JOIN policy_rules AS r ON r.rule_no = c.rule_no
    WHERE c.points IS NOT NULL AND r.repeat_within IS NOT NULL
)
SELECT w.who, w.number, w.decided, w.rule_no, w.repeat_points AS points
FROM later AS w
SEMI JOIN spans AS s
  ON s.who = w.who AND s.family_no = w.family_no AND s.first_decided < w.decided
 AND (s.span = w.span OR s.last_ended >= w.since)
