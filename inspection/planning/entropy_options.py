"""The sources of public randomness that a plan can use, with their bits, their next issue and its time.

The order: 快乐8, of which one issue is enough; balls or dice in front of witnesses; two other lotteries
together; the remaining lotteries; drand as an addition; then what only draws of the second protocol can
name; last `local`, which proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from double_random.core.errors import Misuse
from double_random.core.translation import _, append_note, join_clauses
from double_random.inspection.protocol import sources
from double_random.inspection.sources.drawing_calendar import Issue
from double_random.inspection.sources.known_sources import (
    LEAST_LEAD,
    Beacon,
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
    choices += [
        _offer_witnessed(
            "balls:{}:7", _("drawn before witnesses in the room, in which order they come")
        ),
        _offer_witnessed("dice:{}:8", _("thrown before witnesses in the room")),
    ]
    if len(both) == len(PAIR):
        choices.append(_offer_issues(after, both, _("two lotteries of two operators")))
    choices += [
        _offer_issues(after, [source], _describe_strength(source))
        for name, source in games.items()
        if name not in (FIRST, *PAIR) or (name in PAIR and len(both) < len(PAIR))
    ]
    round_ = f"drand:quicknet:{sources.round_at(not_before)}"
    choices.append(_offer_round(round_))
    choices += [
        _offer_issues(after, [source], _describe_strength(source))
        for source in catalogue.of_kind(PublicNumber)
    ]
    choices += [
        _offer_issues(not_before, [source], _("as an addition"))
        for kind in (Beacon, Chain)
        for source in catalogue.of_kind(kind)
        if not _is_known_to_first_version(f"{kind.kind}:{source.name}:1")
    ]
    # What `inspection plan` can name stands first.
    choices.sort(key=lambda offer: not _can_be_planned(offer.spellings))
    choices.append(
        SourceOffer(("local",), 0, "", "", _("proves nothing: whoever draws must be trusted"))
    )
    return [_mark_version(offer) for offer in choices]


def _describe_strength(source: KnownSource) -> str:
    if source.bits < sources.LEAST_BITS:
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


def _offer_witnessed(pattern: str, note: str) -> SourceOffer:
    spelling = pattern.format(_("PLACE"))
    published = _("the record that the witnesses sign")
    return SourceOffer((spelling,), sources.read_source(spelling).bits, "", published, note)


def _offer_round(spelling: str) -> SourceOffer:
    read = sources.read_source(spelling)
    assert read.round is not None
    known_from = shift_time("1970-01-01T00:00:00Z", sources.round_seconds(read.round))
    return SourceOffer((spelling,), read.bits, known_from, "api.drand.sh", _("as an addition"))


def _can_be_planned(spellings: Sequence[str]) -> bool:
    """Can `inspection plan`, which writes the first protocol, name these sources, or with an issue of the notice?"""
    return all(_is_known_to_first_version(spelling) for spelling in spellings)


def _is_known_to_first_version(spelling: str) -> bool:
    issue = _("ISSUE")
    for number in ("2026001", "26001"):
        try:
            sources.read_source(spelling.replace(f":{issue}", f":{number}"))
        except Misuse:
            continue
        return True
    return False


def _mark_version(offer: SourceOffer) -> SourceOffer:
    if _can_be_planned(offer.spellings):
        return offer
    note = append_note(offer.note, _("only for `double-random draw`"))
    return SourceOffer(offer.spellings, offer.bits, offer.known_from, offer.published, note)
