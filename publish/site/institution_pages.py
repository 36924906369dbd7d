"""Pages of the institutions (检查对象名录): the overview by district and kind, the lists, and a page for each."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_
from double_random.publish.content import urls
from double_random.publish.content.labels import yuan
from double_random.publish.site import search
from double_random.publish.site.draw_pages import short
from double_random.publish.site.page_cache import Former, look
from double_random.publish.site.templates import Page, Templates

if TYPE_CHECKING:
    from double_random.publish.content.labels import Words
    from double_random.publish.content.snapshot import Edition

COMPLAIN = N_(
    "About this institution: the justice bureau that registered it, or the hotline 12348 of public legal services."
)
ROWS = 300  # institutions on one page of a list


@dataclass(frozen=True)
class InstitutionPages:
    """Pages of one edition's institutions; `cards` are its draws from draw_pages.card."""

    edition: Edition
    templates: Templates
    cards: dict[str, dict[str, Any]]
    former: Former

    @property
    def words(self) -> Words:
        """The site's labels."""
        return self.edition.words

    def pages(self) -> Iterator[Page]:
        """Yield the overview, the lists, and every institution's page."""
        table = self.edition.tables["institution"].sort("district", "kind", "id", nulls_last=True)
        approvals = _by_institution(self.edition, "approval")
        penalties = _by_institution(self.edition, "penalty")
        grades = _by_institution(self.edition, "grade")
        drawn = self._drawn()
        past = self._past()
        counts: dict[tuple[str | None, str], int] = {}
        shared = look(self.edition)
        for (district, kind), group in groupby(
            table.iter_rows(named=True), key=lambda row: (row["district"], row["kind"])
        ):
            rows = list(group)
            counts[district, kind] = len(rows)
            yield from self._register(district, kind, rows, shared)
            for place, row in enumerate(rows):
                mine = (
                    row,
                    urls.register(district, kind, place // ROWS + 1),
                    approvals.get(row["id"], []),
                    penalties.get(row["id"], []),
                    [self._grade(one) for one in grades.get(row["id"], [])],
                    drawn.get(row["id"], []),
                    past.get(row["id"], []),
                )
                path = urls.institution(row["id"])
                key = hashlib.sha256(f"{shared}{mine!r}".encode("utf-8", "replace")).hexdigest()
                yield (path, None) if self.former.same(path, key) else self._institution(*mine)
        yield self._by_district(counts)

    def _by_district(self, counts: dict[tuple[str | None, str], int]) -> Page:
        kinds = [kind for kind in self.words.kinds if any(one == kind for _, one in counts)]
        kinds += sorted({kind for _, kind in counts} - set(kinds))
        districts = sorted({district for district, _ in counts}, key=lambda code: code or "~")
        return self.templates.page(
            "institutions.html",
            "institutions/index.html",
            "institutions",
            total=sum(counts.values()),
            files=search.shards_of(sum(counts.values())),
            kinds=[self.words.kind(kind) for kind in kinds],
            rows=[
                (
                    self.words.district(district),
                    [
                        (
                            urls.register(district, kind, 1),
                            counts.get((district, kind), 0),
                        )
                        for kind in kinds
                    ],
                )
                for district in districts
            ],
        )

    def _register(
        self, district: str | None, kind: str, rows: list[dict[str, Any]], shared: str
    ) -> Iterator[Page]:
        numbers = range(1, (len(rows) - 1) // ROWS + 2)
        pages = [(number, urls.register(district, kind, number)) for number in numbers]
        for number, path in pages:
            listed = [
                {
                    "path": urls.institution(row["id"]),
                    "name": short(row["name"] or row["id"]),
                    "code": row["uscc"] or row["licence"] or "",
                    "status": self.words.status(row["status"]),
                }
                for row in rows[(number - 1) * ROWS : number * ROWS]
            ]
            told = repr((district, kind, len(rows), listed))
            key = hashlib.sha256(f"{shared}{told}".encode("utf-8", "replace")).hexdigest()
            if self.former.same(path, key):
                yield path, None
                continue
            yield self.templates.page(
                "register.html",
                path,
                "institutions",
                district=self.words.district(district),
                kind=self.words.kind(kind),
                total=len(rows),
                pages=pages,
                page=number,
                rows=listed,
            )

    def _institution(
        self,
        row: dict[str, Any],
        register: str,
        approvals: list[dict[str, Any]],
        penalties: list[dict[str, Any]],
        grades: list[str],
        drawn: list[dict[str, Any]],
        past: list[dict[str, Any]],
    ) -> Page:
        words = self.words
        return self.templates.page(
            "institution.html",
            urls.institution(row["id"]),
            "institutions",
            name=row["name"] or row["id"],
            register=register,
            district=words.district(row["district"]),
            kind=words.kind(row["kind"]),
            status=row["status"],
            status_word=words.status(row["status"]),
            licence=self._licence(row),
            grades=grades,
            approvals=[one | {"event": words.event(one["event"])} for one in approvals],
            penalties=[one | {"facts": self._penalty(one)} for one in penalties],
            drawn=drawn,
            past=past,
            complain=self.edition.complain or words.say(COMPLAIN),
        )

    def _drawn(self) -> dict[str, list[dict[str, Any]]]:
        """By institution: each draw in which it has or had a place, with state and results."""
        results: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self.edition.rows("result"):
            found = row | {"words": self.words.result(row["results"])}
            results[row["institution"], row["draw"]].append(found)
        places = {(row["institution"], row["draw"]): row for row in self.edition.rows("inspection")}
        for row in self.edition.rows("drawn"):  # without a case file only this is known
            places.setdefault((row["id"], row["draw"]), {"state": ""})
        mine: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for (institution, draw), place in places.items():
            card = self.cards[draw]
            mine[institution].append(
                {
                    "path": card["path"],
                    "heading": card["heading"],
                    "drawn": card["drawn_at"],
                    "state": place["state"],
                    "state_word": self.words.standing(place["state"]) if place["state"] else "",
                    "last_day": place.get("last_day"),
                    "results": results[institution, draw],
                }
            )
        for rows in mine.values():
            rows.sort(key=lambda row: row["drawn"], reverse=True)  # the latest first
        return mine

    def _past(self) -> dict[str, list[dict[str, Any]]]:
        """By institution: its inspections from loaded sheets, the latest first."""
        mine: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.edition.rows("past_inspection"):
            told = {
                "words": self.words.result(row["results"]),
                "check": self.words.check(row["class"]),
            }
            mine[row["institution"]].append(row | told)
        for rows in mine.values():
            rows.sort(key=lambda row: row["inspected"], reverse=True)
        return mine

    def _grade(self, row: dict[str, Any]) -> str:
        points = "" if row["points"] is None else f" {_points(row['points'])}"
        return f"{self._policies[row['policy']]} {row['grade']}{points}"

    @cached_property
    def _policies(self) -> dict[str, str]:
        return {policy.id: policy.title for policy in self.edition.policies}

    def _licence(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {
            "kind": self.words.kind(row["kind"]),
            "district": self.words.district(row["district"]),
            "former": "\n".join(row["former"] or ()),
            "licence_to": row["licence_to"] or self.words.say(N_("no end")),
        }
        told = {
            "district": self.words.say(N_("District")),
            "licence_to": self.words.say(N_("Licence until")),
        }
        return [
            (told.get(name, title), special.get(name) or str(row[name]))
            for name, title in self._titles("institution", skip=("id", "name", "status"))
            if special.get(name) or row[name]
        ]

    def _penalty(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {"kinds": self.words.penalty(row["kinds"] or "")}
        money = {
            "fine_fen": self.words.say(N_("Fine (yuan)")),
            "confiscated_fen": self.words.say(N_("Confiscated (yuan)")),
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


def _by_institution(edition: Edition, which: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in edition.tables[which].iter_rows(named=True):
        found[row["institution"]].append(row)
    return found


def _points(points: int) -> str:
    sign = "-" if points < 0 else ""
    return f"{sign}{abs(points) // 100}.{abs(points) % 100:02d}"
