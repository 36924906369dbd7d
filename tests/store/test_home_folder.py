"""A home folder: where it is found, how it is made, and which of two files of facts counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.store.home_folder import MARK, HomeFolder, locate_home


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOUBLE_RANDOM_HOME", raising=False)
    monkeypatch.chdir(tmp_path)


def test_flag_goes_before_environment_and_this_before_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert locate_home(None) == (Path("bureau"), "folder")
    monkeypatch.setenv("DOUBLE_RANDOM_HOME", "/named")
    assert locate_home(None) == (Path("/named"), "environment")
    assert locate_home(tmp_path) == (tmp_path, "flag")
    assert HomeFolder.locate(None) == Path("/named")


def test_a_home_is_found_from_the_folders_below_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = HomeFolder.create(tmp_path / "示例局")
    monkeypatch.chdir(home.path / "draws")
    assert locate_home(None) == (home.path, "above")


def test_a_folder_above_without_log_and_releases_is_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / MARK).touch()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert locate_home(None) == (Path("bureau"), "folder")


def test_a_new_home_has_its_folders_and_the_authority(tmp_path: Path) -> None:
    home = HomeFolder.create(tmp_path / "bureau", '示例"局', "11310000000000000X")
    assert home.settings["authority"]["name"] == '示例"局'
    assert home.settings["authority"]["code"] == "11310000000000000X"
    folders = {path.name for path in home.path.iterdir() if path.is_dir()}
    assert folders == {"releases", "inputs", "draws", "log", "facts", "keys"}
    assert HomeFolder.create(tmp_path / "bureau").path == home.path, "one that is there stays"


def test_a_folder_with_something_else_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "示例.txt").touch()
    with pytest.raises(Misuse, match="is not empty"):
        HomeFolder.create(tmp_path / "full")
    with pytest.raises(Misuse, match="there is no home folder") as refused:
        HomeFolder.open(tmp_path / "full")
    assert "init" in refused.value.hint


def test_a_wrong_setting_names_its_key(tmp_path: Path) -> None:
    HomeFolder.create(tmp_path / "bureau")
    file = tmp_path / "bureau" / MARK
    file.write_text(file.read_text("utf-8").replace("keep_releases = 20", "keep_releases = 0"))
    with pytest.raises(Misuse, match="keep_releases: expected a whole number from 1"):
        HomeFolder.open(tmp_path / "bureau").settings["keep_releases"]


def test_the_bureaus_own_fact_goes_before_the_shipped_one(tmp_path: Path) -> None:
    home = HomeFolder.create(tmp_path / "bureau")
    shipped = home.fact_file("kinds.toml")
    own = home.path / "facts" / "kinds.toml"
    own.write_text("", encoding="utf-8")
    assert shipped.exists() and home.fact_file("kinds.toml") == own != shipped


def test_own_files_of_a_folder_stand_among_the_shipped_ones_by_name(tmp_path: Path) -> None:
    home = HomeFolder.create(tmp_path / "bureau")
    shipped = home.facts("working_days")
    own = home.path / "facts" / "working_days"
    own.mkdir()
    (own / shipped[0].name).touch()
    (own / "2999.toml").touch()
    (own / "readme.txt").touch()
    files = home.facts("working_days")
    assert files[0] == own / shipped[0].name and files[-1] == own / "2999.toml"
    assert [file.name for file in files[:-1]] == [file.name for file in shipped]
