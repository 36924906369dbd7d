"""`store check` and `store rebuild` on a whole home, a damaged one, and one without a release."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from double_random.commands.current_home import use_home
from double_random.commands.store import app
from double_random.core.errors import DoubleRandomError
from double_random.store.home import Home


@pytest.fixture(autouse=True)
def _used(home: Home) -> None:
    """The commands work on an empty home."""
    use_home(home.path)


def test_a_new_home_of_an_authority_is_whole(tmp_path: Path) -> None:
    use_home(Home.create(tmp_path / "named", "示例市司法局", "11310000XXXX00071R").path)
    result = CliRunner().invoke(app, ["check", "--format", "json"])
    assert result.exit_code == 0
    assert json.loads(result.stdout) == []
    assert "looked at: " in result.stderr and "everything is whole" in result.stderr


def test_wrong_settings_are_named_and_end_with_1(home: Home) -> None:
    settings = home.path / "settings.toml"
    text = settings.read_text("utf-8")
    settings.write_text(text.replace("keep_releases = 20", "keep_releases = -1"), "utf-8")
    result = CliRunner().invoke(app, ["check", "--format", "json"])
    assert result.exit_code == 1
    fault = json.loads(result.stdout)[0]
    assert fault["part"] == "settings" and "keep_releases" in fault["what"]
    assert "everything is whole" not in result.stderr


def test_a_home_without_a_release_has_nothing_to_rebuild() -> None:
    result = CliRunner().invoke(app, ["rebuild"])
    assert isinstance(result.exception, DoubleRandomError)
    assert result.exception.exit_code in (1, 2)
