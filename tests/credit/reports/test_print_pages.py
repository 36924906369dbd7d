"""Pages for print: values are escaped and made visible, a draft is marked, references hold no notes."""

from __future__ import annotations

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from double_random import data
from double_random.credit.reports.notices import read_terms
from double_random.credit.reports.print_pages import render_print_page


def test_what_files_hold_is_escaped() -> None:
    page = render_print_page(
        "frame.html", language="en", title="<b>&", explanation={"name": "示例"}, draft=False
    )
    assert "&lt;b&gt;&amp;" in page and "<b>" not in page


def test_marks_that_turn_the_reading_direction_are_visible() -> None:
    name = "示例\u202e所\x07"
    page = render_print_page(
        "frame.html", language="en", title="x", explanation={"name": name}, draft=False
    )
    assert "\u202e" not in page and "\x07" not in page


def test_a_value_that_a_template_needs_is_never_left_blank() -> None:
    with pytest.raises(UndefinedError):
        render_print_page("frame.html", language="en")
    with pytest.raises(TemplateNotFound):
        render_print_page("示例.html")


def test_no_developers_note_stands_in_a_reference() -> None:
    """D-064."""
    printed = [term.reference for term in read_terms(data.path("credit_terms.toml"))]
    for file in data.path("policies").glob("*.toml"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("reference = "):
                printed.append(line.partition(" = ")[2].partition('"   #')[0])
    for text in printed:
        assert not any(note in text for note in ("待核", "记忆", "待查", "TODO", "memory")), text


@pytest.mark.parametrize("draft", [True, False])
def test_a_draft_says_so_across_the_page(draft: bool) -> None:
    """D-064."""
    page = render_print_page(
        "frame.html", language="zh-CN", title="告知书", explanation={"name": "示例"}, draft=draft
    )
    assert ("草稿 DRAFT" in page) is draft
