"""Many at once: readers, one night after another and a supervisor; nobody sees a lock or half a release.

DOUBLE_RANDOM_TOGETHER says for how many seconds (6; 180 in `make test-thorough`).
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from double_random.core.china_time import BEIJING
from tests import forked
from tests.pipeline.state import Nights
from tests.thorough import examples

SECONDS = int(os.environ.get("DOUBLE_RANDOM_TOGETHER", examples(6, 180)))
READERS = 8
TOO_LATE = "it is too late to commit it"
SEALED_IN = (15, 60, 240)  # seconds from a plan to its public number
NUMBERS = "41526163"

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

    def type(self, who: str, home: Path, *words: str, excused: str = "") -> str | None:
        """A command in a process of its own: its answer. Whatever does not end with 0 is a failure, unless excused."""
        ran = forked.run(["--home", home, "--lang", "en", *words])
        self.done[who] += 1
        if ran.returncode and excused and excused in ran.stderr:
            return None
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
    """A supervisor: plans, commits, draws, publishes, files the papers, records what was found and publishes it."""
    draw = f"together-{number}"
    source = "dice:示例会议室:8"
    seal(seen, home, draw, source)
    seen.type(
        "supervisor",
        home,
        "inspection",
        "entropy",
        draw,
        f"{source}={NUMBERS}",
        "--confirm",
        f"{source}={NUMBERS}",
    )
    seen.type("supervisor", home, "inspection", "draw", draw)
    seen.type("supervisor", home, "inspection", "publish", draw)
    record(seen, home, draw)


def seal(seen: Seen, home: Path, draw: str, source: str) -> None:
    """Plan and commit before the public number is drawn: soon, later where the machine is too slow for that."""
    for seconds in SEALED_IN:
        drawn = time.monotonic() + seconds + 1
        seen.type(
            *(
                "supervisor",
                home,
                "inspection",
                "plan",
                "law-firm-practice",
                "--as-of",
                "2026-11-02",
            ),
            *(
                "--draw",
                draw,
                "--source",
                source,
                "--protocol",
                "1",
                "--not-before",
                moment(seconds),
            ),
            *("--publish-by", "2030-12-01"),
        )
        words = ("supervisor", home, "inspection", "commit", draw)
        if seen.type(*words, excused=TOO_LATE) is not None:
            break
        seen.type("supervisor", home, "inspection", "discard", draw)
    time.sleep(max(0.0, drawn - time.monotonic()))


def record(seen: Seen, home: Path, draw: str) -> None:
    """From the task to the published result of everybody drawn, by the sheet that goes out and comes back."""
    import openpyxl

    def type_(*words: str) -> str:
        return seen.type("records", home, "inspection", *words)

    today = day()
    last = today + timedelta(days=20)
    type_("task", draw, "--first-day", str(today), "--last-day", str(last), "--number", draw)
    for step, paper in (("approved", "批1号"), ("notified", "知{n}号"), ("coded", "XXXX{n}")):
        type_("paper", draw, step, "--number", f"{draw}{paper}", "--date", str(today))
    sheet = home.parent / f"{draw}.xlsx"
    type_("results", draw, "--output", str(sheet))
    book = openpyxl.load_workbook(sheet)
    filled = book.active
    columns = {str(cell.value): cell.column_letter for cell in filled[2]}
    rows = range(3, filled.max_row + 1)
    for row in rows:
        filled[f"{columns['检查日期']}{row}"] = str(today)
        filled[f"{columns['检查结果']}{row}"] = "未发现问题"
    book.save(sheet)
    said = json.loads(type_("record", draw, str(sheet)) or "{}")
    if said.get("recorded") != len(rows):
        seen.failed.append(f"record: {said} of {len(rows)}")
    type_("paper", draw, "told", "--date", str(today))
    type_("paper", draw, "published", "--date", str(today), "--number", f"{draw}公告")
    seen.done["results"] += len(rows)


def day() -> date:
    """Today, as people in China date their papers."""
    return (datetime.now(UTC) + BEIJING).date()


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
                "night",
                home,
                "nightly",
                str(nights.drop),
                "--as-of",
                f"2026-11-{3 + number % 18:02d}",
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
    everybody = ("reader", "notebook", "supervisor", "records", "results", "night")
    assert min(seen.done[who] for who in everybody) >= 1
    # every answer is one whole release: before the nights, or after a number of them
    for run, syncs, records, days in seen.answers:
        assert (syncs == 1) == (days == 1) == (records == nights.before.rows["records"]), run
    # the next night takes what was found and published into the credit records, every result once
    today = str(day())
    for _ in range(2):
        seen.type("night", home, "nightly", str(nights.drop), "--as-of", today)
    assert seen.failed == []
    count = "SELECT count(*) AS found FROM records WHERE class = 'inspection'"
    (row,) = json.loads(seen.type("reader", home, "sql", count, "--format", "json"))
    assert row["found"] == seen.done["results"]
    log = forked.run(["--home", home, "log", "verify"])
    assert log.returncode == 0, log.stderr
    print(dict(seen.done), sorted(seen.answers))
