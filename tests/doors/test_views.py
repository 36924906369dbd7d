"""Every human view after every kind of act: a table in Chinese and English, 80 columns, on any code page, no traceback.

A command that is neither a view nor an act here, a kind of log entry or run without words, fails the test.
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

import language
import vocabulary
from cli import application, globals_first
from demo.story import tour
from doors.home import use
from store.log import FIELDS
from tests.commands import commands

ROOT = Path(__file__).parent.parent.parent
FIRM, DAY = "31990000XXXX00449M", "2026-11-13"
VIEWS = {  # every command that only shows
    "status": "",
    "sql": "FROM|scores|LIMIT|3",
    "registry list": "",
    "registry show": FIRM,
    "registry history": FIRM,
    "registry issues": "",
    "registry recusals": "",
    "registry inspectors": "",
    "registry coverage": "",
    "credit list": "",
    "credit show": FIRM,
    "credit explain": FIRM,
    "credit policies": "",
    "credit report": FIRM,
    "credit trend": f"{FIRM} --from 2026-01-01 --until 2026-10-31",
    "credit what-if": FIRM,
    "credit backtest": "--as-of 2026-04-30 --months 3",
    "credit compare": "risk-100 evaluation-1000 --as-of 2026-10-31",
    "credit measures": f"--as-of {DAY}",
    "credit notify": f"--as-of {DAY}",
    "credit objection": "",
    "inspection items": "",
    "inspection open": "",
    "inspection show": "2026-practice",
    "inspection sources": "",
    "inspection odds": "2026-practice --trials 5",
    "inspection explain": FIRM,
    "inspection targets": "2026-practice",
    "inspection due": f"--as-of {DAY}",
    "inspection reconcile": f"2026-practice --as-of {DAY}",
    "inspection report": "--quarter 2026Q4",
    "inspection triggered": "",
    "log show": "",
    "log verify": "",
    "store check": "",
    "publish check": "",
}
OTHERS = {  # acts, and what writes files or asks questions: their words are seen in the views after them
    "init", "demo", "nightly", "verify", "replay",
    "registry sync", "registry link", "registry close", "registry undo", "registry confirm-code", "store rebuild",
    "credit load", "credit score", "credit repair",
    "inspection plan", "inspection commit", "inspection entropy", "inspection draw", "inspection attest",
    "inspection publish", "inspection void", "inspection replace", "inspection substitute", "inspection bundle",
    "inspection proof", "inspection lint", "inspection new", "inspection do", "inspection forms",
    "inspection task", "inspection paper", "inspection join", "inspection take-back", "inspection results",
    "inspection record", "inspection year-plan", "inspection to-credit", "inspection check-notice",
    "log proof", "log check-proof", "log timestamp-request", "log timestamp-attach", "log cosign",
    "log witness-key", "log witness-sign", "log rotate-key", "log passphrase", "log clock",
    "publish build", "publish pack", "inspection preview", "inspection discard",
    "publish serve", "publish clear", "publish upload-files",
    "publish apply",
}  # fmt: skip
REPAIR = f"credit repair {FIRM} --record 示例司罚决字〔2026〕5号 --decided 2026-11-13"
ACTS = [
    REPAIR,
    f"credit objection {FIRM} --record 示例司罚决字〔2026〕5号 --step accepted --decided 2026-11-13",
    "inspection void 2026-none --reason x",
    "inspection paper 2026-practice approved --date 2026-11-13",
    "inspection replace 2026-practice {target} --reason ceased",
    "inspection task 2026-practice --first-day 2026-11-14 --last-day 2026-11-20",
    "log rotate-key",
    "registry close {issue} --by 示例 --why 示例 --as-of 2026-11-13",
    "registry undo",
]


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tour's home, after every kind of act that a person can do there."""
    path = tmp_path_factory.mktemp("views") / "bureau"
    tour(path, console=Console(file=io.StringIO(), width=80))
    return path


