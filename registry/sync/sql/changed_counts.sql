-- Per kind: institutions before and after the run $run on the day $day, and how many open and close.
-- Only rows that the run added or ended can open or close an institution: each has one version at a time. An institution
-- that only got another id, because its code became known, has not closed.
WITH practising AS (
    SELECT id, kind, folded, known_from, known_to FROM institutions
    WHERE valid_from <= $day AND (valid_to IS NULL OR valid_to > $day) AND status IN ('active', 'suspended')
), ended AS (
    SELECT id, kind, folded FROM practising WHERE known_from < $run AND known_to = $run
), brought AS (
    SELECT id, kind FROM practising WHERE known_from = $run AND known_to IS NULL
), left_over AS (
    SELECT * FROM ended WHERE id NOT IN (SELECT id FROM brought)
), renumbered AS (
    SELECT id, kind, folded FROM left_over
    WHERE id NOT IN (
            SELECT id FROM institutions WHERE known_to IS NULL AND id IN (SELECT id FROM left_over))
        AND (kind, folded) IN (
            SELECT (kind, folded) FROM practising
            WHERE known_to IS NULL AND folded IN (SELECT folded FROM left_over))
), closed AS (
    SELECT kind, count(*) AS closed FROM left_over WHERE id NOT IN (SELECT id FROM renumbered) GROUP BY kind
), opened AS (
    SELECT kind, count(*) AS opened FROM brought WHERE id NOT IN (SELECT id FROM ended) GROUP BY kind
), kinds AS (
    SELECT kind,
        count(*) FILTER (known_from < $run AND (known_to IS NULL OR known_to >= $run)) AS before,
        count(*) FILTER (known_to IS NULL) AS after
    FROM practising GROUP BY kind
)
SELECT k.kind, k.before, k.after, coalesce(o.opened, 0), coalesce(c.closed, 0)
FROM kinds AS k LEFT JOIN opened AS o ON o.kind = k.kind LEFT JOIN closed AS c ON c.kind = k.kind
WHERE k.before > 0 OR k.after > 0
ORDER BY k.kind
