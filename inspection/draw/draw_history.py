"""Draw history of one institution (为什么抽到我): its chance, ticket, cut-off and rank in each draw of some years.

The joint chance is exact: at least so many hits in independent draws with different chances (Poisson binomial).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.draw import draw_state, named_parties
from double_random.inspection.draw.draw_folder import Folder
from double_random.inspection.draw.draw_result import Result
from double_random.inspection.draw.draw_state import Stage, State
from double_random.inspection.protocol.allocation import chance, counts
from double_random.inspection.protocol.files import LEFT_OUT, TABLES, Files
from double_random.inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class Turn:
    """The part of one institution in one draw."""

    draw: str
    title: str
    day: str  # the day as of which the register was read
    stage: Stage
    stratum: str = ""
    rows: int = 0
    chance: Fraction = Fraction(0)
    ticket: str = ""
    cutoff: str = ""
    place: int = 0  # rank of its ticket in its group, from 1
    drawn: bool = False
    left_out: str = ""  # the reason if it could not be drawn


@dataclass(frozen=True, kw_only=True)
class Luck:
    """All draws of one institution in some years, and the chance of being drawn so often."""

    id: str
    name: str
    turns: tuple[Turn, ...]
    waiting: tuple[str, ...]  # draws that have not ended: no details of them
    joint: Fraction  # chance of being drawn at least as often as this institution was
    expected: Fraction  # expected number of institutions drawn at least so often
    others: int  # number of institutions in these draws

    @property
    def hits(self) -> int:
        """The number of draws that drew it."""
        return sum(turn.drawn for turn in self.turns)


def luck(home: Home, institution: str, years: int = 3, until: date | None = None) -> Luck:
    """The draw history that an institution may see. `until`: the last day, by default that of the newest draw.

    Misuse if the institution is in no draw of these years. Draws that have not ended are only named: their
    seeds are secret.
    """
    ended: list[State] = []
    waiting: list[State] = []
    for found in draw_state.states(home.log.entries()).values():
        (waiting if found.open else ended).append(found)
    plans = {found.draw: Folder.of(home, found.draw).plan() for found in ended}
    last = until or max((date.fromisoformat(one.as_of) for one in plans.values()), default=date.min)
    first = _years_before(last, years)
    institution = named_parties.anybody(home, institution, _named(home, plans))
    turns: list[Turn] = []
    chances: dict[str, list[Fraction]] = {}
    name = ""
    for found in ended:
        if not first < date.fromisoformat(plans[found.draw].as_of) <= last:
            continue
        turn, named = _turn(home, found, institution, chances)
        if turn is not None:
            turns.append(turn)
            name = named
    if not turns:
        raise Misuse(
            _("{id} stands in no draw of these years").format(id=institution),
            _("an id is a unified social credit code, or L: and the licence number"),
        )
    hits = sum(turn.drawn for turn in turns)
    kinds = Counter(tuple(sorted(one)) for one in chances.values())
    expected = sum((at_least(one, hits) * count for one, count in kinds.items()), start=Fraction(0))
    return Luck(
        id=institution,
        name=name,
        turns=tuple(sorted(turns, key=lambda turn: (turn.day, turn.draw))),
        waiting=tuple(found.draw for found in waiting),
        joint=at_least([turn.chance for turn in turns if not turn.left_out], hits),
        expected=expected,
        others=len(chances),
    )


def _named(home: Home, draws: Iterable[str]) -> dict[str, str]:
    """The ids and names of all institutions of some draws, including those left out."""
    found: dict[str, str] = {}
    for draw in draws:
        frozen = Folder.of(home, draw).files()
        found |= {row[0]: row[2] for row in LEFT_OUT.load(frozen["left_out.csv"])}
        found |= {row[0]: row[1] for row in TABLES["pool.csv"].load(frozen["pool.csv"])}
    return found


def at_least(chances: Sequence[Fraction], hits: int) -> Fraction:
    """The chance of at least `hits` hits in independent draws with these chances."""
    exactly = [Fraction(1)]
    for one in chances:
        missed = [part * (1 - one) for part in exactly] + [Fraction(0)]
        hit = [Fraction(0)] + [part * one for part in exactly]
        exactly = [a + b for a, b in zip(missed, hit, strict=True)]
    return sum(exactly[hits:], start=Fraction(0))


def _turn(
    home: Home, found: State, institution: str, chances: dict[str, list[Fraction]]
) -> tuple[Turn | None, str]:
    """The institution's turn in an ended draw, and its name there; adds every row's chance to `chances`."""
    folder = Folder.of(home, found.draw)
    plan = folder.plan()
    frozen = folder.files()
    turn = Turn(draw=found.draw, title=plan.title, day=plan.as_of, stage=found.stage)
    reasons = {id: (reason, name) for id, reason, name in LEFT_OUT.load(frozen["left_out.csv"])}
    if institution in reasons:
        reason, name = reasons[institution]
        return replace(turn, left_out=reason), name
    files = Files.read(plan, frozen)
    row = next((one for one in files.frame if one.id == institution), None)
    if found.drawn is None:
        return (turn, row.name) if row is not None else (None, "")
    strata = {one.stratum: one for one in files.strata.strata}
    for one in files.frame:
        chances.setdefault(one.id, []).append(chance(strata[one.stratum]))
    if row is None:
        return None, ""
    result = Result.read(folder.result()["result.json"])
    tickets = Tickets(plan.digest, result.seed)
    peers = (one for one in files.frame if one.stratum == row.stratum)
    ranked = sorted((tickets.target(one.id, one.salt), one.id) for one in peers)
    ticket = tickets.target(row.id, row.salt)
    place = ranked.index((ticket, row.id)) + 1
    drawn = counts(files.strata.strata, tickets)[list(strata).index(row.stratum)]
    cutoff = ranked[drawn - 1][0] if drawn else ""
    return (
        replace(
            turn,
            stratum=row.stratum,
            rows=len(ranked),
            chance=chance(strata[row.stratum]),
            ticket=ticket,
            cutoff=cutoff,
            place=place,
            drawn=bool(cutoff) and ticket <= cutoff,
        ),
        row.name,
    )


def _years_before(day: date, years: int) -> date:
    """The same day `years` years earlier; 28 February instead of 29 February."""
    year = max(1, day.year - years)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
