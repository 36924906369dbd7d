"""Ids, days and times have one spelling."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.inspection.protocol import digest, text
from double_random.inspection.protocol.digest import Digest


@pytest.mark.parametrize(
    "id", ["31310000XXXX00015A", "L:23100000000000012", "P:沪示例1", "L:(2020)1"]
)
def test_institution_id(id: str) -> None:
    assert text.is_institution_id(id)


@pytest.mark.parametrize(
    "id",
    [
        "",
        "31310000xxxx00015a",
        "31310000XXXX0001",
        "L:",
        "L:a1",
        "L:1 2",
        "L:１２",
        "X:1",
        "L:1\u3000",
    ],
)
def test_what_is_no_institution_id(id: str) -> None:
    assert not text.is_institution_id(id)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1))
def test_a_licence_number_has_one_spelling(number: str) -> None:
    assert text.normalize_licence(text.normalize_licence(number)) == text.normalize_licence(number)


@pytest.mark.parametrize(
    "day", ["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "２０２６-01-01"]
)
def test_what_is_no_day(day: str) -> None:
    assert not text.is_day(day)


@pytest.mark.parametrize(
    "time", ["2026-02-28T24:00:00Z", "2026-02-28T23:59:60Z", "2026-02-28T10:00:00"]
)
def test_what_is_no_time(time: str) -> None:
    assert text.is_day("2026-02-28")
    assert not text.is_time(time)


def test_seconds_since_1970() -> None:
    assert text.epoch_seconds("2023-08-23T15:59:24Z") == 1692806364


def test_hashes_of_the_standards() -> None:
    # FIPS 180-4 and GB/T 32905-2016, both of "abc"
    sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert Digest("sha256")("abc") == sha256 == hashlib.sha256(b"abc").hexdigest()
    assert Digest("sm3")("abc") == sm3
    assert Digest("sm3").hash_raw(b"abc").hex() == sm3


def test_sm3_without_openssl_is_the_same() -> None:
    begun = digest._OwnOpenSsl(b"a")
    other = begun.copy()
    other.update(b"bc")
    assert other.hexdigest() == Digest("sm3")("abc")
    assert begun.hexdigest() == Digest("sm3")("a")


def test_no_other_hash() -> None:
    with pytest.raises(ValueError):
        Digest("md5")
