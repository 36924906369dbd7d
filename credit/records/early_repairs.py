"""Repairs (信用修复) that come in a file before the shortest term of publication, without an order: none is taken.

The rule is that of a single repair (rulings.py). Each row is an issue; it is taken once it comes with another day, or
with who ordered it and the number of that order. A repair that came before its penalty is held against it as soon as
both are known: where it was too early its record ends, and registry/quality/ended_repairs.py tells of it until the
repair comes as it must.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.records import rulings
from double_random.intake import reasons

if TYPE_CHECKING:
    import polars

    from double_random.intake.file_reading import Reading
    from double_random.intake.layouts import Layout
    from double_random.store.home import Home
    from double_random.store.releases import Draft


def set_aside(home: Home, release: Draft) -> dict[int, int]:
    """Take this run's early repairs out again, with their claims and links; how many of each reading.

    Called when claims are linked: only then it is known whose penalty a repair is about.
    """
    import polars

    connection = release.connection
    found = _early(home, connection.execute(REPAIRED, {"run": release.run}).fetchall())
    schema = {"record": polars.String, "first": polars.String}
    connection.register("early_now", polars.DataFrame([*found.items()], schema, orient="row"))
    connection.execute(TOO_EARLY)
    connection.unregister("early_now")
    if found:
        for sql in TAKE_OUT:
            connection.execute(sql, {"run": release.run} if "$run" in sql else None)
    counted = "SELECT reading, count(*) FROM too_early GROUP BY reading"
    return dict(connection.execute(counted).fetchall())


def end(home: Home, release: Draft) -> None:
    """End the repairs of earlier runs whose penalty has become known since, and shows that they were too early.

    So it does not matter which of the two came first. What was taken when both were known stays.
    """
    own = [
        ruling.id for ruling in rulings.kept(home)
    ]  # each was held against its record when it was entered
    about = release.connection.execute(REPAIRED_BEFORE, {"run": release.run, "own": own}).fetchall()
    for record in sorted(_early(home, about)):
        release.connection.execute(END, {"run": release.run, "record": record})


def _early(home: Home, about: Sequence[tuple[Any, ...]]) -> dict[str, str]:
    """Of pairs of a repair and its penalty the repairs that are too early: record → the first day that is none."""
    terms = PublicationTerms.of(home) if about else None
    found: dict[str, str] = {}
    for record, repaired, kinds, fine, decided in about:
        assert terms is not None
        first = terms.earliest((kinds or "").split(), fine or 0, decided, repaired)
        if first is not None and repaired < first.day:
            found[record] = max(str(first.day), found.get(record, ""))
    return found


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

# What was ordered says by whom as its basis (load.py).
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

END = "UPDATE records SET known_to = $run WHERE record = $record AND known_to IS NULL"

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
