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
from double_random.inspection.draw import draw_state, named_parties, versions
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from double_random.inspection.protocol.allocation import allocate_counts, selection_chance
from double_random.inspection.protocol.files import LEFT_OUT, TABLES
from double_random.inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True, kw_only=True)
class InstitutionDraw:
    """The part of one institution in one draw."""

    draw: str
    title: str
    day: str  # the day as of which the register was read
    stage: DrawStage
    stratum: str = ""
    rows: int = 0
    chance: Fraction = Fraction(0)
    ticket: str = ""
    cutoff: str = ""
    place: int = 0  # rank of its ticket in its group, from 1
    drawn: bool = False
    left_out: str = ""  # the reason if it could not be drawn


@dataclass(frozen=True, kw_only=True)
class InstitutionHistory:
    """All draws of one institution in some years, and the chance of being drawn so often."""

    id: str
    name: str
    turns: tuple[InstitutionDraw, ...]
    waiting: tuple[str, ...]  # draws that have not ended: no details of them
    joint: Fraction  # chance of being drawn at least as often as this institution was
    expected: Fraction  # expected number of institutions drawn at least so often
    others: int  # number of institutions in these draws

    @property
    def hits(self) -> int:
        """The number of draws that drew it."""
        return sum(turn.drawn for turn in self.turns)


def compute_draw_history(
    home: Home, institution: str, years: int = 3, until: date | None = None
) -> InstitutionHistory:
    """The draw history that an institution may see. `until`: the last day, by default that of the newest draw.

    Misuse if the institution is in no draw of these years. Draws that have not ended are only named: their
    seeds are secret.
    """
    ended: list[DrawState] = []
    waiting: list[DrawState] = []
    for state in draw_state.replay_states(home.log.entries()).values():
        (waiting if state.is_open else ended).append(state)
    plans = {state.draw: DrawFolder.find(home, state.draw).read_plan() for state in ended}
    last_day = until or max(
        (date.fromisoformat(entry.as_of) for entry in plans.values()), default=date.min
    )
    first = _years_before(last_day, years)
    institution = named_parties.find_any_institution(
        home, institution, _names_in_draws(home, plans)
    )
    turns: list[InstitutionDraw] = []
    chances: dict[str, list[Fraction]] = {}
    name = ""
    for state in ended:
        if not first < date.fromisoformat(plans[state.draw].as_of) <= last_day:
            continue
        turn, name_there = _compute_turn(home, state, institution, chances)
        if turn is not None:
            turns.append(turn)
            name = name_there
    if not turns:
        raise Misuse(
            _("{id} stands in no draw of these years").format(id=institution),
            _("an id is a unified social credit code, or L: and the licence number"),
        )
    hits = sum(turn.drawn for turn in turns)
    kinds = Counter(tuple(sorted(entry)) for entry in chances.values())
    expected = sum(
        (chance_of_at_least(entry, hits) * count for entry, count in kinds.items()),
        start=Fraction(0),
    )
    return InstitutionHistory(
        id=institution,
        name=name,
        turns=tuple(sorted(turns, key=lambda turn: (turn.day, turn.draw))),
        waiting=tuple(state.draw for state in waiting),
        joint=chance_of_at_least([turn.chance for turn in turns if not turn.left_out], hits),
        expected=expected,
        others=len(chances),
    )


def _names_in_draws(home: Home, draws: Iterable[str]) -> dict[str, str]:
    """The ids and names of all institutions of some draws, including those left out."""
    names: dict[str, str] = {}
    for draw in draws:
        frozen = DrawFolder.find(home, draw).read_files()
        names |= {row[0]: row[2] for row in LEFT_OUT.load(frozen["left_out.csv"])}
        names |= {row[0]: row[1] for row in TABLES["pool.csv"].load(frozen["pool.csv"])}
    return names


def chance_of_at_least(chances: Sequence[Fraction], hits: int) -> Fraction:
    """The chance of at least `hits` hits in independent draws with these chances."""
    exactly = [Fraction(1)]
    for probability in chances:
        missed = [part * (1 - probability) for part in exactly] + [Fraction(0)]
        hit = [Fraction(0)] + [part * probability for part in exactly]
        exactly = [a + b for a, b in zip(missed, hit, strict=True)]
    return sum(exactly[hits:], start=Fraction(0))


def _compute_turn(
    home: Home, state: DrawState, institution: str, chances: dict[str, list[Fraction]]
) -> tuple[InstitutionDraw | None, str]:
    """The institution's turn in an ended draw, and its name there; adds every row's chance to `chances`."""
    folder = DrawFolder.find(home, state.draw)
    plan = folder.read_plan()
    frozen = folder.read_files()
    turn = InstitutionDraw(draw=state.draw, title=plan.title, day=plan.as_of, stage=state.stage)
    reasons = {id: (reason, name) for id, reason, name in LEFT_OUT.load(frozen["left_out.csv"])}
    if institution in reasons:
        reason, name = reasons[institution]
        return replace(turn, left_out=reason), name
    files = versions.read_files(plan, frozen)
    row = next((target for target in files.frame if target.id == institution), None)
    if state.drawn is None:
        return (turn, row.name) if row is not None else (None, "")
    strata = {target.stratum: target for target in files.strata.strata}
    for target in files.frame:
        chances.setdefault(target.id, []).append(selection_chance(strata[target.stratum]))
    if row is None:
        return None, ""
    result = versions.read_result(plan, folder.read_result()["result.json"])
    tickets = Tickets(plan.digest, result.seed)
    peers = (target for target in files.frame if target.stratum == row.stratum)
    ranked = sorted((tickets.target_ticket(target.id, target.salt), target.id) for target in peers)
    ticket = tickets.target_ticket(row.id, row.salt)
    rank = ranked.index((ticket, row.id)) + 1
    drawn = allocate_counts(files.strata.strata, tickets)[list(strata).index(row.stratum)]
    cutoff = ranked[drawn - 1][0] if drawn else ""
    return (
        replace(
            turn,
            stratum=row.stratum,
            rows=len(ranked),
            chance=selection_chance(strata[row.stratum]),
            ticket=ticket,
            cutoff=cutoff,
            place=rank,
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
