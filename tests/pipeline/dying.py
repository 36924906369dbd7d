"""A night that ends itself: at a boundary of its stages, or at its n-th step on files once the switch has begun.

Its arguments: home, drop, day, event, stage, step.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

from double_random.pipeline.nightly import run_nightly
from double_random.store.home import Home

ON_FILES = (
    *("open", "os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate"),
)


def run_dying_night() -> None:
    """Run it; where it comes to its end it prints how many steps its switch has."""
    home, drop, day, event, stage, step = sys.argv[1:]
    steps = -1

    def count(name: str, _arguments: Any) -> None:
        nonlocal steps
        if steps >= 0 and name in ON_FILES:
            steps += 1
            if steps == int(step):
                os.kill(os.getpid(), signal.SIGKILL)

    def tell(told: dict[str, Any]) -> None:
        nonlocal steps
        if told["event"] == event and told.get("stage") == stage:
            if step == "0":
                os.kill(os.getpid(), signal.SIGKILL)
            steps = 0

    sys.addaudithook(count)
    run_nightly(Home.open(Path(home)), [Path(drop)], date.fromisoformat(day), tell)
    print(steps)
