"""The nightly command: the operator's own command at the end, and the end of a run that failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.nightly import _run_on_finish, start_nightly
from double_random.core.errors import DoubleRandomError
from double_random.store.home import Home

TELL = 'printf "%s|%s|%s" "$DOUBLE_RANDOM_END" "$DOUBLE_RANDOM_WHY" "$DOUBLE_RANDOM_REPORT"'


def test_the_own_command_is_told_end_reason_and_newest_report(tmp_path: Path) -> None:
    for name in ("0001-示例", "0002-示例"):
        (tmp_path / "nights" / name).mkdir(parents=True)
    target = tmp_path / "told"
    _run_on_finish(f'{TELL} > "{target}"', tmp_path / "nights", {"end": "stopped", "why": "示例"})
    report = tmp_path / "nights" / "0002-示例" / "report.json"
    assert target.read_text("utf-8") == f"stopped|示例|{report}"


def test_an_own_command_that_fails_is_named_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run_on_finish("exit 7", tmp_path, {"end": "published", "why": ""})
    assert capsys.readouterr().err == "the command of --on-finish ended with 7: exit 7\n"
    _run_on_finish("true", tmp_path, {"end": "published", "why": ""})
    assert capsys.readouterr().err == ""


def test_a_run_that_fails_ends_as_an_error_and_still_calls_the_own_command(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    use_home(home.path)
    target = tmp_path / "told"
    with pytest.raises(DoubleRandomError) as error:
        start_nightly([tmp_path / "nowhere"], on_finish=f'{TELL} > "{target}"')
    assert target.read_text("utf-8").startswith(f"stopped|{error.value.message}|")
    lines = capsys.readouterr().err.splitlines()
    assert all("event" in json.loads(line) for line in lines if line.startswith("{"))
    assert home.releases.names() == []
