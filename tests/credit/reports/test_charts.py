"""Charts are SVG with whole numbers and escaped text; a day without points is a gap."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date

from double_random.credit.reports.charts import draw_step_chart, draw_text, render_svg

DAYS = [date(2016, 1, 31), date(2016, 6, 30), date(2016, 12, 31)]


def line(svg: str) -> str:
    """The way of the curve."""
    root = ElementTree.fromstring(svg)
    (path,) = root.iter("{http://www.w3.org/2000/svg}path")
    return path.attrib["d"]


def test_points_through_days_are_steps() -> None:
    svg = draw_step_chart(list(zip(DAYS, [100_00, 85_00, 92_50], strict=True)), "示例")
    assert line(svg) == "M56 69 H330 V252 H664 V160"
    assert "2016-01-31" in svg and "2016-12-31" in svg
    lowest, highest = ">84.00<", ">101.00<"  # a point beyond the values
    assert lowest in svg and highest in svg


def test_a_day_without_points_is_a_gap() -> None:
    svg = draw_step_chart(list(zip(DAYS, [100_00, None, 92_50], strict=True)), "示例")
    assert line(svg).count("M") == 2 and "H" not in line(svg)


def test_a_single_day_and_no_points_at_all_are_still_a_chart() -> None:
    assert line(draw_step_chart([(DAYS[0], 100_00)], "示例")).startswith("M")
    assert line(draw_step_chart([(DAYS[0], None)], "示例")) == ""


def test_text_is_escaped_and_control_characters_are_visible() -> None:
    assert (
        draw_text(1, 2, "<a> & b")
        == '<text x="1" y="2" text-anchor="start">&lt;a&gt; &amp; b</text>'
    )
    assert "\u202e" not in draw_text(
        1, 2, "示例\u202e"
    ) and "\N{REPLACEMENT CHARACTER}" in draw_text(1, 2, "示例\u202e")


def test_a_picture_has_its_title_for_screen_readers() -> None:
    root = ElementTree.fromstring(render_svg("示例 <1>", [], 10, 20))
    assert root.attrib["viewBox"] == "0 0 10 20" and root.attrib["role"] == "img"
    assert root[0].tag.endswith("title") and root[0].text == "示例 <1>"
