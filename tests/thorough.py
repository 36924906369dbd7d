"""How often a property is tried: seldom in the suite, often in `make test-thorough` (DOUBLE_RANDOM_THOROUGH=1)."""

from __future__ import annotations

import os

THOROUGH = os.environ.get("DOUBLE_RANDOM_THOROUGH", "") not in ("", "0")


def examples(few: int, many: int) -> int:
    """The number for this run. A property whose every example is a night of its own has few in the suite."""
    return many if THOROUGH else few
