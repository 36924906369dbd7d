"""Replacements after the draw (递补, 更换检查人员): the tickets decide them, no person does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import N_, _
from double_random.inspection.protocol.draw import Draw, Selection
from double_random.inspection.protocol.files import Files, Inspector, Target
from double_random.inspection.protocol.pairs import is_admissible
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.selection import TargetRow
from double_random.inspection.protocol.tickets import Tickets

if TYPE_CHECKING:
    from double_random.inspection.protocol.v2.draw import Draw as SecondDraw
    from double_random.inspection.protocol.v2.draw import Selection as SecondSelection
    from double_random.inspection.protocol.v2.files import Files as SecondFiles

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
class CurrentAssignment:
    """The current assignment: the team of each target, the replaced targets, and who can no longer be drawn."""

    selection: Selection | SecondSelection
    files: Files | SecondFiles
    reasons: tuple[str, ...]  # why a target may be replaced
    inner: str
    teams: Mapping[str, tuple[str, ...]]
    replaced: tuple[str, ...] = ()
    gone: frozenset[str] = frozenset()
    recused: frozenset[tuple[str, str]] = field(default_factory=frozenset)

    @classmethod
    def after_draw(cls, draw: Draw | SecondDraw, inner: str) -> CurrentAssignment:
        """The assignment right after a draw of either version."""
        return cls(
            selection=draw.selection,
            files=draw.files,
            reasons=draw.replace_reasons,
            inner=inner,
            teams=draw.members,
            recused=draw.files.recusals,
        )

    def replace(self, old: str, reason: str) -> tuple[CurrentAssignment, Change]:
        """Replace a target by the next reserve of its stratum, or by nothing if there is no reserve left.

        Misuse for a target that is not in the assignment or a reason outside `reasons`.
        """
        _refuse_reason(reason, self.reasons)
        team = self._team_of(old)
        remaining = {target: members for target, members in self.teams.items() if target != old}
        without = replace(self, teams=remaining, replaced=(*self.replaced, old))
        new = next_reserve(self.selection.places, old, {*self.teams, *self.replaced})
        if new is None:
            return without, Change(
                kind="replace", old=old, new="", target="", inspectors=(), reason=reason
            )
        members = without._fill_team(self.files.target(new), team)
        return (
            replace(without, teams={**remaining, new: members}),
            Change(kind="replace", old=old, new=new, target=new, inspectors=members, reason=reason),
        )

    def substitute(self, target: str, old: str, reason: str) -> tuple[CurrentAssignment, Change]:
        """Replace the inspector `old` in one team.

        Misuse for a team or member that is not in the assignment or a reason outside SUBSTITUTE_REASONS;
        DoubleRandomError if no admissible inspector is left.
        """
        _refuse_reason(reason, SUBSTITUTE_REASONS)
        team = self._team_of(target)
        if old not in team:
            raise Misuse(
                _("{inspector} is not in the team of {target}").format(inspector=old, target=target)
            )
        gone = self.gone | {old} if reason in _GONE else self.gone
        without = replace(self, gone=gone, recused=self.recused | {(target, old)})
        members = without._fill_team(self.files.target(target), team)
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

    def _team_of(self, target: str) -> tuple[str, ...]:
        if target not in self.teams:
            raise Misuse(
                _("{target} is not among the institutions to be visited").format(target=target),
                _("It was not drawn, or has given up its place before."),
            )
        return self.teams[target]

    def _fill_team(self, target: Target, former: Iterable[str]) -> tuple[str, ...]:
        files = self.files
        return fill_team(
            target,
            former,
            [inspector for inspector in files.inspectors if inspector.id not in self.gone],
            recusals=self.recused,
            team=self.selection.plan.team,
            loads=Counter(member for team in self.teams.values() for member in team),
            tickets=self.selection.tickets,
            inner=self.inner,
        )


def next_reserve(places: Iterable[TargetRow], old: str, taken: Collection[str]) -> str | None:
    """The first unused reserve of a target's stratum, or None."""
    rows = list(places)
    stratum = next(row.stratum for row in rows if row.id == old)
    reserve_rows = [
        row
        for row in rows
        if row.stratum == stratum and row.role == "reserve" and row.id not in taken
    ]
    return min(reserve_rows, key=lambda row: row.place).id if reserve_rows else None


def fill_team(
    target: Target,
    former: Iterable[str],
    inspectors: Iterable[Inspector],
    recusals: Collection[tuple[str, str]],
    team: TeamRule,
    loads: Mapping[str, int],
    tickets: Tickets,
    inner: str,
) -> tuple[str, ...]:
    """A target's team: the admissible members of the former team, then others, one at a time.

    Only leads are taken while the team has fewer than `leads`; the smallest load goes first, then the
    smallest team ticket, then the smaller id; the load L is no limit. `loads` counts the current targets
    of each inspector. DoubleRandomError if no admissible inspector is left.
    """
    admissible = {
        inspector.id: inspector
        for inspector in inspectors
        if is_admissible(target, inspector, recusals, team)
    }
    members = [id for id in former if id in admissible]
    while len(members) < team.size:
        short_of_leads = sum(admissible[id].lead for id in members) < team.leads
        free = [
            inspector.id
            for inspector in admissible.values()
            if inspector.id not in members and (inspector.lead or not short_of_leads)
        ]
        if not free:
            raise DoubleRandomError(
                _("No inspector is left who may go to {target}").format(target=target.id),
                _(
                    "Recusals, kinds or districts keep all others away; make the draw void if need be."
                ),
            )
        members.append(
            min(
                free,
                key=lambda id: (loads.get(id, 0), tickets.team_ticket(inner, target.id, id), id),
            )
        )
    return tuple(sorted(members))


def _refuse_reason(reason: str, allowed: tuple[str, ...]) -> None:
    if reason not in allowed:
        raise Misuse(
            _("{reason} is no reason for that").format(reason=reason),
            _("One of: {reasons}").format(
                reasons=" · ".join(_(allowed_reason) for allowed_reason in allowed)
            ),
        )
