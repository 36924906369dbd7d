"""The draw of version 2: everything that the plan, its files and the revealed values determine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.protocol import notices
from double_random.inspection.protocol import selection as targets
from double_random.inspection.protocol.allocation import allocate_counts
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.draw import Reveal, group_takers, pose_assignment, team_rows
from double_random.inspection.protocol.pairs import Candidates, CostedPairs
from double_random.inspection.protocol.selection import TargetRow
from double_random.inspection.protocol.teams import TEAMS, teams_csv
from double_random.inspection.protocol.tickets import TicketFactory, Tickets, dealing_purpose
from double_random.inspection.protocol.v2 import PROTOCOL
from double_random.inspection.protocol.v2.certificate import (
    EvenCertificate,
    check_even_assignment,
)
from double_random.inspection.protocol.v2.even_loads import assign_evenly
from double_random.inspection.protocol.v2.files import Files, TargetFiles
from double_random.inspection.protocol.v2.plan import Plan
from double_random.inspection.protocol.v2.public_sources import parse_entropy

Groups = tuple[tuple[str, ...], ...]


def compute_seed(digest: Digest, commitment: str, entropy: str, secret: str) -> str:
    """H("double-random/2:seed:" + commitment + ":" + entropy + ":" + secret), 64 hex digits."""
    return digest(f"{PROTOCOL}:seed:{commitment}:{entropy}:{secret}")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The targets drawn, without teams: this needs the secret but not `inner`."""

    plan: Plan
    files: TargetFiles
    entropy: str
    tickets: Tickets
    counts: tuple[int, ...]
    places: tuple[TargetRow, ...]

    @cached_property
    def drawn(self) -> tuple[str, ...]:
        """The ids of the drawn targets, in code-point order."""
        return tuple(targets.drawn_ids(self.places))

    @cached_property
    def visits(self) -> tuple[str, ...]:
        """The ids of the drawn in the order of visits."""
        return tuple(self.tickets.sort_by_ticket("visit", self.drawn))

    @property
    def cutoffs(self) -> tuple[str, ...]:
        """The last drawn ticket of each stratum of the rules, in order; "" if nothing is drawn from it."""
        last = dict(
            zip(
                (stratum.stratum for stratum in self.files.strata.strata),
                targets.find_cutoffs(self.places, self.files.strata),
                strict=True,
            )
        )
        return tuple(last.get(name, "") for name in self.files.rules.strata)

    def written_cutoffs(self, inner: str) -> tuple[str, ...]:
        """The cut-offs as result.json has them: hidden where strata are internal, since they tell grades."""
        if self.plan.has_public_strata:
            return self.cutoffs
        return tuple(
            self.tickets.digest(f"{cutoff}:{self.tickets.cutoff_salt(inner, stratum)}")
            for cutoff, stratum in zip(self.cutoffs, self.files.rules.strata, strict=True)
        )

    @property
    def targets_csv(self) -> bytes:
        """The bytes of targets.csv."""
        return targets.targets_csv(self.places)

    @property
    def list_csv(self) -> bytes:
        """The bytes of list.csv."""
        return targets.list_csv(self.places, self.files.frame)


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A complete draw: the selection, its groups, its teams (target, inspector, role), and their proof.

    `dealing`: which of the nine dealings of groups worked; 0 if the plan has no groups.
    """

    selection: Selection
    files: Files
    groups: Groups | None
    dealing: int
    teams: tuple[tuple[str, str, str], ...]
    certificate: EvenCertificate

    @property
    def seed(self) -> str:
        """种子数, 64 hex digits."""
        return self.selection.tickets.seed

    @property
    def replace_reasons(self) -> tuple[str, ...]:
        """Why a target may be replaced: the rules' own list."""
        return self.files.rules.replace

    @property
    def targets(self) -> tuple[TargetRow, ...]:
        """The drawn targets and the reserves: strata in order, rows in the order of their tickets."""
        return self.selection.places

    @property
    def visits(self) -> tuple[str, ...]:
        """The ids of the drawn targets in the order of visits."""
        return self.selection.visits

    @property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The inspectors of each drawn target, in code-point order; nobody where the size is 0."""
        team_members: dict[str, list[str]] = {target: [] for target in self.selection.drawn}
        for target, inspector, _role in self.teams:
            team_members[target].append(inspector)
        return {target: tuple(sorted(members)) for target, members in team_members.items()}

    @property
    def loads(self) -> dict[str, int]:
        """The number of targets of each inspector, or of each group by its number."""
        takers = [(target, inspector) for target, inspector, _role in self.teams]
        names = [inspector.id for inspector in self.files.inspectors]
        if self.groups is not None:
            takers = group_takers(self.teams, self.groups)
            names = [str(number) for number in range(1, len(self.groups) + 1)]
        counted = Counter(taker for _target, taker in takers)
        return {name: counted[name] for name in names}

    @property
    def notices(self) -> str:
        """The tree head over the notices of all drawn targets."""
        tickets = self.selection.tickets
        return notices.notice_tree_head(notices.build_leaves(self.members, tickets), tickets)

    @property
    def result_files(self) -> dict[str, bytes]:
        """The four files of the result, name → exact bytes."""
        return {
            "targets.csv": self.selection.targets_csv,
            "teams.csv": teams_csv(self.teams),
            "list.csv": self.selection.list_csv,
            "certificate.json": self.certificate.dump(),
        }


def make_tickets(plan: Plan, entropy: str, secret: str, kind: TicketFactory = Tickets) -> Tickets:
    """The tickets of a draw; BadFile names `secret` if it is not the plan's."""
    if plan.digest(secret) != plan.secret:
        raise BadFile("secret", _("this is not the secret that the plan was sealed with"))
    seed = compute_seed(plan.digest, plan.commitment, entropy, secret)
    return kind.for_seed(plan.digest, seed)


