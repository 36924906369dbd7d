"""Fixed groups (固定检查组): lots deal inspectors into groups that do not change within a draw."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.pairs import admissible_groups
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.tickets import Tickets

# Number of dealings before the rule without groups applies; their purposes: inspector, inspector2 … inspector9.
DEALINGS = 9


def deal_groups(
    inspectors: Sequence[Inspector], team: TeamRule, tickets: Tickets, dealing: int = 1
) -> tuple[tuple[str, ...], ...] | None:
    """The groups of one dealing in order, members in code-point order; None if there are too few inspectors.

    In the order of their tickets, leads go to groups 1…g in turn until each has `leads`; then the other
    inspectors follow in turn until each group has `size`. The rest are not drawn.
    """
    number = team.groups or 0
    leads = [inspector.id for inspector in inspectors if inspector.lead]
    if len(inspectors) < number * team.size or len(leads) < number * team.leads:
        return None
    ranked = sorted(
        inspectors, key=lambda person: (tickets.inspector_ticket(person.id, dealing), person.id)
    )
    order = [inspector.id for inspector in ranked]
    first = [inspector.id for inspector in ranked if inspector.lead][: number * team.leads]
    rest = [id for id in order if id not in set(first)]
    rest = rest[: number * (team.size - team.leads)]
    return tuple(
        tuple(sorted(first[group::number] + rest[group::number])) for group in range(number)
    )


def deal_workable_groups(
    targets: Sequence[Target],
    inspectors: Sequence[Inspector],
    recusals: Collection[tuple[str, str]],
    team: TeamRule,
    tickets: Tickets,
) -> tuple[tuple[tuple[str, ...], ...] | None, int]:
    """The groups of the first dealing that gives every drawn target an admissible group, and its number.

    None and DEALINGS if no dealing works: then the rule without groups applies.
    """
    for dealing in range(1, DEALINGS + 1):
        dealt = deal_groups(inspectors, team, tickets, dealing)
        if dealt is None:
            break
        if all(admissible_groups(targets, inspectors, dealt, recusals, team)):
            return dealt, dealing
    return None, DEALINGS
