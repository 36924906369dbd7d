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
from double_random.publish.content.labels import format_yuan
from double_random.publish.site import search
from double_random.publish.site.draw_pages import shorten_heading
from double_random.publish.site.page_cache import PageCache, look_fingerprint
from double_random.publish.site.templates import Page, Templates

if TYPE_CHECKING:
    from double_random.publish.content.labels import CodeLabels
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
    former: PageCache

    @property
    def words(self) -> CodeLabels:
        """The site's labels."""
        return self.edition.words

    def pages(self) -> Iterator[Page]:
        """Yield the overview, the lists, and every institution's page."""
        table = self.edition.tables["institution"].sort("district", "kind", "id", nulls_last=True)
        approvals = _group_by_institution(self.edition, "approval")
        penalties = _group_by_institution(self.edition, "penalty")
        grades = _group_by_institution(self.edition, "grade")
        drawn = self._draws_by_institution()
        past = self._past_by_institution()
        counts: dict[tuple[str | None, str], int] = {}
        shared = look_fingerprint(self.edition)
        for (district, kind), group in groupby(
            table.iter_rows(named=True), key=lambda row: (row["district"], row["kind"])
        ):
            rows = list(group)
            counts[district, kind] = len(rows)
            yield from self._register_pages(district, kind, rows, shared)
            for index, row in enumerate(rows):
                page_content = (
                    row,
                    urls.register_path(district, kind, index // ROWS + 1),
                    approvals.get(row["id"], []),
                    penalties.get(row["id"], []),
                    [self._grade_text(grade) for grade in grades.get(row["id"], [])],
                    drawn.get(row["id"], []),
                    past.get(row["id"], []),
                )
                path = urls.institution_path(row["id"])
                key = hashlib.sha256(
                    f"{shared}{page_content!r}".encode("utf-8", "replace")
                ).hexdigest()
                yield (
                    (path, None)
                    if self.former.is_unchanged(path, key)
                    else self._institution_page(*page_content)
                )
        yield self._overview_page(counts)

    def _overview_page(self, counts: dict[tuple[str | None, str], int]) -> Page:
        kinds = [
            kind
            for kind in self.words.kinds
            if any(counted_kind == kind for _, counted_kind in counts)
        ]
        kinds += sorted({kind for _, kind in counts} - set(kinds))
        districts = sorted({district for district, _ in counts}, key=lambda code: code or "~")
        return self.templates.render_page(
            "institutions.html",
            "institutions/index.html",
            "institutions",
            total=sum(counts.values()),
            files=search.count_shards(sum(counts.values())),
            kinds=[self.words.kind(kind) for kind in kinds],
            rows=[
                (
                    self.words.district(district),
                    [
                        (
                            urls.register_path(district, kind, 1),
                            counts.get((district, kind), 0),
                        )
                        for kind in kinds
                    ],
                )
                for district in districts
            ],
        )

    def _register_pages(
        self, district: str | None, kind: str, rows: list[dict[str, Any]], shared: str
    ) -> Iterator[Page]:
        numbers = range(1, (len(rows) - 1) // ROWS + 2)
        pages = [(number, urls.register_path(district, kind, number)) for number in numbers]
        for number, path in pages:
            listed = [
                {
                    "path": urls.institution_path(row["id"]),
                    "name": shorten_heading(row["name"] or row["id"]),
                    "code": row["uscc"] or row["licence"] or "",
                    "status": self.words.status(row["status"]),
                }
                for row in rows[(number - 1) * ROWS : number * ROWS]
            ]
            content = repr((district, kind, len(rows), listed))
            key = hashlib.sha256(f"{shared}{content}".encode("utf-8", "replace")).hexdigest()
            if self.former.is_unchanged(path, key):
                yield path, None
                continue
            yield self.templates.render_page(
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

    def _institution_page(
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
        return self.templates.render_page(
            "institution.html",
            urls.institution_path(row["id"]),
            "institutions",
            name=row["name"] or row["id"],
            register=register,
            district=words.district(row["district"]),
            kind=words.kind(row["kind"]),
            status=row["status"],
            status_word=words.status(row["status"]),
            licence=self._licence_facts(row),
            grades=grades,
            approvals=[record | {"event": words.event(record["event"])} for record in approvals],
            penalties=[record | {"facts": self._penalty_facts(record)} for record in penalties],
            drawn=drawn,
            past=past,
            complain=self.edition.complain or words.say(COMPLAIN),
        )

    def _draws_by_institution(self) -> dict[str, list[dict[str, Any]]]:
        """By institution: each draw in which it has or had a place, with state and results."""
        results: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        for row in self.edition.rows("result"):
            result = row | {"words": self.words.result(row["results"])}
            results[row["institution"], row["draw"]].append(result)
        inspections = {
            (row["institution"], row["draw"]): row for row in self.edition.rows("inspection")
        }
        for row in self.edition.rows("drawn"):  # without a case file only this is known
            inspections.setdefault((row["id"], row["draw"]), {"state": ""})
        draws: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for (institution, draw), inspection in inspections.items():
            card = self.cards[draw]
            draws[institution].append(
                {
                    "path": card["path"],
                    "heading": card["heading"],
                    "drawn": card["drawn_at"],
                    "state": inspection["state"],
                    "state_word": self.words.standing(inspection["state"])
                    if inspection["state"]
                    else "",
                    "last_day": inspection.get("last_day"),
                    "results": results[institution, draw],
                }
            )
        for rows in draws.values():
            rows.sort(key=lambda row: row["drawn"], reverse=True)  # the latest first
        return draws

    def _past_by_institution(self) -> dict[str, list[dict[str, Any]]]:
        """By institution: its inspections from loaded sheets, the latest first."""
        inspections: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self.edition.rows("past_inspection"):
            labels = {
                "words": self.words.result(row["results"]),
                "check": self.words.check(row["class"]),
            }
            inspections[row["institution"]].append(row | labels)
        for rows in inspections.values():
            rows.sort(key=lambda row: row["inspected"], reverse=True)
        return inspections

    def _grade_text(self, row: dict[str, Any]) -> str:
        points = "" if row["points"] is None else f" {_format_points(row['points'])}"
        return f"{self._policy_titles[row['policy']]} {row['grade']}{points}"

    @cached_property
    def _policy_titles(self) -> dict[str, str]:
        return {policy.id: policy.title for policy in self.edition.policies}

    def _licence_facts(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {
            "kind": self.words.kind(row["kind"]),
            "district": self.words.district(row["district"]),
            "former": "\n".join(row["former"] or ()),
            "licence_to": row["licence_to"] or self.words.say(N_("no end")),
        }
        own_titles = {
            "district": self.words.say(N_("District")),
            "licence_to": self.words.say(N_("Licence until")),
        }
        return [
            (own_titles.get(name, title), special.get(name) or str(row[name]))
            for name, title in self._field_titles("institution", skip=("id", "name", "status"))
            if special.get(name) or row[name]
        ]

    def _penalty_facts(self, row: dict[str, Any]) -> list[tuple[str, str]]:
        special = {"kinds": self.words.penalty(row["kinds"] or "")}
        money = {
            "fine_fen": self.words.say(N_("Fine (yuan)")),
            "confiscated_fen": self.words.say(N_("Confiscated (yuan)")),
        }
        facts = []
        for name, title in self._field_titles(
            "penalty", skip=("institution", "record", "document")
        ):
            if row[name] is None:
                continue
            value = format_yuan(row[name]) if name in money else special.get(name) or str(row[name])
            facts.append((money.get(name, title), value))
        return facts

    def _field_titles(self, which: str, skip: tuple[str, ...]) -> list[tuple[str, str]]:
        return [
            (field.name, self.words.title(field))
            for field in self.edition.allowed.classes[which].fields
            if field.name not in skip
        ]


def _group_by_institution(edition: Edition, which: str) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in edition.tables[which].iter_rows(named=True):
        groups[row["institution"]].append(row)
    return groups


def _format_points(points: int) -> str:
    sign = "-" if points < 0 else ""
    return f"{sign}{abs(points) // 100}.{abs(points) % 100:02d}"
