"""What commands do, as their modules do it: for processes of tests that end themselves (test_killed_commands.py)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from double_random.commands.release_logging import log_new_release
from double_random.credit.policy.catalog import load_policy
from double_random.credit.rebuilding import rebuild_release
from double_random.credit.records.load import load_records
from double_random.credit.scoring.score_run import score_institutions
from double_random.inspection.casework import result_sheet
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.publish.site import build
from double_random.registry.quality.manual_links import decide_link
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.undo import restore_release
from tests.inspection.conftest import BALLS, DAY, ask, code


def _logged(kind: str, work: Callable[[Home, Path], object]) -> Callable[[Home, Path], object]:
    def run(home: Home, folder: Path) -> object:
        with log_new_release(home, kind, "2026-11-01T01:00:00Z"):  # type: ignore[arg-type]
            return work(home, folder)

    return run


LATER = date(2026, 11, 1)
SAID = ("示例", "示例", LATER, "2026-11-01T01:00:00Z")

STEPS: dict[str, Callable[[Home, Path], object]] = {
    "first": _logged("sync", lambda home, folder: sync_registers(home, [folder / "drop"], DAY)),
    "sync": _logged("sync", lambda home, folder: sync_registers(home, [folder / "more"], LATER)),
    "load": _logged("sync", lambda home, folder: load_records(home, [folder / "facts"], LATER)),
    "score": _logged(
        "score", lambda home, folder: score_institutions(home, LATER, load_policy(home, "risk-100"))
    ),
    "link": _logged("sync", lambda home, folder: decide_link(home, "示例所", code(1), *SAID)),
    "undo": _logged(
        "undo", lambda home, folder: restore_release(home, home.releases.names()[0], LATER)
    ),
    "rebuild": lambda home, folder: rebuild_release(home),
    "plan": lambda home, folder: freeze_plan(home, ask()),
    "commit": lambda home, folder: lifecycle.commit_plan(home, "d1", "2026-11-02T01:00:00Z"),
    "entropy": lambda home, folder: lifecycle.log_entropy(
        home, "d1", f"{BALLS}=0730915", "2026-11-03T06:05:00Z"
    ),
    "draw": lambda home, folder: lifecycle.run_draw(home, "d1", "2026-11-03T06:10:00Z"),
    "record": lambda home, folder: result_sheet.record_results(
        home, "d1", folder / "filled.xlsx", "2026-11-05T06:00:00Z"
    ),
    "publish": lambda home, folder: lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z"),
    "build": lambda home, folder: build.build_site(home, date(2026, 11, 6)),
}
