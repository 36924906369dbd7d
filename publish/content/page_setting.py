"""What all pages of an edition share, without its rows: small enough to be handed to worker processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from double_random.publish.content.labels import CodeLabels
    from double_random.publish.content.snapshot import Edition
    from double_random.publish.disclosure.allow_list import PublishedClass


@dataclass(frozen=True, kw_only=True)
class PageSetting:
    """The day, the authority, the labels and the published fields of an edition."""

    as_of: date
    authority: str
    complain: str
    sources: dict[str, date]
    words: CodeLabels
    classes: dict[str, PublishedClass]

    @classmethod
    def of_edition(cls, edition: Edition) -> PageSetting:
        """Take the shared part of an edition."""
        return cls(
            as_of=edition.as_of,
            authority=edition.authority,
            complain=edition.complain,
            sources=edition.sources,
            words=edition.words,
            classes=edition.allowed.classes,
        )

    def age_in_days(self, source: str) -> int | None:
        """Days between a source's newest run and this edition; None if it was never read."""
        return (self.as_of - self.sources[source]).days if source in self.sources else None
