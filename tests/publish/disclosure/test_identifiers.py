"""Personal numbers are found however they are written, and what only looks like one is left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.publish.disclosure.identifiers import find_bare_numbers, find_personal_numbers


def id_number(area: int, day: str, rest: str) -> str:
    """A made-up number of the shape of an ID number."""
    return f"{area:06d}{day}{rest}"


made_up = st.builds(
    id_number,
    st.integers(110000, 659999),
    st.dates().filter(lambda d: 1900 <= d.year < 2100).map(lambda d: d.strftime("%Y%m%d")),
    st.from_regex(r"[0-9]{3}[0-9X]", fullmatch=True),
)


@given(made_up, st.sampled_from(["", " ", "-", "·", "\u3000"]), st.integers(1, 17))
def test_an_id_number_is_found_wherever_it_is_split(number: str, gap: str, place: int) -> None:
    text = f"当事人(身份证{number[:place]}{gap}{number[place:]})"
    assert number in find_personal_numbers(text)


@given(made_up)
def test_full_width_does_not_hide_it(number: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    assert number in find_personal_numbers(f"号码{wide}。")


@pytest.mark.parametrize(
    "text",
    [
        "手机13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 13800138000",
        "(021)62345678",
        "账号6222020200112233445",
        "6222 0202 0011 2233 446",
    ],
)
def test_phones_and_cards_are_found(text: str) -> None:
    assert find_personal_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "上海示例衡立010律师事务所",
        "沪司罚决字〔2015〕第1号",
        "2015-04-12至2016-04-11",
        "上海市浦东新区示例路2000弄13号601室",
        "31310000XXXX30015D",
        "第123456789号",
        "《律师法》第四十七条、第五十条",
        "2015.04.12-2016.04.11",
        "12310000XXXX3055X7",
    ],
)
def test_what_is_no_personal_number_is_left_alone(text: str) -> None:
    assert find_personal_numbers(text) == []


def test_hashes_are_no_numbers_in_a_finished_file() -> None:
    assert list(find_bare_numbers(b"ab13800138000cd 9e13800138000")) == []
    assert list(find_bare_numbers(b">13800138000<")) == ["13800138000"]


@given(st.text("013Xxa. ", max_size=60).map(str.encode))
def test_bare_numbers_stand_between_what_is_neither_letter_nor_digit(content: bytes) -> None:
    plainly = rb"(?<![0-9A-Za-z])(?:\d{15,19}|\d{17}[Xx]|1[3-9]\d{9})(?![0-9A-Za-z])"
    assert [number.encode() for number in find_bare_numbers(content)] == re.findall(
        plainly, content
    )
