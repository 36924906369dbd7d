"""All pages of the site, rendered from an edition. No page queries the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.core.china_time import there
from double_random.core.translation import N_
from double_random.publish.content import urls
from double_random.publish.disclosure.verdict_cache import Kept
from double_random.publish.exports import open_data
from double_random.publish.site import draw_pages, search
from double_random.publish.site.institution_pages import InstitutionPages
from double_random.publish.site.map_pages import MapPages
from double_random.publish.site.page_cache import Former
from double_random.publish.site.statistics import figures
from double_random.publish.site.templates import SOURCE, Page, Templates

if TYPE_CHECKING:
    from double_random.publish.content.snapshot import Edition

SHOWN_ENTRIES = 200  # log entries on the log's page; log.jsonl has all
LATELY = 5  # draws on the home page

PUBLIC = {
    "no": N_("internal, not published"),
    "grade": N_("grades are published"),
    "all": N_("grades and points are published"),
}


@dataclass(frozen=True)
class Site:
    """The pages of one edition."""

    edition: Edition
    former: Former = field(default_factory=Former)
    kept: Kept = field(default_factory=Kept)

    def pages(self) -> Iterator[Page]:
        """Yield every file of the site except the open data: path and content."""
        templates = Templates(self.edition)
        cards = {
            draw.row["draw"]: draw_pages.card(draw, self.edition) for draw in self.edition.draws
        }
        for asset in ("style.css", "search.js", "icon.svg"):
            yield asset, data.path("site", asset).read_bytes()
        yield "verify.html", data.path("verifiers", "verify.html").read_bytes()
        yield "edition.css", _age(self.edition)
        yield _home(self.edition, templates, cards)
        yield from draw_pages.pages(self.edition, templates, cards)
        yield from InstitutionPages(self.edition, templates, cards, self.former).pages()
        yield from search.pages(self.edition.tables["institution"], self.kept)
        yield templates.page(
            "statistics.html",
            "statistics/index.html",
            "statistics",
            figures=figures(self.edition),
        )
        yield from MapPages(self.edition, templates).pages()
        yield from _log(self.edition, templates)
        yield _data(self.edition, templates)
        yield _about(self.edition, templates)


def _age(edition: Edition) -> bytes:
    """The age of the data as a style sheet, so that pages without other changes stay identical."""
    said = [edition.words.say(N_("As of {day}")).format(day=edition.as_of)]
    said += [
        f"{edition.words.say(title)} {edition.sources[source]}"
        for source, title in SOURCE.items()
        if source in edition.sources
    ]
    return f'.edition::after {{ content: "{" · ".join(said)}"; }}\n'.encode()


def _home(edition: Edition, templates: Templates, cards: dict[str, dict[str, Any]]) -> Page:
    """The home page: recent draws, waiting and overdue plans, counts."""
    import polars

    shown = list(cards.values())
    tables = edition.tables
    institutions = tables["institution"]
    return templates.page(
        "index.html",
        "index.html",
        "index",
        counts={
            "institutions": institutions.height,
            "active": institutions.filter(polars.col("status") == "active").height,
            "draws": sum(draw["stage"] == "published" for draw in shown),
            "penalties": tables["penalty"].height,
        },
        overdue=[draw for draw in shown if draw["overdue"]],
        unvisited=[
            (cards[draw.row["draw"]], len(draw.unvisited))
            for draw in edition.draws
            if draw.unvisited
        ],
        lately=[draw for draw in shown if draw["stage"] == "published"][:LATELY],
        waiting=[
            draw
            for draw in shown
            if draw["stage"] in ("committed", "drawn") and not draw["overdue"]
        ],
    )


def _log(edition: Edition, templates: Templates) -> Iterator[Page]:
    """Yield the log's page and the log's files."""
    log = edition.log
    rows = [
        {
            "number": number,
            "day": f"{there(entry['time']):%Y-%m-%d}",
            "clock": f"{there(entry['time']):%H:%M:%S}",
            "act": edition.words.act(entry["kind"]),
            "what": entry.get("draw") or entry.get("release") or entry.get("new") or "",
            "path": urls.draw(entry["draw"]) if entry.get("draw") else "",
        }
        for number, entry in enumerate(log.entries, start=1)
    ]
    yield templates.page(
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


def _data(edition: Edition, templates: Templates) -> Page:
    """The page of downloadable tables."""
    classes = edition.allowed.classes
    return templates.page(
        "data.html",
        "data/index.html",
        "data",
        description=edition.words.say(open_data.DESCRIPTION),
        tables=[
            {"name": name, "title": edition.words.title(classes[name]), "rows": frame.height}
            for name, frame in edition.tables.items()
        ],
    )


def _about(edition: Edition, templates: Templates) -> Page:
    """The page on what is published by which rule, what never is, and how a draw works."""
    allowed, words = edition.allowed, edition.words
    return templates.page(
        "about.html",
        "about/index.html",
        "about",
        classes=[
            {
                "title": words.title(one),
                "fields": "、".join(words.title(field) for field in one.fields),
                "reference": one.reference,
                "confirmed": one.confirmed,
            }
            for one in allowed.classes.values()
        ],
        held_back=[
            {"title": words.title(one), "reference": one.reference, "confirmed": one.confirmed}
            for one in allowed.held_back
        ],
        emptied=edition.emptied,
        waiting=edition.waiting,
        term=edition.rule or allowed.term(edition.as_of),
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
