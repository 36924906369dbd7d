"""Cells of words: free text, a choice of a closed list, yes or no, several words in one cell, a place in a list."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING

from double_random import data
from double_random.core import toml_reader
from double_random.core.toml_reader import WORD, List, Table
from double_random.intake import reasons
from double_random.intake.parsed_column import ParsedColumn

if TYPE_CHECKING:
    import polars as pl

_ENTITY = r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});"
_PRIVATE = r"([\x{e000}-\x{f8ff}\x{f0000}-\x{ffffd}\x{100000}-\x{10fffd}])"
PRIVATE_USE = Table({"reference": WORD, "range": List(Table({"first": WORD, "characters": WORD}))})
SEPARATORS = r"[、;；,，/|\s]+"


def name_column(texts: pl.Series) -> ParsedColumn:
    """Names: a line break within one is removed; entities of web pages (&nbsp;, &amp;) and private-use characters
    that Unicode now has are replaced, other private-use characters are noted.
    """
    import polars as pl

    if texts.str.contains(_ENTITY).any():
        texts = texts.map_elements(_unescape_entities, return_dtype=pl.String)
        texts = texts.set((texts == "").fill_null(False), None)
    if texts.str.contains(r"[\r\n\t]").any():
        texts = texts.str.replace_all(r"\s*[\r\n\t]+\s*", "")
    if not texts.str.contains(_PRIVATE).any():
        return ParsedColumn.from_values(texts)
    texts = texts.str.replace_many(load_private_use()).str.normalize("NFC")
    left = texts.str.extract(_PRIVATE)
    note = left.map_elements(
        lambda letter: f"{reasons.PRIVATE_USE}: U+{ord(letter):04X}", return_dtype=pl.String
    )
    return ParsedColumn.from_values(texts, None, note)


def _unescape_entities(text: str) -> str:
    """A name without entities, even if they were escaped twice."""
    for _time in range(2):
        text = html.unescape(text)
    return " ".join(text.split())


@cache
def load_private_use() -> dict[str, str]:
    """Private-use character → its Unicode character (data/private_use.toml)."""
    table = toml_reader.read_toml(data.path("private_use.toml"), PRIVATE_USE)
    return {
        chr(int(entry["first"], 16) + offset): letter
        for entry in table["range"]
        for offset, letter in enumerate(entry["characters"])
    }


def choice_column(texts: pl.Series, values: tuple[tuple[str, str], ...]) -> ParsedColumn:
    """Words of a closed list as their codes; a word that the layout does not know is faulty."""
    import polars as pl

    plain = texts.str.normalize("NFKC").str.replace_all(r"\s", "").str.to_uppercase()
    codes = {word.upper(): code for word, code in values}
    value = plain.replace_strict(codes, default=None, return_dtype=pl.String)
    unknown = pl.when(plain.is_not_null() & value.is_null()).then(pl.lit(reasons.UNKNOWN_WORD))
    return ParsedColumn.from_values(value, pl.select(unknown.alias("fault")).to_series())


def flag_column(texts: pl.Series, values: tuple[tuple[str, str], ...]) -> ParsedColumn:
    """Yes or no, as Boolean."""
    read = choice_column(texts, values)
    return ParsedColumn(read.value == "yes", read.fault, read.note)


def words_column(texts: pl.Series) -> ParsedColumn:
    """Several words in one cell, as given, in their order."""
    import polars as pl

    parts = texts.str.replace_all(SEPARATORS, "、").str.strip_chars("、").str.split("、")
    return ParsedColumn.from_values(parts.cast(pl.List(pl.String)))


def number_column(texts: pl.Series) -> ParsedColumn:
    """Whole numbers (7, 007, 第7号) as Int64."""
    import polars as pl

    plain = texts.str.normalize("NFKC").str.replace_all(r"\s", "")
    value = plain.str.extract(r"^第?([0-9]{1,9})[号位家]?$", 1).cast(pl.Int64)
    bad = pl.when(texts.is_not_null() & value.is_null()).then(pl.lit(reasons.NO_WHOLE_NUMBER))
    return ParsedColumn.from_values(value, pl.select(bad.alias("fault")).to_series())
