-- When an institution was founded, and when its licence changed last.
SELECT number,
    min(decided) FILTER (event = 'founded') AS founded,
    max(decided) FILTER (event = 'changed' AND state = 'valid') AS last_changed
FROM mine
WHERE place NOT IN (SELECT place FROM replaced)
GROUP BY number
