-- Of several rows of one decision (same document and title) the one that came last stands:
-- a corrected row replaces the wrong one, and a permit once said to be invalid stays so.
SELECT place, number, document FROM mine
WHERE document IN (SELECT document FROM mine WHERE document IS NOT NULL GROUP BY document HAVING count(*) > 1)
