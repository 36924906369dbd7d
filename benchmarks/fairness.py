"""Is every row drawn, and every inspector sent, as often as the chance says? `python -m benchmarks.fairness`

Over 200,000 seeds, with the same functions that make a draw, on a small plan with both roundings, a minimum and strata
of one. Seeds are SHA-256 of a counter, so the counts, frozen in results/fairness.json, are the same on every machine. A
small version is in the tests.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction

from benchmarks.frozen import Row, freeze, frozen
from double_random.inspection.protocol.allocation import allocate_counts, selection_chance
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import Inspector, Target
from double_random.inspection.protocol.pairs import Candidates, CostedPairs
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.selection import drawn_ids, rank_targets
from double_random.inspection.protocol.strata import Strata, Stratum
from double_random.inspection.protocol.teams import assign_takers
from double_random.inspection.protocol.tickets import Tickets

SEEDS, BLOCK = 200_000, 500
LIMIT = Fraction(9, 2)  # standard errors
STRATA = (
    Stratum("a up", 7, (1, 3), 0, "up"),
    Stratum("b up, one row", 1, (1, 20), 0, "up"),
    Stratum("c up, minimum", 5, (1, 20), 2, "up"),
    Stratum("d unbiased", 4, (1, 3), 0, "unbiased"),
    Stratum("e unbiased, one row", 1, (1, 20), 0, "unbiased"),
    Stratum("f unbiased, one row", 1, (2, 5), 0, "unbiased"),
    Stratum("g unbiased", 9, (1, 7), 0, "unbiased"),
)
FRAME = tuple(
    Target(f"{row.stratum[0].upper()}{number}", row.stratum, "k", "", "示例", f"{number:032x}")
    for row in STRATA
    for number in range(row.population)
)
PEOPLE = tuple(Inspector(f"I{n}", False, frozenset(), "", "示例") for n in range(5))
TEAM = TeamRule(2, 0, None, False, False)
INNER = "1a" * 32


def block(first: int) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """How often each row was drawn, and each pair made, over BLOCK seeds."""
    digest, strata = Digest("sha256"), Strata("0" * 32, (0, 1), STRATA)
    rows: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for number in range(first, first + BLOCK):
        tickets = Tickets(digest, digest(f"fairness:{number}"))
        chosen = drawn_ids(rank_targets(FRAME, strata, allocate_counts(STRATA, tickets), tickets))
        rows.update(chosen)
        wanted = [one for one in FRAME if one.id in set(chosen)]
        who = Candidates.of_inspectors(wanted, PEOPLE, frozenset(), TEAM, tickets, INNER)
        together.update(assign_takers(CostedPairs.from_candidates(who)).pairs)
    return rows, together


def errors_squared(count: int, trials: int, expected: Fraction) -> Fraction:
    """How many standard errors a count lies from its exact chance, squared; a chance of 0 or 1 allows no deviation."""
    variance = trials * expected * (1 - expected)
    distance = count - trials * expected
    if variance == 0:
        return Fraction(0) if distance == 0 else LIMIT**2 + 1
    return distance**2 / variance


def measure(seeds: int) -> list[Row]:
    """The largest deviation of rows and of pairs, and every row's count beside its chance."""
    rows: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor() as pool:
        for some, pairs in pool.map(block, range(0, seeds, BLOCK)):
            rows += some
            together += pairs
    chances = {row.stratum: selection_chance(row) for row in STRATA}
    of_rows = {one.id: errors_squared(rows[one.id], seeds, chances[one.stratum]) for one in FRAME}
    share = Fraction(TEAM.size, len(PEOPLE))  # all are exchangeable, so each goes equally often
    of_pairs = {
        f"{one.id} {person.id}": errors_squared(
            together[one.id, person.id], seeds, chances[one.stratum] * share
        )
        for one in FRAME
        for person in PEOPLE
    }
    largest = [
        Row(
            f"largest deviation of {what} over {seeds:,} seeds",
            _root(max(found.values())),
            "standard errors",
            goal="at most 4.5",
            met=max(found.values()) <= LIMIT**2,
            note=f"{len(found)} of them",
        )
        for what, found in (("a row", of_rows), ("a pair of row and inspector", of_pairs))
    ]
    return largest + [
        Row(
            f"drawn: {one.id}",
            rows[one.id],
            "times",
            note=f"of {seeds:,} at a chance of {chances[one.stratum]} ({one.stratum})",
        )
        for one in FRAME
    ]


def _root(squared: Fraction) -> float:
    """The square root with two decimals, rounded down."""
    from math import isqrt

    return isqrt(squared.numerator * 10_000 // squared.denominator) / 100


def main() -> int:
    """Measure and freeze; 1 where something is unfair, or counted otherwise than before."""
    before = frozen("fairness")
    rows = measure(SEEDS)
    freeze(
        "fairness",
        "Is every row drawn, and every inspector sent, as often as its chance says",
        rows,
    )
    fair = all(row.met is not False for row in rows)
    return int(not fair or (before is not None and before != frozen("fairness")))


if __name__ == "__main__":
    sys.exit(main())
