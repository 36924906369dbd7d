"""A night that is killed: the site and the store are whole, and the next night ends as if nothing had been.

DOUBLE_RANDOM_KILLS says at how many random moments (3; 200 in `make test-thorough`).
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.pipeline.nightly import STAGES, run_nightly
from double_random.store.home import Home
from tests import forked
from tests.pipeline.state import SECOND, Nights, look, night_words, run
from tests.thorough import THOROUGH, examples

KILLS = int(os.environ.get("DOUBLE_RANDOM_KILLS", examples(3, 200)))
Copy = Callable[[], Path]


def dying(home: Path, drop: Path, event: str, stage: str, step: int = 0) -> str:
    """Run a night that ends itself; "" where it did, else how many steps its switch has."""
    words = [str(home), str(drop), str(SECOND), event, stage, str(step)]
    done = forked.run(words, call="tests.pipeline.dying:run_dying_night")
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


# Between the end of one stage and the beginning of the next lies a line of the journal: the suite kills before it in
# one half of the places and behind it in the other half.
BOUNDARIES = [(event, stage) for stage in STAGES for event in ("begin", "done")]
CHOSEN = [BOUNDARIES[0], *BOUNDARIES[1::4], *BOUNDARIES[4::4], BOUNDARIES[-1]]


@pytest.mark.parametrize(("event", "stage"), BOUNDARIES if THOROUGH else CHOSEN)
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


def test_killed_at_steps_of_the_switch(nights: Nights, one: Copy, tmp_path: Path) -> None:
    """The first night does all by itself; the others go on where one was killed before its switch."""
    steps = int(dying(one(), nights.drop, "switching", "log", 10**6))
    assert steps > 20
    model = tmp_path / "model"
    shutil.copytree(one(), model, symlinks=True)
    dying(model, nights.drop, "done", "due")
    chosen = range(1, steps + 1, max(1, steps // KILLS))
    for step in chosen:
        home = one()
        if step > 1:
            shutil.rmtree(home)
            shutil.copytree(model, home, symlinks=True)
        assert dying(home, nights.drop, "switching", "log", step) == ""
        print("killed at step", step, "of", steps)
        nights.whole(home)
        ends_well(nights, home)


def test_killed_at_random_moments(nights: Nights, one: Copy) -> None:
    """Several kills may hit one night; every third time it may end."""
    chance = random.Random(20261103)
    started = time.monotonic()
    assert run(one(), nights.drop).returncode == 0
    whole_night = time.monotonic() - started
    home = one()
    hit = 0
    for kill in range(1, KILLS + 1):
        with open(os.devnull, "r+b") as none:
            process = forked.start(night_words(home, nights.drop), [none.fileno()] * 3)
        time.sleep(chance.uniform(0, whole_night))
        process.kill()
        hit += process.wait() == -signal.SIGKILL
        nights.whole(home)
        if kill % 3 == 0:
            ends_well(nights, home)
            home = one()
    if KILLS % 3:
        ends_well(nights, home)
    assert hit >= KILLS // 3  # the others had ended before
