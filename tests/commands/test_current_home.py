"""The home of a call, and the commands in a sentence that must name it."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.commands.current_home import (
    add_home_option,
    format_command,
    home_named_by,
    home_path,
    new_home_path,
    open_home,
    use_home,
)
from double_random.core.errors import Misuse
from double_random.store.home import Home


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The current folder is empty, and no variable names a home."""
    monkeypatch.delenv("DOUBLE_RANDOM_HOME", raising=False)
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)


def test_the_flag_goes_before_the_environment_and_that_before_the_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert (home_path(), home_named_by()) == (Path("bureau"), "folder")
    monkeypatch.setenv("DOUBLE_RANDOM_HOME", "/示例/a")
    assert (home_path(), home_named_by()) == (Path("/示例/a"), "environment")
    use_home(Path("/示例/b"))
    assert (home_path(), home_named_by()) == (Path("/示例/b"), "flag")


def test_the_home_above_is_found_but_never_taken_for_a_new_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home.path / "facts")
    assert home_named_by() == "above" and home_path().resolve() == home.path
    assert new_home_path() == Path("bureau")
    use_home(Path("other"))
    assert new_home_path() == Path("other")


def test_a_home_that_is_not_there_is_refused_with_what_makes_one() -> None:
    use_home(Path("nowhere"))
    with pytest.raises(Misuse, match="there is no home folder at nowhere") as error:
        open_home()
    assert "double-random --home nowhere init" in error.value.hint


def test_the_home_is_opened(home: Home) -> None:
    use_home(home.path)
    assert open_home().path == home.path


def test_a_command_can_be_typed_as_it_is_printed() -> None:
    assert format_command("inspection", "show", "示例 抽查") == (
        "double-random inspection show '示例 抽查'"
    )


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("Next: double-random status", "Next: double-random --home 'a b' status"),
        ("double-random log verify", "double-random --home 'a b' log verify"),
        ("double-random verify b.zip", "double-random verify b.zip"),
        ("double-random replay folder", "double-random replay folder"),
        ("see: double-random credit list --help", "see: double-random credit list --help"),
        ("double-random --home c init", "double-random --home c init"),
        ("in /opt/double-random there", "in /opt/double-random there"),
    ],
)
def test_only_commands_that_need_a_home_get_it(sentence: str, shown: str) -> None:
    assert add_home_option(sentence) == sentence
    use_home(Path("a b"))
    assert add_home_option(sentence) == shown
