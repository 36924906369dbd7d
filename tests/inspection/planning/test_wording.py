"""What people read in place of the codes of groups, ratios and sources (D-071)."""

from __future__ import annotations

import pytest

from double_random.inspection.casework.forms import zh
from double_random.inspection.planning.items import Share
from double_random.inspection.planning.wording import ratio_named, share_named, source_named
from double_random.inspection.protocol.sources import Source

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
    assert source_named(Source.read(source), zh) == said


def test_a_ratio_is_whole_percent_where_it_has_one() -> None:
    assert ratio_named((1, 20), zh) == "5%"
    assert ratio_named((1, 3), zh) == "1/3"
    assert ratio_named((7, 7), zh) == "全部"
    assert ratio_named((0, 4), zh) == "0%"


def test_a_share_is_words() -> None:
    share = Share(kind="law_firm", grade="A", ratio=(1, 20), minimum=1, rounding="up")
    assert share_named(share, KINDS, zh) == "律师事务所/A 5%，不少于1家"
    clean = Share(kind="law_firm", grade="A", ratio=(1, 30), minimum=0, rounding="up", clean=3)
    assert share_named(clean, KINDS, zh) == "律师事务所/A（3年内检查无问题） 1/30"
    assert (
        share_named(
            Share(kind="law_firm", grade="", ratio=(1, 1), minimum=2, rounding="up"), KINDS, zh
        )
        == "律师事务所 全部"
    )
