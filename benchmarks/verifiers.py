"""The three verifiers on a city's draw of 2,100 (`python -m benchmarks.verifiers [--large]`): the best of several runs.

Goals: `double-random verify` within 25 × `python -c pass` on either bundle, verify.py within 12 ×, verify.html within
2 s from the drop to its first line, for draws of either version. With `--large` also `verify` and verify.py on bare
draws of 60,000 and 1,000,000 targets. Byte code is kept between runs in a folder of its own, as an installed program
has it.
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


def bare_draw(folder: Path, targets: int, inspectors: int, share: int) -> list[Path]:
    """The public and the auditor's bundle of a draw of version 2 without a log, one target in `share` drawn."""
    from tests.inspection.protocol.v2.cases import make_case
    from tests.inspection.protocol.v2.sources import NUMBERS
    from tests.inspection.verification import bare

    bare.PROGRAMS.update({path.name: path.read_bytes() for path in (SCRIPT, PAGE)})
    case = make_case(
        strata=(("law_firm", targets, [1, share], 0, "up"),),
        inspectors=inspectors,
        leads=tuple(range(0, inspectors, 2)),
        recusals=tuple((row, row % inspectors) for row in range(1, targets, 20)),
        values=(NUMBERS,),
    )
    files = bare.bundle_of(case)
    return [
        bundle.write_bundle(part, folder / f"{name} of version 2, {targets:,}.zip")
        for name, part in (("public", bare.publish(files)), ("auditor", files))
    ]


def large_draws(folder: Path) -> list[Row]:
    """Wall time and no goal: `verify` and verify.py on the auditor's bundle of large bare draws."""
    double_random = Path(sys.executable).with_name("double-random")
    rows = []
    for targets, inspectors, share in ((60_000, 400, 20), (1_000_000, 1_000, 100)):
        auditor = bare_draw(folder, targets, inspectors, share)[1]
        for name, command in (
            ("double-random verify", (double_random, "verify", auditor)),
            ("verify.py", (sys.executable, SCRIPT, auditor)),
        ):
            rows.append(Row(f"{name}, {auditor.stem}", best(run(*command), 2)))
    return rows


def programs(archives: list[Path], key: Path) -> list[Row]:
    """`double-random verify` and verify.py beside a Python that does nothing; a bare draw has no key."""
    double_random = Path(sys.executable).with_name("double-random")
    bare = best(run(sys.executable, "-c", "pass"), 30)
    rows = [Row("floor: python -c pass", bare)]
    for one in archives:
        for name, command, goal in (
            ("double-random verify", (double_random, "verify", one, *signed(one, key)), 25),
            ("verify.py", (sys.executable, SCRIPT, one, *signed(one, key)), 12),
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


def signed(archive: Path, key: Path) -> tuple[str | Path, ...]:
    """The option for the log's key, if the bundle has a log."""
    return () if "version 2" in archive.stem else ("--key", key)


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
            opened.fill("#key", key.read_text(encoding="utf-8") if signed(one, key) else "")
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
        archives += bare_draw(Path(folder), FIRMS, INSPECTORS, 20)
        rows = [*programs(archives, key), *page(archives, key)]
        if "--large" in sys.argv:
            rows += large_draws(Path(folder))
    freeze("verifiers", "Checking a city's draw of 2,100 institutions and 60 inspectors", rows)
    return int(any(row.met is False for row in rows))


if __name__ == "__main__":
    sys.exit(main())
