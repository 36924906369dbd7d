"""Pages of the draws (随机抽查): the list of all plans, a page each, and the downloads."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import there
from double_random.core.translation import N_
from double_random.core.vocabulary import STANDING
from double_random.publish.content import urls
from double_random.publish.content.inspection_results import UNVISITED
from double_random.publish.content.writers import to_csv
from double_random.publish.exports.announcement import announcement
from double_random.publish.exports.feed import feed
from double_random.publish.site.templates import Page, Templates

if TYPE_CHECKING:
    from double_random.publish.content.labels import Words
    from double_random.publish.content.published_draws import Shown
    from double_random.publish.content.snapshot import Edition

NUMBERS = ("population", "left_out", "inspectors", "drawn", "entropy", "seed")
BRIEF = ("draw", "drawn", "population", "ended")  # on the card of a published draw
BRIEF_BEFORE = ("draw", "code", "not_before", "publish_by", "reason")
LONGEST = 120  # characters of a heading


def card(draw: Shown, edition: Edition) -> dict[str, Any]:
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
        "committed": _local(words, row["committed"]),
        "not_before": _local(words, row["not_before"]),
        "drawn_at": _local(words, row.get("drawn_at")),
        "ended": _local(words, row["ended"]),
    }
    ended = N_("Published at") if draw.published else N_("Voided at")
    titles = {"districts": words.say(N_("District")), "ended": words.say(ended)}
    told = {
        field.name: (
            titles.get(field.name, words.title(field)),
            special.get(field.name) or str(row[field.name]),
        )
        for field in edition.allowed.classes["draw"].fields
        if row[field.name] not in (None, "", [])
    }
    brief = BRIEF if draw.published else BRIEF_BEFORE
    return {
        "path": urls.draw(row["draw"]),
        "heading": short(row["title"] or "、".join(row["items"]) or row["draw"]),
        "stage": row["stage"],
        "stage_word": words.stage(row["stage"]),
        "overdue": draw.overdue,
        "overdue_word": words.stage("overdue"),
        "drawn_at": special["drawn_at"],
        "brief": [told[name] for name in brief if name in told],
        "plan": [told[name] for name in told if name not in ("stage", *NUMBERS)],
        "numbers": [told[name] for name in NUMBERS if name in told],
    }


def pages(
    edition: Edition, templates: Templates, cards: dict[str, dict[str, Any]]
) -> Iterator[Page]:
    """Yield the pages and files of the draws."""
    from double_random.inspection.verification.bundle import packed

    yield templates.page("draws.html", "draws/index.html", "draws", draws=list(cards.values()))
    yield "draws/feed.atom", feed(edition, cards)
    known = set(edition.tables["institution"]["id"].to_list())
    lists = _by_draw(edition, "drawn")
    inspections, results = _by_draw(edition, "inspection"), _by_draw(edition, "result")
    for draw in edition.draws:
        folder = urls.draw(draw.row["draw"])
        drawn = lists[draw.row["draw"]]
        bundle = packed(draw.bundle) if draw.bundle else b""
        yield templates.page(
            "draw.html",
            f"{folder}/index.html",
            "draws",
            draw=cards[draw.row["draw"]],
            published=draw.published,
            drawn=[
                row | {"path": urls.institution(row["id"]) if row["id"] in known else ""}
                for row in drawn
            ],
            changes=[one | {"reason": edition.words.say(one["reason"])} for one in draw.changes],
            **_inspections(
                edition.words, inspections[draw.row["draw"]], results[draw.row["draw"]], known
            ),
            bundle_hash=hashlib.sha256(bundle).hexdigest() if bundle else "",
        )
        if bundle:
            yield f"{folder}/bundle.zip", bundle
        if draw.published:
            yield f"{folder}/list.xlsx", announcement(draw, drawn, edition.words)
            table = edition.tables["drawn"].filter(draw=draw.row["draw"])
            yield f"{folder}/list.csv", to_csv(table)


def _by_draw(edition: Edition, which: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in edition.rows(which):
        found[row["draw"]].append(row)
    return found


def _inspections(
    words: Words, rows: list[dict[str, Any]], results: list[dict[str, Any]], known: set[str]
) -> dict[str, Any]:
    """Describe a draw's inspections: counts by state, public results, and institutions not inspected in time."""
    states = Counter(row["state"] for row in rows)
    return {
        "states": [(words.standing(state), states[state]) for state in STANDING if states[state]],
        "results": [
            row
            | {
                "words": words.result(row["results"]),
                "path": urls.institution(row["institution"]) if row["institution"] in known else "",
            }
            for row in results
        ],
        "unvisited": [row for row in rows if row["state"] == UNVISITED],
    }


def short(text: str) -> str:
    """Shorten a very long name for a list or heading; its own page has the full name."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _local(words: Words, time: str | None) -> str:
    if time is None:
        return ""
    return words.say(N_("{time} Beijing time")).format(time=f"{there(time):%Y-%m-%d %H:%M:%S}")
