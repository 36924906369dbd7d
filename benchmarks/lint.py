"""How often `inspection lint` suspects a fair system, and how often it finds a bad one (`python -m benchmarks.lint`).

2,000 fair histories of 20 rounds in eight shapes, and 20 of each defect; the counts are frozen in results/lint.json.
The histories come from seeds and the permutations from SHA-256, so the counts are the same on every machine.
"""

from __future__ import annotations

import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from benchmarks.frozen import Row, freeze, frozen
from double_random.inspection.bias_tests.findings import run_bias_tests
from tests.inspection.bias_tests import histories

FAIR = 2_000
BAD = 20
SMALL = {"listed": 60, "drawn": 12, "inspectors": 6, "offices": 3}
MIDDLE = {"listed": 140, "drawn": 14, "inspectors": 8, "offices": 1}
LARGE = {"listed": 300, "drawn": 30, "inspectors": 12, "offices": 10}
SHAPES: tuple[dict[str, Any], ...] = (
    LARGE | {"sent": histories.any_two},
    LARGE | {"sent": histories.even_load},
    LARGE | {"sent": histories.lead_and_member},
    LARGE | {"chosen": histories.by_grade},
    MIDDLE | {"sent": histories.even_load},
    MIDDLE | {"sent": histories.lead_and_member},
    SMALL | {"sent": histories.any_two},
    SMALL | {"chosen": histories.by_grade, "sent": histories.even_load},
)
DEFECTS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "counting off with a step, 30 of 300": (
        LARGE | {"chosen": histories.counting_off},
        {"position", "gaps"},
    ),
    "step floor(N/n), 501 of 1,500": (
        {"listed": 1500, "drawn": 501, "chosen": histories.floored_step},
        {"position", "never", "office"},
    ),
    "one offset, then in turn": (LARGE | {"sent": histories.one_offset}, {"pairs", "order"}),
    "two offsets, then in turn": (LARGE | {"sent": histories.two_offsets}, {"pairs", "order"}),
}


def alarms(seed: int, shape: dict[str, Any]) -> list[str]:
    """The tests that suspect one history."""
    found = run_bias_tests(histories.history(seed, **shape))
    return [one.test for one in found if one.verdict == "alarm"]


def fair(seed: int) -> list[str]:
    """One fair history, its shape by its number."""
    return alarms(seed, SHAPES[seed % len(SHAPES)])


def bad(job: tuple[str, int]) -> list[str]:
    """One history with a defect."""
    return alarms(job[1], DEFECTS[job[0]][0])


def measure() -> list[Row]:
    """The counts: fair histories with any alarm, by test; defects found by each test that must find them."""
    with ProcessPoolExecutor() as pool:
        suspected = list(pool.map(fair, range(FAIR), chunksize=20))
        jobs = [(name, 10_000 + seed) for name in DEFECTS for seed in range(BAD)]
        found = list(zip(jobs, pool.map(bad, jobs), strict=True))
    alarmed = sum(map(bool, suspected))
    rows = [
        Row(
            f"fair, with an alarm, of {FAIR:,}",
            alarmed,
            "histories",
            goal="at most 0.5 %",
            met=alarmed * 200 <= FAIR,
        )
    ]
    by_test = Counter(test for one in suspected for test in one)
    rows += [Row(f"fair, by {test}", by_test[test], "histories") for test in sorted(by_test)]
    for name, (_shape, wanted) in DEFECTS.items():
        tests = [one for (what, _seed), one in found if what == name]
        number = sum(map(bool, tests))
        rows.append(
            Row(
                f"{name}, found, of {BAD}",
                number,
                "histories",
                goal="all",
                met=number == BAD,
            )
        )
        rows += [
            Row(f"{name}, by {test}", sum(test in one for one in tests), "histories")
            for test in sorted(wanted)
        ]
    return rows


def main() -> int:
    """Measure and freeze; 1 where a goal is missed, or where it counted otherwise than before."""
    before = frozen("lint")
    rows = measure()
    freeze("lint", "How often `inspection lint` suspects a fair system, and finds a bad one", rows)
    good = all(row.met is not False for row in rows)
    return int(not good or (before is not None and before != frozen("lint")))


if __name__ == "__main__":
    sys.exit(main())
