"""A format counts its outcomes exactly, and each outcome has one spelling."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.v2.value_formats import ValueFormat, format_decimal


def group(count: int, low: int, high: int, **fields: Any) -> dict[str, Any]:
    return {
        "count": count,
        "low": low,
        "high": high,
        "digits": len(str(high)),
        "distinct": True,
        "order": "ascending",
        "rest": False,
        **fields,
    }


def read(value: Any) -> ValueFormat:
    return ValueFormat.read(StrictObject("sources.json", {"format": value}, ("format",)), "format")


def of(*groups: dict[str, Any]) -> ValueFormat:
    return read({"groups": list(groups)})


FREE = {"distinct": False, "order": "drawn"}


@pytest.mark.parametrize(
    ("made", "outcomes"),
    [
        (of(group(20, 1, 80)), 3535316142212174320),
        (of(group(6, 1, 33), group(1, 1, 16)), 17721088),
        (of(group(7, 1, 30), group(1, 1, 30, rest=True)), 46823400),
        (of(group(3, 0, 9, **FREE)), 1000),
        (of(group(8, 1, 6, **FREE)), 6**8),
        (of(group(2, 1, 5, order="drawn")), 20),
        (of(group(2, 1, 5), group(1, 1, 5, rest=True), group(2, 1, 5, rest=True)), 30),
        (read({"hex": 128}), 16**128),
    ],
)
def test_outcomes_are_exact(made: ValueFormat, outcomes: int) -> None:
    assert made.outcomes == outcomes


@pytest.mark.parametrize(
    "made",
    [
        of(group(2, 1, 5), group(1, 1, 5, rest=True)),
        of(group(2, 1, 4, order="drawn"), group(1, 1, 4)),
        of(group(2, 0, 3, **FREE)),
        of(group(1, 1, 3), group(1, 1, 3, rest=True), group(1, 1, 3, rest=True)),
    ],
)
def test_as_many_spellings_are_accepted_as_there_are_outcomes(made: ValueFormat) -> None:
    count = sum(part.count for part in made.groups)
    accepted = 0
    for numbers in itertools.product("0123456", repeat=count):
        try:
            made.check_value(".".join(numbers))
        except Misuse:
            continue
        accepted += 1
    assert accepted == made.outcomes


@pytest.mark.parametrize(
    "value",
    [
        {"hex": 0},
        {"hex": 1025},
        {"hex": "4"},
        {"hex": 4, "groups": []},
        {"groups": []},
        {"groups": [group(1, 0, 9, **FREE)] * 21},
        {"groups": [group(0, 1, 9)]},
        {"groups": [group(1001, 1, 9999)]},
        {"groups": [group(1, 5, 4)]},
        {"groups": [group(1, -1, 4)]},
        {"groups": [group(1, 1, 33, digits=1)]},
        {"groups": [group(1, 1, 33, digits=16)]},
        {"groups": [group(3, 1, 9, distinct=False)]},
        {"groups": [group(3, 1, 9, order="sorted")]},
        {"groups": [group(3, 1, 2)]},
        {"groups": [group(1, 1, 9, rest=True)]},
        {"groups": [group(1, 1, 9), group(1, 1, 8, rest=True)]},
        {"groups": [group(1, 1, 9, **FREE), group(1, 1, 9, rest=True)]},
        {"groups": [group(1, 1, 9), group(1, 1, 9, rest=True, **FREE)]},
        {"groups": [group(2, 1, 3), group(2, 1, 3, rest=True)]},
        {"groups": [{**group(1, 1, 9), "more": 1}]},
        {},
        None,
        [],
    ],
)
def test_a_format_that_breaks_a_rule_is_refused(value: Any) -> None:
    with pytest.raises(BadFile, match=r"sources\.json"):
        read(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1.7.11.19.26.33.16",
        "07.02.11.19.26.33.16",
        "02.02.11.19.26.33.16",
        "02.07.11.19.26.34.16",
        "00.07.11.19.26.33.16",
        "02.07.11.19.26.33",
        "02.07.11.19.26.33.16.01",
        "02,07,11,19,26,33,16",
        "０2.07.11.19.26.33.16",
        " 02.07.11.19.26.33.16",
    ],
)
def test_another_spelling_of_numbers_is_refused(value: str) -> None:
    balls = of(group(6, 1, 33), group(1, 1, 16))
    balls.check_value("02.07.11.19.26.33.16")
    with pytest.raises(Misuse):
        balls.check_value(value)


@pytest.mark.parametrize("value", ["", "0a1", "0A1B", "0a1b2", "0g1b"])
def test_hex_digits_have_one_spelling(value: str) -> None:
    read({"hex": 4}).check_value("0a1b")
    with pytest.raises(Misuse):
        read({"hex": 4}).check_value(value)


def test_the_number_of_outcomes_is_written_at_any_size() -> None:
    assert format_decimal(0) == "0"
    assert format_decimal(10**3999) == "1" + "0" * 3999
    assert format_decimal(7 * 10**9000 + 5) == "7" + "0" * 8999 + "5"
    large = of(group(1000, 0, 10**15 - 1, **FREE))
    assert format_decimal(large.outcomes) == "1" + "0" * 15000
