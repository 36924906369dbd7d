"""Amounts: exact, in 分, whatever the unit."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random import data
from double_random.core.errors import Misuse
from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_layouts, load_shipped_layouts
from double_random.intake.money import (
    FEN_DIGITS,
    AmountBounds,
    heading_units,
    is_unit_line,
    line_units,
    money_column,
)


def written(fen: int, unit: str) -> str:
    digits = FEN_DIGITS[unit]
    whole, part = divmod(fen, 10**digits)
    return f"{whole}.{part:0{digits}}"


@given(st.integers(0, 10**16), st.sampled_from(["元", "千元", "万元"]), st.booleans())
def test_an_amount_comes_back_to_the_fen(fen: int, unit: str, short: bool) -> None:
    text = written(fen, unit)
    if short:
        text = text.rstrip("0").rstrip(".")
    if len(text.split(".")[0]) <= 12:
        assert money_column(pl.Series([text]), unit).value.to_list() == [fen]


@pytest.mark.parametrize(
    ("text", "fen", "fault", "note"),
    [
        ("0.5", 500_000, None, None),
        ("５", 5_000_000, None, None),
        ("5000元", 500_000, None, reasons.UNIT_IN_CELL),
        ("5,000元", 500_000, None, reasons.UNIT_IN_CELL),
        ("1.5万元", 1_500_000, None, None),
        ("0.000001", 1, None, None),
        ("0.0000001", None, reasons.NOT_WHOLE_FEN, None),
        ("5,00", None, reasons.NO_SUCH_AMOUNT, None),
        ("-1", None, reasons.NO_SUCH_AMOUNT, None),
        ("伍仟元", None, reasons.NO_SUCH_AMOUNT, None),
        ("٣", None, reasons.NO_SUCH_AMOUNT, None),
    ],
)
def test_what_a_cell_of_ten_thousand_yuan_means(
    text: str, fen: int | None, fault: str | None, note: str | None
) -> None:
    read = money_column(pl.Series([text]), "万元")
    assert (read.value[0], read.fault[0], read.note[0]) == (fen, fault, note)


@given(st.lists(st.text(max_size=14), max_size=20))
def test_no_text_breaks_a_money_column(texts: list[str]) -> None:
    assert money_column(pl.Series(texts, dtype=pl.String), "元").value.len() == len(texts)


BOUNDS = AmountBounds(10_00, 200_000_00, 10_000_000_00)


# D-016
@pytest.mark.parametrize(
    ("text", "seen", "fen", "fault", "note"),
    [
        ("5000", ("元",), 500_000, None, None),
        ("5,000.00", ("元",), 500_000, None, None),
        ("5", ("千元",), 500_000, None, None),
        ("0.5", ("万元",), 500_000, None, None),
        ("5000元", ("元",), 500_000, None, None),
        ("￥5,000.00", ("元",), 500_000, None, None),
        ("￥5000", (), 500_000, None, reasons.UNIT_IN_CELL),
        ("RMB 5000", (), 500_000, None, reasons.UNIT_IN_CELL),
        ("5000 CNY", (), 500_000, None, reasons.UNIT_IN_CELL),
        ("￥0.5万元", (), 500_000, None, None),
        ("5千元", (), 500_000, None, reasons.UNIT_IN_CELL),
        ("5000元", ("万元",), None, reasons.UNITS_DIFFER, None),
        ("￥5000", ("万元",), None, reasons.UNITS_DIFFER, None),
        ("0.5万元", ("元",), None, reasons.UNITS_DIFFER, None),
        ("5000", ("元", "万元"), None, reasons.UNITS_DIFFER, None),
        ("0", ("元", "万元"), 0, None, None),
        ("5000", (), None, reasons.IMPLAUSIBLE_AMOUNT, None),
        ("5,000.00", ("万元",), None, reasons.IMPLAUSIBLE_AMOUNT, None),
        ("999999999999", ("亿元",), None, reasons.IMPLAUSIBLE_AMOUNT, None),
        ("5000万元", (), 5_000_000_000, None, reasons.UNUSUAL_AMOUNT),
        ("500", (), 500_000_000, None, reasons.UNUSUAL_AMOUNT),
        ("0.5", ("元",), 50, None, reasons.UNUSUAL_AMOUNT),
        ("$5000", (), None, reasons.NO_SUCH_AMOUNT, None),
        ("5000美元", (), None, reasons.NO_SUCH_AMOUNT, None),
        ("1.5-2", ("元",), None, reasons.NO_SUCH_AMOUNT, None),
        ("0.30000000000000004", (), None, reasons.NOT_WHOLE_FEN, None),
    ],
)
def test_the_unit_that_a_person_sees_goes_before_the_layouts(
    text: str, seen: tuple[str, ...], fen: int | None, fault: str | None, note: str | None
) -> None:
    read = money_column(pl.Series([text]), "万元", seen, BOUNDS)
    assert (read.value[0], read.fault[0], read.note[0]) == (fen, fault, note)


@pytest.mark.parametrize(
    ("heading", "units"),
    [
        ("罚款金额", ()),
        ("罚款金额（万元）", ("万元",)),
        ("罚款金额\n(单位：人民币元)", ("元",)),
        ("罚款金额【千元】（必填）", ("千元",)),
        ("罚款金额（￥）", ("元",)),
        ("罚款金额（人民币）", ("元",)),
        ("罚款金额/元", ("元",)),
        ("罚款金额，单位：万元", ("万元",)),
        ("处罚金额（万元）罚款", ("万元",)),
        ("罚款金额（元/万元）", ("元", "万元")),
    ],
)
def test_the_unit_of_a_heading(heading: str, units: tuple[str, ...]) -> None:
    assert heading_units(heading) == units


@pytest.mark.parametrize(
    ("cells", "units", "alone"),
    [
        (["单位：元"], ("元",), True),
        (["", "", "（金额单位：人民币万元）"], ("万元",), True),
        (["单位：", "元"], ("元",), True),
        (["单 位：元"], ("元",), True),
        (["币种：人民币", "单位：千元"], ("千元",), True),
        (["（元）"], ("元",), True),
        (["单位：家、万元"], ("万元",), True),
        (["示例区处罚台账（单位：万元）"], ("万元",), False),
        (["填报单位：示例区司法局", "单位：元"], ("元",), False),
        (["注：以上金额均以万元计"], ("万元",), False),
        (["单位：元江县司法局"], (), False),
        (["填报单位：示例区司法局"], (), False),
    ],
)
def test_the_unit_of_a_line_beside_a_table(
    cells: list[str], units: tuple[str, ...], alone: bool
) -> None:
    assert (line_units(cells), is_unit_line(cells)) == (units, alone)


HEADINGS = ["行政相对人名称", "行政处罚决定书文号", "处罚类别", "罚款金额", "处罚决定日期"]
PENALTY = ["示例甲律师事务所", "示例罚〔2015〕1号", "罚款", "5000", "2015-05-03"]


def fines(folder: Path, *rows: list[str], faults: tuple[str, ...] = ()) -> list[int | None]:
    path = folder / "处罚.csv"
    path.write_text("\n".join(",".join(row) for row in rows), "utf-8")
    (reading,) = read_drop(path, date(2016, 12, 31), load_shipped_layouts())
    assert tuple(reading.issues["reason"]) == faults
    return reading.tables["penalties"]["fine_fen"].to_list()


def test_a_unit_anywhere_beside_the_table_counts(tmp_path: Path) -> None:
    """D-016"""
    line = ["", "", "", "单位：元", ""]
    assert fines(tmp_path, ["示例台账"], line, HEADINGS, PENALTY) == [500_000]
    assert fines(tmp_path, HEADINGS, line, PENALTY) == [500_000]
    assert fines(tmp_path, HEADINGS, ["", "", "", "（元）", ""], PENALTY) == [500_000]
    assert fines(tmp_path, HEADINGS, PENALTY, ["注：金额单位为元"]) == [500_000]
    named = [*HEADINGS[:3], "罚款金额（单位：元）", HEADINGS[4]]
    assert fines(tmp_path, named, PENALTY) == [500_000]
    ten_thousand = [*HEADINGS[:3], "罚款金额（万元）", HEADINGS[4]]
    differ = (reasons.UNITS_DIFFER,)
    assert fines(tmp_path, line, ten_thousand, PENALTY, faults=differ) == []
    assert fines(tmp_path, HEADINGS, PENALTY, faults=(reasons.IMPLAUSIBLE_AMOUNT,)) == []


def test_a_bureau_may_have_bounds_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "money.toml"
    text = data.path("money.toml").read_text("utf-8")
    own.write_text(text.replace("quarantined_from = 10_000_000", "quarantined_from = 90_000_000"))
    shapes = load_layouts(
        sorted(data.path("layouts").glob("*.toml")),
        lambda name: own if name == "money.toml" else data.path(name),
    )
    path = tmp_path / "处罚.csv"
    path.write_text("\n".join(",".join(row) for row in (HEADINGS, PENALTY)), "utf-8")
    (reading,) = read_drop(path, date(2016, 12, 31), shapes)
    assert reading.tables["penalties"]["fine_fen"].to_list() == [5_000_000_000]
    own.write_text("[[bound]]\ncolumns = ['fine_fen']\nnoted_below = 'ten'\n", "utf-8")
    with pytest.raises(Misuse, match=r"money\.toml"):
        load_layouts(
            sorted(data.path("layouts").glob("*.toml")),
            lambda name: own if name == "money.toml" else data.path(name),
        )
