-- Institutions and practitioners by number: whole numbers join and sort faster than codes.
SELECT id AS institution, CAST(row_number() OVER (ORDER BY id) AS INTEGER) AS who
FROM (SELECT DISTINCT id FROM parties) AS known
