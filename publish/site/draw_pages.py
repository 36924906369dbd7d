"""Pages of the draws (随机抽查): the list of all plans, a page each, and the downloads."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import to_china_time
from double_random.core.translation import N_
from double_random.core.vocabulary import STANDING
from double_random.publish.content import urls
from double_random.publish.content.inspection_results import UNVISITED
from double_random.publish.content.writers import to_csv
from double_random.publish.exports.announcement import WIDTHS, build_announcement
from double_random.publish.exports.feed import build_draw_feed
from double_random.publish.exports.notice import render_workbook
from double_random.publish.site.templates import Page, Templates

if TYPE_CHECKING:
    from double_random.publish.content.labels import CodeLabels
    from double_random.publish.content.published_draws import PublishedDraw
    from double_random.publish.content.snapshot import Edition
    from double_random.publish.site.page_cache import PageCache

NUMBERS = ("population", "left_out", "inspectors", "drawn", "entropy", "seed")
BRIEF = ("draw", "drawn", "population", "ended")  # on the card of a published draw
BRIEF_BEFORE = ("draw", "code", "not_before", "publish_by", "reason")
LONGEST = 120  # characters of a heading


def build_draw_card(draw: PublishedDraw, edition: Edition) -> dict[str, Any]:
    """Build the display texts of one draw: its card, its plan and its numbers."""
    row, words = draw.row, edition.words
    special = {
        "items": "\n".join(row["items"]),
        "basis": "\n".join(row["basis"]),
        "kinds": "、".join(words.kind(code) for code in row["kinds"]),
        "districts": "、".join(words.district(code) for code in row["districts"]),
        "entropy": "\n".join(row["entropy"] or ()),
        "type": words.type(row.get("type") or ""),
        "reason": words.say(row["reason"]) if row["reason"] else "",
        "committed": _format_beijing_time(words, row["committed"]),
        "not_before": _format_beijing_time(words, row["not_before"]),
        "drawn_at": _format_beijing_time(words, row.get("drawn_at")),
        "ended": _format_beijing_time(words, row["ended"]),
    }
    ended = N_("Published at") if draw.is_published else N_("Voided at")
    titles = {"districts": words.say(N_("District")), "ended": words.say(ended)}
    facts = {
        field.name: (
            titles.get(field.name, words.title(field)),
            special.get(field.name) or str(row[field.name]),
        )
        for field in edition.allowed.classes["draw"].fields
        if row[field.name] not in (None, "", [])
    }
    brief = BRIEF if draw.is_published else BRIEF_BEFORE
    return {
        "path": urls.draw_path(row["draw"]),
        "heading": shorten_heading(row["title"] or "、".join(row["items"]) or row["draw"]),
        "stage": row["stage"],
        "stage_word": words.stage(row["stage"]),
        "overdue": draw.overdue,
        "overdue_word": words.stage("overdue"),
        "drawn_at": special["drawn_at"],
        "brief": [facts[name] for name in brief if name in facts],
        "plan": [facts[name] for name in facts if name not in ("stage", *NUMBERS)],
        "numbers": [facts[name] for name in NUMBERS if name in facts],
    }


def render_draw_pages(
    edition: Edition,
    templates: Templates,
    cards: dict[str, dict[str, Any]],
    former: PageCache | None = None,
    look: str = "",
) -> Iterator[Page]:
    """Yield the pages and files of the draws; an announcement that `former` has is not made again."""
    from double_random.inspection.verification.bundle import pack_zip

    yield templates.render_page(
        "draws.html", "draws/index.html", "draws", draws=list(cards.values())
    )
    yield "draws/feed.atom", build_draw_feed(edition, cards)
    institution_ids = set(edition.tables["institution"]["id"].to_list())
    lists = _group_by_draw(edition, "drawn")
    inspections, results = _group_by_draw(edition, "inspection"), _group_by_draw(edition, "result")
    for draw in edition.draws:
        folder = urls.draw_path(draw.row["draw"])
        drawn = lists[draw.row["draw"]]
        bundle = pack_zip(draw.bundle) if draw.bundle else b""
        yield templates.render_page(
            "draw.html",
            f"{folder}/index.html",
            "draws",
            draw=cards[draw.row["draw"]],
            published=draw.is_published,
            drawn=[
                row
                | {"path": urls.institution_path(row["id"]) if row["id"] in institution_ids else ""}
                for row in drawn
            ],
            changes=[
                change | {"reason": edition.words.say(change["reason"])} for change in draw.changes
            ],
            **_describe_inspections(
                edition.words,
                inspections[draw.row["draw"]],
                results[draw.row["draw"]],
                institution_ids,
            ),
            bundle_hash=hashlib.sha256(bundle).hexdigest() if bundle else "",
        )
        if bundle:
            yield f"{folder}/bundle.zip", bundle
        if draw.is_published:
            path, notice = f"{folder}/list.xlsx", build_announcement(draw, drawn, edition.words)
            key = hashlib.sha256(f"{look}{notice!r}".encode("utf-8", "replace")).hexdigest()
            known = former is not None and former.is_unchanged(path, key)
            yield path, None if known else render_workbook(notice, WIDTHS)
            table = edition.tables["drawn"].filter(draw=draw.row["draw"])
            yield f"{folder}/list.csv", to_csv(table)


def _group_by_draw(edition: Edition, which: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in edition.rows(which):
        groups[row["draw"]].append(row)
    return groups


def _describe_inspections(
    words: CodeLabels,
    rows: list[dict[str, Any]],
    results: list[dict[str, Any]],
    institution_ids: set[str],
) -> dict[str, Any]:
    """Describe a draw's inspections: counts by state, public results, and institutions not inspected in time."""
    states = Counter(row["state"] for row in rows)
    return {
        "states": [(words.standing(state), states[state]) for state in STANDING if states[state]],
        "results": [
            row
            | {
                "words": words.result(row["results"]),
                "path": urls.institution_path(row["institution"])
                if row["institution"] in institution_ids
                else "",
            }
            for row in results
        ],
        "unvisited": [row for row in rows if row["state"] == UNVISITED],
    }


def shorten_heading(text: str) -> str:
    """Shorten a very long name for a list or heading; its own page has the full name."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _format_beijing_time(words: CodeLabels, time: str | None) -> str:
    if time is None:
        return ""
    return words.say(N_("{time} Beijing time")).format(
        time=f"{to_china_time(time):%Y-%m-%d %H:%M:%S}"
    )
