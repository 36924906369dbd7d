"""How often `inspection lint` suspects a fair system, and how often it finds a bad one (`python -m benchmarks.lint`).

2,000 fair histories of 20 rounds in eight shapes, and 20 of each defect; the counts are frozen in lint.json, beside it.
The histories come from seeds and the permutations from SHA-256, so the counts are the same on every machine.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from inspection.lint.findings import lint
from tests.inspection.lint import histories

FROZEN = Path(__file__).with_suffix(".json")
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
    found = lint(histories.history(seed, **shape))
    return [one.test for one in found if one.verdict == "alarm"]


def fair(seed: int) -> list[str]:
    """One fair history, its shape by its number."""
    return alarms(seed, SHAPES[seed % len(SHAPES)])


def bad(job: tuple[str, int]) -> list[str]:
    """One history with a defect."""
    return alarms(job[1], DEFECTS[job[0]][0])


def measure() -> dict[str, Any]:
    """The counts: fair histories with any alarm, by test; defects found by each test that must find them."""
    with ProcessPoolExecutor() as pool:
        suspected = list(pool.map(fair, range(FAIR), chunksize=20))
        jobs = [(name, 10_000 + seed) for name in DEFECTS for seed in range(BAD)]
        found = list(zip(jobs, pool.map(bad, jobs), strict=True))
    return {
        "fair": {
            "histories": FAIR,
            "with an alarm": sum(map(bool, suspected)),
            "by test": dict(sorted(Counter(test for one in suspected for test in one).items())),
        },
        "bad": {
            name: {
                "histories": BAD,
                "found": sum(bool(tests) for (what, _), tests in found if what == name),
                "by test": {
                    test: sum(test in tests for (what, _), tests in found if what == name)
                    for test in sorted(wanted)
                },
            }
            for name, (_, wanted) in DEFECTS.items()
        },
    }


def main() -> int:
    """Measure, freeze with --freeze, else compare with what was frozen."""
    begun = time.perf_counter()
    counts = measure()
    text = json.dumps(counts, ensure_ascii=False, indent=2) + "\n"
    print(text, end="")
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr)
    if "--freeze" in sys.argv[1:]:
        FROZEN.write_text(text, encoding="utf-8")
        return 0
    same = json.loads(FROZEN.read_text("utf-8")) == counts
    print("as frozen" if same else f"not as frozen in {FROZEN.name}", file=sys.stderr)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
