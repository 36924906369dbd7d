"""Rejects repairs (信用修复) in a file that are dated before the shortest term of publication and have no order.

The rule is the same as for a single repair (rulings.py). Each row is an issue; it is accepted once the file gives
another day, or the authority that ordered it and the order's number. A repair that was read before its penalty is
checked as soon as both are known: if it was too early, its record ends, and registry/quality/ended_repairs.py reports
it until a valid repair is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.records import rulings
from double_random.intake import reasons
from double_random.store.tables import end_where

if TYPE_CHECKING:
    import polars

    from double_random.intake.file_reading import FileReading
    from double_random.intake.layouts import Layout
    from double_random.store.home import Home
    from double_random.store.releases import Draft


def set_aside_early_repairs(home: Home, release: Draft) -> dict[int, int]:
    """Remove this run's early repairs with their claims and links; returns their number by reading.

    Called after linking: only then it is known whose penalty a repair is about.
    """
    import polars

    connection = release.connection
    early: dict[str, str] = {}
    if connection.execute(
        ANY_REPAIR
    ).fetchall():  # joining all records for none would cost most of a load
        about = connection.execute(REPAIRED, {"run": release.run}).fetchall()
        early = _find_early_repairs(home, about)
    schema = {"record": polars.String, "first": polars.String}
    connection.register("early_now", polars.DataFrame([*early.items()], schema, orient="row"))
    connection.execute(TOO_EARLY)
    connection.unregister("early_now")
    if early:
        for sql in TAKE_OUT:
            connection.execute(sql)
        connection.execute(WAIT_AGAIN, {"run": release.run})
    counted = "SELECT reading, count(*) FROM too_early GROUP BY reading"
    return dict(connection.execute(counted).fetchall())


def end_early_repairs(home: Home, release: Draft) -> None:
    """End repairs of earlier runs whose penalty has become known since, if they were too early.

    So the order in which the two are read does not matter. A repair accepted when both were known stays.
    """
    own = [
        ruling.id for ruling in rulings.read_rulings(home)
    ]  # each was checked against its record when it was entered
    if not release.connection.execute(ANY_REPAIR_BEFORE).fetchall():
        return
    about = release.connection.execute(REPAIRED_BEFORE, {"run": release.run, "own": own}).fetchall()
    for record in sorted(_find_early_repairs(home, about)):
        end_where(
            release.connection, "records", "record = $record", release.run, {"record": record}
        )


def _find_early_repairs(home: Home, about: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    """The too early repairs among pairs of repair and penalty: record → the first day that is not too early."""
    terms = PublicationTerms.from_home(home) if about else None
    earliest: dict[str, str] = {}
    for record, repaired, kinds, fine, decided in about:
        assert terms is not None
        first = terms.earliest_repair((kinds or "").split(), fine or 0, decided, repaired)
        if first is not None and repaired < first.day:
            earliest[record] = max(str(first.day), earliest.get(record, ""))
    return earliest


ANY_REPAIR = "SELECT 1 FROM incoming WHERE copy = 1 AND class = 'repair' LIMIT 1"
ANY_REPAIR_BEFORE = """
SELECT 1 FROM records WHERE class = 'repair' AND known_to IS NULL AND basis IS NULL LIMIT 1
"""

# A repair refers to a penalty of the same institution by its document number (ledger.sql).
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

# A repair with an order has the order as its basis (load.py).
REPAIRED_BEFORE = """
SELECT r.record, r.decided, p.kinds, p.fine_fen, p.decided
FROM records AS r
JOIN links AS l ON l.claim = r.record AND l.known_to IS NULL
JOIN links AS m ON m.institution = l.institution AND m.known_to IS NULL
JOIN records AS p ON p.record = m.claim AND p.known_to IS NULL AND p.class = 'penalty' AND p.decided IS NOT NULL
    AND coalesce(p.document_key, p.record) = r.related_key
WHERE r.class = 'repair' AND r.known_to IS NULL AND r.known_from < $run AND r.decided IS NOT NULL
    AND r.basis IS NULL AND NOT list_contains($own, r.record)
    AND greatest(p.known_from, l.known_from, m.known_from) > r.known_from
ORDER BY ALL
"""

TOO_EARLY = """
CREATE OR REPLACE TEMP TABLE too_early AS
SELECT i.*, e.first FROM incoming AS i JOIN early_now AS e ON e.record = i.record WHERE i.copy = 1
"""

TAKE_OUT = (
    "DELETE FROM added.records WHERE record IN (SELECT record FROM too_early)",
    "DELETE FROM added.claims WHERE claim IN (SELECT record FROM too_early)",
    "DELETE FROM added.links WHERE claim IN (SELECT record FROM too_early)",
    "DELETE FROM added.waiting_claims WHERE claim IN (SELECT record FROM too_early)",
    "DELETE FROM incoming WHERE copy = 1 AND record IN (SELECT record FROM too_early)",
)

# A claim that an undone run has left is asked again, as if it had never been linked.
WAIT_AGAIN = """
INSERT INTO added.waiting_claims
SELECT claim, code, licence, folded, day, NULL, $run, NULL
FROM claims SEMI JOIN (SELECT record AS claim FROM too_early) USING (claim)
ANTI JOIN (SELECT claim FROM links WHERE known_to IS NULL) USING (claim)
ANTI JOIN (SELECT claim FROM waiting_claims WHERE known_to IS NULL) USING (claim)
"""


def build_early_repair_issues(
    release: Draft, readings: Sequence[FileReading], shapes: Sequence[Layout]
) -> polars.DataFrame:
    """An issue for each rejected row, at its day, with the first day on which it would be accepted."""
    import polars

    from double_random.intake.file_reading import issue_schema
    from double_random.intake.layouts import find_heading

    early = release.frame("SELECT * FROM too_early ORDER BY reading, sheet, row")
    rows = []
    for reading_no, sheet, row, decided, first, name in early.select(
        "reading", "sheet", "row", "decided", "first", "name"
    ).iter_rows():
        reading = readings[reading_no]
        column = find_heading(shapes, reading.layout, "decided")
        origin = (reading.file, reading.sha256, sheet, row, column)
        reason = f"{reasons.REPAIRED_TOO_EARLY}: {first}"
        rows.append((*origin, str(decided), reason, name, "quarantined"))
    return polars.DataFrame(rows, schema=issue_schema(), orient="row")
