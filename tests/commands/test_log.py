"""The log's commands: keys as text or file, one line an entry, errors that say what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from double_random.commands.current_home import use_home
from double_random.commands.log import app, read_key_text
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store.home import Home


@pytest.fixture(autouse=True)
def _used(home: Home) -> None:
    """The commands work on an empty home."""
    use_home(home.path)


def test_a_key_is_given_as_its_text_or_as_a_file(tmp_path: Path) -> None:
    file = tmp_path / "log.pub"
    file.write_text("示例+00+KEY\n", "utf-8")
    assert read_key_text(str(file)) == "示例+00+KEY\n"
    assert read_key_text("示例+00+KEY") == "示例+00+KEY"
    file.write_bytes(b"\xff\xfe")
    assert read_key_text(str(file)) == str(file)
    assert read_key_text("x" * 5000) == "x" * 5000  # longer than any name of a file


def test_an_empty_log_has_its_key_and_its_head(home: Home) -> None:
    result = CliRunner().invoke(app, ["show", "--format", "json"])
    assert json.loads(result.stdout) == []
    assert f"public key: {home.log.public.text}" in result.stderr
    assert "checkpoint" in result.stderr and "\n0\n" in result.stderr


def test_an_intact_log_says_that_no_checkpoint_was_compared() -> None:
    result = CliRunner().invoke(app, ["verify", "--format", "json"])
    shown = json.loads(result.stdout)
    assert (shown["entries"], shown["intact"], shown["plans"]) == (0, True, [])
    assert "唯一性未证明" in shown["unchecked"][0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["verify", "--checkpoint", "/nowhere"], "there is no checkpoint at /nowhere"),
        (["proof"], "say either --entry NUMBER or --checkpoint FILE"),
        (["proof", "--entry", "0", "--checkpoint", "c"], "say either --entry"),
        (["check-proof", "/nowhere", "--key", "x"], "there is no file /nowhere"),
        (["timestamp-attach", "/nowhere"], "there is no file /nowhere"),
        (["clock", "--reason", "because"], "--reason: because is not known"),
    ],
)
def test_wrong_use_is_refused(words: list[str], message: str) -> None:
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, Misuse)
    assert message in result.exception.message


def test_a_witness_key_is_made_once_and_its_public_line_is_shown(tmp_path: Path) -> None:
    folder = tmp_path / "witness"
    words = ["witness-key", str(folder), "--name", "example-witness"]
    result = CliRunner().invoke(app, words)
    assert result.stdout.startswith("example-witness+") and result.stdout.count("\n") == 1
    again = CliRunner().invoke(app, words)
    assert isinstance(again.exception, DoubleRandomError)
    assert "has a witness's key already" in again.exception.message


def test_a_new_key_is_an_entry_that_names_both(home: Home) -> None:
    old = home.log.public.text
    result = CliRunner().invoke(app, ["rotate-key", "--format", "json"])
    changed = json.loads(result.stdout)
    assert changed["old"] == old != changed["new"]
    shown = json.loads(CliRunner().invoke(app, ["show", "--format", "json"]).stdout)
    assert [entry["kind"] for entry in shown] == ["key"]
    assert Home.open(home.path).log.public.text == changed["new"]
