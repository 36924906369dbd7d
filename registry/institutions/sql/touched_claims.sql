-- Claims of earlier runs whose result may change, because this run changed that code, number, name or institution.
-- decided: because a person has decided; such a claim is asked again even if it was decided before.
CREATE OR REPLACE TEMP TABLE touched_claims AS
SELECT * FROM (
    SELECT c.claim, c.code, c.licence, c.folded, c.day,
        c.folded IN (SELECT folded FROM changed_parties WHERE decided)
            OR c.claim IN (SELECT record FROM changed_parties WHERE decided) AS decided,
        c.code IN (SELECT uscc FROM changed_parties WHERE uscc IS NOT NULL)
            OR c.licence IN (SELECT licence FROM changed_parties WHERE licence IS NOT NULL)
            OR c.folded IN (SELECT folded FROM changed_parties WHERE NOT decided)
            OR c.claim IN (
                SELECT claim FROM links WHERE known_to IS NULL
                    AND institution IN (SELECT id FROM changed_parties WHERE NOT decided)) AS changed
    FROM claims AS c
) WHERE (decided OR changed) AND claim NOT IN (SELECT claim FROM asked_claims)
