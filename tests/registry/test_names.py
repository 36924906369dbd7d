"""A name has one spelling for comparing, and two institutions never become one by it."""

from __future__ import annotations

import csv

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.names import fold, fold_expression


@pytest.mark.parametrize(
    "name",
    [
        "上海示例(浦东)甲律师事务所",
        "上海示例（浦东）甲律师事务所",
        "上海示例【浦东】甲律师事务所",
        " 上海示例 (浦东)甲律师事务所　",
        "上海示例(浦东)\u200b甲律师事务所\n",
    ],
)
def test_width_brackets_and_blanks_are_folded(name):
    assert fold(name) == "上海示例(浦东)甲律师事务所"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("上海示例𠮷喆律师事务所", "上海示例吉喆律师事务所"),
        ("上海示例甲律师事务所", "示例甲律师事务所"),
        ("上海市示例公证处", "上海示例公证处"),
        ("示例甲律师事务所", "示例甲律师事务所上海分所"),
    ],
)
def test_what_may_be_two_institutions_stays_two(one, other):
    assert fold(one) != fold(other)


@given(st.text())
def test_one_name_and_a_column_of_names_fold_alike(text):
    assert polars.DataFrame({"name": [text]}).select(fold_expression("name")).item() == fold(text)


@given(st.text(st.characters(categories=["Lo", "Nd", "Ps", "Pe", "Zs"], max_codepoint=0xFFFF)))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


def test_the_real_names_stay_apart(shared):
    with (shared / "reference" / "institution_names.csv").open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    lines = (shared / "reference" / "firm_short_and_full_names.txt").read_text("utf-8").splitlines()
    names |= {line.split()[0] for line in lines if line and not line.startswith("#")}
    assert len({fold(name) for name in names}) == len(names) > 200
