"""All pages of the site, rendered from an edition. No page queries the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.core.china_time import to_china_time
from double_random.core.translation import N_
from double_random.publish.content import urls
from double_random.publish.disclosure.verdict_cache import VerdictCache
from double_random.publish.exports import open_data
from double_random.publish.site import draw_pages, search
from double_random.publish.site.institution_pages import InstitutionPages
from double_random.publish.site.map_pages import MapPages
from double_random.publish.site.page_cache import PageCache, look_fingerprint
from double_random.publish.site.statistics import build_figures
from double_random.publish.site.templates import SOURCE, Page, Templates

if TYPE_CHECKING:
    from double_random.publish.content.labels import CodeLabels
    from double_random.publish.content.snapshot import Edition
    from double_random.publish.site.institution_rendering import PageWriting

SHOWN_ENTRIES = 200  # log entries on the log's page; log.jsonl has all
LATELY = 5  # draws on the home page

PUBLIC = {
    "no": N_("internal, not published"),
    "grade": N_("grades are published"),
    "all": N_("grades and points are published"),
}


@dataclass(frozen=True)
class SitePages:
    """The pages of one edition."""

    edition: Edition
    former: PageCache = field(default_factory=PageCache)
    kept: VerdictCache = field(default_factory=VerdictCache)
    writing: PageWriting | None = None

    def pages(self) -> Iterator[Page]:
        """Yield every file of the site except the open data and what `writing` writes: path and content."""
        templates = Templates(self.edition)
        cards = {
            draw.row["draw"]: draw_pages.build_draw_card(draw, self.edition)
            for draw in self.edition.draws
        }
        for asset in ("style.css", "search.js", "icon.svg"):
            yield asset, data.path("site", asset).read_bytes()
        yield "verify.html", data.path("verifiers", "verify.html").read_bytes()
        yield "edition.css", _age_style_sheet(self.edition)
        yield _home_page(self.edition, templates, cards)
        look = look_fingerprint(self.edition)
        yield from draw_pages.render_draw_pages(self.edition, templates, cards, self.former, look)
        yield from InstitutionPages(
            self.edition, templates, cards, self.former, self.writing
        ).pages()
        yield from search.build_search_pages(
            self.edition.tables["institution"],
            _penalty_numbers(self.edition),
            partial(_describe_institution, self.edition.words),
            self.kept,
            self.former,
            look,
        )
        yield templates.render_page(
            "statistics.html",
            "statistics/index.html",
            "statistics",
            figures=build_figures(self.edition),
        )
        yield from MapPages(self.edition, templates).pages()
        yield from _log_pages(self.edition, templates)
        yield _data_page(self.edition, templates)
        yield _about_page(self.edition, templates)


def _penalty_numbers(edition: Edition) -> dict[str, list[str]]:
    """The numbers of the penalties that are shown, by institution."""
    numbers: dict[str, list[str]] = {}
    for row in edition.tables["penalty"].iter_rows(named=True):
        if row.get("document"):
            numbers.setdefault(row["institution"], []).append(row["document"])
    return numbers


def _describe_institution(words: CodeLabels, row: Mapping[str, Any]) -> str:
    """An institution's kind, district and status in words."""
    named = (words.kind(row["kind"]), words.district(row["district"]), words.status(row["status"]))
    return " · ".join(named)


def _age_style_sheet(edition: Edition) -> bytes:
    """The age of the data as a style sheet, so that pages without other changes stay identical."""
    phrases = [edition.words.say(N_("As of {day}")).format(day=edition.as_of)]
    phrases += [
        f"{edition.words.say(title)} {edition.sources[source]}"
        for source, title in SOURCE.items()
        if source in edition.sources
    ]
    return f'.edition::after {{ content: "{" · ".join(phrases)}"; }}\n'.encode()


def _home_page(edition: Edition, templates: Templates, cards: dict[str, dict[str, Any]]) -> Page:
    """The home page: recent draws, waiting and overdue plans, counts."""
    import polars

    all_cards = list(cards.values())
    tables = edition.tables
    institutions = tables["institution"]
    return templates.render_page(
        "index.html",
        "index.html",
        "index",
        counts={
            "institutions": institutions.height,
            "active": institutions.filter(polars.col("status") == "active").height,
            "draws": sum(draw["stage"] == "published" for draw in all_cards),
            "penalties": tables["penalty"].height,
        },
        overdue=[draw for draw in all_cards if draw["overdue"]],
        unvisited=[
            (cards[draw.row["draw"]], len(draw.unvisited_rows))
            for draw in edition.draws
            if draw.unvisited_rows
        ],
        lately=[draw for draw in all_cards if draw["stage"] == "published"][:LATELY],
        waiting=[
            draw
            for draw in all_cards
            if draw["stage"] in ("committed", "drawn") and not draw["overdue"]
        ],
    )


def _log_pages(edition: Edition, templates: Templates) -> Iterator[Page]:
    """Yield the log's page and the log's files."""
    log = edition.log
    rows = [
        {
            "number": number,
            "day": f"{to_china_time(entry['time']):%Y-%m-%d}",
            "clock": f"{to_china_time(entry['time']):%H:%M:%S}",
            "act": edition.words.act(entry["kind"]),
            "what": entry.get("draw") or entry.get("release") or entry.get("new") or "",
            "path": urls.draw_path(entry["draw"]) if entry.get("draw") else "",
        }
        for number, entry in enumerate(log.entries, start=1)
    ]
    yield templates.render_page(
        "log.html",
        "log/index.html",
        "log",
        checkpoint=log.checkpoint.decode(),
        total=len(rows),
        entries=rows[: -SHOWN_ENTRIES - 1 : -1],
    )
    yield "log/log.jsonl", b"".join(line + b"\n" for line in log.lines)
    yield "log/checkpoint", log.checkpoint
    yield "log/log.pub", f"{log.key}\n".encode()


def _data_page(edition: Edition, templates: Templates) -> Page:
    """The page of downloadable tables."""
    classes = edition.allowed.classes
    return templates.render_page(
        "data.html",
        "data/index.html",
        "data",
        description=edition.words.say(open_data.DESCRIPTION),
        tables=[
            {"name": name, "title": edition.words.title(classes[name]), "rows": frame.height}
            for name, frame in edition.tables.items()
        ],
    )


def _about_page(edition: Edition, templates: Templates) -> Page:
    """The page on what is published by which rule, what never is, and how a draw works."""
    allowed, words = edition.allowed, edition.words
    return templates.render_page(
        "about.html",
        "about/index.html",
        "about",
        classes=[
            {
                "title": words.title(entry),
                "fields": "、".join(words.title(field) for field in entry.fields),
                "reference": entry.reference,
                "confirmed": entry.confirmed,
            }
            for entry in allowed.classes.values()
        ],
        held_back=[
            {
                "title": words.title(entry),
                "reference": entry.reference,
                "confirmed": entry.confirmed,
            }
            for entry in allowed.held_back
        ],
        emptied=edition.emptied,
        waiting=edition.waiting,
        term=edition.rule or allowed.term_on(edition.as_of),
        months=dict(edition.rule.months) if edition.rule else None,
        results=allowed.results,
        policies=[
            {
                "title": policy.title,
                "purpose": policy.purpose,
                "example": policy.example,
                "public": edition.words.say(PUBLIC[policy.public]),
            }
            for policy in edition.policies
        ],
        release=edition.release,
    )
