"""Pages of institutions: the overview, the lists in parts, and what one page tells of its institution."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from double_random.publish.content import urls
from double_random.publish.content.snapshot import Edition
from double_random.publish.site.draw_pages import build_draw_card
from double_random.publish.site.institution_pages import ROWS, InstitutionPages
from double_random.publish.site.page_cache import PageCache
from double_random.publish.site.templates import Page, Templates
from tests.publish import editions

ID = str(editions.FIRM["id"])
PATH = urls.institution_path(ID)
PENALTY = {
    "institution": ID,
    "record": "r" * 64,
    "kinds": "warning fine",
    "fine_fen": 500_000,
    "decided": date(2026, 5, 1),
}


def pages(edition: Edition, former: PageCache | None = None) -> list[Page]:
    cards = {draw.row["draw"]: build_draw_card(draw, edition) for draw in edition.draws}
    made = InstitutionPages(edition, Templates(edition), cards, former or PageCache())
    return list(made.pages())


def text(edition: Edition, path: str = PATH) -> str:
    content = dict(pages(edition))[path]
    assert content is not None
    return content.decode()


def facts(page: str) -> dict[str, str]:
    """Terms and their values."""
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page, re.DOTALL))


def test_a_page_has_the_licences_facts_in_words() -> None:
    firm = editions.FIRM | {"name": "示例<律师>", "former": ["示例甲", "示例乙"]}
    page = text(editions.edition({"institution": [firm]}))
    assert "<h1>示例&lt;律师&gt;</h1>" in page
    told = facts(page)
    assert told["机构类别"] == "律师事务所" and told["区"] == "徐汇区"
    assert told["曾用名"] == "示例甲\n示例乙"
    assert "长期" in told.values()
    assert "noindex" not in page


def test_a_penalty_is_told_in_yuan_and_keeps_the_page_out_of_search_engines() -> None:
    page = text(editions.edition({"institution": [editions.FIRM], "penalty": [PENALTY]}))
    told = facts(page)
    assert told["处罚种类"] == "警告、罚款"
    assert told["罚款金额（元）"] == "5,000.00"
    assert told["决定日期"] == "2026-05-01"
    assert "没收金额（元）" not in told
    assert '<meta name="robots" content="noindex">' in page


def test_the_latest_inspection_is_first() -> None:
    past: list[dict[str, Any]] = [
        {"institution": ID, "record": str(n), "inspected": day, "results": "clean", "class": "case"}
        for n, day in enumerate((date(2025, 1, 1), date(2026, 1, 1)))
    ]
    drawn = [{"draw": name, "number": 1, "id": ID, "name": "示例"} for name in ("d1", "d2")]
    draws = [
        editions.draw("d1", "published"),
        editions.draw("d2", "published", drawn_at="2026-10-20T01:00:00Z"),
    ]
    rows = {"institution": [editions.FIRM], "past_inspection": past, "drawn": drawn}
    page = text(editions.edition(rows, draws))
    assert page.index("2026-01-01") < page.index("2025-01-01")
    assert page.index("draws/d2/") < page.index("draws/d1/")
    assert page.count(editions.words().check("case")) == len(past)


def test_a_list_is_cut_into_pages_and_the_overview_leads_to_the_first() -> None:
    firms = [editions.FIRM | {"id": f"示例{number:04d}"} for number in range(ROWS + 1)]
    made = dict(pages(editions.edition({"institution": firms})))
    first, second = (urls.register_path("310104", "law_firm", number) for number in (1, 2))
    assert (made[first] or b"").count(b"<tr>") - 1 == ROWS
    assert (made[second] or b"").count(b"<tr>") - 1 == 1
    overview = (made["institutions/index.html"] or b"").decode()
    assert f'<a href="../{first}">{ROWS + 1}</a>' in overview and second not in overview
    assert second in (made[urls.institution_path(f"示例{ROWS:04d}")] or b"").decode()


def test_an_unchanged_page_is_taken_over_and_a_changed_one_is_made() -> None:
    other = editions.FIRM | {"id": "示例2", "name": "示例乙律师事务所"}
    rows: dict[str, Any] = {"institution": [editions.FIRM, other]}
    before = PageCache()
    pages(editions.edition(rows), before)
    after = PageCache(keys=before.made, hashes=dict.fromkeys(before.made, "0" * 64))
    made = dict(pages(editions.edition(rows | {"penalty": [PENALTY]}), after))
    assert made[PATH] is not None
    assert made[urls.institution_path("示例2")] is None
    assert made[urls.register_path("310104", "law_firm", 1)] is None


def test_where_to_complain_is_the_bureaus_own_word() -> None:
    rows = {"institution": [editions.FIRM]}
    assert "12348" in text(editions.edition(rows))
    page = text(editions.edition(rows, complain="示例市司法局 000-00000000"))
    assert "示例市司法局 000-00000000" in page and "12348" not in page
