"""The sources of public randomness that a plan can use, with their bits, their next issue and its time.

The order: 快乐8, of which one issue is enough; balls or dice in front of witnesses; two other lotteries
together; the remaining lotteries; other public numbers; beacons and drand as an addition; last `local`,
which proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from double_random.core.translation import _, join_clauses
from double_random.inspection.protocol.v2.public_sources import LEAST_BITS
from double_random.inspection.sources.drawing_calendar import Issue
from double_random.inspection.sources.known_sources import (
    LEAST_LEAD,
    Beacon,
    Ceremony,
    Chain,
    KnownSource,
    LotteryGame,
    PublicNumber,
)
from double_random.inspection.sources.source_catalogue import SourceCatalogue, shift_time

FIRST, PAIR = "快乐8", ("双色球", "大乐透")


@dataclass(frozen=True)
class SourceOffer:
    """One source as a plan can name it, its public bits, when it can be known, where it is read, and a note."""

    spellings: tuple[str, ...]
    bits: int
    known_from: str  # UTC; "" if its time is the plan's own, or no calendar knows it
    published: str
    note: str


def offer_sources(not_before: str, catalogue: SourceCatalogue) -> list[SourceOffer]:
    """The sources for a plan whose numbers must not be older than `not_before` (UTC, YYYY-MM-DDThh:mm:ssZ).

    A lottery is drawn at least an hour later: nobody can prove its hour to the minute.
    """
    after = shift_time(not_before, LEAST_LEAD)
    games = {source.name: source for source in catalogue.of_kind(LotteryGame)}
    both = [games[name] for name in PAIR if name in games]
    choices = []
    if FIRST in games:
        choices.append(_offer_issues(after, [games[FIRST]], _("one issue is enough")))
    choices += [_offer_ceremony(source) for source in catalogue.of_kind(Ceremony)]
    if len(both) == len(PAIR):
        choices.append(_offer_issues(after, both, _("two lotteries of two operators")))
    choices += [
        _offer_issues(after, [source], _describe_strength(source))
        for name, source in games.items()
        if name not in (FIRST, *PAIR) or (name in PAIR and len(both) < len(PAIR))
    ]
    choices += [
        _offer_issues(after, [source], _describe_strength(source))
        for source in catalogue.of_kind(PublicNumber)
    ]
    choices += [
        _offer_issues(not_before, [source], _("as an addition"))
        for kind in (Beacon, Chain)
        for source in catalogue.of_kind(kind)
    ]
    choices.append(
        SourceOffer(("local",), 0, "", "", _("proves nothing: whoever draws must be trusted"))
    )
    return choices


def _describe_strength(source: KnownSource) -> str:
    if source.bits < LEAST_BITS:
        return _("only beside another one")
    return _("enough alone, better with another one")


def _offer_issues(after: str, group: Sequence[KnownSource], note: str) -> SourceOffer:
    issues = [source.find_next_issue(after) for source in group]
    outcomes = 1
    for source in group:
        outcomes *= source.outcomes
    known_issues = [issue for issue in issues if issue is not None]
    known_from = ""
    if len(known_issues) == len(group):
        known_from = max(issue.known_from for issue in known_issues)
    return SourceOffer(
        tuple(_spell(source, issue) for source, issue in zip(group, issues, strict=True)),
        outcomes.bit_length() - 1,
        known_from,
        join_clauses(
            _name_place(source, issue) for source, issue in zip(group, issues, strict=True)
        ),
        note,
    )


def _name_place(source: KnownSource, issue: Issue | None) -> str:
    """Where the value of an issue is read."""
    return source.published if issue is None else str(source.describe(issue)["published"])


def _spell(source: KnownSource, issue: Issue | None) -> str:
    """The spelling of an issue; without one, its number is taken from the operator's notice."""
    return source.spell(_("ISSUE") if issue is None else issue.number)


def _offer_ceremony(source: KnownSource) -> SourceOffer:
    spelling = source.spell(_("PLACE"))
    note = _("before witnesses in the room; beside another source in the hour before it")
    return SourceOffer((spelling,), source.bits, "", source.published, note)
