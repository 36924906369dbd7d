"""The draw: everything that the plan, its files and the revealed values determine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json, notices, sources
from double_random.inspection.protocol import selection as targets
from double_random.inspection.protocol.allocation import allocate_counts
from double_random.inspection.protocol.certificate import Certificate, check_assignment
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.files import REPLACE_REASONS, Files, Inspector, Target
from double_random.inspection.protocol.groups import deal_workable_groups
from double_random.inspection.protocol.pairs import Candidates, CostedPairs
from double_random.inspection.protocol.plan import Plan, TeamRule
from double_random.inspection.protocol.selection import TargetRow
from double_random.inspection.protocol.teams import TEAMS, assign_takers, teams_csv
from double_random.inspection.protocol.tickets import TicketFactory, Tickets, compute_seed


@dataclass(frozen=True)
class Reveal:
    """The values revealed after the plan: the entropy lines, the secret, and `inner` (only to auditors)."""

    entropy: str
    secret: str
    inner: str

    @classmethod
    def read(cls, data: bytes, file: str = "reveal.json") -> Reveal:
        """The values of a JSON object in any layout; BadFile for anything else."""
        try:
            value = canonical_json.parse_strict(data)
        except (ValueError, RecursionError) as error:
            raise BadFile(file, _("this is not JSON: {error}").format(error=error)) from error
        fields = StrictObject(file, value, ("entropy", "secret", "inner"))
        return cls(fields.text("entropy"), fields.hex("secret"), fields.hex("inner"))


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The institutions drawn, without teams: this needs the secret but not `inner`."""

    plan: Plan
    files: Files
    entropy: str
    tickets: Tickets
    counts: tuple[int, ...]
    places: tuple[TargetRow, ...]

    @property
    def seed(self) -> str:
        """种子数, 64 hex digits."""
        return self.tickets.seed

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """The ids of the drawn institutions, in code-point order."""
        return tuple(targets.drawn_ids(self.places))

    @cached_property
    def visits(self) -> tuple[str, ...]:
        """The ids of the drawn in the order of visits."""
        return tuple(self.tickets.sort_by_ticket("visit", self.drawn))

    @property
    def cutoffs(self) -> tuple[str, ...]:
        """The last drawn ticket of each stratum, in order; "" if nothing is drawn from it."""
        return targets.find_cutoffs(self.places, self.files.strata)

    def hidden_cutoffs(self, inner: str) -> tuple[str, ...]:
        """The cut-offs as result.json contains them."""
        return targets.hide_cutoffs(self.cutoffs, self.files.strata, inner, self.tickets)

    @property
    def targets_csv(self) -> bytes:
        """The bytes of targets.csv."""
        return targets.targets_csv(self.places)

    @property
    def list_csv(self) -> bytes:
        """The bytes of list.csv."""
        return targets.list_csv(self.places, self.files.frame)


