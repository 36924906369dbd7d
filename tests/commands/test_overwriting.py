"""No command replaces a file that is there already, whatever it is asked to write, unless --force is given."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from double_random.cli import build_application
from double_random.commands import overwriting
from double_random.core.errors import Misuse
from double_random.store import output_files
from tests.command_tree import commands

ALL = commands()
WRITING = {
    (name, option.opts[0])
    for name, command in ALL.items()
    for option in command.params
    if {*overwriting.FILES} & {*option.opts} and option.name not in overwriting.FOLDERS
}
NUMBERS = {"year": "2026", "act": "1", "months": "1"}
KEEP = b"somebody's work"


def words(command: Any) -> list[str]:
    """What a command needs so that it is called at all."""
    found: list[str] = []
    for one in command.params:
        if one.required:
            word = "2026-01-01T00:00:00Z" if one.name == "not_before" else "2026-01-01"
            word = NUMBERS.get(one.name, word)
            found += [word] if one.param_type_name == "argument" else [one.opts[0], word]
    return found


@pytest.fixture(autouse=True)
def not_forced() -> Any:
    yield
    output_files.set_force_flag(False)


def test_every_group_has_commands_that_write() -> None:
    assert {name.split()[0] for name, _option in WRITING} >= {
        *("credit", "inspection", "log", "publish", "registry", "status", "sql", "verify")
    }


@pytest.mark.parametrize(("name", "option"), sorted(WRITING))
def test_an_existing_file_is_refused(name: str, option: str, tmp_path: Path) -> None:  # D-024
    file = tmp_path / "work.json"
    file.write_bytes(KEEP)
    call = [*name.split(), *words(ALL[name])]
    while option in call:  # it is needed: the file of this test, not any word
        del call[call.index(option) : call.index(option) + 2]
    done = CliRunner().invoke(
        build_application(*call[:2]), ["--home", str(tmp_path / "none"), *call, option, str(file)]
    )
    assert isinstance(done.exception, Misuse), done.output
    assert "is already there" in done.exception.message and str(file) in done.exception.message
    assert file.read_bytes() == KEEP


@pytest.mark.parametrize("name", sorted(ALL))
def test_who_writes_has_the_option_to_replace(name: str) -> None:
    options = {word for one in ALL[name].params for word in one.opts}
    assert ("--force" in options) == bool(options & {*overwriting.FILES})


def test_a_sealed_site_is_not_written_over(tmp_path: Path) -> None:
    file = tmp_path / "site.zip"
    file.write_bytes(KEEP)
    run(tmp_path, "init", "--authority", "示例区司法局", "--code", "11990000XXXX00027Q")
    done = run(tmp_path, "publish", "pack", str(file))
    assert isinstance(done.exception, Misuse) and file.read_bytes() == KEEP


def test_a_stated_order_replaces_a_file_and_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "init", "--authority", "示例区司法局", "--code", "11990000XXXX00027Q")
    file = tmp_path / "状态.json"
    first = run(tmp_path, "status", "--output", str(file))
    assert first.exit_code == 0 and f"written: {file}" in first.stderr.replace("\n", "")
    file.write_bytes(KEEP)
    assert run(tmp_path, "status", "--output", str(file)).exit_code != 0
    assert run(tmp_path, "status", "--output", str(file), "--force").exit_code == 0
    assert file.read_bytes().startswith(b"{")
    assert (
        run(tmp_path, "status", "--output", str(file)).exit_code != 0
    )  # the order was for one call


def run(folder: Path, *words: str) -> Any:
    return CliRunner().invoke(
        build_application(*words[:2]), ["--home", str(folder / "home"), *words]
    )


def test_a_link_to_nowhere_a_folder_and_a_pipe(tmp_path: Path) -> None:
    link = tmp_path / "link.csv"
    link.symlink_to(tmp_path / "gone.csv")
    with pytest.raises(Misuse, match="already there"):
        output_files.write_output(link, b"x")
    with pytest.raises(Misuse, match="is a folder"):
        output_files.write_output(tmp_path, b"x")
    output_files.set_force_flag(True)
    with pytest.raises(Misuse, match="is a folder"):
        output_files.write_output(tmp_path, b"x")
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    with pytest.raises(Misuse, match="leads to itself"):
        output_files.write_output(loop, b"x")
    output_files.set_force_flag(False)
    output_files.write_output(Path(os.devnull), b"x")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link.csv", "loop.csv"]
