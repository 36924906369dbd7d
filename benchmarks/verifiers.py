"""The three verifiers on a city's draw of 2,100 (`python -m benchmarks.verifiers`): the best of several runs.

Goals: `double-random verify` within 25 × `python -c pass` on either bundle, verify.py within 12 ×, verify.html within
2 s from the drop to its first line. Byte code is kept between runs, as an installed program has it, in its own folder.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.frozen import Row, freeze
from double_random import data
from double_random.inspection.verification import bundle
from tests.inspection import conftest as bureau

FIRMS, INSPECTORS = 2_100, 60
RECUSALS = [(firm, firm % INSPECTORS + 1) for firm in range(1, FIRMS, 20)]
CHROMIUM = "/usr/bin/chromium"
SCRIPT, PAGE = data.path("verifiers", "verify.py"), data.path("verifiers", "verify.html")


def best(run: Callable[[], object], times: int = 10) -> float:
    """The shortest of several runs, in seconds."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        found.append(time.perf_counter() - start)
    return min(found)


def run(*command: str | Path) -> Callable[[], object]:
    """A run of a program in a process of its own."""
    words = [str(word) for word in command]
    return lambda: subprocess.run(words, check=True, capture_output=True)


def programs(archives: list[Path], key: Path) -> list[Row]:
    """`double-random verify` and verify.py beside a Python that does nothing."""
    double_random = Path(sys.executable).with_name("double-random")
    bare = best(run(sys.executable, "-c", "pass"), 30)
    rows = [Row("floor: python -c pass", bare)]
    for one in archives:
        for name, command, goal in (
            ("double-random verify", (double_random, "verify", one, "--key", key), 25),
            ("verify.py", (sys.executable, SCRIPT, one, "--key", key), 12),
        ):
            run(*command)()
            took = best(run(*command), 15)
            rows.append(
                Row(
                    f"{name}, {one.stem} bundle",
                    took,
                    ratio=took / bare,
                    goal=f"at most {goal} x the floor",
                    met=took <= goal * bare,
                )
            )
    return rows


def page(archives: list[Path], key: Path) -> list[Row]:
    """verify.html in Chromium, from the drop to the first line."""
    if not Path(CHROMIUM).exists():
        print("Chromium is not here: verify.html was not timed")
        return []
    from playwright.sync_api import sync_playwright

    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page()
        for one in archives:

            def drop(one: Path = one) -> None:
                opened.set_input_files("#files", str(one))
                opened.locator("#verdict.part").wait_for()

            opened.goto(PAGE.as_uri())
            opened.fill("#key", key.read_text(encoding="utf-8"))
            took = best(drop, 1)
            rows.append(
                Row(
                    f"verify.html, {one.stem} bundle, first drop",
                    took,
                    goal="at most 2 s",
                    met=took <= 2,
                )
            )
        browser.close()
    return rows


def main() -> int:
    """Each figure beside its goal; 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder, "byte code"))
        home = bureau.make(Path(folder), FIRMS, INSPECTORS, RECUSALS)
        bureau.carry_out(home, bureau.ask())
        key = Path(folder, "log.pub")
        key.write_text(home.log.public.text, encoding="utf-8")
        archives = [
            bundle.write_bundle(
                bundle.gather_bundle(home, "d1", name == "auditor"), Path(folder, f"{name}.zip")
            )
            for name in ("public", "auditor")
        ]
        rows = [*programs(archives, key), *page(archives, key)]
    freeze("verifiers", "Checking a city's draw of 2,100 institutions and 60 inspectors", rows)
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
