"""Columns as Excel calls them."""

from __future__ import annotations

import pytest

from double_random.intake.error_cells import column_number
from double_random.intake.sheet import column_letters


@pytest.mark.parametrize(
    ("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")]
)
def test_a_column_has_its_letters(index: int, name: str) -> None:
    assert column_letters(index) == name


def test_letters_and_numbers_lead_back_to_each_other() -> None:
    assert [column_number(column_letters(index)) for index in range(1_000)] == list(range(1_000))
