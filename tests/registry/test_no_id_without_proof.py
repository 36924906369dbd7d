"""Over generated drops: whatever stands in the columns of identifiers, every id of the register is proven."""

from __future__ import annotations

import csv
import tempfile
from datetime import date
from pathlib import Path

import polars
from hypothesis import given, settings
from hypothesis import strategies as st

from double_random import data
from double_random.intake.credit_codes import (
    ALPHABET,
    check_character,
    code_fault,
    fold_code_text,
    resident_check_character,
)
from double_random.intake.drop_reader import read_drop
from double_random.intake.identifiers import load_identifiers, read_identifiers
from double_random.intake.layouts import load_shipped_layouts

LAYOUTS = load_shipped_layouts()
RULES = load_identifiers(data.path("identifiers.toml"))
PERMIT = ("行政相对人名称", "统一社会信用代码", "许可编号", "行政许可决定文书号", "许可决定日期")
ROSTER = ("姓名", "执法证号", "专业")

BODIES = st.text(alphabet=ALPHABET, min_size=17, max_size=17)
GOOD = st.one_of(
    BODIES.map(lambda body: body + check_character(body)),
    st.integers(10**16, 10**17 - 1).map(str),
    st.integers(1, 999).map(lambda number: f"ZF99XXXX{number:03}"),
)
PERSONS = st.dates(date(1930, 1, 1), date(2009, 1, 1)).map(
    lambda day: f"990101{day:%Y%m%d}002" + resident_check_character(f"990101{day:%Y%m%d}002")
)
DRESS = st.sampled_from(
    ["{}", "'{}", '="{}"', "{}.0", " {}\t", "（{}）", "编号：{}", "\u202a{}", "{}E+16"]
)
CELLS = st.one_of(
    st.tuples(GOOD, DRESS).map(lambda pair: pair[1].format(pair[0])),
    PERSONS,
    st.sampled_from(RULES.nothing),
    st.sampled_from(["2.99E+16", "填表人：赵示例", "审核人:王示例", "2016年12月30日", "合计", "见附件"]),
    st.sampled_from(["0", "#####", ""]),
    st.text(max_size=20).filter(lambda text: "\x00" not in text),
)  # fmt: skip
NAMES = st.one_of(
    st.sampled_from(["示例甲律师事务所", "检查员示例乙", "暂无", "nan", "填表人："]), CELLS
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, CELLS, CELLS), min_size=1, max_size=8))
def test_no_id_without_proof(rows: list[tuple[str, str, str]]) -> None:
    """D-002, D-006, D-007, D-009"""
    with tempfile.TemporaryDirectory() as folder:
        for name, heads, lines in (
            ("许可.csv", PERMIT, [(*row, f"示例许{at}号", "2015-01-01") for at, row in enumerate(rows)]),
            ("检查人员.csv", ROSTER, [(row[0], row[1], "律师") for row in rows]),
        ):  # fmt: skip
            with Path(folder, name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([heads, *lines])
        readings = read_drop([Path(folder)], date(2016, 12, 31), LAYOUTS)
    for reading in readings:
        assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
        for noun, table in reading.tables.items():
            for column in ("uscc", "licence", "id"):
                if column in table.columns:
                    assert_proven(noun, column, table[column].drop_nulls())
            assert not set(map(fold_code_text, table["name"])) & set(RULES.nothing)


def assert_proven(noun: str, column: str, values: polars.Series) -> None:
    """Every value is a code that passes its check, or has the form of its kind; reading it again changes nothing."""
    if column == "uscc":
        assert [code_fault(code) for code in values] == [""] * values.len()
    again = read_identifiers(values, RULES, RULES.find_form(noun, column))
    assert again.fault.null_count() == values.len()
    assert again.value.to_list() == values.to_list()