def run(home: Path, line: list[str], lang: str = "en") -> tuple[int, str]:
    language.choose(lang)
    use(home)
    given = ["--home", str(home), "--lang", lang, *line]
    env = {"COLUMNS": "80", "NO_COLOR": "1"}
    done = CliRunner().invoke(application(), globals_first(given), env=env)
    unforeseen = done.exception is not None and not isinstance(done.exception, SystemExit)
    if unforeseen and not hasattr(done.exception, "exit_code"):
        assert done.exception is not None
        raise done.exception
    return done.exit_code, done.output


def view(home: Path, name: str, lang: str) -> str:
    words = VIEWS[name].split() if name != "sql" else [VIEWS[name].replace("|", " ")]
    return run(home, [*name.split(), *words, "--format", "table"], lang)[1]


def see_all(home: Path) -> None:
    for name in VIEWS:
        for lang in ("zh_CN", "en"):
            shown = view(home, name, lang)
            wide = [line for line in shown.split("\n") if cell_len(line) > 80]
            if name in ("status", "registry list", "credit list", "log show"):
                assert wide == [] or name == "log show", (name, lang, wide)
            assert "\x1b" not in shown


def test_every_command_is_a_view_or_an_act() -> None:
    assert set(commands()) - set(VIEWS) - OTHERS == set()


def test_every_kind_of_entry_and_run_has_words() -> None:  # D-029, D-072
    runs = set()
    for room in ("credit", "inspection", "registry", "store"):
        for file in (ROOT / room).rglob("*.py"):
            runs |= set(re.findall(r'releases\.write\(\s*"([a-z]+)"', file.read_text("utf-8")))
    assert {"ruling", "link", "close", "undo"} <= runs
    assert (set(FIELDS) | runs) - set(vocabulary.ACT) == set()


def test_every_view_can_be_seen_after_every_act(bureau: Path) -> None:  # D-029
    number = run(bureau, ["registry", "issues", "--format", "csv"])[1]
    issue = next(re.finditer(r"\b[0-9a-f]{8,}\b", number), None)
    rows = run(bureau, ["inspection", "show", "2026-practice", "--format", "csv"])[1]
    target = rows.splitlines()[1].split(",")[1]
    for act in ACTS:
        line = act.format(target=target, issue=issue[0] if issue else "x")
        run(bureau, line.split())
        for name in ("status", "log show", "credit show", "inspection targets", "registry issues"):
            for lang in ("zh_CN", "en"):
                assert view(bureau, name, lang)
    see_all(bureau)
    shown = view(bureau, "status", "zh_CN")
    assert "信用记录处理决定" in shown


@pytest.mark.parametrize("coding", ["gbk", "cp1252", "ascii"])
def test_a_view_needs_no_character_that_a_code_page_lacks(coding: str, bureau: Path) -> None:
    """D-038."""
    for line in (
        "registry list --format table",
        f"credit explain {FIRM} --format table",
        "log show",
    ):
        words = [
            sys.executable,
            "-m",
            "cli",
            "--home",
            str(bureau),
            "--lang",
            "zh_CN",
            *line.split(),
        ]
        said = subprocess.run(
            words, capture_output=True, env=os.environ | {"PYTHONIOENCODING": coding}
        )
        assert (said.returncode, b"Traceback" in said.stderr) == (0, False), said.stderr


def test_a_view_on_a_real_terminal(bureau: Path) -> None:
    pexpect = pytest.importorskip("pexpect")
    words = ["-m", "cli", "--home", str(bureau), "--lang", "zh_CN", "status"]
    shown = pexpect.run(f"{sys.executable} {' '.join(words)}", timeout=120, encoding="utf-8")
    assert "数据目录" in shown and "Traceback" not in shown


UTC = re.compile(r"\d\dT\d\d:\d\d(:\d\d)?Z")


def test_people_see_no_time_of_utc(bureau: Path) -> None:
    """D-048: each view, each check, each command of the tour, each page and each workbook of the site."""
    told = {"tour": (bureau / "demo.txt").read_text("utf-8")}
    for lang in ("zh_CN", "en"):
        told |= {f"{name} {lang}": view(bureau, name, lang) for name in VIEWS}
        for bundle in sorted((bureau / "bundles").iterdir()):
            told[f"verify {bundle.name} {lang}"] = run(
                bureau, ["verify", str(bundle), "--format", "table"], lang
            )[1]
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
