"""Published counts: upheld complaints by the year of the decision, as far as the allow-list permits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from double_random.publish.content.counts import compute_counts
from double_random.store.releases import Release
from tests.publish import editions

RULE = editions.LIST.complaints
COMPLAINT = {"class": "complaint", "kinds": "", "known_from": 1}


@pytest.fixture
def release() -> Iterator[Release]:
    made = editions.release()
    yield made
    made.connection.close()


def complain(release: Release, number: int, decided: date | None, **more: object) -> None:
    row = {"record": f"r{number}", "number": number, "state": "upheld", "decided": decided}
    editions.insert(release, "records", **(COMPLAINT | row | more))


def test_complaints_count_in_the_year_of_their_decision(release: Release) -> None:
    assert RULE is not None
    for number in range(RULE.fewest):
        complain(release, number, date(2024, 12, 31), happened=date(2023, 1, 1))
    complain(release, 90, None, happened=date(2025, 6, 1), state="partly_upheld")
    complain(release, 91, date(2025, 6, 1), state="unfounded")
    complain(release, 92, date(2026, 1, 1))  # the edition's own year
    complain(release, 93, date(2025, 1, 1), known_to=2)
    spans = compute_counts(release, editions.DAY, editions.LIST).upheld
    assert [(span.years, span.number) for span in spans] == [("2024", RULE.fewest), ("2025", None)]


def test_a_complaint_that_was_corrected_later_does_not_count(release: Release) -> None:
    assert RULE is not None
    for number in range(RULE.fewest):
        complain(release, number, date(2024, 5, 1), document_key=f"投诉{number}")
    editions.insert(
        release,
        "records",
        **{"record": "c", "number": 99, "class": "objection", "kinds": "", "known_from": 1},
        state="corrected",
        related_key="投诉0",
    )
    (span,) = compute_counts(release, editions.DAY, editions.LIST).upheld
    assert (span.years, span.number) == ("2024–2025", None)


def test_without_a_rule_no_complaint_is_counted(release: Release) -> None:
    complain(release, 1, date(2024, 5, 1))
    found = compute_counts(release, editions.DAY, replace(editions.LIST, complaints=None))
    assert found.upheld == ()
    assert found.coverage.is_empty()
    assert set(found.coverage.columns) == {"kind", "district", "approvals", "covered"}
