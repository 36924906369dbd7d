"""Decisions as a large bureau would hand them in: one CSV of 18 columns, the same bytes at every run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

HEADER = [
    "XK_XDR_MC",
    "XK_XDR_LB",
    "XK_XDR_SHXYM",
    "XK_XKBH",
    "XK_XKZS",
    "XK_WSH",
    "XK_XKWS",
    "XK_XKLB",
    "XK_NR",
    "XK_JDRQ",
    "XK_YXQZ",
    "XK_YXQZI",
    "XK_XKJG",
    "XK_XKJGDM",
    "XK_ZT",
    "XK_FRDB",
    "住所",
    "BZ",
]
DISTRICTS = ("黄浦区", "徐汇区", "长宁区", "静安区", "普陀区", "虹口区", "闵行区", "浦东新区")
LETTERS = tuple("甲乙丙丁戊己庚辛壬癸")


def decisions(institutions: int, rows: int, changed: int = 0) -> polars.DataFrame:
    """`rows` decisions of `institutions` firms in the layout of 2018, as text.

    The first row of a firm is its founding; then come changes of name, seat and head, a day of its own each. With
    `changed`, so many further decisions come in addition, later than all the others.
    """
    import polars as pl

    count = rows + changed
    number = pl.int_range(count, dtype=pl.Int64)
    frame = pl.select(number.alias("n")).with_columns(
        firm=pl.when(pl.col("n") < rows)
        .then(pl.col("n") % institutions)
        .otherwise(pl.col("n") * 7919 % institutions),
        turn=pl.col("n") // institutions,
    )
    firm, turn = pl.col("firm"), pl.col("turn")
    district = _of(firm + turn, DISTRICTS)
    renamed = turn // 4  # every fourth decision is a new name
    what = _of(turn % 4, ("变更名称", "变更住所", "变更负责人", "变更住所"))
    founding = pl.col("n") < institutions
    day = pl.date(1995, 1, 1) + pl.duration(days=firm % 300 + turn * 400)
    office = pl.format("{}号{}室", (firm * 31 + turn) % 997 + 1, (firm + turn * 7) % 30 + 1)
    seat = pl.format("上海市{}示例路{}", district, office)
    return frame.select(
        pl.format("上海示例{}{}律师事务所", _of(renamed % 10, LETTERS), firm).alias("name"),
        pl.lit("法人及非法人组织").alias("class"),
        _code(firm).alias("uscc"),
        pl.format("2310{}", (firm + 1_0000_0000_0000).cast(pl.String)).alias("licence"),
        pl.lit("律师事务所执业许可证").alias("certificate"),
        pl.format("示例司许决字〔{}〕第{}号", day.dt.year(), "n").alias("document"),
        pl.when(founding)
        .then(pl.lit("关于准予律师事务所设立的决定"))
        .otherwise(pl.format("关于准予律师事务所{}的决定", what))
        .alias("title"),
        pl.lit("核准").alias("sort"),
        pl.when(founding)
        .then(pl.format("准予设立;住所:{};组织形式:普通合伙", seat))
        .otherwise(pl.format("准予{};住所:{};其余登记事项不变", what, seat))
        .alias("content"),
        day.dt.to_string("%Y-%m-%d").alias("decided"),
        day.dt.to_string("%Y-%m-%d").alias("from"),
        pl.lit("2099-12-31").alias("to"),
        pl.lit("示例市司法局").alias("authority"),
        pl.lit("11310000XXXX00000P").alias("authority_code"),
        pl.lit("1").alias("state"),
        pl.format("示例人{}", (firm * 13 + turn // 3) % 9000).alias("head"),
        seat.alias("address"),
        pl.lit("示例数据").alias("remark"),
    )


def write(frame: polars.DataFrame, file: Path) -> Path:
    """The rows as a bureau's CSV file in UTF-8."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8") as target:
        target.write(",".join(HEADER) + "\n")
        frame.write_csv(target, include_header=False)
    return file


def _of(number: polars.Expr, words: tuple[str, ...]) -> polars.Expr:
    import polars as pl

    return (number % len(words)).replace_strict(dict(enumerate(words)), return_dtype=pl.String)


def _code(firm: polars.Expr) -> polars.Expr:
    """A code with a good check character for each firm's number, XXXX in it: it is nobody's."""
    import polars as pl

    from double_random.intake.credit_codes import ALPHABET, WEIGHTS

    values = {letter: value for value, letter in enumerate(ALPHABET)}
    head = "31310000XXXX"
    fixed = sum(values[letter] * weight for letter, weight in zip(head, WEIGHTS, strict=False))
    digits = [firm // 10**power % 10 for power in (4, 3, 2, 1, 0)]
    total = sum(
        (digit * weight for digit, weight in zip(digits, WEIGHTS[12:], strict=True)), pl.lit(fixed)
    )
    check = ((31 - total % 31) % 31).replace_strict(
        dict(enumerate(ALPHABET)), return_dtype=pl.String
    )
    return pl.concat_str(pl.lit(head), firm.cast(pl.String).str.zfill(5), check)
