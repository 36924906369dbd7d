"""Views and acts of the command line, and how tests type them here as a process would, on any code page."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import json
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from rich.cells import cell_len

from double_random import cli
from double_random.commands.render.terminal import prepare_streams
from double_random.store.home import Home
from tests.thorough import examples

ROOT = Path(__file__).parent.parent.parent
FIRM, DAY = "31990000XXXX00449M", "2026-11-13"
COSTLY = {  # views that read releases alone: only an act that makes one, or rules on a record, changes what they show
    "credit report": FIRM,
    "credit trend": f"{FIRM} --from 2026-08-31 --until 2026-10-31",
    "credit what-if": FIRM,
    "credit backtest": "--as-of 2026-04-30 --months 3",
    "credit compare": "risk-100 evaluation-1000 --as-of 2026-10-31",
    "credit measures": f"--as-of {DAY}",
    "credit list": "",
    "registry list": "",
    "registry coverage": "",
    "registry recusals": "",
    "registry inspectors": "",
    "credit explain": FIRM,
    "credit notify": f"--as-of {DAY}",
    "sql": "'FROM scores LIMIT 3'",
    "store check": "",
}
VIEWS = {  # every command that only shows, with what it needs
    "status": "",
    "registry show": FIRM,
    "registry history": FIRM,
    "registry issues": "",
    "credit show": FIRM,
    "credit policies": "",
    "credit objection": "",
    "inspection items": "",
    "inspection open": "",
    "inspection show": "2026-practice",
    "inspection sources": "--not-before '2026-12-01 16:00'",
    "inspection odds": "2026-practice --trials 3",
    "inspection preview": "law-firm-practice --as-of 2026-11-13",
    "inspection explain": FIRM,
    "inspection targets": "2026-practice",
    "inspection due": "--as-of 2026-11-28",
    "inspection reconcile": "2026-practice --as-of 2026-11-28",
    "inspection report": "--quarter 2026Q4",
    "inspection triggered": "",
    "log show": "",
    "log verify": "",
    "publish check": "",
    **COSTLY,
}
NOT_TYPED = {
    "registry proof": "tests/verifiers/test_home_draws.py",  # with the test that types each
    "demo": "tests/demo",
    "draw": "tests/commands/test_bare_draw.py",
    "nightly": "tests/publish",
    "inspection new": "tests/commands/test_wizard.py",
    "publish serve": "tests/publish/site/test_preview_server.py",
}
# A line of these may be longer than the terminal: keys, SQL's own columns.
WIDE = {"sql", "log show"}

HALVES = examples(2, 1)  # after so many acts each of the other views was seen
TURNS = 3  # in so many turns the costly views come round

Line = tuple[str, int]
REGISTERS: tuple[Line, ...] = (  # acts upon registers, records and the site; each with how it ends
    ("init --authority 示例区司法局 --code 11990000XXXX000107", 2),  # the home is there
    ("registry sync {sample} --as-of 2026-11-13", 0),
    ("credit load {sample} --as-of 2026-11-13", 0),
    ("credit score --as-of 2026-11-13", 0),
    ("registry link 示例查无律师事务所 {firm} --by 示例 --reason 示例 --as-of 2026-11-13", 0),
    ("registry close {issue} --by 示例 --reason 示例 --as-of 2026-11-13", 0),
    ("registry close {issue} --by 示例 --reason 示例 --as-of 2026-11-13 --reopen", 0),
    ("registry confirm-code 31990000XXXX900180 --by 示例 --reason 示例 --as-of 2026-11-13", 0),
    ("credit objection {firm} --record {penalty} --step accepted --decided 2026-11-12", 0),
    ("credit objection {firm} --record {penalty} --step checking --decided 2026-11-12", 0),
    ("credit objection {firm} --record {penalty} --step kept --decided 2026-11-12", 0),
    ("credit repair {firm} --record {penalty} --decided 2026-11-12", 2),  # too early
    (
        "credit repair {firm} --record {penalty} --decided 2026-11-12 --ordered-by 示例法院 --order 示1",
        0,
    ),
    ("registry undo 1 --as-of 2026-11-13", 0),
    ("store rebuild", 2),  # every release is whole
    ("publish check --texts --as-of 2026-11-13", 0),
    ("publish build --as-of 2026-11-13", 0),
    ("publish build --as portal --as-of 2026-11-13 --output {new}", 0),
    ("publish upload-files --as-of 2026-11-13 --output {new}", 0),
    ("publish clear f --by 示例 --as-of 2026-11-13", 2),
    ("publish pack {kept}/site.zip", 0),
    ("publish apply {kept}/site.zip --to {new} --key {key}", 0),
)
PLAN = (
    "inspection plan law-firm-practice --as-of 2026-10-31 --source balls:示例:6 --protocol 1 "
    "--not-before '2026-11-24 15:00' --publish-by 2026-12-20"
)
DRAWS: tuple[Line, ...] = (  # acts upon draws, their case files and the log
    (f"{PLAN} --draw q", 0),
    ("inspection discard q", 0),
    (f"{PLAN} --draw q", 0),
    ("inspection commit q --at '2026-11-23 10:00'", 0),
    ("inspection entropy q balls:示例:6=123456 --yes --at '2026-11-24 15:05'", 0),
    ("inspection draw q --at '2026-11-24 15:10'", 0),
    ("inspection attest q --scan {scan} --witness 示例证人，示例办公室 --at '2026-11-24 15:20'", 0),
    ("inspection task q --first-day 2026-11-25 --last-day 2026-12-18 --at '2026-11-24 16:00'", 0),
    ("inspection paper q approved --number 批1 --date 2026-11-25 --at '2026-11-25 10:00'", 0),
    ("inspection take-back q 1 --reason 示例 --at '2026-11-25 10:05'", 0),
    ("inspection task q --first-day 2026-11-25 --last-day 2026-12-18 --at '2026-11-25 10:10'", 0),
    ("inspection replace q {first} --reason ceased --at '2026-11-25 11:00'", 0),
    ("inspection substitute q {last} {leaves} --reason illness --at '2026-11-25 11:05'", 0),
    ("inspection join {firm} q 2026-practice --number 示1 --at '2026-11-25 11:10'", 0),
    ("inspection results q --output {kept}/r.xlsx", 0),
    ("inspection record q {filled} --at '2026-11-26 10:00'", 0),
    ("inspection publish q --at '2026-11-26 11:00'", 0),
    ("inspection paper q told --date 2026-11-26 --at '2026-11-26 12:00' {visited}", 0),
    ("inspection paper q published --date 2026-11-26 --at '2026-11-26 13:00' {visited}", 0),
    (f"{PLAN.replace('11-24', '11-27')} --draw v", 0),
    ("inspection commit v --at '2026-11-26 14:00'", 0),
    ("inspection void v --reason 'wrong plan' --at '2026-11-26 15:00'", 0),
    (
        "inspection triggered {firm} --ground complaint --item law-firm-archives "
        "--number 示1 --date 2026-11-26 --at '2026-11-26 16:00'",
        0,
    ),
    (
        "inspection triggered --number 示1 --result clean --date 2026-11-27 --at '2026-11-27 10:00'",
        0,
    ),
    ("inspection to-credit --as-of 2026-11-27", 0),
    ("inspection year-plan 2027 --blank {new}.xlsx", 0),
    ("inspection year-plan 2027 --approve --number 示1", 2),  # none was filed
    ("inspection do --blank {new}.xlsx", 0),
    ("inspection forms q --as-of 2026-11-28 --only 抽查 --output {new}", 0),
    ("inspection check-notice DR1:XXXX", 1),
    ("inspection bundle q --auditor --output {kept}/q", 0),
    ("verify {kept}/q --key {key}", 0),
    ("replay {vectors}/lottery-groups", 0),
    ("inspection proof {firm} --draw 2026-practice", 0),
    ("inspection lint {kept}/r.xlsx", 2),  # no past draw
    ("log proof --entry 1 --output {kept}/entry.json", 0),
    ("log check-proof {kept}/entry.json --key {key}", 0),
    ("log timestamp-request --output {new}", 0),
    ("log timestamp-attach {scan}", 1),  # no answer of an authority
    ("log witness-key {kept}/witness --name 示例公证处", 0),
    (
        "log witness-sign {kept}/witness --checkpoint {home}/log/checkpoint "
        "--log {home}/log/log.jsonl --key {key}",
        0,
    ),
    ("log cosign '— 示例 XXXX' --witness {kept}/witness/witness.pub", 1),  # no signature
    ("log passphrase --remove", 0),
    ("log clock --reason 'clock wrong'", 2),  # nothing is misdated
    ("log rotate-key", 0),
)
PAGES = (
    ("zh_CN", "utf-8"),
    ("en", "cp1252"),
    ("zh_CN", "gbk"),
    ("en", "utf-8"),
    ("zh_CN", "ascii"),
    ("en", "ascii"),
    ("zh_CN", "cp1252"),
    ("en", "gbk"),
)


class Bureau:
    """A home in which lines are typed, and what they need of it."""

    def __init__(self, home: Path, kept: Path) -> None:
        self.home, self.kept = home, kept
        kept.mkdir()
        (kept / "scan.pdf").write_bytes(b"example")
        self.count = 0

    def type(
        self, line: str, lang: str = "en", coding: str = "utf-8", form: str = ""
    ) -> tuple[int, str, str]:
        """Exit code, stdout and stderr of a line, as a terminal of 80 columns with a code page shows them."""
        words = ["--home", str(self.home), "--lang", lang, *shlex.split(line)]
        return typed(words + (["--format", form] if form else []), coding)

    def rows(self, line: str) -> list[dict[str, object]]:
        code, shown, said = self.type(line, form="json")
        assert code == 0, said
        found: list[dict[str, object]] = json.loads(shown)
        return found

    def filled(self, line: str) -> str:
        """An act's line with what stands in the home now."""
        for name, value in self.words().items():
            if f"{{{name}}}" in line:
                line = line.replace(f"{{{name}}}", value())
        assert "{" not in line, line
        return line

    def words(self) -> dict[str, Callable[[], str]]:
        return {
            "home": lambda: str(self.home),
            "kept": lambda: str(self.kept),
            "new": self._new,
            "scan": lambda: str(self.kept / "scan.pdf"),
            "key": lambda: str(self.home / "keys" / "log.pub"),
            "sample": lambda: str(ROOT / "data" / "sample"),
            "vectors": lambda: str(ROOT / "tests" / "vectors"),
            "firm": lambda: FIRM,
            "penalty": lambda: "示例司罚决字〔2026〕5号",
            "issue": self._issue,
            "first": lambda: str(self._others()[0]["id"]),
            "last": lambda: str(self._others()[-1]["id"]),
            "leaves": self._leaves,
            "filled": self._filled_sheet,
            "visited": lambda: " ".join(
                str(one["id"]) for one in self.rows("inspection targets q") if one["visited"]
            ),
        }

    def _new(self) -> str:
        self.count += 1
        return str(self.kept / f"new-{self.count}")

    def _issue(self) -> str:
        shown = self.type("registry issues", form="csv")[1]
        return next(row["id"] for row in csv.DictReader(io.StringIO(shown)) if row["id"])

    def _others(self) -> list[dict[str, object]]:
        """Who was drawn beside the only firm of grade D, which each draw of the item draws."""
        return [one for one in self.rows("inspection show q") if one["id"] != FIRM]

    def _leaves(self) -> str:
        team = self._others()[-1]["team"]
        assert isinstance(team, list)
        return str(team[-1]["name"])

    def _filled_sheet(self) -> str:
        import openpyxl

        book = openpyxl.load_workbook(self.kept / "r.xlsx")
        for row in range(3, 15):  # the others are still to be visited
            book.active[f"H{row}"], book.active[f"I{row}"] = "2026-11-25", "未发现问题"
        book.save(self.kept / "filled.xlsx")
        return str(self.kept / "filled.xlsx")


