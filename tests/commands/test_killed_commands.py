"""A command killed at any of its steps on files: the home opens, the command done again finishes, nothing is lost.

DOUBLE_RANDOM_KILLS says at how many steps of each command (1); `all` takes every one.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random.inspection.casework import result_sheet
from double_random.pipeline.checkup import check_home
from double_random.store.home import Home
from tests.conftest import ROOT
from tests.inspection.conftest import code, drop

KILLS = os.environ.get("DOUBLE_RANDOM_KILLS", "1")
PENALTIES = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,处罚类别,违法事实,处罚决定日期,处罚机关\n"
    "上海示例001律师事务所,{code},示司罚决字〔2026〕第1号,警告,示例,2026-05-04,示例市司法局\n"
)
NAMES = (
    "sync", "load", "score", "link", "undo", "rebuild", "plan", "commit", "entropy", "draw", "record",
    "publish", "build",
)  # fmt: skip
# Commands in processes of their own, forked from one that has loaded the program and done nothing else. Each ends
# itself at its n-th step on files; without a step it counts them.
ACTING = """
import json, os, signal, sys
from pathlib import Path

from double_random.core.errors import DoubleRandomError
from double_random.store.home import Home
from tests.commands.steps import STEPS
from tests.loaded import load_program

load_program()

WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
ON_FILES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink")

def act(name, place, step):
    steps = 0

    def count(event, given):
        nonlocal steps
        if "__pycache__" in str(given[0]):  # a module that is compiled here for the first time
            return
        if event in ON_FILES or event == "open" and isinstance(given[2], int) and given[2] & WRITES:
            steps += 1
            if steps == step:
                os.kill(os.getpid(), signal.SIGKILL)

    home = Home.open(place)
    sys.addaudithook(count)
    try:
        STEPS[name](home, place.parent)
        said = ""
    except DoubleRandomError as error:
        said = error.message
    except BaseException as error:
        said = repr(error)
    return json.dumps({"steps": steps, "said": said})

for line in sys.stdin:
    name, place, step = json.loads(line)
    child = os.fork()
    if child == 0:
        os.write(1, (act(name, Path(place), step) + "\\n").encode())
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        os.write(1, (json.dumps({"signal": os.WTERMSIG(status)}) + "\\n").encode())
"""


@dataclass
class Ways:
    """The home before each command, how many steps the command has, and the process that does them."""

    acting: subprocess.Popen[str]
    before: dict[str, Path]
    steps: dict[str, int]

    def act(self, name: str, home: Path, step: int = 0) -> dict[str, Any]:
        assert self.acting.stdin is not None and self.acting.stdout is not None
        self.acting.stdin.write(json.dumps([name, str(home), step]) + "\n")
        self.acting.stdin.flush()
        found = json.loads(self.acting.stdout.readline())
        assert isinstance(found, dict)
        return found


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ways]:
    folder = tmp_path_factory.mktemp("ways")
    drop(folder / "drop", 6, 6, [(1, 2)])
    drop(folder / "more", 8, 6)
    (folder / "facts").mkdir()
    (folder / "facts" / "处罚.csv").write_text(PENALTIES.format(code=code(1)), encoding="utf-8")
    bureau = folder / "bureau"
    Home.create(bureau, "示例市司法局", "11310000XXXX00071R").log.verify()
    with subprocess.Popen(
        [sys.executable, "-c", ACTING],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as acting:
        found = Ways(acting, {}, {})
        assert found.act("first", bureau)["said"] == ""
        for name in NAMES:
            if name == "rebuild":
                damage(Home.open(bureau))
            if name == "record":
                fill(Home.open(bureau), folder / "filled.xlsx")
            found.before[name] = folder / name
            shutil.copytree(bureau, folder / name)
            done = found.act(name, bureau)
            assert done["said"] == "", (name, done)
            found.steps[name] = done["steps"]
        yield found
        assert acting.stdin is not None
        acting.stdin.close()


def damage(home: Home) -> None:
    name = home.releases.current()
    assert name is not None
    home.releases.file(name).write_bytes(b"nothing")


def fill(home: Home, sheet: Path) -> None:
    """The record sheet of the draw, with a result in its first row."""
    sheet.write_bytes(result_sheet.render_result_sheet(home, "d1"))
    book = openpyxl.load_workbook(sheet)
    book.active["H3"], book.active["I3"] = "2026-11-05", "未发现问题"
    book.save(sheet)


def whole(place: Path, when: tuple[object, ...]) -> None:
    home = Home.open(place)
    assert check_home(home).faults == (), when
    home.releases.require_sound()


@pytest.mark.parametrize("name", NAMES)
def test_a_command_that_is_killed_is_done_again(ways: Ways, name: str) -> None:  # D-035
    every, before = range(1, ways.steps[name] + 1), ways.before[name]
    number = len(every) if KILLS == "all" else min(int(KILLS), len(every))
    for step in sorted(random.Random(name).sample(every, number)):
        place = before.parent / f"killed-{name}-{step}"
        shutil.copytree(before, place)
        assert ways.act(name, place, step) == {"signal": signal.SIGKILL}, (name, step)
        if name != "rebuild":
            whole(place, (name, step, "killed"))
        said = ways.act(name, place)["said"]  # what was done before the kill is refused in words
        whole(place, (name, step, "again", said))
        following = (*NAMES, "build")[NAMES.index(name) + 1]
        if following == "rebuild":
            damage(Home.open(place))
        assert ways.act(following, place)["said"] == "", (name, step, said, following)
        whole(place, (name, step, following))
        shutil.rmtree(place)
