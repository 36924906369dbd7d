-- How many rows each group (抽取分组) of the frame has.
SELECT stratum, count(*) AS population
FROM frame
GROUP BY stratum
