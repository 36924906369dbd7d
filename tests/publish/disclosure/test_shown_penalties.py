"""The SQL of penalties: decided, known and linked ones, with whether they were repaired."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from double_random.publish.disclosure.shown_penalties import NO_PENALTIES, PENALTIES
from double_random.store.releases import Release
from tests.publish import editions

DAY = date(2016, 12, 31)
PENALTY = {
    "class": "penalty",
    "kinds": "fine",
    "state": "decided",
    "decided": date(2016, 3, 1),
    "known_from": 1,
}


@pytest.fixture
def release() -> Iterator[Release]:
    made = editions.release()
    yield made
    made.connection.close()


def record(release: Release, name: str, institution: str = "A", **more: Any) -> None:
    row = PENALTY | {"record": name, "number": ord(name[0])} | more
    editions.insert(release, "records", **row)
    editions.insert(release, "links", claim=name, institution=institution, how="code", known_from=1)


def found(release: Release, day: date = DAY) -> dict[str, bool]:
    """Record → whether it was repaired."""
    return dict(release.frame(PENALTIES, [day]).select("record", "repaired").iter_rows())


def test_a_penalty_counts_from_its_decision_to_the_authoritys_own_date(release: Release) -> None:
    record(release, "a", publish_until=date(2017, 1, 1))
    assert found(release, date(2016, 2, 29)) == {}
    assert found(release, date(2016, 3, 1)) == {"a": False}
    assert found(release, date(2016, 12, 31)) == {"a": False}
    assert found(release, date(2017, 1, 1)) == {}


def test_other_records_and_what_is_no_longer_known_are_left_out(release: Release) -> None:
    record(release, "a", **{"class": "complaint", "state": "upheld"})
    record(release, "b", known_to=2)
    editions.insert(release, "records", **(PENALTY | {"record": "c", "number": 3}))  # no link
    assert found(release) == {}


@pytest.mark.parametrize(
    ("kind", "state", "repaired"),
    [
        ("repair", "decided", True),
        ("correction", "decided", True),
        ("objection", "corrected", True),
        ("objection", "kept", False),
    ],
)
def test_a_repair_names_the_penalty_by_its_number(
    release: Release, kind: str, state: str, repaired: bool
) -> None:
    record(release, "a", document_key="第1号")
    record(release, "b", institution="B", document_key="第1号")
    record(
        release,
        "r",
        **{"class": kind, "state": state, "decided": date(2016, 6, 1), "related_key": "第1号"},
    )
    assert found(release) == {"a": repaired, "b": False}
    assert found(release, date(2016, 5, 31)) == {"a": False, "b": False}


def test_a_release_without_records_gives_the_same_columns_and_no_row(release: Release) -> None:
    none = release.frame(NO_PENALTIES, [DAY])
    assert none.is_empty()
    assert none.schema == release.frame(PENALTIES, [DAY]).schema
