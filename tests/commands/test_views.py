"""Every command is a view or an act that tests type; what people see has words, and times of their own clock."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from double_random.core import vocabulary
from double_random.store.log.signed_log import FIELDS
from tests.command_tree import commands
from tests.commands.views import DRAWS, FIRM, NOT_TYPED, REGISTERS, ROOT, VIEWS, Bureau, see


@pytest.fixture(scope="module")
def bureau(toured: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tour's home."""
    return shutil.copytree(toured, tmp_path_factory.mktemp("views") / "bureau", symlinks=True)


def test_every_command_is_typed() -> None:
    """A command that is neither a view nor typed as an act nor by a test that is named fails here."""
    lines = [line for line, _code in (*REGISTERS, *DRAWS)]
    acts = {name for name in commands() for line in lines if f"{line} ".startswith(f"{name} ")}
    assert set(commands()) - set(VIEWS) - acts - set(NOT_TYPED) == set()
    assert (set(VIEWS) | set(NOT_TYPED)) - set(commands()) == set()
    assert all((ROOT / where).exists() for where in NOT_TYPED.values())


def test_every_kind_of_entry_and_run_has_words() -> None:  # D-029, D-072
    runs = set()
    for package in ("credit", "inspection", "registry", "store"):
        for file in (ROOT / package).rglob("*.py"):
            runs |= set(re.findall(r'releases\.write\(\s*"([a-z]+)"', file.read_text("utf-8")))
    assert {"ruling", "link", "close", "undo"} <= runs
    assert (set(FIELDS) | runs) - set(vocabulary.ACT) == set()


@pytest.mark.parametrize("coding", ["gbk", "cp1252", "ascii"])
def test_a_view_needs_no_character_that_a_code_page_lacks(coding: str, bureau: Path) -> None:
    """D-038: in a process of its own; all views in this process are in test_views_after_*.py."""
    line = (
        "--home",
        str(bureau),
        "--lang",
        "zh_CN",
        "credit",
        "explain",
        FIRM,
        "--format",
        "table",
    )
    said = subprocess.run(
        [sys.executable, "-m", "double_random.cli", *line],
        capture_output=True,
        env=os.environ | {"PYTHONIOENCODING": coding},
    )
    assert (said.returncode, b"Traceback" in said.stderr) == (0, False), said.stderr


def test_a_view_on_a_real_terminal(bureau: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    words = ["-m", "double_random.cli", "--home", str(bureau), "--lang", "zh_CN", "status"]
    shown = pexpect.run(f"{sys.executable} {' '.join(words)}", timeout=120, encoding="utf-8")
    assert "数据目录" in shown and "Traceback" not in shown


LATIN = {  # what stays Latin in Chinese: grades, measures of a backtest, spellings that are typed as they stand
    *(
        "AA",
        "AAA",
        "AUC",
        "KS",
        "Gini",
        "PSI",
        "SHA",
        "stars",
        "local",
        "lottery",
        "balls",
        "dice",
        "drand",
    ),
}


def test_no_english_word_stands_in_a_chinese_view(bureau: Path, tmp_path: Path) -> None:
    """D-066: headings and cells; codes are what has a digit, a hyphen or a colon in or beside it."""
    there = Bureau(bureau, tmp_path / "kept")
    found = {}
    for name in VIEWS:
        if name != "sql":  # its headings are those of the tables
            bare = re.findall(r"(?<![\w./:=-])[A-Za-z]{2,}(?![\w./:=-])", see(there, name, "zh_CN"))
            found[name] = set(bare) - LATIN
    assert {name: words for name, words in found.items() if words} == {}


UTC = re.compile(r"\d\dT\d\d:\d\d(:\d\d)?Z")


def test_people_see_no_time_of_utc(bureau: Path, tmp_path: Path) -> None:
    """D-048: each view, each check, each command of the tour, each page and each workbook of the site."""
    told = {"tour": (bureau / "demo.txt").read_text("utf-8")}
    there = Bureau(bureau, tmp_path / "kept")
    for lang in ("zh_CN", "en"):
        told |= {f"{name} {lang}": see(there, name, lang) for name in VIEWS}
        for bundle in sorted((bureau / "bundles").iterdir()):
            told[f"verify {bundle.name} {lang}"] = there.type(f"verify {bundle}", lang)[1]
            script = ROOT / "data" / "verifiers" / "verify.py"
            words = [sys.executable, str(script), str(bundle), "--lang", lang[:2]]
            told[f"verify.py {bundle.name} {lang}"] = subprocess.run(
                words, capture_output=True, encoding="utf-8"
            ).stdout
    site = (bureau / "public").resolve()
    assert (site / "log" / "index.html").is_file()
    for page in site.rglob("*.html"):
        if page.name != "verify.html":
            told[str(page)] = page.read_text("utf-8")
    for book in site.rglob("*.xlsx"):
        with zipfile.ZipFile(book) as parts:
            told[str(book)] = "".join(
                parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/")
            )
    assert [name for name, text in told.items() if UTC.search(text)] == []
    assert "14:10:00" in told[str(site / "log" / "index.html")]