def select_targets(
    plan: Plan, files: TargetFiles, entropy: str, secret: str, kind: TicketFactory = Tickets
) -> Selection:
    """Select the rows that are drawn. BadFile names `secret` or `entropy` if it does not match the plan."""
    try:
        parse_entropy(files.sources, entropy)
    except Misuse as error:
        raise BadFile("entropy", error.message, error.hint) from error
    return select_by_tickets(plan, files, entropy, make_tickets(plan, entropy, secret, kind))


def select_by_tickets(plan: Plan, files: TargetFiles, entropy: str, tickets: Tickets) -> Selection:
    """The selection that the tickets determine; trial draws use the tickets of their own seed."""
    counts = allocate_counts(files.strata.strata, tickets)
    places = targets.rank_targets(files.frame, files.strata, counts, tickets)
    return Selection(
        plan=plan, files=files, entropy=entropy, tickets=tickets, counts=counts, places=places
    )


def compute_draw(plan: Plan, files: Files, reveal: Reveal, kind: TicketFactory = Tickets) -> Draw:
    """The complete draw, with teams from a solver. DoubleRandomError if a target cannot get a team."""
    selection = select_targets(plan, files, reveal.entropy, reveal.secret, kind)
    return assign_teams(selection, files, reveal.inner)


def assign_teams(selection: Selection, files: Files, inner: str) -> Draw:
    """Complete a draw from its selection: fixed groups if the plan has them, then the most even teams."""
    candidates, groups, dealing = _gather_candidates(selection, files, inner)
    result = assign_evenly(CostedPairs.from_candidates(candidates))
    return Draw(
        selection=selection,
        files=files,
        groups=groups,
        dealing=dealing,
        teams=team_rows(files.inspectors, result.pairs, groups),
        certificate=result.certificate,
    )


def check_teams(
    selection: Selection, files: Files, inner: str, teams: bytes, certificate: bytes
) -> Draw:
    """The draw that teams.csv and certificate.json contain, checked without a solver.

    BadFile names the faulty file: the teams break a rule, or the proof fails.
    """
    candidates, groups, dealing = _gather_candidates(selection, files, inner)
    rows = TEAMS.load(teams)
    proof = EvenCertificate.read(certificate)
    roles = {one.id: "lead" if one.lead else "member" for one in files.inspectors}
    if any(roles.get(inspector, role) != role for _target, inspector, role in rows):
        raise BadFile("teams.csv", _("a role is not the inspector's own"))
    takers = group_takers(rows, groups)
    check_even_assignment(candidates, takers, proof)
    return Draw(
        selection=selection,
        files=files,
        groups=groups,
        dealing=dealing,
        teams=team_rows(files.inspectors, takers, groups),
        certificate=proof,
    )


def name_dealing(groups: Sequence[Sequence[str]] | None, dealing: int) -> str | None:
    """The purpose of the tickets that dealt the groups, or None if there are no groups."""
    if groups is None:
        return None
    return dealing_purpose(dealing)


def _gather_candidates(
    selection: Selection, files: Files, inner: str
) -> tuple[Candidates, Groups | None, int]:
    """The assignment problem of a selection; BadFile if `inner` is not the sealed one."""
    plan = selection.plan
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
