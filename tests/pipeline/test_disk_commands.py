"""Every command that writes, on a full disk, on a disk that cannot be written, and twice at the same time.

It ends with one clear error, the home is whole, and the command done again finishes.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from double_random.pipeline.checkup import check_home
from double_random.publish.site import build as site
from double_random.store.home import Home
from tests.inspection.conftest import BALLS, code, drop, write_csv
from tests.pipeline.small_disk import bind_read_only, fill, small_disk
from tests.pipeline.typed import type_line, type_together

PENALTY = {
    "行政相对人名称": "上海示例001律师事务所",
    "行政相对人代码_1(统一社会信用代码)": code(1),
    "行政处罚决定书文号": "示司罚决字〔2026〕第1号",
    "处罚类别": "警告",
    "违法事实": "示例",
    "处罚决定日期": "2026-05-04",
    "处罚机关": "示例市司法局",
}
LINES = {
    "sync": "registry sync DROPS/more --as-of 2026-11-01 --at 2026-11-01T09:00",
    "load": "credit load DROPS/facts --as-of 2026-11-01 --at 2026-11-01T09:05",
    "score": "credit score --as-of 2026-11-01 --at 2026-11-01T09:10",
    "rebuild": "store rebuild",
    "plan": f"inspection plan law-firm-archives --draw d1 --as-of 2026-10-31 --source {BALLS} --protocol 1 "
    "--not-before 2026-11-03T14:00 --publish-by 2026-11-30",
    "commit": "inspection commit d1 --at 2026-11-02T09:00",
    "entropy": f"inspection entropy d1 {BALLS}=0730915 --yes --at 2026-11-03T14:05",
    "draw": "inspection draw d1 --at 2026-11-03T14:10",
    "record": "inspection record d1 DROPS/filled.xlsx --at 2026-11-05T14:00",
    "publish": "inspection publish d1 --at 2026-11-06T16:00",
    "build": "publish build --as-of 2026-11-06",
}
# How many KiB are left: nothing; and just enough for the first of several things that a command writes.
ROOM = [
    *((name, 0) for name in LINES),
    *((name, 4) for name in ("commit", "entropy", "draw", "record", "publish")),
    *((name, 64) for name in ("sync", "rebuild", "draw", "build")),
    *((name, 24) for name in ("sync", "load", "score")),
]
# What a command says that had nothing left to do.
DONE = (
    "committed already", "has its value already", "has been drawn", "has ended", "is sound", "there is a draw",
)  # fmt: skip


@dataclass
class Ways:
    """The home before each command."""

    folder: Path

    def words(self, name: str) -> list[str]:
        return LINES[name].replace("DROPS", str(self.folder / "drops")).split()

    def type(self, name: str, home: Path) -> tuple[int, str]:
        return type_line(home, self.words(name))

    def copy(self, name: str, place: Path) -> Path:
        shutil.copytree(self.folder / name, place, symlinks=True)
        return place


@pytest.fixture(scope="module")
def ways(tmp_path_factory: pytest.TempPathFactory) -> Ways:
    folder = tmp_path_factory.mktemp("ways")
    drops = folder / "drops"
    drops.mkdir()
    drop(drops / "drop", 6, 6, [(1, 2)])
    drop(drops / "more", 8, 6)
    (drops / "facts").mkdir()
    write_csv(drops / "facts" / "处罚.csv", list(PENALTY), [list(PENALTY.values())])
    bureau = folder / "bureau"
    Home.create(bureau, "示例市司法局", "11310000XXXX00071R").log.verify()
    found = Ways(folder)
    first = ["registry", "sync", str(drops / "drop"), "--as-of", "2026-10-31"]
    assert type_line(bureau, [*first, "--at", "2026-10-31T09:00"])[0] == 0
    for name in LINES:
        if name == "rebuild":
            home = Home.open(bureau)
            home.releases.file(str(home.releases.current())).write_bytes(b"nothing")
        if name == "record":
            sheet = drops / "empty.xlsx"
            type_line(bureau, ["inspection", "results", "d1", "--output", str(sheet)])
            book = openpyxl.load_workbook(sheet)
            book.active["H3"], book.active["I3"] = "2026-11-05", "未发现问题"
            book.save(drops / "filled.xlsx")
        shutil.copytree(bureau, folder / name, symlinks=True)
        done = found.type(name, bureau)
        assert done[0] == 0, (name, done)
    return found


def whole(place: Path) -> None:
    """All of the home is whole, and nothing half-written lies about in it."""
    home = Home.open(place)
    assert check_home(home).faults == ()
    home.releases.require_sound()
    if home.public.exists():
        site.check_site(home)
    assert not (place / "errors").exists()
    left = [one for one in place.rglob(".*") if not one.is_dir() and one.parent.name != "kept"]
    assert left == []


def one_error(name: str, done: tuple[int, str]) -> None:
    """Exit code 1 with one error that says why in words."""
    assert done[0] == 1, (name, done)
    said = [line.partition(": ")[0] for line in done[1].splitlines()]
    assert said.count("error") == said.count("hint") == 1, (name, done)
    assert "Traceback" not in done[1] and "unforeseen" not in done[1] and "?: " not in done[1]


def finishes(ways: Ways, name: str, home: Path) -> None:
    """Done again the command finishes, and the home is whole."""
    again = ways.type(name, home)
    assert again[0] == 0, (name, again)
    whole(home)


@pytest.mark.parametrize(("name", "kilobytes"), ROOM)
def test_a_full_disk(ways: Ways, tmp_path: Path, name: str, kilobytes: int) -> None:
    with small_disk(tmp_path / "disk", "64m") as disk:
        home = ways.copy(name, disk / "home")
        filler = fill(disk, kilobytes * 1024)
        done = ways.type(name, home)
        one_error(name, done)
        assert "space" in done[1] or "room left" in done[1]
        filler.unlink()
        if name != "rebuild":
            whole(home)
        finishes(ways, name, home)


@pytest.mark.parametrize("name", LINES)
def test_a_disk_that_cannot_be_written(ways: Ways, tmp_path: Path, name: str) -> None:
    with small_disk(tmp_path / "disk", "64m") as disk:
        home = ways.copy(name, disk / "home")
        with bind_read_only(home):
            done = ways.type(name, home)
        one_error(name, done)
        assert "ead-only" in done[1]
        finishes(ways, name, home)


FOLDERS = {
    "sync": ("releases", "log", "inputs"),
    "score": ("releases",),
    "plan": ("log",),
    "commit": ("log", "draws"),
    "draw": ("draws", "log"),
    "record": ("draws",),
    "publish": ("log",),
}


@pytest.mark.parametrize(
    ("name", "part"), [(one, part) for one in FOLDERS for part in FOLDERS[one]]
)
def test_a_folder_that_cannot_be_written(ways: Ways, tmp_path: Path, name: str, part: str) -> None:
    with small_disk(tmp_path / "disk", "64m") as disk:
        home = ways.copy(name, disk / "home")
        with bind_read_only(home / part):
            done = ways.type(name, home)
        if done[0] == 0:  # it had nothing to write there
            whole(home)
            return
        one_error(name, done)
        assert "ead-only" in done[1]
        finishes(ways, name, home)


@pytest.mark.parametrize("name", LINES)
def test_two_at_once(ways: Ways, tmp_path: Path, name: str) -> None:
    home = ways.copy(name, tmp_path / "home")
    both = type_together([(home, ways.words(name))] * 2)
    assert 0 in [ended for ended, _said in both], both
    for ended, said in both:
        assert ended in (0, 2, 4), both
        assert "Traceback" not in said and "unforeseen" not in said
        assert ended != 2 or any(one in said for one in DONE), both
    whole(home)
    again = ways.type(name, home)
    assert again[0] == 0 or (again[0] == 2 and any(one in again[1] for one in DONE)), again
    whole(home)
