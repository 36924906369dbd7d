"""Small counts are merged over the years, and a published span never changes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from double_random.publish.disclosure.suppression import YearSpan, merge_years


@given(some.dictionaries(some.integers(2000, 2020), some.integers(1, 30)), some.integers(1, 9))
def test_no_span_tells_fewer_and_closed_ones_stay(counts: dict[int, int], fewest: int) -> None:
    before: tuple = ()
    for until in range(2000, 2021):
        now = merge_years(counts.items(), fewest, until)
        told = [span for span in now if span.number is not None]
        assert all(span.number >= fewest for span in told)
        assert sum(span.number is None for span in now) <= 1
        assert all(one.last + 1 == two.first for one, two in pairwise(now))
        closed = tuple(span for span in before if span.number is not None)
        assert tuple(told[: len(closed)]) == closed  # an older edition beside a newer tells no more
        before = now


def test_spans_are_told_by_their_years() -> None:
    found = merge_years([(2010, 3), (2012, 3), (2013, 9), (2015, 1)], 5, 2016)
    assert [(span.years, span.number) for span in found] == [
        ("2010–2012", 6),
        ("2013", 9),
        ("2014–2016", None),
    ]


def test_the_current_year_is_not_counted() -> None:
    assert merge_years([(2016, 7), (2017, 9)], 5, 2016) == (YearSpan(2016, 2016, 7),)


def test_without_cases_there_is_no_span() -> None:
    assert merge_years([], 5, 2016) == ()
    assert merge_years([(2017, 9)], 5, 2016) == ()
