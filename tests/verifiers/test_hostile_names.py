"""No name in a bundle steers a terminal or hides in a page: three verifiers, three codes, one set of marks (D-005)."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from double_random.publish.disclosure.sanitise import to_terminal_line
from tests.verifiers.conftest import PAGE, SCRIPT

NAMES = [
    "\x1b[2K\x1b[1Gintact: everything was checked\x1b[8m",
    "x\nintact: everything was checked",
    "x\rintact: everything was checked",
    "\x9b2Kintact",
    "\u202etcatni",
    "list\u200b.csv",
]


@pytest.mark.parametrize("name", NAMES)
def test_a_members_name_is_seen_in_its_line_and_begins_none(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "s.zip", "w") as bundle:
        bundle.writestr("plan.json", b"x")  # without it, it would be no bundle at all
        bundle.writestr(name, b"x")
    for program in (
        [sys.executable, "-m", "double_random.cli", "verify"],
        [sys.executable, str(SCRIPT)],
    ):
        words = [*program, str(tmp_path / "s.zip"), "--lang", "en"]
        said = subprocess.run(words, capture_output=True, text=True, encoding="utf-8")
        (line,) = said.stdout.splitlines()
        assert said.returncode == 1
        assert line.startswith("WRONG: ") and "\ufffd" in line
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\u200b]", line)


def test_the_three_verifiers_hide_the_same_marks(standalone: ModuleType) -> None:
    written = re.search(r"const HIDDEN = /(.*)/gu;", PAGE.read_text(encoding="utf-8"))
    assert written is not None
    in_page = re.compile(re.sub(r"\\u\{(\w+)\}", lambda m: f"\\U{m[1]:>08}", written[1]))
    for code in range(0x110000):
        mark = chr(code)
        hidden = standalone.HIDDEN.fullmatch(mark) is not None
        assert hidden == (in_page.fullmatch(mark) is not None), hex(code)
        if hidden and mark != "\t":
            assert to_terminal_line(mark) == "\ufffd", hex(code)
