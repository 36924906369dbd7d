"""Replacements after the draw (递补, 更换检查人员): the tickets decide them, no person does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import N_, _
from double_random.inspection.protocol.draw import Draw, Selection
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.pairs import is_admissible
from double_random.inspection.protocol.plan import Team
from double_random.inspection.protocol.selection import Place
from double_random.inspection.protocol.tickets import Tickets

# The reasons for replacing a drawn institution.
REPLACE_REASONS = (
    N_("ceased"),
    N_("moved out of the area"),
    N_("under criminal investigation"),
    N_("force majeure"),
)
# The reasons for replacing an inspector; after illness or transfer the inspector is not drawn again.
SUBSTITUTE_REASONS = (N_("recusal asked for"), N_("illness"), N_("transfer"))
_GONE = ("illness", "transfer")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One replacement or substitution: who leaves, who joins ("" if nobody is left), and the resulting team."""

    kind: str
    old: str
    new: str
    target: str
    inspectors: tuple[str, ...]
    reason: str


@dataclass(frozen=True, kw_only=True)
class Standing:
    """The current assignment: the team of each target, the replaced targets, and who can no longer be drawn."""

    selection: Selection
    inner: str
    teams: Mapping[str, tuple[str, ...]]
    replaced: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    recused: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @classmethod
    def after(cls, draw: Draw, inner: str) -> Standing:
        """The assignment right after a draw."""
        return cls(
            selection=draw.selection,
            inner=inner,
            teams=draw.members,
            recused=draw.selection.files.recusals,
        )

    def replace(self, old: str, reason: str) -> tuple[Standing, Change]:
        """Replace a target by the next reserve of its stratum, or by nothing if there is no reserve left.

        Misuse for a target that is not in the assignment or a reason outside REPLACE_REASONS.
        """
        _refuse_reason(reason, REPLACE_REASONS)
        team = self._team(old)
        remaining = {target: members for target, members in self.teams.items() if target != old}
        without = replace(self, teams=remaining, replaced=(*self.replaced, old))
        new = next_reserve(self.selection.places, old, {*self.teams, *self.replaced})
        if new is None:
            return without, Change(
                kind="replace", old=old, new="", target="", inspectors=(), reason=reason
            )
        members = without._filled(self.selection.files.target(new), team)
        return (
            replace(without, teams={**remaining, new: members}),
            Change(kind="replace", old=old, new=new, target=new, inspectors=members, reason=reason),
        )

    def substitute(self, target: str, old: str, reason: str) -> tuple[Standing, Change]:
        """Replace the inspector `old` in one team.

        Misuse for a team or member that is not in the assignment or a reason outside SUBSTITUTE_REASONS;
        DoubleRandomError if no admissible inspector is left.
        """
        _refuse_reason(reason, SUBSTITUTE_REASONS)
        team = self._team(target)
        if old not in team:
            raise Misuse(
                _("{inspector} is not in the team of {target}").format(inspector=old, target=target)
            )
        gone = self.gone | {old} if reason in _GONE else self.gone
        without = replace(self, gone=gone, recused=self.recused | {(target, old)})
        members = without._filled(self.selection.files.target(target), team)
        new = ", ".join(sorted(set(members) - set(team)))
        return (
            replace(without, teams={**self.teams, target: members}),
            Change(
                kind="substitute",
                old=old,
                new=new,
                target=target,
                inspectors=members,
                reason=reason,
            ),
        )

    def _team(self, target: str) -> tuple[str, ...]:
        if target not in self.teams:
            raise Misuse(
                _("{target} is not among the institutions to be visited").format(target=target),
                _("It was not drawn, or has given up its place before."),
            )
        return self.teams[target]

    def _filled(self, target: Target, former: Iterable[str]) -> tuple[str, ...]:
        files = self.selection.files
        return fill(
            target,
            former,
            [one for one in files.inspectors if one.id not in self.gone],
            recusals=self.recused,
            team=self.selection.plan.team,
            loads=Counter(member for team in self.teams.values() for member in team),
            tickets=self.selection.tickets,
            inner=self.inner,
        )


def next_reserve(places: Iterable[Place], old: str, taken: Collection[str]) -> str | None:
    """The first unused reserve of a target's stratum, or None."""
    listed = list(places)
    stratum = next(place.stratum for place in listed if place.id == old)
    left = [
        place
        for place in listed
        if place.stratum == stratum and place.role == "reserve" and place.id not in taken
    ]
    return min(left, key=lambda place: place.place).id if left else None


def fill(
    target: Target,
    former: Iterable[str],
    inspectors: Iterable[Inspector],
    recusals: Collection[tuple[str, str]],
    team: Team,
    loads: Mapping[str, int],
    tickets: Tickets,
    inner: str,
) -> tuple[str, ...]:
    """A target's team: the admissible members of the former team, then others, one at a time.

    Only leads are taken while the team has fewer than `leads`; the smallest load goes first, then the
    smallest team ticket, then the smaller id; the load L is no limit. `loads` counts the current targets
    of each inspector. DoubleRandomError if no admissible inspector is left.
    """
    may = {one.id: one for one in inspectors if is_admissible(target, one, recusals, team)}
    members = [id for id in former if id in may]
    while len(members) < team.size:
        short_of_leads = sum(may[id].lead for id in members) < team.leads
        free = [
            one.id
            for one in may.values()
            if one.id not in members and (one.lead or not short_of_leads)
        ]
        if not free:
            raise DoubleRandomError(
                _("No inspector is left who may go to {target}").format(target=target.id),
                _(
                    "Recusals, kinds or districts keep all others away; make the draw void if need be."
                ),
            )
        members.append(
            min(free, key=lambda id: (loads.get(id, 0), tickets.team(inner, target.id, id), id))
        )
    return tuple(sorted(members))


def _refuse_reason(reason: str, allowed: tuple[str, ...]) -> None:
    if reason not in allowed:
        raise Misuse(
            _("{reason} is no reason for that").format(reason=reason),
            _("One of: {reasons}").format(reasons=" · ".join(_(one) for one in allowed)),
        )
