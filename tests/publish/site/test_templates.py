"""The templates: everything escaped, hidden marks visible, in the site's language, with the right way to the root."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import jinja2
import pytest

from double_random.publish.site.templates import PARTS, Templates
from tests.publish import editions

VALUES: dict[str, Any] = {"district": "示例区", "total": 0, "statuses": [], "rows": []}


def page(path: str = "map/district-1.html", language: str = "zh_CN", **values: Any) -> str:
    edition = editions.edition(words=editions.words(language), sources=SOURCES)
    made, content = Templates(edition).render_page(
        "district.html", path, "map", **(VALUES | values)
    )
    assert made == path and content is not None
    return content.decode()


SOURCES = {"sync": date(2026, 10, 31), "load": date(2026, 11, 1)}


def test_a_value_is_escaped_and_its_hidden_marks_are_shown() -> None:
    text = page(district="<b>示例\u202e区</b>")
    assert "&lt;b&gt;示例\ufffd区&lt;/b&gt;" in text
    assert "<b>" not in text and "\u202e" not in text


def test_a_missing_value_is_an_error() -> None:
    edition = editions.edition()
    with pytest.raises(jinja2.UndefinedError, match="district"):
        Templates(edition).render_page("district.html", "map/x.html", "map", total=0, rows=[])


@pytest.mark.parametrize(
    ("path", "root"), [("a.html", ""), ("a/b.html", "../"), ("a/b/c.html", "../../")]
)
def test_links_lead_to_the_root_from_any_depth(path: str, root: str) -> None:
    text = page(path)
    links = re.findall(r'<a href="([^"#]+)"', text.partition("<nav")[2].partition("</nav>")[0])
    assert links == [root + target for _part, target, _title in PARTS]
    assert f'href="{root}style.css"' in text


def test_the_navigation_marks_the_part_of_the_page() -> None:
    marked = re.findall(r'<a href="([^"]+)" aria-current="page">', page())
    assert marked == ["../map/index.html"]


def test_the_language_and_the_age_of_the_data_are_said() -> None:
    chinese, english = page(), page(language="en")
    assert '<html lang="zh-CN">' in chinese and "没有公示信息不等于没有违法记录" in chinese
    assert '<html lang="en">' in english
    assert "No information published does not mean that nothing unlawful was done." in english
    for text in (chinese, english):
        assert "2026-11-01" in text and "2026-10-31" in text
    assert "1 day before" in english and "0 day" not in english


def test_the_bureaus_name_is_in_the_title() -> None:
    assert "<title>示例区 - 示例市司法局 双随机、一公开</title>" in page()
