"""What people read in place of the codes of groups, ratios and sources (D-071)."""

from __future__ import annotations

import pytest

from double_random.inspection.casework.forms import to_chinese
from double_random.inspection.planning.items import Share
from double_random.inspection.planning.wording import format_ratio, format_share, format_source
from double_random.inspection.protocol.sources import read_source

KINDS = {"law_firm": "律师事务所"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("lottery:快乐8:2026320", "快乐8 第2026320期"),
        ("balls:摇号室:7", "摇号7个（摇号室）"),
        ("dice:现场:8", "掷骰子8次（现场）"),
        ("drand:quicknet:12345678", "drand quicknet 第12345678轮"),
        ("local", "本机生成（无公开随机源）"),
    ],
)
def test_a_source_on_a_form_is_words(source: str, said: str) -> None:
    assert format_source(read_source(source), to_chinese) == said


def test_a_ratio_is_whole_percent_where_it_has_one() -> None:
    assert format_ratio((1, 20), to_chinese) == "5%"
    assert format_ratio((1, 3), to_chinese) == "1/3"
    assert format_ratio((7, 7), to_chinese) == "全部"
    assert format_ratio((0, 4), to_chinese) == "0%"


def test_a_share_is_words() -> None:
    share = Share(kind="law_firm", grade="A", ratio=(1, 20), minimum=1, rounding="up")
    assert format_share(share, KINDS, to_chinese) == "律师事务所/A 5%，不少于1家"
    clean = Share(kind="law_firm", grade="A", ratio=(1, 30), minimum=0, rounding="up", clean=3)
    assert format_share(clean, KINDS, to_chinese) == "律师事务所/A（3年内检查无问题） 1/30"
    assert (
        format_share(
            Share(kind="law_firm", grade="", ratio=(1, 1), minimum=2, rounding="up"),
            KINDS,
            to_chinese,
        )
        == "律师事务所 全部"
    )
