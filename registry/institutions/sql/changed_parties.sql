-- What this run has changed of institutions, and what people have decided or withdrawn.
CREATE OR REPLACE TEMP TABLE changed_parties AS
SELECT DISTINCT id, uscc, licence, folded, CAST(NULL AS TEXT) AS record, false AS decided FROM institutions
WHERE known_from = $run OR known_to = $run
UNION ALL
SELECT DISTINCT NULL, NULL, NULL, folded, record, true FROM decided_links WHERE known_from = $run OR known_to = $run
