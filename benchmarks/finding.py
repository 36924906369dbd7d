"""Finding an institution on the site: `python -m benchmarks.finding` (2,100, 60,000 and 250,000 institutions).

Generated registers, as alike as real ones (tests/publish/site/registers.py), each with its index in a folder. Headless
Chromium opens the page from the disk and asks what the site's own script finds; each question in a fresh page, so that
what it loads is counted whole. Found is who is the first hit, or, where several may have the same (initials, pinyin,
head, part of a number), who is among the ten that are listed.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars

from benchmarks.frozen import Row, freeze
from double_random import data
from double_random.publish.site import search
from double_random.publish.site.search_keys import fold_text, spell_name
from tests.publish.site.registers import make_register
from tests.publish.test_finding import ASK, PAGE

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SIZES = (2_100, 60_000, 250_000)
LARGEST = 100_000  # bytes
QUESTIONS: dict[
    str, tuple[int, Callable[[dict[str, Any]], str]]
] = {  # the last place that counts as found
    "full name": (1, lambda row: row["name"]),
    "former name": (1, lambda row: row["former"][0]),
    "code": (1, lambda row: row["uscc"]),
    "licence number": (1, lambda row: row["licence"]),
    "full pinyin": (10, lambda row: spell_name(fold_text(row["name"])).partition(" ")[2]),
    "initials": (10, lambda row: spell_name(fold_text(row["name"])).partition(" ")[0]),
    "head": (10, lambda row: row["head"]),
    "six digits of a number": (10, lambda row: row["licence"][-6:]),
}


def write_site(folder: Path, register: polars.DataFrame) -> tuple[dict[str, int], float]:
    """The index, the script and a page; {file: bytes} and the CPU seconds of making the index."""
    (folder / "search").mkdir()
    before = _cpu()
    sizes = {}
    for path, content in search.build_search_pages(register):
        assert content is not None
        (folder / path).write_bytes(content)
        sizes[Path(path).name] = len(content)
    took = _cpu() - before
    (folder / "index.html").write_text(PAGE, "utf-8")
    (folder / "search.js").write_bytes(data.path("site", "search.js").read_bytes())
    return sizes, took


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def ask(
    browser: Browser, folder: Path, sizes: dict[str, int], typed: str, code: str
) -> tuple[int | None, int]:
    """The place at which an institution stands in the answer, and the bytes of the index that were loaded."""
    page = browser.new_page()
    loaded: list[str] = []
    page.on("request", lambda request: loaded.append(request.url.rpartition("/")[2]))
    page.goto((folder / "index.html").as_uri())
    (answer,) = page.evaluate(ASK, [typed])
    page.close()
    place = answer["cards"].index(code) + 1 if code in answer["cards"] else None
    return place, sum(sizes.get(name, 0) for name in loaded)


def measure(browser: Browser, institutions: int, questions: int) -> list[Row]:
    register = make_register(institutions)
    renamed = register.filter(polars.col("former").list.len() > 0)
    rows, bytes_ = [], []
    with tempfile.TemporaryDirectory(prefix="double-random-bench-") as name:
        folder = Path(name)
        sizes, took = write_site(folder, register)
        for what, (last, say) in QUESTIONS.items():
            asked = (renamed if what == "former name" else register).sample(questions, seed=1)
            places = []
            for row in asked.iter_rows(named=True):
                place, loaded = ask(browser, folder, sizes, say(row), row["uscc"])
                places.append(place)
                bytes_.append(loaded)
            found = sum(place is not None and place <= last for place in places)
            goal = "all, first" if last == 1 else "all, within ten"
            note = f"of {questions}"
            rows.append(
                Row(
                    f"{institutions:,}: {what}",
                    found,
                    "found",
                    None,
                    goal,
                    found == questions,
                    note,
                )
            )
    bytes_.sort()
    most, usual = bytes_[-1], statistics.median(bytes_)
    late = bytes_[len(bytes_) * 99 // 100]
    rows.append(
        Row(
            f"{institutions:,}: bytes a question",
            most / 1000,
            "KB",
            None,
            "at most 100 KB",
            most <= LARGEST,
            f"the most; median {usual / 1000:.0f}, 99 of 100 at most {late / 1000:.0f}",
        )
    )
    note = f"{took:.1f} CPU s to make, {len(sizes):,} files"
    rows.append(Row(f"{institutions:,}: index", sum(sizes.values()) / 1e6, "MB", note=note))
    return rows


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    words.add_argument("--questions", type=int, default=60)
    asked = words.parse_args()
    from playwright.sync_api import sync_playwright

    rows = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for size in asked.sizes:
            rows += measure(browser, size, asked.questions)
        browser.close()
    freeze("finding", "Finding an institution on the site", rows)


if __name__ == "__main__":
    main()
