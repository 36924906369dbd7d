"""What commands do, as their doors do it: for processes of tests that end themselves (test_killed_commands.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from credit.load import load
from credit.policy import policy
from credit.rebuilding import rebuild
from credit.scoring import score
from doors.logged import logged
from inspection import acts
from inspection.planning import plan
from publish import site
from registry.links import decide
from registry.sync import sync
from store.home import Home
from store.undo import undo
from tests.inspection.conftest import BALLS, DAY, ask, code


def _logged(kind: str, work: Callable[[Home, Path], object]) -> Callable[[Home, Path], object]:
    def run(home: Home, folder: Path) -> object:
        with logged(home, kind, "2026-11-01T01:00:00Z"):  # type: ignore[arg-type]
            return work(home, folder)

    return run


LATER = date(2026, 11, 1)
SAID = ("示例", "示例", LATER, "2026-11-01T01:00:00Z")

STEPS: dict[str, Callable[[Home, Path], object]] = {
    "first": _logged("sync", lambda home, folder: sync(home, [folder / "drop"], DAY)),
    "sync": _logged("sync", lambda home, folder: sync(home, [folder / "more"], LATER)),
    "load": _logged("sync", lambda home, folder: load(home, [folder / "facts"], LATER)),
    "score": _logged("score", lambda home, folder: score(home, LATER, policy(home, "risk-100"))),
    "link": _logged("sync", lambda home, folder: decide(home, "示例所", code(1), *SAID)),
    "undo": _logged("undo", lambda home, folder: undo(home, home.releases.names()[0], LATER)),
    "rebuild": lambda home, folder: rebuild(home),
    "plan": lambda home, folder: plan(home, ask()),
    "commit": lambda home, folder: acts.commit(home, "d1", "2026-11-02T01:00:00Z"),
    "entropy": lambda home, folder: acts.entropy(
        home, "d1", f"{BALLS}=0730915", "2026-11-03T06:05:00Z"
    ),
    "draw": lambda home, folder: acts.draw(home, "d1", "2026-11-03T06:10:00Z"),
    "publish": lambda home, folder: acts.publish(home, "d1", "2026-11-06T08:00:00Z"),
    "build": lambda home, folder: site.build(home, date(2026, 11, 6)),
}
