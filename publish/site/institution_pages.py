"""Pages of the institutions (检查对象名录): the overview by district and kind, the lists, and a page for each."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from double_random.publish.content import urls
from double_random.publish.content.page_setting import PageSetting
from double_random.publish.site.draw_pages import shorten_heading
from double_random.publish.site.institution_rendering import (
    InstitutionRenderer,
    PageContent,
    PageWriting,
)
from double_random.publish.site.page_cache import PageCache, look_fingerprint
from double_random.publish.site.templates import Page, Templates

if TYPE_CHECKING:
    import polars

    from double_random.publish.content.labels import CodeLabels
    from double_random.publish.content.snapshot import Edition

ROWS = 300  # institutions on one page of a list


@dataclass(frozen=True)
class InstitutionPages:
    """Pages of one edition's institutions; `cards` are its draws from draw_pages.card.

    With `writing`, pages of single institutions are handed to it instead of being rendered here.
    """

    edition: Edition
    templates: Templates
    cards: dict[str, dict[str, Any]]
    former: PageCache
    writing: PageWriting | None = None

    @property
    def words(self) -> CodeLabels:
        """The site's labels."""
        return self.edition.words

    def pages(self) -> Iterator[Page]:
        """Yield the overview, the lists, and every institution's page that is not handed to `writing`."""
        table = self.edition.tables["institution"].sort("district", "kind", "id", nulls_last=True)
        approvals, penalties, grades = (
            RowsInStep(self.edition.tables[name], table)
            for name in ("approval", "penalty", "grade")
        )
        drawn = self._draws_by_institution()
        past = self._past_by_institution()
        counts: dict[tuple[str | None, str], int] = {}
        shared = look_fingerprint(self.edition)
        renderer = InstitutionRenderer(PageSetting.of_edition(self.edition), self.templates)
        for (district, kind), group in groupby(
            table.iter_rows(named=True), key=lambda row: (row["district"], row["kind"])
        ):
            rows = list(group)
            counts[district, kind] = len(rows)
            yield from self._register_pages(district, kind, rows, shared)
            for index, row in enumerate(rows):
                content = PageContent(
                    row=row,
                    register=urls.register_path(district, kind, index // ROWS + 1),
                    approvals=approvals.take_rows(row["id"]),
                    penalties=penalties.take_rows(row["id"]),
                    grades=[self._grade_text(grade) for grade in grades.take_rows(row["id"])],
                    drawn=drawn.get(row["id"], []),
                    past=past.get(row["id"], []),
                )
                path = urls.institution_path(row["id"])
                key = hashlib.sha256(f"{shared}{content!r}".encode("utf-8", "replace")).hexdigest()
                if self.former.is_unchanged(path, key):
                    yield path, None
                elif self.writing is not None:
                    self.writing.add_page(content)
                else:
                    yield renderer.render_page(content)
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


class RowsInStep:
    """The rows of a table, taken institution by institution in the order of another table; none is read before."""

    def __init__(self, rows: polars.DataFrame, order: polars.DataFrame) -> None:
        places = order.select("id").with_row_index("_place")
        sorted_rows = rows.join(
            places, left_on="institution", right_on="id", how="inner", maintain_order="left"
        ).sort("_place", maintain_order=True)
        self._groups = groupby(
            sorted_rows.select(rows.columns).iter_rows(named=True),
            key=itemgetter("institution"),
        )
        self._next = next(self._groups, None)

    def take_rows(self, institution: str) -> list[dict[str, Any]]:
        """Take the rows of the next institution; none if they are another's."""
        if self._next is None or self._next[0] != institution:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _format_points(points: int) -> str:
    sign = "-" if points < 0 else ""
    return f"{sign}{abs(points) // 100}.{abs(points) % 100:02d}"
