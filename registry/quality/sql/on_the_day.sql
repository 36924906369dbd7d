-- The register of the day, as it is known now.
SELECT i.id, i.district, i.status
FROM institutions AS i
CROSS JOIN asked_day AS a
WHERE i.known_to IS NULL AND i.valid_from <= a.day AND (i.valid_to IS NULL OR i.valid_to > a.day)
