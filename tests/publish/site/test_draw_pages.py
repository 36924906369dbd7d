"""Pages of the draws: cards, plans and numbers in words, and the files that belong to them."""

from __future__ import annotations

import csv
import hashlib
import io
from datetime import date
from typing import Any

from double_random.publish.content import urls
from double_random.publish.site import draw_pages
from double_random.publish.site.draw_pages import LONGEST, build_draw_card, shorten_heading
from double_random.publish.site.templates import Templates
from tests.publish import editions

DRAWN: dict[str, Any] = {
    "draw": "d1",
    "number": 1,
    "id": editions.FIRM["id"],
    "name": "示例<b>律师事务所",
}
GONE: dict[str, Any] = {"draw": "d1", "number": 2, "id": "L:示例2", "name": "示例乙公证处"}


def test_a_waiting_draws_card_has_its_code_and_times_in_beijing() -> None:
    draw = editions.draw("d1", "committed", overdue=True)
    shown = build_draw_card(draw, editions.edition(draws=[draw]))
    brief = dict(shown["brief"])
    assert brief["方案校验码"] == "示例-1234"
    assert brief["随机号码不早于"] == "2026-10-02 09:00:00（北京时间）"
    assert shown["overdue"] and shown["overdue_word"] == "逾期未公开"
    assert (shown["path"], shown["heading"], shown["drawn_at"]) == ("draws/d1", "示例事项", "")
    assert shown["numbers"] == []


def test_a_published_draws_card_has_its_numbers() -> None:
    entropy = ["balls:示例:7=0730915", "dice:示例=6"]
    draw = editions.draw(
        "d1", "published", title="示例计划", entropy=entropy, seed="ab", population=41, left_out=0
    )
    shown = build_draw_card(draw, editions.edition(draws=[draw]))
    assert shown["heading"] == "示例计划"
    assert dict(shown["numbers"]) == {
        "参与抽取家数": "41",
        "未参与抽取家数": "0",
        "公开随机号码": "balls:示例:7=0730915\ndice:示例=6",
        "种子数": "ab",
    }
    plan = dict(shown["plan"])
    assert plan["检查对象类别"] == "律师事务所" and plan["区"] == "徐汇区"
    assert plan["公开时间"].startswith("2026-10-03 09:00:00")
    assert "作废原因" not in plan


def test_a_long_heading_is_cut_and_a_short_one_is_not() -> None:
    assert shorten_heading("长" * LONGEST) == "长" * LONGEST
    assert shorten_heading("长" * (LONGEST + 1)) == "长" * (LONGEST - 1) + "…"


def test_a_published_draw_has_a_page_with_its_list_and_files() -> None:
    draw = editions.draw("d1", "published", bundle={"plan.json": b"{}"})
    waiting = editions.draw("d2", "committed")
    rows = {"institution": [editions.FIRM], "drawn": [DRAWN, GONE]}
    edition = editions.edition(rows, [draw, waiting])
    cards = {one.row["draw"]: build_draw_card(one, edition) for one in edition.draws}
    made = dict(draw_pages.render_draw_pages(edition, Templates(edition), cards))
    assert set(made) == {
        *("draws/index.html", "draws/feed.atom", "draws/d1/index.html", "draws/d2/index.html"),
        *("draws/d1/bundle.zip", "draws/d1/list.xlsx", "draws/d1/list.csv"),
    }
    page, bundle = (made[f"draws/d1/{name}"] or b"" for name in ("index.html", "bundle.zip"))
    assert "示例&lt;b&gt;律师事务所" in page.decode()
    assert f'href="../../{urls.institution_path(DRAWN["id"])}"' in page.decode()
    assert urls.institution_path(GONE["id"]) not in page.decode()  # it is in no register
    assert hashlib.sha256(bundle).hexdigest() in page.decode()
    listed = list(csv.DictReader(io.StringIO((made["draws/d1/list.csv"] or b"").decode())))
    assert [row["id"] for row in listed] == [DRAWN["id"], GONE["id"]]


def test_a_draws_page_counts_states_and_names_who_was_not_inspected() -> None:
    draw = editions.draw("d1", "published")
    states = ("open", "unvisited", "unvisited")
    inspections = [
        {"draw": "d1", "institution": f"示例{n}", "name": f"示例{n}律所", "state": state}
        for n, state in enumerate(states)
    ]
    result = {
        "draw": "d1",
        "institution": "示例0",
        "name": "示例0律所",
        "item": "示例事项",
        "results": "clean",
        "inspected": date(2026, 10, 9),
        "published": date(2026, 10, 20),
    }
    edition = editions.edition({"inspection": inspections, "result": [result]}, [draw])
    cards = {"d1": build_draw_card(draw, edition)}
    made = dict(draw_pages.render_draw_pages(edition, Templates(edition), cards))
    page = (made["draws/d1/index.html"] or b"").decode()
    section = page.partition('id="unvisited"')[2].partition("</section>")[0]
    assert "示例1律所" in section and "示例2律所" in section and "示例0律所" not in section
    assert "未发现问题" in page and "2026-10-20" in page
