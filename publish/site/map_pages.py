"""The map (法治地图): tiles of institutions by district, per kind and for all; its table, and a page per district."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from double_random.core.translation import N_
from double_random.core.vocabulary import STATUS
from double_random.publish.content import urls
from double_random.publish.content.tile_map import Place, laid_out
from double_random.publish.site.charts import Tiles, tiles

if TYPE_CHECKING:
    from double_random.publish.content.snapshot import Edition
    from double_random.publish.site.templates import Page, Templates


@dataclass(frozen=True)
class MapPages:
    """The map pages of one edition."""

    edition: Edition
    templates: Templates

    def pages(self) -> Iterator[Page]:
        """Yield the map and a page for each district."""
        words = self.edition.words
        pictures = [(words.say(N_("All institutions")), self._picture(""))]
        pictures += [(words.kind(kind), self._picture(kind)) for kind in self._kinds]
        yield self.templates.page(
            "map.html",
            "map/index.html",
            "map",
            pictures=pictures,
            kinds=[words.kind(kind) for kind in self._kinds],
            rows=[
                (
                    words.district(code or None),
                    self._path(code, ""),
                    [(self._path(code, kind), self._count(code, kind)) for kind in self._kinds],
                    self._count(code, ""),
                )
                for code in self._codes
            ],
            sums=[self._sum(kind) for kind in self._kinds],
            total=self._sum(""),
        )
        for code in self._codes:
            yield self._district(code)

    def _district(self, code: str) -> Page:
        words = self.edition.words
        there = {status for district, _, status in self._counted if district == code}
        statuses = [status for status in STATUS if status in there] + sorted(there - set(STATUS))
        return self.templates.page(
            "district.html",
            urls.district(code or None),
            "map",
            district=words.district(code or None),
            total=self._count(code, ""),
            statuses=[words.status(status) for status in statuses],
            rows=[
                (
                    words.kind(kind),
                    self._path(code, kind),
                    [self._counted[code, kind, status] for status in statuses],
                    self._count(code, kind),
                )
                for kind in self._kinds
                if self._count(code, kind)
            ],
        )

    def _picture(self, kind: str) -> Tiles:
        words = self.edition.words
        return tiles(
            [
                (
                    self._places[code],
                    words.district(code or None),
                    self._count(code, kind),
                    self._path(code, kind),
                )
                for code in self._codes
            ]
        )

    def _path(self, code: str, kind: str) -> str:
        """The link target of a number: the district's page, or the list of its institutions of a kind."""
        if not self._count(code, kind):
            return ""
        if kind:
            return urls.register(code or None, kind, 1)
        return urls.district(code or None)

    @cached_property
    def _counted(self) -> Counter[tuple[str, str, str]]:
        return Counter(
            (row["district"] or "", row["kind"], row["status"])
            for row in self.edition.rows("institution")
        )

    @cached_property
    def _sums(self) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        for (code, kind, _status), count in self._counted.items():
            found[code, kind] += count
            found[code, ""] += count
        return found

    def _count(self, code: str, kind: str) -> int:
        return self._sums[code, kind]

    def _sum(self, kind: str) -> int:
        return sum(self._count(code, kind) for code in self._codes)

    @cached_property
    def _kinds(self) -> list[str]:
        return self.edition.words.ordered({kind for _, kind, _ in self._counted})

    @cached_property
    def _codes(self) -> list[str]:
        """Every district of the bureau and those that only institutions name; unknown ("") is last."""
        found = {*self.edition.words.districts, *(code for code, _, _ in self._counted)}
        return sorted(found, key=lambda code: code or "~")

    @cached_property
    def _places(self) -> dict[str, Place]:
        known = laid_out([code for code in self._codes if code], self.edition.tiles)
        below = 1 + max((row for _column, row in known.values()), default=-1)
        return known | {"": (0, below)}
