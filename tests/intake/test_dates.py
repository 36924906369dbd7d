"""Dates as bureaus write them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import reasons
from intake.dates import date_column, end_column, parsed

DAYS = st.dates(date(1949, 10, 1), date(2098, 12, 31))
FORMS = [
    "{y}-{m:02}-{d:02}",
    "{y}/{m}/{d}",
    "{y}.{m:02}.{d:02}",
    "{y}年{m}月{d}日",
    "{y}{m:02}{d:02}",
]
FORMS += ["{y}/{m}/{d} 0:00", "{y}-{m:02}-{d:02} 00:00:00", "{y}-{m:02}-{d:02}T00:00:00"]


@given(DAYS, st.sampled_from(FORMS), st.booleans())
def test_every_way_to_write_a_day_is_that_day(day: date, form: str, wide: bool) -> None:
    text = form.format(y=day.year, m=day.month, d=day.day)
    if wide:
        text = text.translate({ord(digit): ord(digit) - 0x30 + 0xFF10 for digit in "0123456789"})
    assert parsed(pl.Series([text])).to_list() == [day]


@pytest.mark.parametrize(
    "text",
    ["2015-02-30", "2015-13-01", "15-1-1", "2015", "x", "1015-01-01", "2015-1-1-1", "٢٠١٥-٠١-٠١"],
)
def test_a_day_that_does_not_exist_is_faulty(text: str) -> None:
    read = date_column(pl.Series([text]))
    assert (read.value.to_list(), read.fault.to_list()) == ([None], [reasons.NO_SUCH_DATE])


def test_the_future_begins_after_the_as_of_day() -> None:
    days = pl.Series(["2016-12-31", "2017-01-01", None])
    read = date_column(days, date(2016, 12, 31), reasons.DECIDED_IN_FUTURE)
    assert read.fault.to_list() == [None, reasons.DECIDED_IN_FUTURE, None]


def test_long_term_and_the_year_2099_are_open() -> None:
    ends = pl.Series(["长期", "2099-12-31", "9999/12/31", "2098-12-31", "很久", None])
    read = end_column(ends)
    assert read.value.to_list() == [None, None, None, date(2098, 12, 31), None, None]
    assert read.fault.to_list() == [None, None, None, None, reasons.NO_SUCH_DATE, None]


@given(st.lists(st.text(max_size=12), max_size=20))
def test_no_text_breaks_a_date_column(texts: list[str]) -> None:
    assert date_column(pl.Series(texts, dtype=pl.String)).value.len() == len(texts)
