"""The site's pages: each one template of data/site/, filled from an edition. No page asks the database anything."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

import data
from language import N_, catalogue
from publish import addresses, open_data
from publish.announcement import announcement
from publish.harmless import visible
from publish.words import yuan

if TYPE_CHECKING:
    from jinja2 import Environment

    from publish.draws import Shown
    from publish.edition import Edition

Page = tuple[str, bytes]  # path from the site's root, content

ROWS = 300  # institutions on one page of a list
SHOWN_ENTRIES = 200  # log entries on the log's page; log.jsonl has all
LATELY = 5  # draws on the home page

NAME = N_("Random inspections, open to all")  # 双随机、一公开
PARTS = (
    ("index", "index.html", N_("Home")),
    ("draws", "draws/index.html", N_("Random inspections")),
    ("institutions", "institutions/index.html", N_("Institutions")),
    ("log", "log/index.html", N_("Log")),
    ("data", "data/index.html", N_("Open data")),
    ("about", "about/index.html", N_("About")),
)
SOURCE = {"sync": N_("Register"), "load": N_("Credit records")}
PUBLIC = {
    "no": N_("internal, not published"),
    "grade": N_("grades are published"),
    "all": N_("grades and points are published"),
}


class Site:
    """One edition's pages."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.words = edition.words
        self.say = edition.words.say
        self.environment = _environment(edition)
        self.draws = {draw.row["draw"]: self._draw(draw) for draw in edition.draws}

    def pages(self) -> Iterator[Page]:
        """Every file of the site but the open data: path and content."""
        yield "style.css", data.path("site", "style.css").read_bytes()
        yield from self._home()
        yield from self._draws()
        yield from self._institutions()
        yield from self._log()
        yield from self._data()
        yield from self._about()

    def _render(self, template: str, path: str, here: str, **values: Any) -> Page:
        page = self.environment.get_template(template)
        root = "../" * path.count("/")
        return path, page.render(root=root, here=here, **values).encode()

    def _home(self) -> Iterator[Page]:
        import polars

        tables = self.edition.tables
        institutions = tables["institution"]
        shown = list(self.draws.values())
        yield self._render(
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
            lately=[draw for draw in shown if draw["stage"] == "published"][:LATELY],
            waiting=[
                draw
                for draw in shown
                if draw["stage"] in ("committed", "drawn") and not draw["overdue"]
            ],
        )

    def _draws(self) -> Iterator[Page]:
        from inspection.bundle import packed

        yield self._render(
            "draws.html", "draws/index.html", "draws", draws=list(self.draws.values())
        )
        known = set(self.edition.tables["institution"]["id"].to_list())
        lists: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.edition.tables["drawn"].iter_rows(named=True):
            lists[row["draw"]].append(row)
        for draw in self.edition.draws:
            folder = addresses.draw(draw.row["draw"])
            drawn = lists[draw.row["draw"]]
            bundle = packed(draw.bundle) if draw.bundle else b""
            yield self._render(
                "draw.html",
                f"{folder}/index.html",
                "draws",
                draw=self.draws[draw.row["draw"]],
                published=draw.published,
                drawn=[
                    row | {"path": addresses.institution(row["id"]) if row["id"] in known else ""}
                    for row in drawn
                ],
                changes=[one | {"reason": self.say(one["reason"])} for one in draw.changes],
                bundle_hash=hashlib.sha256(bundle).hexdigest() if bundle else "",
            )
            if bundle:
                yield f"{folder}/bundle.zip", bundle
            if draw.published:
                yield f"{folder}/list.xlsx", announcement(draw, drawn, self.words)
                table = self.edition.tables["drawn"].filter(draw=draw.row["draw"])
                yield f"{folder}/list.csv", open_data.to_csv(table)

    def _institutions(self) -> Iterator[Page]:
        table = self.edition.tables["institution"].sort("district", "kind", "id", nulls_last=True)
        approvals = _by_institution(self.edition, "approval")
        penalties = _by_institution(self.edition, "penalty")
        grades = _by_institution(self.edition, "grade")
        drawn: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self.edition.tables["drawn"].iter_rows(named=True):
            draw = self.draws[row["draw"]]
            drawn[row["id"]].append((draw["path"], draw["heading"]))
        counts: dict[tuple[str | None, str], int] = {}
        for (district, kind), group in groupby(
            table.iter_rows(named=True), key=lambda row: (row["district"], row["kind"])
        ):
            rows = list(group)
            counts[district, kind] = len(rows)
            yield from self._register(district, kind, rows)
            for place, row in enumerate(rows):
                yield self._institution(
                    row,
                    addresses.register(district, kind, place // ROWS + 1),
                    approvals[row["id"]],
                    penalties[row["id"]],
                    grades[row["id"]],
                    drawn[row["id"]],
                )
        yield self._by_district(counts)

    def _by_district(self, counts: dict[tuple[str | None, str], int]) -> Page:
        kinds = [kind for kind in self.words.kinds if any(one == kind for _, one in counts)]
        kinds += sorted({kind for _, kind in counts} - set(kinds))
        districts = sorted({district for district, _ in counts}, key=lambda code: code or "~")
        return self._render(
            "institutions.html",
            "institutions/index.html",
            "institutions",
            total=sum(counts.values()),
            kinds=[self.words.kind(kind) for kind in kinds],
            rows=[
                (
                    self.words.district(district),
                    [
                        (
                            addresses.register(district, kind, 1),
                            counts.get((district, kind), 0),
                        )
                        for kind in kinds
                    ],
                )
                for district in districts
            ],
        )

    def _register(
        self, district: str | None, kind: str, rows: list[dict[str, Any]]
    ) -> Iterator[Page]:
        numbers = range(1, (len(rows) - 1) // ROWS + 2)
        pages = [(number, addresses.register(district, kind, number)) for number in numbers]
        for number, path in pages:
            yield self._render(
                "register.html",
                path,
                "institutions",
                district=self.words.district(district),
                kind=self.words.kind(kind),
                total=len(rows),
                pages=pages,
                page=number,
                rows=[
                    {
                        "path": addresses.institution(row["id"]),
                        "name": _cut(row["name"] or row["id"]),
                        "code": row["uscc"] or row["licence"] or "",
                        "status": self.words.status(row["status"]),
                    }
                    for row in rows[(number - 1) * ROWS : number * ROWS]
                ],
            )

    def _institution(
        self,
        row: dict[str, Any],
        register: str,
        approvals: list[dict[str, Any]],
        penalties: list[dict[str, Any]],
        grades: list[dict[str, Any]],
        drawn: list[tuple[str, str]],
    ) -> Page:
        words = self.words
        return self._render(
            "institution.html",
            addresses.institution(row["id"]),
            "institutions",
            name=row["name"] or row["id"],
            register=register,
            district=words.district(row["district"]),
            kind=words.kind(row["kind"]),
            status=row["status"],
            status_word=words.status(row["status"]),
            licence=self._licence(row),
            grades=[
                f"{self._policies[grade['policy']]} {grade['grade']}"
                + (f" {_points(grade['points'])}" if grade["points"] is not None else "")
                for grade in grades
            ],
            approvals=[one | {"event": words.event(one["event"])} for one in approvals],
            penalties=[one | {"facts": self._penalty(one)} for one in penalties],
            drawn=drawn,
        )

    @property
    def _policies(self) -> dict[str, str]:
        return {policy.id: policy.title for policy in self.edition.policies}

    def _licence(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {
            "kind": self.words.kind(row["kind"]),
            "district": self.words.district(row["district"]),
            "former": "\n".join(row["former"] or ()),
            "licence_to": row["licence_to"] or self.say(N_("no end")),
        }
        told = {"district": self.say(N_("District")), "licence_to": self.say(N_("Licence until"))}
        return [
            (told.get(name, title), special.get(name) or str(row[name]))
            for name, title in self._titles("institution", skip=("id", "name", "status"))
            if special.get(name) or row[name]
        ]

    def _penalty(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {"kinds": self.words.penalty(row["kinds"] or "")}
        money = {
            "fine_fen": self.say(N_("Fine (yuan)")),
            "confiscated_fen": self.say(N_("Confiscated (yuan)")),
        }
        facts = []
        for name, title in self._titles("penalty", skip=("institution", "record", "document")):
            if row[name] is None:
                continue
            value = yuan(row[name]) if name in money else special.get(name) or str(row[name])
            facts.append((money.get(name, title), value))
        return facts

    def _titles(self, which: str, skip: tuple[str, ...]) -> list[tuple[str, str]]:
        return [
            (field.name, self.words.title(field))
            for field in self.edition.allowed.classes[which].fields
            if field.name not in skip
        ]

    def _draw(self, draw: Shown) -> dict[str, Any]:
        """One draw's words for pages: what is told in a card, in its plan and in its numbers."""
        row, words = draw.row, self.words
        special = {
            "items": "\n".join(row["items"]),
            "basis": "\n".join(row["basis"]),
            "kinds": "、".join(words.kind(code) for code in row["kinds"]),
            "districts": "、".join(words.district(code) for code in row["districts"]),
            "entropy": "\n".join(row["entropy"] or ()),
            "reason": self.say(row["reason"] or ""),
            "committed": self._local(row["committed"]),
            "not_before": self._local(row["not_before"]),
            "ended": self._local(row["ended"]),
        }
        ended = N_("Published at") if draw.published else N_("Voided at")
        titles = {"districts": self.say(N_("District")), "ended": self.say(ended)}
        told = {
            field.name: (
                titles.get(field.name, words.title(field)),
                special.get(field.name) or str(row[field.name]),
            )
            for field in self.edition.allowed.classes["draw"].fields
            if row[field.name] not in (None, "", [])
        }
        brief = (
            ("draw", "drawn", "population", "ended")
            if draw.published
            else ("draw", "code", "not_before", "publish_by", "reason")
        )
        numbers = ("population", "left_out", "inspectors", "drawn", "entropy", "seed")
        return {
            "path": addresses.draw(row["draw"]),
            "heading": _cut(row["title"] or "、".join(row["items"]) or row["draw"]),
            "stage": row["stage"],
            "stage_word": words.stage(row["stage"]),
            "overdue": draw.overdue,
            "overdue_word": words.stage("overdue"),
            "brief": [told[name] for name in brief if name in told],
            "plan": [told[name] for name in told if name not in ("stage", *numbers)],
            "numbers": [told[name] for name in numbers if name in told],
        }

    def _local(self, time: str | None) -> str:
        """A log's time for people: Beijing's clock, which is eight hours ahead all the year."""
        if time is None:
            return ""
        there = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ") + timedelta(hours=8)
        return self.say(N_("{time} Beijing time")).format(time=f"{there:%Y-%m-%d %H:%M:%S}")

    def _log(self) -> Iterator[Page]:
        log = self.edition.log
        rows = [
            {
                "number": number,
                "time": entry["time"],
                "act": self.words.act(entry["kind"]),
                "what": entry.get("draw") or entry.get("release") or entry.get("new") or "",
                "path": addresses.draw(entry["draw"]) if entry.get("draw") in self.draws else "",
            }
            for number, entry in enumerate(log.entries, start=1)
        ]
        yield self._render(
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

    def _data(self) -> Iterator[Page]:
        classes = self.edition.allowed.classes
        yield self._render(
            "data.html",
            "data/index.html",
            "data",
            description=self.say(open_data.DESCRIPTION),
            tables=[
                {"name": name, "title": self.words.title(classes[name]), "rows": frame.height}
                for name, frame in self.edition.tables.items()
            ],
        )

    def _about(self) -> Iterator[Page]:
        allowed, words = self.edition.allowed, self.words
        yield self._render(
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
            emptied=self.edition.emptied,
            term=allowed.term(self.edition.as_of),
            policies=[
                {
                    "title": policy.title,
                    "purpose": policy.purpose,
                    "example": policy.example,
                    "public": self.say(PUBLIC[policy.public]),
                }
                for policy in self.edition.policies
            ],
            release=self.edition.release,
        )


def _environment(edition: Edition) -> Environment:
    """Jinja2 with everything escaped, nothing undefined, hidden marks made visible, and the site's own words."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    def shown(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    words = catalogue(edition.words.language)
    environment = Environment(
        loader=FileSystemLoader(data.path("site")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals |= {
        "_": words.gettext,
        "ngettext": words.ngettext,
        "lang": edition.words.language.replace("_", "-"),
        "site": f"{edition.authority} {words.gettext(NAME)}".strip(),
        "parts": [(part, path, words.gettext(title)) for part, path, title in PARTS],
        "as_of": edition.as_of.isoformat(),
        "ages": [
            (words.gettext(title), edition.sources[source].isoformat(), edition.age(source))
            for source, title in SOURCE.items()
            if source in edition.sources
        ],
    }
    return environment


def _by_institution(edition: Edition, which: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in edition.tables[which].iter_rows(named=True):
        found[row["institution"]].append(row)
    return found


def _cut(text: str) -> str:
    """A name in a list: a very long one is cut there, its own page has it whole."""
    return text if len(text) <= 120 else text[:119] + "…"


def _points(points: int) -> str:
    sign = "-" if points < 0 else ""
    return f"{sign}{abs(points) // 100}.{abs(points) % 100:02d}"
