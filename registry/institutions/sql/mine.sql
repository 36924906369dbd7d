-- What the decisions of the touched institutions say, without what they say at length: it is compared and sorted.
SELECT d.place, t.number, d.event, d.state, d.decided, d.document
FROM placed.decisions AS d JOIN touched AS t ON t.institution = d.institution
WHERE d.known_to IS NULL