def typed(words: Sequence[str], coding: str = "utf-8") -> tuple[int, str, str]:
    """The program with these words: its exit code, and what it wrote in the code page of its two streams."""
    with _streams(coding) as (out, err), pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "80")
        patch.setenv("NO_COLOR", "1")
        before = signal.getsignal(signal.SIGINT)
        try:
            prepare_streams()
            code = cli._run_to_exit_code(list(words))
            sys.stdout.flush()
            sys.stderr.flush()
        finally:
            signal.signal(signal.SIGINT, before)
        return code, _text(out.getvalue(), coding), _text(err.getvalue(), coding)


def _text(content: bytes, coding: str) -> str:
    """What a person reads is in the page's own coding; what a program reads (JSON in a pipe) is UTF-8 on every page."""
    try:
        return content.decode(coding)
    except UnicodeDecodeError:
        return content.decode("utf-8")


@contextlib.contextmanager
def _streams(coding: str) -> Iterator[tuple[io.BytesIO, io.BytesIO]]:
    out, err = io.BytesIO(), io.BytesIO()
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.StringIO("")
    sys.stdout, sys.stderr = (io.TextIOWrapper(raw, encoding=coding) for raw in (out, err))
    try:
        yield out, err
    finally:
        sys.stdin, sys.stdout, sys.stderr = kept


