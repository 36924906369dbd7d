"""Fictitious codes have right check digits; an institution has the name of the day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from double_random.demo.bureau import (
    BRANCH,
    CITY_CODE,
    DISTRICT_CODE,
    FIRM,
    SampleBureau,
    SampleInstitution,
    fictitious_code,
)
from double_random.demo.years import sample_bureau


@pytest.fixture(scope="module")
def made() -> SampleBureau:
    return sample_bureau()


def firm(name: str, founded: date, ended: date | None = None) -> SampleInstitution:
    """A firm whose one name is that of its founding."""
    return SampleInstitution(
        kind=FIRM,
        name=name,
        code=fictitious_code("31", 1),
        licence="1",
        founded=founded,
        head="示例甲",
        address="示例路1号",
        ended=ended,
        names=[(founded, name)],
    )


def test_every_code_carries_four_x_and_right_check_digits(made: SampleBureau) -> None:
    """GB 32100-2015: weights 3^i mod 31; the sum with the check character is a multiple of 31."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = {one.code for one in made.institutions} | {CITY_CODE, DISTRICT_CODE}
    assert len(codes) == len(made.institutions) + 2
    for text in codes:
        assert re.fullmatch(r"\d\d990000XXXX\d{4}[0-9X][0-9A-Y]", text)
        values = [alphabet.index(c) for c in text]
        assert (sum(v * pow(3, i, 31) for i, v in enumerate(values[:17])) + values[17]) % 31 == 0


def test_a_code_differs_with_its_prefix_and_serial() -> None:
    codes = {fictitious_code(prefix, serial) for prefix in ("11", "31") for serial in range(100)}
    assert len(codes) == 200
    assert all(len(one) == 18 and one[8:12] == "XXXX" for one in codes)
    assert fictitious_code("31", 42)[:2] == "31" and fictitious_code("31", 42)[12:16] == "0042"


def test_the_name_in_force_changes_on_the_day_of_the_change() -> None:
    one = firm("示例甲律师事务所", date(2001, 1, 1))
    one.names.append((date(2020, 5, 1), "示例乙律师事务所"))
    assert one.name_on(date(2020, 4, 30)) == "示例甲律师事务所"
    assert one.name_on(date(2020, 5, 1)) == "示例乙律师事务所"
    with pytest.raises(IndexError):
        one.name_on(date(2000, 12, 31))


def test_only_institutions_of_the_kind_that_have_not_ended_are_listed() -> None:
    active = firm("示例甲律师事务所", date(2001, 1, 1))
    ended = firm("示例乙律师事务所", date(2001, 1, 1), date(2010, 1, 1))
    small = SampleBureau(institutions=[active, ended])
    assert small.existing_of_kind(FIRM) == [active]
    assert small.existing_of_kind(BRANCH) == []
