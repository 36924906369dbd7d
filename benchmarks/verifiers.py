"""verify.py and verify.html on a city's draw of 2,100 (`python -m benchmarks.verifiers`): the best of several runs.

Goals: verify.py within 12 × `python -c pass` on either bundle, verify.html within 2 s from the drop to its first line.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import data
from inspection import bundle
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


def python(*arguments: str | Path) -> Callable[[], object]:
    """A run of Python in a process of its own."""
    command = [sys.executable, *map(str, arguments)]
    return lambda: subprocess.run(command, check=True, capture_output=True)


def script(archives: list[Path], key: Path) -> dict[str, tuple[float, float]]:
    """verify.py: what it took, and what it may take."""
    bare = best(python("-c", "pass"), 20)
    print(f"python -c pass: {bare * 1000:.0f} ms")
    return {
        f"verify.py, {one.stem} bundle ({best_ / bare:.1f} × python -c pass)": (best_, 12 * bare)
        for one in archives
        for best_ in [best(python(SCRIPT, one, "--key", key))]
    }


def page(archives: list[Path], key: Path) -> dict[str, tuple[float, float]]:
    """verify.html in Chromium, from the drop to the first line."""
    if not Path(CHROMIUM).exists():
        print("Chromium is not here: verify.html was not timed")
        return {}
    from playwright.sync_api import sync_playwright

    found = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = browser.new_page()
        for one in archives:

            def drop(one: Path = one) -> None:
                opened.set_input_files("#files", str(one))
                opened.locator("#verdict.part").wait_for()

            opened.goto(PAGE.as_uri())
            opened.fill("#key", key.read_text(encoding="utf-8"))
            found[f"verify.html, {one.stem} bundle, first drop"] = (best(drop, 1), 2.0)
        browser.close()
    return found


def main() -> int:
    """Print each figure beside its goal; 1 where one is missed."""
    with tempfile.TemporaryDirectory() as folder:
        home = bureau.make(Path(folder), FIRMS, INSPECTORS, RECUSALS)
        bureau.carry_out(home, bureau.ask())
        key = Path(folder, "log.pub")
        key.write_text(home.log.public.text, encoding="utf-8")
        archives = [
            bundle.write(bundle.gather(home, "d1", name == "auditor"), Path(folder, f"{name}.zip"))
            for name in ("public", "auditor")
        ]
        figures = {**script(archives, key), **page(archives, key)}
    for name, (took, may) in figures.items():
        print(
            f"{'ok  ' if took <= may else 'MISS'} {name}: {took * 1000:.0f} ms of {may * 1000:.0f} ms"
        )
    return int(any(took > may for took, may in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
