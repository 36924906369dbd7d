-- The claims of this run that are not linked yet, and those that wait since earlier runs.
CREATE OR REPLACE TEMP TABLE asked_claims AS
SELECT claim, code, licence, folded, day, how FROM waiting_claims WHERE known_to IS NULL
UNION ALL
SELECT claim, code, licence, folded, day, NULL
FROM added.claims
ANTI JOIN (SELECT claim FROM waiting_claims WHERE known_to IS NULL) USING (claim)
ANTI JOIN (SELECT claim FROM added.links WHERE known_to IS NULL) USING (claim)
