"""Amounts of money: 万元 or 元 as written → whole 分, exactly, by integers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake import reasons
from intake.typed import Typed

if TYPE_CHECKING:
    import polars as pl

FEN_DIGITS = {"元": 2, "万元": 6}  # one 元 is 10^2 分, one 万元 10^6


def money_column(texts: pl.Series, unit: str) -> Typed:
    """A column of amounts in `unit` (元 or 万元) as 分, Int64.

    A unit that is written in the cell goes before the column's (5000元 in a column of 万元 is 5,000 yuan)
    and is noted. An amount that is no whole number of 分 is faulty, never rounded.
    """
    import polars as pl

    plain = pl.col("text").str.normalize("NFKC").str.replace_all(r"\s", "")
    plain = (
        pl.when(plain.str.contains(r"^[^0-9]*[0-9]{1,3}(,[0-9]{3})+([^0-9]|$)"))
        .then(plain.str.replace_all(",", "", literal=True))
        .otherwise(plain)
    )
    frame = (
        pl.DataFrame({"text": texts})
        .select("text", plain.alias("plain"))
        .with_columns(
            parts=pl.col("plain").str.extract_groups(
                r"^(?:人民币|RMB|¥)?(?<whole>[0-9]{1,12})(?:\.(?<part>[0-9]+))?(?<unit>万元|万|元|圆)?整?$"
            )
        )
        .unnest("parts")
        .with_columns(
            written=pl.col("unit").replace({"万": "万元", "圆": "元"}),
            part=pl.col("part").fill_null("").str.strip_chars_end("0"),
        )
        .with_columns(used=pl.col("written").fill_null(unit))
    )
    value: pl.Expr = pl.lit(None, pl.Int64)
    too_fine: pl.Expr = pl.lit(False)
    for name, digits in FEN_DIGITS.items():
        here = pl.col("used") == name
        exact = pl.col("part").str.len_chars() <= digits
        fen = pl.col("whole").cast(pl.Int64) * 10**digits
        fen = fen + pl.col("part").str.slice(0, digits).str.pad_end(digits, "0").cast(pl.Int64)
        value = pl.when(here & exact).then(fen).otherwise(value)
        too_fine = too_fine | (here & ~exact)
    fault = (
        pl.when(pl.col("text").is_not_null() & pl.col("whole").is_null())
        .then(pl.lit(reasons.NO_SUCH_AMOUNT))
        .when(pl.col("whole").is_not_null() & too_fine)
        .then(pl.lit(reasons.NOT_WHOLE_FEN))
    )
    note = pl.when(pl.col("written").is_not_null() & (pl.col("written") != unit)).then(
        pl.lit(reasons.UNIT_IN_CELL)
    )
    done = frame.select(value.alias("value"), fault.alias("fault"), note.alias("note"))
    return Typed.of(done["value"], done["fault"], done["note"])
