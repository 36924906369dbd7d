"""All pages of a small edition: each once, home page, log, data and rules from the edition alone."""

from __future__ import annotations

import re
from typing import Any

import pytest

from double_random.publish.content.inspection_results import UNVISITED, PublishedInspections
from double_random.publish.content.snapshot import Edition, PublishedLog
from double_random.publish.site.pages import LATELY, SHOWN_ENTRIES, SitePages
from tests.publish import editions


def made(edition: Edition) -> dict[str, bytes]:
    """Every file by path; no path twice."""
    pages = [(path, content or b"") for path, content in SitePages(edition).pages()]
    assert len(dict(pages)) == len(pages)
    return dict(pages)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """An edition with draws in every stage and more published ones than the home page shows."""
    late = PublishedInspections(rows=({"institution": "示例", "state": UNVISITED},))
    draws = [
        editions.draw("overdue", "committed", overdue=True, title="示例逾期"),
        editions.draw("waiting", "drawn", title="示例待公开"),
        editions.draw("void", "void", title="示例作废"),
        editions.draw("d0", "published", title="示例抽查0", inspections=late),
        *(editions.draw(f"d{n}", "published", title=f"示例抽查{n}") for n in range(1, LATELY + 1)),
    ]
    entry: dict[str, Any] = {"kind": "sync", "release": "000001", "time": "2026-10-31T16:30:00Z"}
    entries = (*[entry] * SHOWN_ENTRIES, {**entry, "kind": "plan", "draw": "d0"})
    log = PublishedLog((b"{}",) * len(entries), entries, b"checkpoint\n", "示例+1+key")
    return made(
        editions.edition({"institution": [editions.FIRM]}, draws, log=log, emptied=71, waiting=92)
    )


def section(page: bytes, name: str) -> str:
    return page.decode().partition(f'<h2 id="{name}">')[2].partition("</section>")[0]


def test_every_part_of_the_site_has_its_page(files: dict[str, bytes]) -> None:
    for part in ("draws", "institutions", "map", "statistics", "log", "data", "about"):
        assert f"{part}/index.html" in files
    assert {"index.html", "style.css", "search.js", "verify.html", "edition.css"} <= set(files)
    assert not [path for path in files if path.startswith("data/") and path != "data/index.html"]


def test_the_home_page_sorts_draws_by_what_they_wait_for(files: dict[str, bytes]) -> None:
    home = files["index.html"]
    assert "示例逾期" in section(home, "overdue") and "示例待公开" not in section(home, "overdue")
    assert "示例待公开" in section(home, "waiting") and "示例逾期" not in section(home, "waiting")
    assert section(home, "lately").count("<li>") == LATELY
    assert "draws/d0/index.html#unvisited" in section(home, "unvisited")
    assert "示例作废" not in home.decode()
    numbers = re.findall(r"<li><b>(\d+)</b>", home.decode())
    assert numbers == ["1", "1", str(LATELY + 1), "0"]


def test_the_logs_page_shows_the_newest_entries_in_beijing_time(files: dict[str, bytes]) -> None:
    page = files["log/index.html"].decode()
    rows = page.partition("<tbody>")[2].count("<tr>")
    assert rows == SHOWN_ENTRIES
    first = page.partition("<tbody>")[2].partition("</tr>")[0]
    assert f"<td>{SHOWN_ENTRIES + 1}</td>" in first and 'href="../draws/d0/index.html"' in first
    assert "2026-11-01" in first and "00:30:00" in first
    assert files["log/log.jsonl"] == b"{}\n" * (SHOWN_ENTRIES + 1)
    assert files["log/log.pub"].decode() == "示例+1+key\n"


def test_the_page_of_rules_names_every_class_with_its_reference(files: dict[str, bytes]) -> None:
    page = files["about/index.html"].decode()
    for allowed in editions.LIST.classes.values():
        assert allowed.zh in page and allowed.reference in page
    for held_back in editions.LIST.held_back:
        assert held_back.zh in page
    counts = re.sub(r"\d{4}", "", re.sub("<[^>]*>", "", page))
    assert {"71", "92"} <= set(re.findall(r"\d+", counts)) and "r" * 64 in page


def test_the_age_of_the_data_is_a_style_sheet(files: dict[str, bytes]) -> None:
    style = files["edition.css"].decode()
    assert style.startswith('.edition::after { content: "') and style.count('"') == 2
    assert "2026-11-01" in style and "2026-10-31" in style


def test_an_empty_edition_has_all_its_pages() -> None:
    pages = made(editions.edition())
    say = editions.words().say
    assert say("No draw has been published yet.") in section(pages["index.html"], "lately")
    assert say("No plan is waiting.") in section(pages["index.html"], "waiting")
    assert b"<svg" not in pages["statistics/index.html"]
