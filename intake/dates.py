"""Dates as bureaus write them: 2015-04-12, 2015/4/12, 2015.04.12, 2015年4月12日, 20150412, 长期."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intake import reasons
from intake.typed import Typed

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

# 2099-12-31 and later stand for "without end" in the 双公示 layouts.
OPEN_WORDS = ("长期", "长期有效", "永久", "永久有效", "无固定期限", "无限期")
OPEN_YEAR = 2099
YEAR = "(?:19[0-9]{2}|2[01][0-9]{2}|9999)"  # no decision is older, and no end later but 9999


def parsed(texts: pl.Series) -> pl.Series:
    """The dates of a column of texts; null where a text is none, or names a day that does not exist."""
    import polars as pl

    plain = pl.col("text").str.normalize("NFKC").str.replace_all(r"\s+", " ").str.strip_chars()
    clock = r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?$"  # exports append 0:00 or 00:00:00
    parts = plain.str.extract_groups(
        rf"^(?<year>{YEAR}) ?[-/.年] ?(?<month>[0-9]{{1,2}}) ?[-/.月] ?(?<day>[0-9]{{1,2}}) ?日?"
        + clock
    )
    compact = plain.str.extract(rf"^({YEAR}[0-9]{{4}})" + clock, 1)
    iso = pl.concat_str(
        parts.struct.field("year"),
        parts.struct.field("month").str.zfill(2),
        parts.struct.field("day").str.zfill(2),
    )
    day = pl.coalesce(iso, compact).str.to_date("%Y%m%d", strict=False)
    return pl.DataFrame({"text": texts}).select(day).to_series()


def date_column(texts: pl.Series, not_after: date | None = None, future: str = "") -> Typed:
    """A column of dates; a day after `not_after` is faulty with the reason `future`."""
    import polars as pl

    days = parsed(texts)
    frame = pl.DataFrame({"text": texts, "day": days})
    late = pl.lit(False) if not_after is None else pl.col("day") > not_after
    fault = (
        pl.when(pl.col("text").is_not_null() & pl.col("day").is_null())
        .then(pl.lit(reasons.NO_SUCH_DATE))
        .when(late)
        .then(pl.lit(future))
    )
    return Typed.of(days, frame.select(fault.alias("fault")).to_series())


def year_column(texts: pl.Series, not_after: date | None = None) -> Typed:
    """A column of years (2015, 2015年, 2015年度) as Int64; one after `not_after` is faulty."""
    import polars as pl

    plain = pl.col("text").str.normalize("NFKC").str.replace_all(r"\s", "")
    year = plain.str.extract(r"^((?:19|20)[0-9]{2})(?:年度?)?$", 1).cast(pl.Int64)
    frame = pl.DataFrame({"text": texts}).select("text", year.alias("year"))
    late = pl.lit(False) if not_after is None else pl.col("year") > not_after.year
    fault = (
        pl.when(pl.col("text").is_not_null() & pl.col("year").is_null())
        .then(pl.lit(reasons.NO_SUCH_YEAR))
        .when(late)
        .then(pl.lit(reasons.DATE_IN_FUTURE))
    )
    return Typed.of(frame["year"], frame.select(fault.alias("fault")).to_series())


def end_column(texts: pl.Series) -> Typed:
    """A column of last days; 长期 and days from 2099 on are open, which is null."""
    import polars as pl

    days = parsed(texts)
    frame = pl.DataFrame({"text": texts, "day": days}).with_columns(
        open=pl.col("text").str.replace_all(r"\s", "").is_in(OPEN_WORDS)
        | ((pl.col("day").dt.year() >= OPEN_YEAR) & (pl.col("day").dt.ordinal_day() >= 365))
        | (pl.col("day").dt.year() > OPEN_YEAR)
    )
    value = pl.when(~pl.col("open").fill_null(False)).then(pl.col("day"))
    bad = pl.col("text").is_not_null() & pl.col("day").is_null() & ~pl.col("open").fill_null(False)
    fault = pl.when(bad).then(pl.lit(reasons.NO_SUCH_DATE))
    return Typed.of(
        frame.select(value.alias("value")).to_series(),
        frame.select(fault.alias("fault")).to_series(),
    )
