-- The sorts of records: class, kinds and state as one number.
SELECT class, kinds, state, CAST(row_number() OVER (ORDER BY class, kinds, state) AS INTEGER) AS sort
FROM (SELECT DISTINCT class, kinds, state FROM records) AS present