def see(bureau: Bureau, name: str, lang: str, coding: str = "utf-8") -> str:
    """One view as a table, in a language, on a code page: it ends with 0, is not too wide, and says something."""
    line = f"{name} {VIEWS[name]}"
    code, shown, said = bureau.type(line, lang, coding, "table")
    place = (line, lang, coding, said)
    assert code == 0 and (shown + said).strip(), place
    assert "Traceback" not in said and "\x1b" not in shown, place
    if coding == "utf-8" and name not in WIDE:
        assert [one for one in shown.split("\n") if cell_len(one) > 80] == [], place
    return shown


def act(bureau: Bureau, line: str, code: int, number: int) -> str:
    """Do an act: it ends as it must, with a sentence where it fails, and without a traceback."""
    filled = bureau.filled(line)
    lang, coding = PAGES[number % len(PAGES)]
    ended, shown, said = bureau.type(filled, lang, coding)
    assert ended == code, (filled, shown, said)
    if code and coding != "ascii":
        assert said.startswith(("error: ", "错误：", "??")), (filled, said)
    assert "Traceback" not in shown + said
    assert not (bureau.home / "errors").exists(), (filled, said)
    return filled


def walk(bureau: Bureau, lines: Sequence[Line], views: Sequence[str], extra: Sequence[str]) -> None:
    """After each act that changed the home the views, in changing languages and on changing code pages.

    Every second one in turn (all of them in `make test-thorough`). The costly ones come in more turns, and only after
    an act that made a release. The release stays open, so that not every view opens the database anew.
    """
    known, release = _state(bureau.home), ""
    halves, turns = itertools.cycle(range(HALVES)), itertools.cycle(range(TURNS))
    for number, (line, code) in enumerate(lines):
        act(bureau, line, code, number)
        if _state(bureau.home) == known:
            continue
        lang, coding = PAGES[number % len(PAGES)]
        current = (bureau.home / "releases" / "current").read_text()
        costly = extra[next(turns) :: TURNS] if current != release else ()
        with Home.open(bureau.home).releases.read():
            for name in (*views[next(halves) :: HALVES], *costly):
                see(bureau, name, lang, coding)
        assert not (bureau.home / "errors").exists()
        known, release = _state(bureau.home), current


def _state(home: Path) -> set[tuple[str, int, int]]:
    """Every file of a home, with its size and time."""
    files = (file for file in home.rglob("*") if file.is_file() and file.suffix != ".lock")
    return {(str(file), file.stat().st_size, file.stat().st_mtime_ns) for file in files}
