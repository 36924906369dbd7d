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
from double_random.publish.content.tile_map import Place, lay_out_tiles
from double_random.publish.site.charts import TileChart, build_tiles

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
        pictures = [(words.say(N_("All institutions")), self._build_picture(""))]
        pictures += [(words.kind(kind), self._build_picture(kind)) for kind in self._ordered_kinds]
        yield self.templates.render_page(
            "map.html",
            "map/index.html",
            "map",
            pictures=pictures,
            kinds=[words.kind(kind) for kind in self._ordered_kinds],
            rows=[
                (
                    words.district(code or None),
                    self._link_path(code, ""),
                    [
                        (self._link_path(code, kind), self._count_institutions(code, kind))
                        for kind in self._ordered_kinds
                    ],
                    self._count_institutions(code, ""),
                )
                for code in self._district_codes
            ],
            sums=[self._sum_kind(kind) for kind in self._ordered_kinds],
            total=self._sum_kind(""),
        )
        for code in self._district_codes:
            yield self._district_page(code)

    def _district_page(self, code: str) -> Page:
        words = self.edition.words
        present = {status for district, _, status in self._status_counts if district == code}
        statuses = [status for status in STATUS if status in present] + sorted(
            present - set(STATUS)
        )
        return self.templates.render_page(
            "district.html",
            urls.district_path(code or None),
            "map",
            district=words.district(code or None),
            total=self._count_institutions(code, ""),
            statuses=[words.status(status) for status in statuses],
            rows=[
                (
                    words.kind(kind),
                    self._link_path(code, kind),
                    [self._status_counts[code, kind, status] for status in statuses],
                    self._count_institutions(code, kind),
                )
                for kind in self._ordered_kinds
                if self._count_institutions(code, kind)
            ],
        )

    def _build_picture(self, kind: str) -> TileChart:
        words = self.edition.words
        return build_tiles(
            [
                (
                    self._tile_places[code],
                    words.district(code or None),
                    self._count_institutions(code, kind),
                    self._link_path(code, kind),
                )
                for code in self._district_codes
            ]
        )

    def _link_path(self, code: str, kind: str) -> str:
        """The link target of a number: the district's page, or the list of its institutions of a kind."""
        if not self._count_institutions(code, kind):
            return ""
        if kind:
            return urls.register_path(code or None, kind, 1)
        return urls.district_path(code or None)

    @cached_property
    def _status_counts(self) -> Counter[tuple[str, str, str]]:
        return Counter(
            (row["district"] or "", row["kind"], row["status"])
            for row in self.edition.rows("institution")
        )

    @cached_property
    def _kind_counts(self) -> Counter[tuple[str, str]]:
        sums: Counter[tuple[str, str]] = Counter()
        for (code, kind, _status), count in self._status_counts.items():
            sums[code, kind] += count
            sums[code, ""] += count
        return sums

    def _count_institutions(self, code: str, kind: str) -> int:
        return self._kind_counts[code, kind]

    def _sum_kind(self, kind: str) -> int:
        return sum(self._count_institutions(code, kind) for code in self._district_codes)

    @cached_property
    def _ordered_kinds(self) -> list[str]:
        return self.edition.words.order_kinds({kind for _, kind, _ in self._status_counts})

    @cached_property
    def _district_codes(self) -> list[str]:
        """Every district of the bureau and those that only institutions name; unknown ("") is last."""
        codes = {*self.edition.words.districts, *(code for code, _, _ in self._status_counts)}
        return sorted(codes, key=lambda code: code or "~")

    @cached_property
    def _tile_places(self) -> dict[str, Place]:
        places = lay_out_tiles([code for code in self._district_codes if code], self.edition.tiles)
        below = 1 + max((row for _column, row in places.values()), default=-1)
        return places | {"": (0, below)}
