"""The check-up of a home: each part is looked at, and each kind of damage is a fault with its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.pipeline.checkup import PARTS, HomeFault, check_home
from double_random.store.home import Home
from double_random.store.permissions import find_too_open


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with its authority: nothing is wrong with it."""
    made = Home.create(tmp_path / "home", "示例市司法局", "11310000XXXX00071R")
    (made.path / "acts").mkdir(mode=0o700)  # the first act makes this folder
    return made


def faults(home: Home, part: str) -> list[tuple[str, str]]:
    return [(one.name, one.what) for one in check_home(home).faults if one.part == part]


def test_a_new_home_has_no_fault_and_every_part_is_counted(home: Home) -> None:
    found = check_home(home)
    assert found.faults == ()
    assert list(found.looked_at) == list(PARTS)
    assert (found.looked_at["settings"], found.looked_at["keys"]) == (1, 1)
    assert (found.looked_at["releases"], found.looked_at["draws"]) == (0, 0)


def test_settings_without_an_authority_are_a_fault(tmp_path: Path) -> None:
    ((name, what),) = faults(Home.create(tmp_path / "other"), "settings")
    assert name == "settings.toml" and "which authority" in what


def test_a_fact_that_is_no_toml_is_named(home: Home) -> None:
    (home.path / "facts" / "good.toml").write_text('id = "示例"\n', "utf-8")
    (home.path / "facts" / "bad.toml").write_text("id = \n", "utf-8")
    ((name, what),) = faults(home, "facts")
    assert name == "facts/bad.toml" and what


def test_a_wrong_or_unread_file_of_sources_is_named(home: Home) -> None:
    own = home.path / "facts" / "entropy_sources.toml"
    own.write_text('[[lottery]]\nname = "示例"\n', "utf-8")
    ((name, what),) = faults(home, "facts")
    assert name == "facts/entropy_sources.toml" and "line 1:" in what
    own.rename(own.with_name("lotteries.toml"))
    ((name, what),) = faults(home, "facts")
    assert name == "facts/lotteries.toml" and "is not read" in what


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b'{"at": 1}\n{"at": 2', "its last line is not whole"),
        (b'{"at": 1}\nno JSON\n{"at": 3}\n', "line 2 cannot be read"),
        (b'{"at": 1}\n', ""),
        (b"", ""),
    ],
)
def test_an_act_that_cannot_be_read_is_found_by_its_line(
    home: Home, content: bytes, what: str
) -> None:
    (home.path / "acts" / "credit.jsonl").write_bytes(content)
    assert faults(home, "acts") == ([("credit.jsonl", what)] if what else [])


def test_an_input_that_was_changed_is_found_by_its_name(home: Home, tmp_path: Path) -> None:
    (tmp_path / "处罚.csv").write_text("示例\n", "utf-8")
    digest = home.inputs.keep(tmp_path / "处罚.csv")
    assert check_home(home).looked_at["inputs"] == 1 and faults(home, "inputs") == []
    kept = home.inputs.path(digest)
    kept.chmod(0o600)
    kept.write_text("示例乙\n", "utf-8")
    ((name, what),) = faults(home, "inputs")
    assert name == digest and "SHA-256" in what


def test_a_part_that_cannot_be_read_is_a_fault_and_the_others_go_on(home: Home) -> None:
    (home.path / "acts" / "folder.jsonl").mkdir()
    found = check_home(home)
    assert [one.part for one in found.faults] == ["acts"]
    assert isinstance(found.faults[0], HomeFault) and found.looked_at["permissions"] >= 0


def test_a_secret_that_others_can_read_is_a_fault(home: Home) -> None:
    home.log.ring.private_file.chmod(0o644)
    assert find_too_open(home.path)
    ((name, what),) = faults(home, "permissions")
    assert name.endswith(home.log.ring.private_file.name) and "0600" in what
