"""Amounts of money: 万元 or 元 as written → whole 分, exactly, by integers alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core import toml_reader
from double_random.core.toml_reader import DAY, WORD, List, Table, WholeNumber
from double_random.intake import reasons
from double_random.intake.parsed_column import ParsedColumn

if TYPE_CHECKING:
    import polars as pl

FEN_DIGITS = {  # one 元 is 10^2 分, one 万元 10^6
    "分": 0, "角": 1, "元": 2, "百元": 4, "千元": 5, "万元": 6, "百万元": 8, "千万元": 9, "亿元": 10,
}  # fmt: skip
SPELLINGS = {unit: unit for unit in FEN_DIGITS} | {
    "圆": "元", "块": "元", "元整": "元", "仟元": "千元", "千圆": "千元", "万圆": "万元", "亿圆": "亿元",
    "千": "千元", "仟": "千元", "万": "万元", "亿": "亿元",
}  # fmt: skip
YUAN = ("人民币", "RMB", "CNY", "¥")  # marks of the currency: without a unit the amount is in yuan
LARGEST = 10**18  # 分: as much as fits

_UNIT = "|".join(sorted(SPELLINGS, key=len, reverse=True))
_NAMED = "|".join(sorted(set(SPELLINGS) - {"千", "仟", "万", "亿", "元整"}, key=len, reverse=True))
_MARK = "|".join(map(re.escape, YUAN))
_HEADING = re.compile(
    rf"\((?:金额|计量|计价|货币)?(?:单位|币种)?[:为]?(?:{_MARK}){{0,2}}[:,/]?((?:{_NAMED})(?:[/或、](?:{_NAMED}))*|(?<=¥|Y|B|币))\)"
    rf"|(?:[,;:、]?单位[:为]|[/,:_-]|(?<=[额款金])|(?<=所得))(?:{_MARK})?({_NAMED})$"
)
_LINE = re.compile(
    rf"单位[:为是]?\(?(?:(?:{_MARK})[:,、/]?)*((?:[^\s,、/()]{{1,4}}[,、/])*(?:{_NAMED}))(?![\u4e00-\u9fff])"
)
_WHOLE_LINE = re.compile(rf"^(?:{_MARK})({_NAMED})$|\((?:{_MARK})?({_NAMED})\)$")
_NOTE = re.compile(
    rf"金额(?:均)?(?:单位)?(?:均)?(?:以|为|是)(?:人民币)?({_NAMED})(?:计|计算|为单位)?(?![\u4e00-\u9fff])"
)


_YUAN = WholeNumber(1)
FILE = Table(
    {
        "bound": List(
            Table(
                {
                    "columns": List(WORD, least=1),
                    "noted_below": _YUAN,
                    "noted_from": _YUAN,
                    "quarantined_from": _YUAN,
                }
            )
        )
    },
    {"since": DAY, "reference": WORD},
)


@dataclass(frozen=True)
class AmountBounds:
    """The plausible amounts, in 分; data/money.toml."""

    noted_below: int
    noted_from: int
    quarantined_from: int


def load_bounds(path: Path) -> dict[str, AmountBounds]:
    """The bounds of each column. BadFile names file and line if they are not sound."""
    return {
        column: AmountBounds(
            *(entry[key] * 100 for key in ("noted_below", "noted_from", "quarantined_from"))
        )
        for entry in toml_reader.read_toml(path, FILE)["bound"]
        for column in entry["columns"]
    }


def heading_units(heading: str) -> tuple[str, ...]:
    """The units of money that a heading names: 罚款金额（万元）, 罚款金额(单位：元), 罚款金额（￥）."""
    folded = _fold_text(heading).translate(str.maketrans("[]【】〔〕", "()()()"))
    units: list[str] = []
    for match in _HEADING.finditer(folded):
        written = match[1] or match[2] or ""
        if written:
            units += [SPELLINGS[part] for part in re.split("[/或、]", written)]
        else:
            units.append("元")
    return _unique_units(units)


def heading_without_unit(folded: str) -> str:
    """A folded heading without the unit that it names."""
    return _HEADING.sub("", folded)


def line_units(cells: Iterable[str]) -> tuple[str, ...]:
    """The units that a line above or below a table names: 单位：元, 金额单位：人民币万元, 单位：家、万元."""
    texts = [_fold_text(cell) for cell in cells]
    text = " ".join(filter(None, texts))
    text = re.sub(r"单位[:为是]? (?=\S)", "单位:", text)  # the unit may have a cell of its own
    units: list[str] = []
    for match in _LINE.finditer(text):
        units += [SPELLINGS[part] for part in re.split("[,、/]", match[1]) if part in SPELLINGS]
    units += [SPELLINGS[match[1]] for match in _NOTE.finditer(text)]
    for cell in texts:
        if unit_match := _WHOLE_LINE.search(cell):
            units.append(SPELLINGS[unit_match[1] or unit_match[2]])
    return _unique_units(units)


def is_unit_line(cells: Iterable[str]) -> bool:
    """Whether a line contains only a unit."""
    written = [cell for cell in map(_fold_text, cells) if cell]
    rest = _LINE.sub("", re.sub(r"单位[:为是]?(?=$)", "", "".join(written)))
    rest = re.sub(rf"(?:币种[:为]?(?:{_MARK})|金额|计量|计价|货币|[(),;:、])", "", rest)
    alone = len(written) == 1 and bool(_WHOLE_LINE.fullmatch(written[0]))
    return alone or (bool(line_units(written)) and rest == "")


def _fold_text(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def _unique_units(units: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(units))


def money_column(
    texts: pl.Series,
    unit: str,
    seen: tuple[str, ...] = (),
    bounds: AmountBounds | None = None,
    decimal_mark: str = ".",
) -> ParsedColumn:
    """A column of amounts as 分, Int64.

    `unit` is the layout's. A visible unit takes precedence: one of the heading or of a line beside the table
    (`seen`), and one in the cell (5000元, ￥5000), which is noted. The cell is faulty if two units contradict each
    other, if the amount is not a whole number of 分 (never rounded), or if it is implausible and its unit is not in
    the cell.
    """
    import polars as pl

    usual = seen[0] if seen else unit
    frame = _convert_to_fen(_split_amounts(texts, decimal_mark), usual)
    differs = pl.lit(len(seen) > 1) | (
        pl.lit(bool(seen)) & pl.col("written").is_not_null() & (pl.col("written") != usual)
    )
    never, noted = _implausible_amounts(bounds)
    amount, has_digits = pl.col("value"), pl.col("whole").is_not_null()
    fault = (
        pl.when(pl.col("text").is_not_null() & ~has_digits)
        .then(pl.lit(reasons.NO_SUCH_AMOUNT))
        .when(has_digits & (amount != 0).fill_null(True) & differs)
        .then(pl.lit(reasons.UNITS_DIFFER))
        .when(has_digits & pl.col("too_fine"))
        .then(pl.lit(reasons.NOT_WHOLE_FEN))
        .when(has_digits & (pl.col("too_large") | never))
        .then(pl.lit(reasons.IMPLAUSIBLE_AMOUNT))
    )
    note = (
        pl.when(noted)
        .then(pl.lit(reasons.UNUSUAL_AMOUNT))
        .when(pl.col("written").is_not_null() & (pl.col("written") != usual))
        .then(pl.lit(reasons.UNIT_IN_CELL))
    )
    done = frame.select("value", fault.alias("fault"), note.alias("note"))
    value_ = done["value"].set(done["fault"].is_not_null(), None)
    note_ = done["note"].set(done["fault"].is_not_null(), None)
    return ParsedColumn.from_values(value_, done["fault"], note_)


def _convert_to_fen(frame: pl.DataFrame, usual: str) -> pl.DataFrame:
    """With the unit that is written in the cell (`written`), the amount in 分 (`value`), and why it has none."""
    import polars as pl

    frame = frame.with_columns(
        written=pl.coalesce(
            pl.col("unit").replace_strict(SPELLINGS, default=None, return_dtype=pl.String),
            pl.when(pl.col("mark").is_not_null() | pl.col("after").is_not_null()).then(
                pl.lit("元")
            ),
        )
    ).with_columns(used=pl.col("written").fill_null(usual))
    value: pl.Expr = pl.lit(None, pl.Int64)
    too_fine: pl.Expr = pl.lit(False)
    too_large: pl.Expr = pl.lit(False)
    length = pl.col("whole").str.strip_chars_start("0").str.len_chars()
    for name, digits in FEN_DIGITS.items():
        here = pl.col("used") == name
        exact = pl.col("part").str.len_chars() <= digits
        fits = length + digits <= 18
        fen = pl.when(fits).then(pl.col("whole")).cast(pl.Int64) * 10**digits
        fen = fen + pl.concat_str(
            pl.lit("0"), pl.col("part").str.slice(0, digits).str.pad_end(digits, "0")
        ).cast(pl.Int64)
        value = pl.when(here & exact & fits).then(fen).otherwise(value)
        too_fine = too_fine | (here & ~exact)
        too_large = too_large | (here & exact & ~fits)
    return frame.with_columns(value=value, too_fine=too_fine, too_large=too_large)


def _implausible_amounts(bounds: AmountBounds | None) -> tuple[pl.Expr, pl.Expr]:
    """Which amounts are faulty if their cell has no unit, and which are noted."""
    import polars as pl

    if not bounds:
        return pl.lit(False), pl.lit(False)
    amount = pl.col("value")
    never = (amount >= bounds.quarantined_from) & pl.col("written").is_null()
    noted = (amount >= bounds.noted_from) | ((amount > 0) & (amount < bounds.noted_below))
    return never, noted


def _split_amounts(texts: pl.Series, decimal_mark: str) -> pl.DataFrame:
    """Each text's mark, whole digits, part digits and unit; `whole` is null if it is not an amount."""
    import polars as pl

    plain = pl.col("text").str.normalize("NFKC").str.replace_all(r"\s", "").str.to_uppercase()
    group = "," if decimal_mark == "." else r"\."
    grouped = rf"^[^0-9]*[0-9]{{1,3}}({group}[0-9]{{3}})+([^0-9]|$)"
    bare_group = "," if decimal_mark == "." else "."
    plain = (
        pl.when(plain.str.contains(grouped))
        .then(plain.str.replace_all(bare_group, "", literal=True))
        .otherwise(plain)
    )
    return (
        pl.DataFrame({"text": texts})
        .select("text", plain.alias("plain"))
        .with_columns(
            parts=pl.col("plain").str.extract_groups(
                rf"^(?<mark>(?:{_MARK}){{1,2}})?:?(?<whole>[0-9]{{1,12}})"
                rf"(?:{re.escape(decimal_mark)}(?<part>[0-9]+))?(?<unit>{_UNIT})?[整正]?"
                rf"(?<after>\(?(?:{_MARK})\)?)?$"
            )
        )
        .unnest("parts")
        .with_columns(part=pl.col("part").fill_null("").str.strip_chars_end("0"))
    )
