"""Cells of words: free text, a choice of a closed list, yes or no, several words in one cell, a place in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake import reasons
from intake.typed import Typed

if TYPE_CHECKING:
    import polars as pl

SEPARATORS = r"[、;；,，/|\s]+"


def name_column(texts: pl.Series) -> Typed:
    """Names: a line break within one is the cell's width, not part of it."""
    if texts.str.contains(r"[\r\n\t]").any():
        texts = texts.str.replace_all(r"\s*[\r\n\t]+\s*", "")
    return Typed.of(texts)


def choice_column(texts: pl.Series, values: tuple[tuple[str, str], ...]) -> Typed:
    """Words of a closed list as their codes; a word that the layout does not know is faulty."""
    import polars as pl

    plain = texts.str.normalize("NFKC").str.replace_all(r"\s", "").str.to_uppercase()
    codes = {word.upper(): code for word, code in values}
    value = plain.replace_strict(codes, default=None, return_dtype=pl.String)
    unknown = pl.when(plain.is_not_null() & value.is_null()).then(pl.lit(reasons.UNKNOWN_WORD))
    return Typed.of(value, pl.select(unknown.alias("fault")).to_series())


def flag_column(texts: pl.Series, values: tuple[tuple[str, str], ...]) -> Typed:
    """Yes or no, as Boolean."""
    read = choice_column(texts, values)
    return Typed(read.value == "yes", read.fault, read.note)


def words_column(texts: pl.Series) -> Typed:
    """Several words in one cell, as given, in their order."""
    import polars as pl

    parts = texts.str.replace_all(SEPARATORS, "、").str.strip_chars("、").str.split("、")
    return Typed.of(parts.cast(pl.List(pl.String)))


def number_column(texts: pl.Series) -> Typed:
    """Whole numbers (7, 007, 第7号) as Int64."""
    import polars as pl

    plain = texts.str.normalize("NFKC").str.replace_all(r"\s", "")
    value = plain.str.extract(r"^第?([0-9]{1,9})[号位家]?$", 1).cast(pl.Int64)
    bad = pl.when(texts.is_not_null() & value.is_null()).then(pl.lit(reasons.NO_WHOLE_NUMBER))
    return Typed.of(value, pl.select(bad.alias("fault")).to_series())
