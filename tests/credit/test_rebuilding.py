"""A damaged release is made again from the kept inputs, to the same name; or nothing is changed."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.credit.rebuilding import DAMAGED, rebuild_release
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

PERMITS = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,行政许可决定文书号,"
    "许可证书名称,许可编号,许可内容,许可决定日期,许可机关,当前状态\n"
    "上海示例甲律师事务所,31310000XXXX30015D,关于准予律师事务所设立的决定,第1号,"
    "律师事务所执业许可证,23100002009103001,住所:上海市闵行区示例路1号,1992-12-09,示例市司法局,1\n"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release."""
    folder = tmp_path_factory.mktemp("rebuilding")
    home = Home.create(folder / "home")
    (folder / "许可.csv").write_text(PERMITS, "utf-8")
    sync_registers(home, [folder / "许可.csv"], date(2016, 12, 31))
    return home.path


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Home:
    shutil.copytree(made, tmp_path / "home")
    return Home.open(tmp_path / "home")


def current(home: Home) -> str:
    name = home.releases.current()
    assert name is not None
    return name


def test_a_sound_release_needs_no_rebuilding(home: Home) -> None:
    with pytest.raises(Misuse, match="is sound"):
        rebuild_release(home)


def test_a_release_that_is_not_there_is_refused_with_those_that_are(home: Home) -> None:
    with pytest.raises(Misuse, match="no release 000009-示例") as caught:
        rebuild_release(home, "000009-示例")
    assert current(home) in caught.value.hint


def test_an_empty_home_has_nothing_to_make_again(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no release yet"):
        rebuild_release(Home.create(tmp_path / "empty"))


def test_a_damaged_release_comes_out_the_same_and_the_damaged_file_is_kept(home: Home) -> None:
    name = current(home)
    home.releases.file(name).write_bytes(b"damaged")
    found = rebuild_release(home)
    assert (found.release, found.base, found.runs, found.aside) == (name, "", (name,), "")
    assert current(home) == name
    home.releases.require_sound()
    (aside,) = (home.releases.folder / DAMAGED).iterdir()
    assert aside.read_bytes() == b"damaged"
    assert not (home.path / ".rebuild").exists()


@pytest.mark.parametrize("lost", ["record", "input"])
def test_without_its_record_or_its_inputs_it_cannot_be_made_and_nothing_changes(
    home: Home, lost: str
) -> None:
    name = current(home)
    home.releases.file(name).write_bytes(b"damaged")
    if lost == "record":
        home.releases.record_file(name).unlink()
    else:
        (kept,) = (file for file in home.inputs.folder.rglob("*") if file.is_file())
        kept.unlink()
    with pytest.raises(DoubleRandomError) as caught:
        rebuild_release(home)
    said = {"record": "it has no record", "input": "is missing or damaged"}[lost]
    assert said in caught.value.message and "backup" in caught.value.hint
    assert home.releases.file(name).read_bytes() == b"damaged"
    assert not (home.releases.folder / DAMAGED).exists()
