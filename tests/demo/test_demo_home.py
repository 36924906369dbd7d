"""The home of a tour: made anew by the next tour, never made of a folder that holds anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.demo.demo_home import AUTHORITY, SIGN, copy_facts, facts_folder, fresh_home


def test_a_second_tour_replaces_the_first(tmp_path: Path) -> None:
    first = fresh_home(tmp_path / "bureau")
    (first.path / "left.txt").write_text("of the first tour")
    assert fresh_home(tmp_path / "bureau").path == first.path
    assert not (first.path / "left.txt").exists()


@pytest.mark.parametrize("content", ["letter.txt", "settings.toml"])
def test_it_never_deletes_what_no_tour_made(tmp_path: Path, content: str) -> None:
    (tmp_path / content).write_text("mine")
    with pytest.raises(Misuse, match="no demo made it"):
        fresh_home(tmp_path)
    assert (tmp_path / content).read_text() == "mine"


def test_a_home_that_somebody_made_his_own_is_kept(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "bureau")
    settings = home.path / "settings.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("11990000XXXX00027Q", "another"), "utf-8"
    )
    with pytest.raises(Misuse):
        fresh_home(home.path)
    assert (home.path / SIGN).exists()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "bureau")
    (tmp_path / "link").symlink_to(home.path)
    with pytest.raises(Misuse):
        fresh_home(tmp_path / "link")
    assert (home.path / SIGN).exists()


def test_a_fresh_home_names_the_sample_authority_and_takes_its_facts(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "bureau")
    assert home.settings["authority"]["name"] == AUTHORITY and "示例" in AUTHORITY
    copy_facts(home)
    shipped = {
        path.relative_to(facts_folder()) for path in facts_folder().rglob("*") if path.is_file()
    }
    taken = home.path / "facts"
    assert shipped and all((taken / path).is_file() for path in shipped)
