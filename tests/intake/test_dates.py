"""Dates as bureaus write them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.dates import date_column, end_column, parse_days

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
    assert parse_days(pl.Series([text])).to_list() == [day]


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


# D-046
@pytest.mark.parametrize(
    "text",
    [
        "2015-05-03T00:00:00Z",
        "2015-05-03T00:00:00+08:00",
        "2015-05-03T00:00:00.000+0800",
        "2015-05-03T00:00:00-05:00",
        "2015-05-03 00:00:00 +0800 CST",
        "2015-05-03T00:00+08:00[Asia/Shanghai]",
        "2015/5/3 上午 12:00:00",
        "2015/5/3 12:00:00 AM",
        "2015年5月3日0时0分",
        "2015年5月3日 星期日",
        "20150503000000",
        "Sun May 03 00:00:00 CST 2015",
        "Sun May 03 2015 00:00:00 GMT+0800 (中国标准时间)",
        "2015-05-03T10:30:00Z",
        "2015-05-03T23:59:59+08:00",
    ],
)
def test_a_clock_or_a_zone_leaves_the_day_as_it_is_written(text: str) -> None:
    read = date_column(pl.Series([text]))
    assert (read.value[0], read.fault[0], read.note[0]) == (date(2015, 5, 3), None, None)


# D-046: a database in UTC gives a day that was entered in China as 16:00 of the day before.
@pytest.mark.parametrize(
    "text", ["2015-05-02T16:00:00Z", "2015-05-02 16:00:00.000+00", "2015-05-02T11:00:00-05:00"]
)
def test_midnight_in_china_written_in_another_zone_is_the_day_in_china(text: str) -> None:
    for read in (date_column(pl.Series([text])), end_column(pl.Series([text]))):
        assert read.value.to_list() == [date(2015, 5, 3)]
        assert (read.fault[0], read.note[0]) == (None, reasons.MIDNIGHT_IN_CHINA)


@pytest.mark.parametrize("text", ["2015-05-02T20:30:00Z", "2015-05-03T00:30:00+09:00"])
def test_a_zone_that_moves_the_day_is_no_guess(text: str) -> None:
    read = date_column(pl.Series([text]))
    assert (read.value[0], read.fault[0]) == (None, reasons.ZONE_MOVES_DAY)


@pytest.mark.parametrize(
    ("order", "text", "day"),
    [
        ("ymd", "03/05/2015", None),
        ("dmy", "03/05/2015", date(2015, 5, 3)),
        ("mdy", "05/03/2015 12:00:00 AM", date(2015, 5, 3)),
        ("dmy", "2015-05-03", date(2015, 5, 3)),
        ("mdy", "13/05/2015", None),
    ],
)
def test_the_year_may_stand_last_where_the_layout_says_so(
    order: str, text: str, day: date | None
) -> None:
    assert parse_days(pl.Series([text]), order).to_list() == [day]