@dataclass(frozen=True)
class Draw:
    """A complete draw: the selection, its teams (target, inspector, role), and the proof of their cost."""

    selection: Selection
    groups: tuple[tuple[str, ...], ...] | None
    dealing: int
    teams: tuple[tuple[str, str, str], ...]
    certificate: Certificate

    @property
    def seed(self) -> str:
        """种子数, 64 hex digits."""
        return self.selection.seed

    @property
    def files(self) -> Files:
        """The plan's files."""
        return self.selection.files

    @property
    def replace_reasons(self) -> tuple[str, ...]:
        """Why a target may be replaced."""
        return REPLACE_REASONS

    @property
    def counts(self) -> tuple[int, ...]:
        """The number drawn from each stratum, strata in order."""
        return self.selection.counts

    @property
    def targets(self) -> tuple[TargetRow, ...]:
        """The drawn institutions and the reserves: strata in order, rows in the order of their tickets."""
        return self.selection.places

    @property
    def visits(self) -> tuple[str, ...]:
        """The ids of the drawn in the order of visits."""
        return self.selection.visits

    @property
    def cutoffs(self) -> tuple[str, ...]:
        """The last drawn ticket of each stratum, in order; "" if nothing is drawn from it."""
        return self.selection.cutoffs

    @property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The inspectors of each drawn target, targets and inspectors in code-point order."""
        team_members: dict[str, list[str]] = {}
        for target, inspector, _role in self.teams:
            team_members.setdefault(target, []).append(inspector)
        return {target: tuple(sorted(team_members[target])) for target in sorted(team_members)}

    @cached_property
    def notice_leaves(self) -> tuple[bytes, ...]:
        """The canonical notices of the drawn institutions, sorted by id: the leaves of `notices`."""
        return tuple(notices.build_leaves(self.members, self.selection.tickets))

    @property
    def notices(self) -> str:
        """The tree head over the notices, as the log entry contains it."""
        return notices.notice_tree_head(list(self.notice_leaves), self.selection.tickets)

    @property
    def result_files(self) -> dict[str, bytes]:
        """The four files of the result, name → exact bytes."""
        return {
            "targets.csv": self.selection.targets_csv,
            "teams.csv": teams_csv(self.teams),
            "list.csv": self.selection.list_csv,
            "certificate.json": self.certificate.dump(),
        }


def select_targets(
    plan: Plan, files: Files, entropy: str, secret: str, kind: TicketFactory = Tickets
) -> Selection:
    """Select the rows that are drawn. BadFile names `secret` or `entropy` if it does not match the plan.

    `kind`: another implementation that computes the same tickets, for frames of millions of rows.
    """
    if plan.digest(secret) != plan.secret:
        raise BadFile("secret", _("this is not the secret that the plan was sealed with"))
    try:
        sources.parse_entropy(plan.sources, entropy)
    except Misuse as error:
        raise BadFile("entropy", error.message, error.hint) from error
    tickets = kind.for_seed(
        plan.digest, compute_seed(plan.digest, plan.commitment, entropy, secret)
    )
    return select_by_tickets(plan, files, entropy, tickets)


def select_by_tickets(plan: Plan, files: Files, entropy: str, tickets: Tickets) -> Selection:
    """The selection that the tickets determine; trial draws use the tickets of their own seed."""
    numbers = allocate_counts(files.strata.strata, tickets)
    places = targets.rank_targets(files.frame, files.strata, numbers, tickets)
    return Selection(
        plan=plan, files=files, entropy=entropy, tickets=tickets, counts=numbers, places=places
    )


def compute_draw(plan: Plan, files: Files, reveal: Reveal, kind: TicketFactory = Tickets) -> Draw:
    """The complete draw, with teams from a solver. DoubleRandomError if a target cannot get a team."""
    return assign_teams(
        select_targets(plan, files, reveal.entropy, reveal.secret, kind), reveal.inner
    )


def assign_teams(selection: Selection, inner: str) -> Draw:
    """Complete a draw from its selection: fixed groups if the plan has them, then the teams of least cost."""
    candidates, dealt, dealing = _gather_candidates(selection, inner)
    result = assign_takers(CostedPairs.from_candidates(candidates))
    return Draw(
        selection,
        dealt,
        dealing,
        team_rows(selection.files.inspectors, result.pairs, dealt),
        result.certificate,
    )


def check_teams(selection: Selection, inner: str, teams: bytes, certificate: bytes) -> Draw:
    """The draw that teams.csv and certificate.json contain, checked without a solver.

    BadFile names the faulty file: the teams break a rule, or the proof fails.
    """
    candidates, dealt, dealing = _gather_candidates(selection, inner)
    rows = TEAMS.load(teams)
    proof = Certificate.read(certificate)
    check_assignment(candidates, group_takers(rows, dealt), proof)
    expected = team_rows(selection.files.inspectors, group_takers(rows, dealt), dealt)
    if TEAMS.dump(expected) != teams:
        raise BadFile("teams.csv", _("a role is not the inspector's own"))
    return Draw(selection, dealt, dealing, expected, proof)


def _gather_candidates(
    selection: Selection, inner: str
) -> tuple[Candidates, tuple[tuple[str, ...], ...] | None, int]:
    """The assignment problem of a selection; BadFile if `inner` is not the sealed one."""
    plan, files = selection.plan, selection.files
    if plan.digest(inner) != plan.inner:
        raise BadFile("inner", _("this is not the inner value that the plan was sealed with"))
    drawn = set(selection.drawn)
    return pose_assignment(
        [target for target in files.frame if target.id in drawn],
        files.inspectors,
        files.recusals,
        team=plan.team,
        tickets=selection.tickets,
        inner=inner,
    )


def pose_assignment(
    drawn: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    *,
    team: TeamRule,
    tickets: Tickets,
    inner: str,
) -> tuple[Candidates, tuple[tuple[str, ...], ...] | None, int]:
    """The assignment problem, with the fixed groups if the rule has them and a dealing works.

    Also the groups, None without them, and the number of the dealing, 0 if none was tried.
    """
    dealing = 0
    if team.groups is not None:
        dealt, dealing = deal_workable_groups(drawn, inspectors, recusals, team, tickets)
        if dealt is not None:
            candidates = Candidates.of_groups(
                drawn, inspectors, dealt, recusals=recusals, team=team, tickets=tickets, inner=inner
            )
            return candidates, dealt, dealing
    candidates = Candidates.of_inspectors(drawn, inspectors, recusals, team, tickets, inner)
    return candidates, None, dealing


def team_rows(
    inspectors: Iterable[Inspector],
    pairs: Iterable[tuple[str, str]],
    dealt: tuple[tuple[str, ...], ...] | None,
) -> tuple[tuple[str, str, str], ...]:
    """The rows of teams.csv: a group becomes its members, and the lead flag becomes the role."""
    roles = {person.id: "lead" if person.lead else "member" for person in inspectors}
    rows = [
        (target, inspector, roles[inspector])
        for target, taker in pairs
        for inspector in (dealt[int(taker) - 1] if dealt is not None else (taker,))
    ]
    return tuple(sorted(rows))


def group_takers(
    rows: Sequence[tuple[str, ...]], dealt: tuple[tuple[str, ...], ...] | None
) -> list[tuple[str, str]]:
    """The assignment that rows of teams.csv describe: with groups, each team must be one complete group."""
    if dealt is None:
        return [(target, inspector) for target, inspector, _role in rows]
    members: Mapping[str, list[str]] = {target: [] for target, _inspector, _role in rows}
    for target, inspector, _role in rows:
        members[target].append(inspector)
    numbers = {group: str(number) for number, group in reversed(list(enumerate(dealt, start=1)))}
    takers = []
    for target, team in members.items():
        if tuple(team) not in numbers:
            raise BadFile(
                "teams.csv", _("{target}: this is none of the groups").format(target=target)
            )
        takers.append((target, numbers[tuple(team)]))
    return takers
