"""The terms of publication (公示期) of a home: until when a penalty is shown, and when it may be repaired.

The bureau's own policy takes precedence; without one, or with an example policy, the terms of publishing.toml apply, as
on the site. The first day of a term is not counted, so it ends on the day of the same number (民法典 201, 202).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from double_random.core.periods import last_day
from double_random.credit.policy.model import LEVELS, Publication, on
from double_random.credit.policy.toml_entries import Entry

if TYPE_CHECKING:
    from double_random.store.home import Home

LISTED = "publishing.toml"


@dataclass(frozen=True)
class Earliest:
    """The first day on which a penalty can be repaired (信用修复), and the rule behind it."""

    day: date
    level: str  # minor | general | serious
    months: int
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Listed:
    """The listed terms from a day on: level → months, at most and at least."""

    since: date
    longest: dict[str, int]
    shortest: dict[str, int]
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class PublicationTerms:
    """The terms of a home: `own` from its policy, with their dates; else the listed ones."""

    own: tuple[Publication, ...]
    listed: tuple[Listed, ...]
    severity: dict[str, str]  # kind of penalty → level

    @classmethod
    def of(cls, home: Home) -> PublicationTerms:
        """Read the terms of a home; BadFile if publishing.toml is invalid."""
        from double_random.credit.policy.catalog import policy

        mine = policy(home)
        top = Entry.read(home.fact(LISTED))
        listed = []
        for entry in top.entries("term"):
            start = entry.day("from", needed=True)
            assert start is not None
            months = (_months(entry.entry("months")), _months(entry.entry("shortest")))
            reference, confirmed = entry.text("reference"), entry.yes("confirmed", False)
            listed.append(Listed(start, *months, reference, confirmed))
        kinds = top.entry("severity")
        severity = {
            kind: level for level in LEVELS for kind in (kinds.texts(level, ()) if kinds else ())
        }
        own = () if mine.example else mine.publications
        return cls(own, tuple(sorted(listed, key=lambda one: one.since)), severity)

    def shown_until(
        self, kinds: Sequence[str], fine: int, decided: date, own_end: date | None, as_of: date
    ) -> date | None:
        """The last day of a penalty on the site, by the rule of a day; None if it is not shown.

        `fine` in fen. `own_end`: the authority's own last day (公示截止期), which may end it earlier.
        """
        own = on(self.own, as_of)
        if own is not None:
            until = own.last_day(kinds, fine, decided)
            return until if until is None or own_end is None else min(until, own_end)
        if not kinds or any(kind not in self.severity for kind in kinds):
            return None
        rule = self._rule(as_of)
        if rule is None:
            return own_end
        months = rule.longest[self._level(kinds)]
        ends = [last_day(decided, months), *([own_end] if own_end else [])]
        return min(ends) if months else None

    def earliest(
        self, kinds: Sequence[str], fine: int, decided: date, as_of: date
    ) -> Earliest | None:
        """The first day on which a penalty can be repaired, by the rule of a day; None if no term applies.

        `fine` in fen. The gravest of its kinds decides, unless the policy decides otherwise.
        """
        own = on(self.own, as_of)
        if own is not None and own.shortest:
            level = own.level(kinds, fine) or ""
            months = dict(own.shortest).get(level, 0)
            return _earliest(level, months, own.reference, own.confirmed, decided)
        rule = self._rule(as_of)
        known = [kind for kind in kinds if kind in self.severity]
        if rule is None or not known:
            return None
        level = self._level(known)
        return _earliest(level, rule.shortest[level], rule.reference, rule.confirmed, decided)

    def _rule(self, as_of: date) -> Listed | None:
        return next((one for one in reversed(self.listed) if one.since <= as_of), None)

    def _level(self, kinds: Sequence[str]) -> str:
        return max((self.severity[kind] for kind in kinds), key=LEVELS.index)


def _months(entry: Entry | None) -> dict[str, int]:
    return {level: (entry.whole(level) or 0) if entry else 0 for level in LEVELS}


def _earliest(
    level: str, months: int, reference: str, confirmed: bool, decided: date
) -> Earliest | None:
    if not months:
        return None
    return Earliest(
        last_day(decided, months) + timedelta(days=1), level, months, reference, confirmed
    )
