"""Amounts: exact, in 分, whatever the unit."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import reasons
from intake.money import FEN_DIGITS, money_column


def written(fen: int, unit: str) -> str:
    digits = FEN_DIGITS[unit]
    whole, part = divmod(fen, 10**digits)
    return f"{whole}.{part:0{digits}}"


@given(st.integers(0, 10**16), st.sampled_from(["元", "万元"]), st.booleans())
def test_an_amount_comes_back_to_the_fen(fen: int, unit: str, short: bool) -> None:
    text = written(fen, unit)
    if short:
        text = text.rstrip("0").rstrip(".")
    if len(text.split(".")[0]) <= 12:
        assert money_column(pl.Series([text]), unit).value.to_list() == [fen]


@pytest.mark.parametrize(
    ("text", "fen", "fault", "note"),
    [
        ("0.5", 500_000, None, None),
        ("５", 5_000_000, None, None),
        ("5000元", 500_000, None, reasons.UNIT_IN_CELL),
        ("5,000元", 500_000, None, reasons.UNIT_IN_CELL),
        ("1.5万元", 1_500_000, None, None),
        ("0.000001", 1, None, None),
        ("0.0000001", None, reasons.NOT_WHOLE_FEN, None),
        ("5,00", None, reasons.NO_SUCH_AMOUNT, None),
        ("-1", None, reasons.NO_SUCH_AMOUNT, None),
        ("伍仟元", None, reasons.NO_SUCH_AMOUNT, None),
        ("٣", None, reasons.NO_SUCH_AMOUNT, None),
    ],
)
def test_what_a_cell_of_ten_thousand_yuan_means(
    text: str, fen: int | None, fault: str | None, note: str | None
) -> None:
    read = money_column(pl.Series([text]), "万元")
    assert (read.value[0], read.fault[0], read.note[0]) == (fen, fault, note)


@given(st.lists(st.text(max_size=14), max_size=20))
def test_no_text_breaks_a_money_column(texts: list[str]) -> None:
    assert money_column(pl.Series(texts, dtype=pl.String), "元").value.len() == len(texts)
