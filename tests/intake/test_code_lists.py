"""Kinds of penalty: several in a cell, the mildest first, none guessed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from double_random import data
from double_random.core.errors import BadFile
from double_random.intake import reasons
from double_random.intake.code_lists import CodeKind, kinds_column, load_code_list

PENALTIES = load_code_list(data.path("penalty_kinds.toml"))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("警告", ["warning"]),
        ("警告;罚款", ["warning", "fine"]),
        ("没收违法所得、警告", ["warning", "confiscation"]),
        ("罚款5,000元，停业整顿三个月", ["fine", "suspension"]),
        ("没收违法所得；没收非法财物", ["confiscation"]),
        ("责令停止执业六个月/吊销执业证书", ["practice_suspension", "revocation"]),
    ],
)
def test_a_cell_names_its_kinds(text: str, kinds: list[str]) -> None:
    read = kinds_column(pl.Series([text]), PENALTIES)
    assert (read.value.to_list(), read.fault.to_list()) == ([kinds], [None])


def test_a_word_that_is_no_kind_makes_the_cell_faulty() -> None:
    read = kinds_column(pl.Series(["警告;不予处罚", "、", None]), PENALTIES)
    assert read.fault.to_list() == [reasons.UNKNOWN_KIND] * 2 + [None]


def test_the_order_of_severity_is_strict_and_referenced() -> None:
    severities = [kind.severity for kind in PENALTIES]
    assert severities == sorted(set(severities))
    assert all(kind.reference for kind in PENALTIES)
    order = [kind.code for kind in PENALTIES]
    assert order.index("warning") < order.index("fine") < order.index("suspension")
    assert order.index("suspension") < order.index("revocation")


def test_a_kind_that_excludes_the_others_stands_alone() -> None:
    results = load_code_list(data.path("inspection_results.toml"))
    alone = next(kind for kind in results if kind.alone)
    other = next(kind for kind in results if not kind.alone)
    read = kinds_column(pl.Series([alone.word, f"{alone.word}、{other.word}"]), results)
    assert read.fault.to_list() == [None, reasons.CONTRADICTION]


def test_a_kind_is_called_by_its_first_word_else_its_code() -> None:
    assert CodeKind("fine", 2, "示例", ("罚款", "处以罚款")).word == "罚款"
    assert CodeKind("fine", 2, "示例", ()).word == "fine"


def test_an_unsound_list_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "kinds.toml"
    file.write_text(
        '[[kind]]\ncode = "fine"\nseverity = "2"\nreference = "示例"\nwords = []\n', "utf-8"
    )
    with pytest.raises(BadFile, match=r"line 3: kind\[1\]\.severity: expected a whole number"):
        load_code_list(file)
