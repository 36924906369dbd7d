"""The nouns of a bureau's files: the contract of intake with registry and credit."""

from __future__ import annotations

import polars as pl
import pytest

from double_random import data
from double_random.intake.record_types import CODES, KINDS_FILES, NEEDED, NOUNS, PLACE, table_schema


@pytest.mark.parametrize("noun", NOUNS)
def test_every_table_ends_with_the_place_of_its_rows(noun: str) -> None:
    columns = table_schema(noun)
    assert list(columns) == [*NOUNS[noun], *PLACE]
    assert (columns["file"], columns["row"]) == (pl.String(), pl.Int64())


def test_each_type_has_its_type_in_polars() -> None:
    columns = table_schema("penalties")
    assert columns["kinds"] == pl.List(pl.String()) and columns["decided"] == pl.Date()
    assert columns["fine_fen"] == pl.Int64() and table_schema("past_draws")["drawn"] == pl.Boolean()


def test_what_is_needed_or_has_codes_is_a_column() -> None:
    assert NEEDED.keys() == NOUNS.keys()
    for noun, columns in NEEDED.items():
        assert set(columns) <= NOUNS[noun].keys(), noun
    for noun, coded in CODES.items():
        assert all(NOUNS[noun][column] == "text" for column in coded), noun
    for noun, listed in KINDS_FILES.items():
        assert all(NOUNS[noun][column] == "list" for column in listed), noun
        assert all(data.path(file).exists() for file in listed.values()), noun
