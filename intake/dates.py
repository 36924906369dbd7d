"""Dates as bureaus write them: 2015-04-12, 2015/4/12, 2015.04.12, 2015年4月12日, 长期; with a clock or zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.intake import reasons
from double_random.intake.parsed_column import ParsedColumn

if TYPE_CHECKING:
    from datetime import date

    import polars as pl

# 2099-12-31 and later mean "without end" in the 双公示 layouts.
OPEN_WORDS = ("长期", "长期有效", "永久", "永久有效", "无固定期限", "无限期")
OPEN_YEAR = 2099
YEAR = "(?:19[0-9]{2}|2[01][0-9]{2}|9999)"  # no decision is older, and no end is later but 9999
ORDERS = ("ymd", "dmy", "mdy")  # of a layout whose dates do not begin with the year
CHINA = 8 * 60  # minutes ahead of UTC; China has one zone and, since 1991, no summer time
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")

_MONTH, _DAY = "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12][0-9]|3[01])"
_WEEKDAY = r"(?: ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
_HALF = "(?:上午|下午|凌晨|早上|中午|晚上|AM|PM|A\\.M\\.|P\\.M\\.)"
_CLOCK = (
    rf"(?:[ T]?(?<before>{_HALF}))?[ T]?(?<hour>[01]?[0-9]|2[0-4])"
    r"(?:[:时点](?<minute>[0-5]?[0-9])(?:[:分](?<second>[0-5]?[0-9])(?:[.,][0-9]+)?)?[分秒]?|[时点])"
    rf"(?: ?(?<after>{_HALF}))?"
)
_ZONE = (
    r"(?: ?(?<zone>Z|UTC|GMT|CST|(?:UTC|GMT)?[+-](?:1[0-4]|0?[0-9])(?::?[0-5][0-9])?)"
    r"(?: ?(?:CST|\[[A-Z/_]+\]|\([^()]*\)))?)?"
)
# As Java and browsers print a day: Sun May 03 00:00:00 CST 2015, Sun May 03 2015 00:00:00 GMT+0800 (中国标准时间).
_JAVA = (
    rf"^(?:MON|TUE|WED|THU|FRI|SAT|SUN),? (?<name>{'|'.join(MONTHS)}) (?<day>{_DAY})"
    rf"(?: (?<first>{YEAR}))?(?: (?<hour>[01]?[0-9]|2[0-3]):(?<minute>[0-5][0-9]):(?<second>[0-5][0-9]))?"
    rf"{_ZONE}(?: (?<last>{YEAR}))?$"
)


def parse_days(texts: pl.Series, order: str = "ymd") -> pl.Series:
    """The dates of a column of texts; null if a text is not a date, or if there is no such day."""
    return _parse_column(texts, order)["day"]


def _parse_column(texts: pl.Series, order: str) -> pl.DataFrame:
    """`day`, and `shifted`: a zone moves it to another day in China, so `day` is null unless it is midnight there.

    A clock is left out. Midnight with a zone is the day as written, whatever the zone. A time that is midnight in
    China (16:00 UTC of the day before) is the day in China: so databases give a day that was entered here.
    """
    import polars as pl

    plain = pl.col("text").str.normalize("NFKC").str.replace_all(r"\s+", " ").str.strip_chars()
    frame = pl.DataFrame({"text": texts}).select(plain.str.to_uppercase().alias("text"))
    clock = rf"{_WEEKDAY}(?:{_CLOCK}{_ZONE})?$"
    year = rf"(?<year>{YEAR}) ?[-/.年] ?(?<month>{_MONTH}) ?[-/.月] ?(?<day>{_DAY}) ?[日号]?"
    ways = [
        rf"^{year}{clock}",
        rf"^(?<year>{YEAR})(?<month>[0-9]{{2}})(?<day>[0-9]{{2}}){clock}",
        rf"^(?<year>{YEAR})(?<month>[0-9]{{2}})(?<day>[0-9]{{2}})"
        r"(?<hour>[01][0-9]|2[0-3])(?<minute>[0-5][0-9])(?<second>[0-5][0-9])$",
    ]
    if order != "ymd":
        first, second = ("day", "month") if order == "dmy" else ("month", "day")
        piece = {"day": _DAY, "month": _MONTH}
        ways.append(
            rf"^(?<{first}>{piece[first]}) ?[-/.] ?(?<{second}>{piece[second]}) ?[-/.] ?(?<year>{YEAR}){clock}"
        )
    pieces = [_extract_pieces(frame, pattern) for pattern in ways]
    java = _extract_pieces(frame, _JAVA)
    if java.height and java["name"].null_count() < java.height:
        number = {name: f"{month_number:02}" for month_number, name in enumerate(MONTHS, 1)}
        pieces.append(
            java.with_columns(
                month=pl.col("name").replace_strict(number, default=None, return_dtype=pl.String),
                year=pl.coalesce("first", "last"),
            )
        )
    merged = pieces[0].select(*PARTS)
    for other in pieces[1:]:
        if merged["year"].null_count():
            empty = merged["year"].is_null()
            merged = merged.with_columns(
                pl.when(empty).then(other[name]).otherwise(pl.col(name)).alias(name)
                for name in PARTS
            )
    return merged.select(
        pl.concat_str("year", pl.col("month").str.zfill(2), pl.col("day").str.zfill(2))
        .str.to_date("%Y%m%d", strict=False)
        .alias("day"),
        _minute_of_day().alias("minutes"),
        _zone_offset().alias("offset"),
        pl.col("second").fill_null("0").cast(pl.Int64).alias("seconds"),
    ).select(_china_day().alias("day"), (_days_shifted() != 0).fill_null(False).alias("shifted"))


PARTS = ("year", "month", "day", "hour", "minute", "second", "before", "after", "zone")


def _extract_pieces(frame: pl.DataFrame, pattern: str) -> pl.DataFrame:
    """The named groups of a pattern as columns; missing groups are null."""
    import polars as pl

    groups = frame.select(pl.col("text").str.extract_groups(pattern)).unnest("text")
    absent = [pl.lit(None, pl.String).alias(name) for name in PARTS if name not in groups.columns]
    return groups.with_columns(absent)


def _minute_of_day() -> pl.Expr:
    """Minutes since midnight; 上午 12:00 is midnight, 下午 12:00 noon; null without a clock."""
    import polars as pl

    half = pl.coalesce("before", "after")
    hour = pl.col("hour").cast(pl.Int64)
    early = half.is_in(["上午", "凌晨", "早上", "AM", "A.M."]).fill_null(False)
    late = half.is_in(["下午", "晚上", "PM", "P.M."]).fill_null(False)
    of_day = (
        pl.when(early & (hour == 12))
        .then(pl.lit(0))
        .when(late & (hour < 12))
        .then(hour + 12)
        .otherwise(hour)
    )
    return of_day * 60 + pl.col("minute").fill_null("0").cast(pl.Int64)


def _zone_offset() -> pl.Expr:
    """Minutes that the zone is ahead of UTC; null if none is written. CST is China's here."""
    import polars as pl

    parts = pl.col("zone").str.extract_groups(
        r"(?<sign>[+-])(?<hours>[0-9]{1,2}):?(?<minutes>[0-9]{2})?$"
    )
    sign = pl.when(parts.struct.field("sign") == "-").then(pl.lit(-1)).otherwise(pl.lit(1))
    hours = parts.struct.field("hours").cast(pl.Int64)
    minutes = parts.struct.field("minutes").fill_null("0").cast(pl.Int64)
    return (
        pl.when(pl.col("zone") == "CST")
        .then(pl.lit(CHINA))
        .when(hours.is_not_null())
        .then(sign * (hours * 60 + minutes))
        .when(pl.col("zone").is_not_null())
        .then(pl.lit(0))
    )


