"""A night that is killed: the site and the store are whole, and the next night ends as if nothing had been.

DOUBLE_RANDOM_KILLS says at how many random moments (5; 200 in `make test-thorough`).
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.pipeline.nightly import STAGES, run_nightly
from double_random.store.home import Home
from tests.pipeline.state import ROOT, SECOND, Nights, command, look, run
from tests.thorough import examples

KILLS = int(os.environ.get("DOUBLE_RANDOM_KILLS", examples(5, 200)))
Copy = Callable[[], Path]

# The night in a process that ends itself at a boundary, or at its n-th step on files once the switch has begun.
DYING = """
import os, signal, sys
from datetime import date
from pathlib import Path
from double_random.pipeline.nightly import run_nightly
from double_random.store.home import Home

home, drop, day, event, stage, step = sys.argv[1:]
steps = -1

def count(name, _arguments):
    global steps
    if steps >= 0 and name in ("open", "os.rename", "os.remove", "os.symlink", "os.mkdir", "os.rmdir", "os.truncate"):
        steps += 1
        if steps == int(step):
            os.kill(os.getpid(), signal.SIGKILL)

def tell(told):
    global steps
    if told["event"] == event and told.get("stage") == stage:
        if step == "0":
            os.kill(os.getpid(), signal.SIGKILL)
        steps = 0

sys.addaudithook(count)
run_nightly(Home.open(Path(home)), [Path(drop)], date.fromisoformat(day), tell)
print(steps)
"""


def dying(home: Path, drop: Path, event: str, stage: str, step: int = 0) -> str:
    """Run a night that ends itself; "" where it did, else how many steps its switch has."""
    words = [str(home), str(drop), str(SECOND), event, stage, str(step)]
    done = subprocess.run(
        [sys.executable, "-c", DYING, *words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.stdout.strip()


def ends_well(nights: Nights, home: Path) -> None:
    """The next night ends as the undisturbed one did, with every row and every log entry once."""
    assert run_nightly(Home.open(home), [nights.drop], SECOND)["end"] == "published"
    state = look(home)
    assert (state.release, state.rows, state.log) == (
        nights.after.release,
        nights.after.rows,
        nights.after.log,
    )
    assert state.site == nights.after.site


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("event", ["begin", "done"])
def test_killed_at_a_boundary(nights: Nights, one: Copy, event: str, stage: str) -> None:
    home = one()
    assert dying(home, nights.drop, event, stage) == ""
    state = nights.whole(home)
    if stage not in ("log", "switch"):
        assert state == nights.before
    ends_well(nights, home)


def test_what_was_done_before_a_kill_is_not_done_again(nights: Nights, one: Copy) -> None:
    home = one()
    dying(home, nights.drop, "done", "load")
    done = run(home, nights.drop)
    assert '"event": "resumed", "after": "load"' in done.stderr
    assert '"event": "begin", "stage": "load"' not in done.stderr
    assert look(home) == nights.after


def test_another_drop_after_a_kill_is_read_from_its_beginning(
    nights: Nights, one: Copy, tmp_path: Path
) -> None:
    home, other = one(), tmp_path / "other"
    dying(home, nights.drop, "done", "load")
    other.mkdir()
    for file in nights.drop.iterdir():
        if file.name != "投诉.csv":
            (other / file.name).write_bytes(file.read_bytes())
    done = run(home, other)
    assert done.returncode == 0
    assert '"event": "resumed"' not in done.stderr
    assert look(home).rows["records"] < nights.after.rows["records"]


def test_killed_at_steps_of_the_switch(nights: Nights, one: Copy) -> None:
    steps = int(dying(one(), nights.drop, "switching", "log", 10**6))
    assert steps > 20
    chosen = range(1, steps + 1, max(1, steps // KILLS))
    for step in chosen:
        home = one()
        dying(home, nights.drop, "switching", "log", step)
        print("killed at step", step, "of", steps)
        nights.whole(home)
        ends_well(nights, home)


def test_killed_at_random_moments(nights: Nights, one: Copy) -> None:
    """Several kills may hit one night; every fifth time it may end."""
    chance = random.Random(20261103)
    home = one()
    started = time.monotonic()
    assert run(one(), nights.drop).returncode == 0
    whole_night = time.monotonic() - started
    home = one()
    hit = 0
    for kill in range(1, KILLS + 1):
        process = subprocess.Popen(
            command(home, nights.drop), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.2, whole_night))
        process.kill()
        hit += process.wait() == -signal.SIGKILL
        nights.whole(home)
        if kill % 5 == 0:
            ends_well(nights, home)
            home = one()
    ends_well(nights, home)
    assert hit > KILLS // 3  # the others had ended before
