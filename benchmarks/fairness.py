"""Is every row drawn, and every inspector sent, as often as the chance says? `python -m benchmarks.fairness`

Over 200,000 seeds, with the same functions that make a draw, on a small plan with both roundings, a minimum and strata
of one. Seeds are SHA-256 of a counter, so the counts, frozen in fairness.json, are the same on every machine. A small
version is in the tests.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from fractions import Fraction
from pathlib import Path

from inspection.protocol.counts import chance, counts
from inspection.protocol.digest import Digest
from inspection.protocol.files import Inspector, Target
from inspection.protocol.pairs import Pairs
from inspection.protocol.plan import Team
from inspection.protocol.strata import Strata, Stratum
from inspection.protocol.targets import drawn, places
from inspection.protocol.teams import assign
from inspection.protocol.tickets import Tickets

FROZEN = Path(__file__).with_suffix(".json")
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
TEAM = Team(2, 0, None, False, False)
INNER = "1a" * 32


def block(first: int) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """How often each row was drawn, and each pair made, over BLOCK seeds."""
    digest, strata = Digest("sha256"), Strata("0" * 32, (0, 1), STRATA)
    rows: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    for number in range(first, first + BLOCK):
        tickets = Tickets(digest, digest(f"fairness:{number}"))
        chosen = drawn(places(FRAME, strata, counts(STRATA, tickets), tickets))
        rows.update(chosen)
        wanted = [one for one in FRAME if one.id in set(chosen)]
        pairs = Pairs.of_inspectors(wanted, PEOPLE, frozenset(), TEAM, tickets, INNER)
        together.update(assign(pairs).pairs)
    return rows, together


def errors_squared(count: int, trials: int, expected: Fraction) -> Fraction:
    """How many standard errors a count lies from its exact chance, squared; a chance of 0 or 1 allows no deviation."""
    variance = trials * expected * (1 - expected)
    distance = count - trials * expected
    if variance == 0:
        return Fraction(0) if distance == 0 else LIMIT**2 + 1
    return distance**2 / variance


def measure(seeds: int) -> dict[str, object]:
    """Counts and the largest deviation, of rows and of pairs."""
    rows: Counter[str] = Counter()
    together: Counter[tuple[str, str]] = Counter()
    with ProcessPoolExecutor() as pool:
        for some, pairs in pool.map(block, range(0, seeds, BLOCK)):
            rows += some
            together += pairs
    chances = {row.stratum: chance(row) for row in STRATA}
    of_rows = {one.id: errors_squared(rows[one.id], seeds, chances[one.stratum]) for one in FRAME}
    share = Fraction(TEAM.size, len(PEOPLE))  # all are exchangeable, so each goes equally often
    of_pairs = {
        f"{one.id} {person.id}": errors_squared(
            together[one.id, person.id], seeds, chances[one.stratum] * share
        )
        for one in FRAME
        for person in PEOPLE
    }
    return {
        "seeds": seeds,
        "rows": {one.id: rows[one.id] for one in FRAME},
        "chances": {
            name: f"{one.numerator}/{one.denominator}" for name, one in sorted(chances.items())
        },
        "largest_deviation_of_a_row_in_standard_errors": _root(max(of_rows.values())),
        "largest_deviation_of_a_pair_in_standard_errors": _root(max(of_pairs.values())),
        "fair": max(*of_rows.values(), *of_pairs.values()) <= LIMIT**2,
    }


def _root(squared: Fraction) -> str:
    """The square root with two decimals, in whole numbers."""
    from math import isqrt

    hundredths = isqrt(squared.numerator * 10_000 // squared.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def main() -> int:
    """Measure; 1 where something is unfair, or other than what was frozen."""
    found = measure(SEEDS)
    before = json.loads(FROZEN.read_text(encoding="utf-8")) if FROZEN.exists() else found
    FROZEN.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(FROZEN.read_text(encoding="utf-8"))
    return 0 if found["fair"] and found == before else 1


if __name__ == "__main__":
    sys.exit(main())
