"""The terms of publication (公示期) of a home: until when a penalty is shown, and when it may be repaired.

The bureau's own policy takes precedence; without one, or with an example policy, the terms of publishing.toml apply, as
on the site. The first day of a term is not counted, so it ends on the day of the same number (民法典 201, 202).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from double_random.core.periods import last_day_of_period
from double_random.credit.policy.model import LEVELS, Publication, value_on
from double_random.credit.policy.toml_entries import TomlEntry

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
    def from_home(cls, home: Home) -> PublicationTerms:
        """Read the terms of a home; BadFile if publishing.toml is invalid."""
        from double_random.credit.policy.catalog import load_policy

        home_policy = load_policy(home)
        top = TomlEntry.read(home.fact_file(LISTED))
        listed = []
        for entry in top.entries("term"):
            start = entry.day("from", needed=True)
            assert start is not None
            months = (_read_months(entry.entry("months")), _read_months(entry.entry("shortest")))
            reference, confirmed = entry.text("reference"), entry.boolean("confirmed", False)
            listed.append(Listed(start, *months, reference, confirmed))
        kinds = top.entry("severity")
        severity = {
            kind: level for level in LEVELS for kind in (kinds.texts(level, ()) if kinds else ())
        }
        own = () if home_policy.example else home_policy.publications
        return cls(own, tuple(sorted(listed, key=lambda term: term.since)), severity)

    def shown_until(
        self, kinds: Sequence[str], fine: int, decided: date, own_end: date | None, as_of: date
    ) -> date | None:
        """The last day of a penalty on the site, by the rule of a day; None if it is not shown.

        `fine` in fen. `own_end`: the authority's own last day (公示截止期), which may end it earlier.
        """
        own = value_on(self.own, as_of)
        if own is not None:
            until = own.last_day(kinds, fine, decided)
            return until if until is None or own_end is None else min(until, own_end)
        if not kinds or any(kind not in self.severity for kind in kinds):
            return None
        rule = self._listed_on(as_of)
        if rule is None:
            return own_end
        months = rule.longest[self._gravest_level(kinds)]
        ends = [last_day_of_period(decided, months), *([own_end] if own_end else [])]
        return min(ends) if months else None

    def earliest_repair(
        self, kinds: Sequence[str], fine: int, decided: date, as_of: date
    ) -> Earliest | None:
        """The first day on which a penalty can be repaired, by the rule of a day; None if no term applies.

        `fine` in fen. The gravest of its kinds decides, unless the policy decides otherwise.
        """
        own = value_on(self.own, as_of)
        if own is not None and own.shortest:
            level = own.level(kinds, fine) or ""
            months = dict(own.shortest).get(level, 0)
            return _make_earliest(level, months, own.reference, own.confirmed, decided)
        rule = self._listed_on(as_of)
        known_kinds = [kind for kind in kinds if kind in self.severity]
        if rule is None or not known_kinds:
            return None
        level = self._gravest_level(known_kinds)
        return _make_earliest(level, rule.shortest[level], rule.reference, rule.confirmed, decided)

    def _listed_on(self, as_of: date) -> Listed | None:
        return next((term for term in reversed(self.listed) if term.since <= as_of), None)

    def _gravest_level(self, kinds: Sequence[str]) -> str:
        return max((self.severity[kind] for kind in kinds), key=LEVELS.index)


def _read_months(entry: TomlEntry | None) -> dict[str, int]:
    return {level: (entry.integer(level) or 0) if entry else 0 for level in LEVELS}


def _make_earliest(
    level: str, months: int, reference: str, confirmed: bool, decided: date
) -> Earliest | None:
    if not months:
        return None
    return Earliest(
        last_day_of_period(decided, months) + timedelta(days=1), level, months, reference, confirmed
    )
