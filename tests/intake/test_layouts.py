"""Layouts are data: read, checked, found by the header."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.intake.header import find_header
from double_random.intake.layouts import (
    KnownHeadings,
    fold_header,
    load_layouts,
    load_shipped_layouts,
)
from double_random.intake.record_types import NOUNS

SOUND = """
id = "own"
title = "x"
noun = "recusals"
reference = "x"
signature = ["inspector"]
[[column]]
to = "inspector"
form = "identifier"
headers = ["证号"]
"""


def test_every_noun_has_a_shipped_layout() -> None:
    assert {layout.noun for layout in load_shipped_layouts()} == set(NOUNS)


def test_id_numbers_and_phones_are_never_read() -> None:
    for layout in load_shipped_layouts():
        read = {header for column in layout.columns for header in column.headers}
        assert not [
            header
            for header in read
            for word in ("证件号码", "身份证", "电话", "手机", "ZJHM", "SFZH")
            if word in header and "执法" not in header
        ]


@pytest.mark.parametrize(
    "cell",
    [
        "行政相对人代码_1\n(统一社会信用代码)",
        "*行政相对人代码_1（统一社会信用代码）",
        "行政相对人代码＿1 〔统一社会信用代码〕",
    ],
)
def test_a_header_is_the_same_in_every_dress(cell: str) -> None:
    assert fold_header(cell) == "行政相对人代码_1(统一社会信用代码)"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('noun = "recusals"', 'noun = "sheep"'),
        ('to = "inspector"', 'to = "colour"'),
        ('form = "identifier"', 'form = "poem"'),
        ('headers = ["证号"]', 'headers = ["证号", "证 号"]'),
        ('headers = ["证号"]', ""),
        ('signature = ["inspector"]', 'signature = ["reason"]'),
        ('id = "own"', "id = "),
    ],
)
def test_an_unsound_layout_is_named(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(SOUND, "utf-8")
    assert load_layouts([path])[0].id == "own"
    path.write_text(SOUND.replace(old, new), "utf-8")
    with pytest.raises(Misuse, match=r"own\.toml"):
        load_layouts([path])


def test_the_header_is_found_below_title_and_help_lines() -> None:
    rows = [
        ["回避登记表"],
        ["表格说明：必填"],
        ["执法证号", "统一社会信用代码", "事由"],
        ["ZF1", "", "示例"],
    ]
    header = find_header(rows, load_shipped_layouts(), "x.csv")
    assert header is not None
    assert (header.layout.id, header.row) == ("recusals", 2)


def test_two_columns_of_one_meaning_are_refused() -> None:
    with pytest.raises(BadFile):
        find_header([["执法证号", "执法证件号", "事由"]], load_shipped_layouts(), "x.csv")


def test_shipped_layouts_lie_in_data() -> None:
    assert len(load_shipped_layouts()) == len(list(data.path("layouts").glob("*.toml")))


def test_a_heading_that_some_layout_knows_is_known_among_all() -> None:
    layouts = load_shipped_layouts()
    known = KnownHeadings.of(layouts)
    dresses = (
        "{}",
        "*{}",
        "{}(必填)",
        "1.{}",
        "12{}",
        "{}名称",
        "{}(万元)",
        "{}(格式:YYYY-MM-DD)",
        "附{}",
    )
    headings = {
        fold_header(dress.format(heading))
        for layout in layouts
        for heading in layout.known_headings
        for dress in dresses
    }
    strange = 0
    for heading in sorted(headings):
        somewhere = any(layout.look_up(heading)[0] for layout in layouts)
        assert heading in known or not somewhere, heading
        strange += heading not in known
    assert 0 < strange < len(headings)
    assert "示例律师事务所" not in known and "2015-05-03" not in known and "" not in known
