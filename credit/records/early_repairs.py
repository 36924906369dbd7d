"""Repairs (信用修复) that come in a file before the shortest term of publication, without an order: none is taken.

The rule is that of a single repair (rulings.py). Each row is an issue; it is taken once it comes with another day, or
with who ordered it and the number of that order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.intake import reasons

if TYPE_CHECKING:
    import polars

    from double_random.intake.file_reading import Reading
    from double_random.intake.layouts import Layout
    from double_random.store.home import Home
    from double_random.store.releases import Draft


def set_aside(home: Home, release: Draft) -> dict[int, int]:
    """Take this run's early repairs out again, with their claims and links; how many of each reading.

    Called when claims are linked: only then it is known whose penalty a repair is about. What earlier runs have taken
    stays.
    """
    import polars

    connection = release.connection
    found: dict[str, str] = {}  # record → the first day on which it could be repaired
    about = connection.execute(REPAIRED, {"run": release.run}).fetchall()
    terms = PublicationTerms.of(home) if about else None
    for record, repaired, kinds, fine, decided in about:
        assert terms is not None
        first = terms.earliest((kinds or "").split(), fine or 0, decided, repaired)
        if first is not None and repaired < first.day:
            found[record] = max(str(first.day), found.get(record, ""))
    schema = {"record": polars.String, "first": polars.String}
    connection.register("early_now", polars.DataFrame([*found.items()], schema, orient="row"))
    connection.execute(TOO_EARLY)
    connection.unregister("early_now")
    if found:
        for sql in TAKE_OUT:
            connection.execute(sql, {"run": release.run} if "$run" in sql else None)
    counted = "SELECT reading, count(*) FROM too_early GROUP BY reading"
    return dict(connection.execute(counted).fetchall())


# A repair speaks of a penalty of the same institution, by the number of its document (ledger.sql).
REPAIRED = """
SELECT i.record, i.decided, p.kinds, p.fine_fen, p.decided
FROM incoming AS i
JOIN records AS r ON r.record = i.record AND r.known_from = $run AND r.known_to IS NULL
JOIN links AS l ON l.claim = i.record AND l.known_to IS NULL
JOIN links AS m ON m.institution = l.institution AND m.known_to IS NULL
JOIN records AS p ON p.record = m.claim AND p.known_to IS NULL AND p.class = 'penalty' AND p.decided IS NOT NULL
    AND coalesce(p.document_key, p.record) = i.related_key
WHERE i.copy = 1 AND i.class = 'repair' AND i.decided IS NOT NULL AND i.ordered IS NULL
ORDER BY ALL
"""

TOO_EARLY = """
CREATE OR REPLACE TEMP TABLE too_early AS
SELECT i.*, e.first FROM incoming AS i JOIN early_now AS e ON e.record = i.record WHERE i.copy = 1
"""

TAKE_OUT = (
    "DELETE FROM records WHERE known_from = $run AND record IN (SELECT record FROM too_early)",
    "DELETE FROM claims WHERE known_from = $run AND claim IN (SELECT record FROM too_early)",
    "DELETE FROM links WHERE known_from = $run AND claim IN (SELECT record FROM too_early)",
    "DELETE FROM incoming WHERE copy = 1 AND record IN (SELECT record FROM too_early)",
)


def issues(
    release: Draft, readings: Sequence[Reading], shapes: Sequence[Layout]
) -> polars.DataFrame:
    """An issue for each row that was set aside, at its day, with the first day on which it could be taken."""
    import polars

    from double_random.intake.file_reading import issue_schema
    from double_random.intake.layouts import heading

    found = release.frame("SELECT * FROM too_early ORDER BY reading, sheet, row")
    rows = []
    for place, sheet, row, decided, first, name in found.select(
        "reading", "sheet", "row", "decided", "first", "name"
    ).iter_rows():
        reading = readings[place]
        column = heading(shapes, reading.layout, "decided")
        where = (reading.file, reading.sha256, sheet, row, column)
        reason = f"{reasons.REPAIRED_TOO_EARLY}: {first}"
        rows.append((*where, str(decided), reason, name, "quarantined"))
    return polars.DataFrame(rows, schema=issue_schema(), orient="row")
