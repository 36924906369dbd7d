-- The number of rows of each group (抽取分组) of the frame.
SELECT stratum, count(*) AS population
FROM frame
GROUP BY stratum
