"""An institution's credit file (信用档案): its score, and every record, whether it counts or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from credit.explanation import Explanation, explain
from credit.policy import Policy

if TYPE_CHECKING:
    import polars

    from store.releases import Release

FORMAT = "double-random/credit-file/1"


@dataclass(frozen=True)
class CreditFile:
    """The explanation of a score beside all records on file: class state kinds document decided ends conduct points."""

    explanation: Explanation
    records: polars.DataFrame

    def json(self) -> dict[str, Any]:
        """The file as a JSON object with its format's name and version; the lines are `explain`'s."""
        score = {key: value for key, value in self.explanation.json().items() if key != "lines"}
        records = [
            {
                key: value if value is None or isinstance(value, int) else str(value)
                for key, value in row.items()
            }
            for row in self.records.to_dicts()
        ]
        return score | {"format": FORMAT, "records": records}


def credit_file(release: Release, institution: str, as_of: date, policy: Policy) -> CreditFile:
    """All records known of an institution and decided (or filed) by the day; Misuse as in `explain`.

    `points` is what a record's own lines add up to; 0 for one that does not count, or not any more. The facts of
    a penalty (违法事实) hold personal data and are no part of this.
    """
    import polars

    found = explain(release, institution, as_of, policy)
    cost: dict[str, int] = {}
    for line in found.lines:
        if line.record:
            cost[line.record] = cost.get(line.record, 0) + line.points
    records = release.frame(RECORDS, (institution, as_of))
    points = [cost.get(record, 0) for record in records["record"]]
    return CreditFile(found, records.with_columns(points=polars.Series(points, dtype=polars.Int64)))


RECORDS = """
SELECT r.record, r.class, r.state, r.kinds, r.document, r.related, r.happened, r.decided, r.ends, r.conduct,
       r.basis, r.content, r.fine_fen, r.confiscated_fen, r.authority
FROM records AS r
JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
WHERE l.institution = $1 AND r.known_to IS NULL AND coalesce(r.decided, r.happened) <= $2
ORDER BY coalesce(r.decided, r.happened), r.record
"""
