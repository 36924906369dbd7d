"""Many at once: readers, one night after another and a supervisor; nobody sees a lock or half a release.

DOUBLE_RANDOM_TOGETHER says for how many seconds (20); the milestone's run takes 180.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.nightly.state import ROOT, Nights

SECONDS = int(os.environ.get("DOUBLE_RANDOM_TOGETHER", "20"))
READERS = 8
NUMBERS = ".".join(f"{number:02d}" for number in range(1, 80, 4))

# What a reader asks: all that one night writes together. Half a release would have one without the other.
WHOLE = """
SELECT (SELECT max(run) FROM runs) AS run,
       (SELECT count(*) FROM runs WHERE kind = 'sync') AS syncs,
       (SELECT count(*) FROM records) AS records,
       (SELECT count(DISTINCT as_of) FROM scores) AS days
"""


@dataclass
class Seen:
    """What everybody did and saw."""

    done: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    answers: set[tuple[int, ...]] = field(default_factory=set)

    def type(self, who: str, home: Path, *words: str) -> str:
        """A command in a process of its own; whatever does not end with 0 is a failure."""
        cli = [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "--lang", "en"]
        ran = subprocess.run([*cli, *words], capture_output=True, text=True, check=False)
        self.done[who] += 1
        if ran.returncode:
            self.failed.append(f"{who}: {' '.join(words)}: {ran.stderr[-600:]}")
        return ran.stdout


def read(seen: Seen, home: Path) -> None:
    """An analyst: the list, a query, a notebook on the open data."""
    import polars

    seen.type("reader", home, "credit", "list", "--format", "json")
    row = json.loads(seen.type("reader", home, "sql", WHOLE, "--format", "json") or "[]")
    seen.answers |= {tuple(one.values()) for one in row}
    data = (home / "public").resolve() / "data"  # one edition, resolved once
    try:
        firms = polars.read_parquet(data / "institution.parquet")
        said = json.loads((data / "datapackage.json").read_text(encoding="utf-8"))
        assert firms.height > 100 and said["resources"]
        seen.done["notebook"] += 1
    except Exception as error:
        seen.failed.append(f"notebook: {error!r}")


def work(seen: Seen, home: Path, number: int) -> None:
    """A supervisor: plans, commits, draws, publishes, replaces."""
    draw = f"together-{number}"
    sealed = time.monotonic()
    source = f"lottery:快乐8:2026{number:03d}"
    seen.type(
        "supervisor", home, "inspection", "plan", "law-firm-practice", "--as-of", "2026-11-02",
        "--draw", draw, "--source", source, "--not-before", moment(45), "--publish-by", "2030-12-01",
    )  # fmt: skip
    seen.type("supervisor", home, "inspection", "commit", draw)
    time.sleep(max(0.0, sealed + 46 - time.monotonic()))  # the public number is drawn
    seen.type("supervisor", home, "inspection", "entropy", draw, f"{source}={NUMBERS}")
    seen.type("supervisor", home, "inspection", "draw", draw)
    seen.type("supervisor", home, "inspection", "publish", draw)


def moment(later: int) -> str:
    """A time so many seconds from now."""
    return (datetime.now(UTC) + timedelta(seconds=later)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_nobody_stands_in_anybodys_way(nights: Nights, one: Callable[[], Path]) -> None:
    home, seen = one(), Seen()
    end = time.monotonic() + SECONDS

    def again(what: Callable[[int], None]) -> None:
        number = 0
        while number == 0 or time.monotonic() < end:
            number += 1
            what(number)

    crew = [lambda _number: read(seen, home)] * READERS
    crew.append(lambda number: work(seen, home, number))
    crew.append(
        lambda number: (
            seen.type(
                "night", home, "nightly", str(nights.drop), "--as-of", f"2026-11-{2 + number:02d}"
            )
            and None
        )
    )
    threads = [threading.Thread(target=again, args=(what,)) for what in crew]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.failed == []
    assert min(seen.done[who] for who in ("reader", "notebook", "supervisor", "night")) >= 1
    # every answer is one whole release: before the nights, or after a number of them
    for run, syncs, records, days in seen.answers:
        assert (syncs == 1) == (days == 1) == (records == nights.before.rows["records"]), run
    log = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "--home", str(home), "log", "verify"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert log.returncode == 0, log.stderr
    print(dict(seen.done), sorted(seen.answers))
