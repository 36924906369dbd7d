"""Every row is drawn with its chance, whichever rounding, strata of one included: counted over many seeds.

The large count, over 200,000 seeds, lies in benchmarks/; here the same with few. 4.5 standard errors leave
a chance of 7 in a million a row that a fair draw fails; seeds are fixed, so it passes always or never.
"""

from __future__ import annotations

from collections import Counter
from itertools import permutations
from math import sqrt

from double_random.inspection.protocol.allocation import allocate_counts
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.groups import deal_groups
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.selection import drawn_ids, rank_targets
from double_random.inspection.protocol.strata import Strata, Stratum
from double_random.inspection.protocol.tickets import Tickets

SEEDS = 4000
DIGEST = Digest("sha256")


def within(count: int, chance: float, seeds: int = SEEDS) -> bool:
    """Is a count within 4.5 standard errors of its mean? Certain events must happen always."""
    return abs(count - seeds * chance) <= 4.5 * sqrt(seeds * chance * (1 - chance))


def test_each_row_is_drawn_with_its_chance() -> None:
    strata = Strata(
        "0" * 32,
        (1, 2),
        (
            Stratum("a", 7, (1, 5), 0, "unbiased"),
            Stratum("b", 1, (1, 5), 0, "unbiased"),
            Stratum("c", 9, (1, 4), 0, "up"),
            Stratum("d", 3, (2, 7), 0, "unbiased"),
            Stratum("e", 2, (1, 1), 0, "up"),
        ),
    )
    chances = {"a": 1 / 5, "b": 1 / 5, "c": 3 / 9, "d": 2 / 7, "e": 1.0}
    frame = [
        Target(f"{stratum.stratum}{row}", stratum.stratum, "k", "d", "示例", f"{row:032x}")
        for stratum in strata.strata
        for row in range(stratum.population)
    ]
    found: Counter[str] = Counter()
    for number in range(SEEDS):
        tickets = Tickets(DIGEST, DIGEST(f"fairness {number}"))
        found.update(
            drawn_ids(rank_targets(frame, strata, allocate_counts(strata.strata, tickets), tickets))
        )
    for target in frame:
        assert within(found[target.id], chances[target.stratum]), target.id


def test_each_inspector_is_dealt_into_each_group_alike() -> None:
    team = TeamRule(2, 1, 2, False, False)
    people = [Inspector(f"I{at}", at < 3, frozenset(), "d", "示例") for at in range(6)]
    found: Counter[tuple[str, int]] = Counter()
    for number in range(SEEDS):
        dealt = deal_groups(people, team, Tickets(DIGEST, DIGEST(f"groups {number}"))) or ()
        found.update((id, at) for at, group in enumerate(dealt) for id in group)
    exact: Counter[tuple[str, int]] = Counter()
    orders = list(permutations(f"I{at}" for at in range(6)))
    for order in orders:
        first = [id for id in order if id in ("I0", "I1", "I2")][:2]
        rest = [id for id in order if id not in first]
        exact.update((id, group) for group in (0, 1) for id in (first[group], rest[group]))
    assert len(exact) == 12
    for (id, group), ways in exact.items():
        assert within(found[id, group], ways / len(orders)), (id, group)
