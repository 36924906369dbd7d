-- New and unlinked claims, and those whose result may change because this run changed that code, number or name.
CREATE OR REPLACE TEMP TABLE asked_claims AS
WITH changed AS (
    SELECT DISTINCT id, uscc, licence, folded FROM institutions WHERE known_from = $run OR known_to = $run
)
SELECT c.claim, c.code, c.licence, c.folded, c.day, l.how
FROM claims AS c
LEFT JOIN links AS l ON l.claim = c.claim AND l.known_to IS NULL
WHERE l.claim IS NULL
    OR c.claim IN (SELECT record FROM decided_links WHERE known_from = $run OR known_to = $run)
    OR c.folded IN (SELECT folded FROM decided_links WHERE known_from = $run OR known_to = $run)
    OR l.how <> 'person' AND (
        l.institution IN (SELECT id FROM changed)
        OR c.code IN (SELECT uscc FROM changed WHERE uscc IS NOT NULL)
        OR c.licence IN (SELECT licence FROM changed WHERE licence IS NOT NULL)
        OR c.folded IN (SELECT folded FROM changed)
        OR l.how = 'near'
    )