def _days_shifted() -> pl.Expr:
    """By how many days China's day differs from the one written; 0 at midnight as written, null without a zone."""
    import polars as pl

    china = pl.col("minutes") - pl.col("offset") + CHINA
    at_midnight = (pl.col("minutes") == 0) & (pl.col("seconds") == 0)
    return pl.when(at_midnight).then(pl.lit(0)).otherwise(china // (24 * 60))


def _china_day() -> pl.Expr:
    """The day: as written, or China's if it is midnight there; null if a zone moves it otherwise."""
    import polars as pl

    china = pl.col("minutes") - pl.col("offset") + CHINA
    moved = _days_shifted()
    begins = (china % (24 * 60) == 0) & (pl.col("seconds") == 0)
    return (
        pl.when(moved.is_null() | (moved == 0))
        .then(pl.col("day"))
        .when(begins)
        .then(pl.col("day").dt.offset_by(pl.concat_str(moved.fill_null(0), pl.lit("d"))))
    )


def date_column(
    texts: pl.Series, not_after: date | None = None, future: str = "", order: str = "ymd"
) -> ParsedColumn:
    """A column of dates; a day after `not_after` is faulty with the reason `future`.

    A time that a zone moves to another day is noted if it is midnight in China, and faulty at any other hour.
    """
    import polars as pl

    frame = _parse_column(texts, order).with_columns(text=texts)
    late = pl.lit(False) if not_after is None else pl.col("day") > not_after
    fault = (
        pl.when(pl.col("shifted") & pl.col("day").is_null())
        .then(pl.lit(reasons.ZONE_MOVES_DAY))
        .when(pl.col("text").is_not_null() & pl.col("day").is_null())
        .then(pl.lit(reasons.NO_SUCH_DATE))
        .when(late)
        .then(pl.lit(future))
    )
    note = pl.when(pl.col("shifted") & pl.col("day").is_not_null()).then(
        pl.lit(reasons.MIDNIGHT_IN_CHINA)
    )
    done = frame.select("day", fault.alias("fault"), note.alias("note"))
    return ParsedColumn.from_values(done["day"], done["fault"], done["note"])


def year_column(texts: pl.Series, not_after: date | None = None) -> ParsedColumn:
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
    return ParsedColumn.from_values(frame["year"], frame.select(fault.alias("fault")).to_series())


def end_column(texts: pl.Series, order: str = "ymd") -> ParsedColumn:
    """A column of last days; 长期 and days from 2099 on are open, which is null."""
    import polars as pl

    read = date_column(texts, order=order)
    frame = pl.DataFrame({"text": texts, "day": read.value}).with_columns(
        open=pl.col("text").str.replace_all(r"\s", "").is_in(OPEN_WORDS)
        | ((pl.col("day").dt.year() >= OPEN_YEAR) & (pl.col("day").dt.ordinal_day() >= 365))
        | (pl.col("day").dt.year() > OPEN_YEAR)
    )
    open_ = frame["open"].fill_null(False)
    done = frame.select(
        pl.when(~pl.lit(open_)).then(pl.col("day")).alias("value"),
        pl.when(~pl.lit(open_)).then(pl.lit(read.fault)).alias("fault"),
    )
    return ParsedColumn.from_values(done["value"], done["fault"], read.note)
