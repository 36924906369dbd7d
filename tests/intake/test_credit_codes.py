"""Unified social credit codes: the real ones are judged as stated, one wrong character is always seen."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.credit_codes import (
    ALPHABET,
    Uscc,
    check_character,
    code_fault,
    uscc_column,
)

BODIES = st.text(alphabet=ALPHABET, min_size=17, max_size=17)


def test_real_codes_are_judged_as_stated(shared: Path) -> None:
    known = json.loads((shared / "reference" / "uscc_values.json").read_text("utf-8"))
    firms = [entry["code"] for entry in known["valid_law_firms"] + known["valid_justice_bureaus"]]
    good = known["valid_general"] + firms
    bad = [entry["code"] for entry in known["invalid"]]
    assert len(good) == 207
    assert uscc_column(pl.Series(good)).fault.null_count() == len(good)
    assert uscc_column(pl.Series(bad)).fault.null_count() == 0


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("31310000XXXX3020X0", reasons.CHECK_DIGIT),
        ("00000000000000000X", reasons.PLACEHOLDER_CODE),
        ("0" * 18, reasons.PLACEHOLDER_CODE),
        ("X" * 18, reasons.PLACEHOLDER_CODE),
        ("31310000XXXX30082", reasons.CODE_LENGTH),
        ("31310000XXXX3008IB", reasons.CODE_CHARACTER),
        ("31310000ＸＸＸＸ30082B", None),
        ("31310000xxxx30082b ", None),
        ("31310000 XXXX 30082B", None),
    ],
)
def test_a_code_is_folded_then_judged(code: str, reason: str | None) -> None:
    assert uscc_column(pl.Series([code])).fault.to_list() == [reason]


@given(BODIES, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_never_passes(body: str, place: int, letter: str) -> None:
    code = body + check_character(body)
    wrong = code[:place] + letter + code[place + 1 :]
    assert code_fault(code) in ("", reasons.PLACEHOLDER_CODE)
    assert code_fault(wrong) or wrong == code


@given(st.lists(st.one_of(BODIES.map(lambda body: body + "0"), st.text(max_size=20)), max_size=20))
def test_the_column_judges_as_the_type_does(texts: list[str]) -> None:
    read = uscc_column(pl.Series(texts, dtype=pl.String))
    for value, fault in zip(read.value, read.fault, strict=True):
        assert code_fault(value) == (fault or "")
        if fault:
            with pytest.raises(ValueError, match=fault):
                Uscc(value)
        else:
            assert Uscc(value).prefix == value[:2]
