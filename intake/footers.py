"""Lines of a sheet that are not rows (表尾): signatures, days, page numbers. They are skipped, and that is noted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core import toml_reader
from double_random.core.toml_reader import WORD, WORDS, List, Pattern, Table
from double_random.intake.credit_codes import fold_code, fold_code_text

if TYPE_CHECKING:
    import polars as pl

FILE = Table(
    {
        "reference": WORD,
        "labels": WORDS,
        "alone": List(Pattern(groups=0)),
        "day": Pattern(groups=0),
    }
)


@dataclass(frozen=True)
class Footers:
    """The words of data/footers.toml."""

    labels: tuple[str, ...]
    alone: tuple[str, ...]
    day: str


def load_footers(path: Path) -> Footers:
    """The words of a file. BadFile names file and line if it is not sound."""
    table = toml_reader.read_toml(path, FILE)
    labels = tuple(fold_code_text(label) for label in table["labels"])
    return Footers(labels, tuple(table["alone"]), table["day"])


def find_footers(first: pl.Series, count: pl.Series, words: Footers) -> pl.Series:
    """Which lines are not rows of the table, by their first filled cell and the number of filled cells.

    A label with a colon, or a label that fills its cell; a page number or the like, or a day, that is alone in its
    line. A day counts only below the last row: between rows it is the rest of a row.
    """
    import polars as pl

    labels = "|".join(map(re.escape, sorted(words.labels, key=len, reverse=True)))
    # Most first cells are names of institutions, or running numbers: only the others are folded.
    like = first.str.contains(
        r"[:：签章填表审核制日期页以下共经办联系电话统计数据报送导出打印复编校完\-—=_*~]"
    ).fill_null(False)
    like = like | (count == 1)
    is_footer = pl.Series([False]).new_from_index(0, first.len())
    if not like.any():
        return is_footer
    at = like.arg_true()
    text = pl.select(fold_code(pl.lit(first.filter(like)))).to_series()
    label = text.str.contains(rf"^(?:{labels})(?:[(][^()]*[)])?(?::|$)").fill_null(False)
    single = (count.filter(like) == 1).fill_null(False)
    alone = pl.Series([False]).new_from_index(0, text.len())
    for pattern in words.alone:
        alone = alone | text.str.contains(pattern).fill_null(False)
    day = single & text.str.contains(words.day).fill_null(False)
    is_footer = is_footer.scatter(at, label | alone & single)
    days = pl.Series([False]).new_from_index(0, first.len()).scatter(at, day)
    rows = (~(is_footer | days) & (count > 0)).arg_true()
    last = rows[-1] if rows.len() else -1
    below = pl.int_range(first.len(), eager=True) > last
    return is_footer | (days & below)
