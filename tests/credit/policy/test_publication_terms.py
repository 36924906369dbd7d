"""The terms of publication of a home: the first day for a repair, and until when a penalty is shown."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.credit.policy.publication_terms import PublicationTerms

TODAY = date(2026, 6, 20)


def terms() -> PublicationTerms:
    class Shipped:
        """As little of a home as is asked for."""

        def __init__(self) -> None:
            self.settings: dict[str, str] = {}

        def fact_file(self, *names: str) -> Path:
            return data.path(*names)

        def facts(self, *names: str) -> list[Path]:
            return sorted(data.path(*names).glob("*.toml"))

    return PublicationTerms.from_home(Shipped())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kinds", "decided", "first"),
    [
        (["suspension"], date(2026, 6, 14), date(2027, 6, 15)),  # D-049
        (["fine"], date(2026, 6, 14), date(2026, 9, 15)),
        (["fine"], date(2026, 11, 30), date(2027, 3, 1)),
        (["warning", "suspension"], date(2026, 6, 14), date(2027, 6, 15)),
    ],
)
def test_a_repair_is_possible_from_the_day_after_the_shortest_term(
    kinds: list[str], decided: date, first: date
) -> None:
    found = terms().earliest_repair(kinds, 0, decided, TODAY)
    assert found is not None and found.day == first and found.reference


@pytest.mark.parametrize("kinds", [["warning"], ["unheard-of"], []])
def test_what_is_minor_or_unknown_has_no_shortest_term(kinds: list[str]) -> None:
    assert terms().earliest_repair(kinds, 0, date(2026, 6, 14), TODAY) is None


def test_the_authoritys_own_end_goes_before_the_longest_term() -> None:
    """D-065: the report says the same day as the site."""
    own = date(2027, 6, 14)
    known = terms()
    assert known.shown_until(["suspension"], 0, date(2026, 6, 14), own, TODAY) == own
    assert known.shown_until(["suspension"], 0, date(2026, 6, 14), None, TODAY) == date(2029, 6, 14)
    assert known.shown_until(["warning"], 0, date(2026, 6, 14), None, TODAY) is None
