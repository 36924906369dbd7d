"""A name has one spelling for comparing, and two institutions never become one by it."""

from __future__ import annotations

import csv
import re
from datetime import date

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts
from double_random.registry.institutions.names import (
    normalize_expression,
    normalize_name,
    normalize_names,
    region_pattern,
)


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
    assert normalize_name(name) == "上海示例(浦东)甲律师事务所"


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
    assert normalize_name(one) != normalize_name(other)


@given(st.text(st.characters(exclude_categories=["Cn", "Cs"])))
def test_one_name_and_a_column_of_names_fold_alike(text):
    assert polars.DataFrame({"name": [text]}).select(
        normalize_expression("name")
    ).item() == normalize_name(text)


@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(),
            st.text("上海示例甲律师事务所(A1-·"),
            st.text("示例〔〕[]{}【】〖〗［］｛｝•・‧･a （"),
        ),
        max_size=6,
    )
)
def test_a_column_is_folded_also_where_only_some_of_it_is_odd(texts):
    column = polars.Series("name", texts, polars.String)
    wanted = [None if text is None else normalize_name(text) for text in texts]
    assert normalize_names(column).to_list() == wanted


@given(st.text(st.characters(categories=["Lo", "Nd", "Ps", "Pe", "Zs"], max_codepoint=0xFFFF)))
def test_folding_twice_changes_nothing(text):
    assert normalize_name(normalize_name(text)) == normalize_name(text)


def real_names(shared):
    """The real names of both files, each once."""
    with (shared / "reference" / "institution_names.csv").open(encoding="utf-8") as file:
        names = {row["name"] for row in csv.DictReader(file)}
    lines = (shared / "reference" / "firm_short_and_full_names.txt").read_text("utf-8").splitlines()
    return sorted(names | {line.split()[0] for line in lines if line and not line.startswith("#")})


def test_a_real_name_is_itself_in_every_dress_and_never_another(shared):
    names = real_names(shared)
    wide = {
        ord(narrow): ord(narrow) + 0xFEE0 for narrow in "()0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    }
    dresses = [
        names,
        [name.translate(wide) for name in names],
        [f" {name[:2]} {name[2:]}　" for name in names],
        [f"{name[:3]}\n\u200b{name[3:]}" for name in names],
        [name.replace("(", "【").replace(")", "】") for name in names],
        [name.lower() for name in names],
    ]
    folded = [
        polars.DataFrame({"name": dress}).select(normalize_expression("name")).to_series().to_list()
        for dress in dresses
    ]
    assert all(again == folded[0] for again in folded)
    assert len(set(folded[0])) == len(names) > 200


def test_real_names_stay_apart_through_intake(shared, tmp_path):
    """As they come out of a file, short and full names beside each other: each its own, none lost as a duplicate."""
    names = real_names(shared)
    rows = [f"示例{number},{name},2015-01-01,受理" for number, name in enumerate(names)]
    sheet = "\n".join(["登记编号,被投诉机构,登记日期,受理情况", *rows])
    (tmp_path / "投诉.csv").write_text(sheet, "gb18030")
    (reading,) = read_drop(tmp_path, date(2016, 12, 31), load_shipped_layouts())
    read = reading.tables["complaints"]
    assert (reading.accepted, read["name"].to_list()) == (len(names), names)
    assert read.select(normalize_expression("name")).to_series().n_unique() == len(names)


def test_names_that_differ_in_their_region_alone_are_short_and_full_names_of_one(shared):
    """金杜律师事务所 is 北京市金杜律师事务所, as the list of short and full names has them beside each other."""
    lines = (shared / "reference" / "firm_short_and_full_names.txt").read_text("utf-8").splitlines()
    names = [line.split()[0] for line in lines if line and not line.startswith("#")]
    parts = {}
    for name in {normalize_name(name) for name in names}:
        region = re.match(region_pattern(), name)
        parts.setdefault(re.sub(region_pattern(), "", name), []).append(
            (region[1] if region else "", name)
        )
    regions = [{region for region, _ in some if region} for some in parts.values() if len(some) > 1]
    assert sum(len(some) == 1 for some in regions) >= 10
    assert {"北京", "四川"} in regions, "君合律师事务所 may be either: it links to neither"
