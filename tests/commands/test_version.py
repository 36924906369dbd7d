"""The version of the program and of Python in one line."""

from __future__ import annotations

import re
import sys

import pytest
import typer

from double_random.commands.version import describe_version, print_version


def test_the_version_names_program_and_python() -> None:
    found = re.fullmatch(r"double-random (\d+\.\S+) \(Python (\d+\.\d+\.\d+)\)", describe_version())
    assert found is not None
    assert found[2] == ".".join(map(str, sys.version_info[:3]))


def test_the_option_prints_it_and_ends_the_call(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        print_version(True)
    assert not ended.value.exit_code
    assert capsys.readouterr().out == f"{describe_version()}\n"


def test_without_the_option_nothing_happens(capsys: pytest.CaptureFixture[str]) -> None:
    print_version(False)
    assert capsys.readouterr().out == ""
