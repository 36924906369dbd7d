"""Policies of a home are found by id, by file, by the settings; the bureau's own come first."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.credit.policy.catalog import load_policies, load_policy
from double_random.store.home import Home

SHIPPED = data.path("policies", "risk-100.toml").read_text(encoding="utf-8")


def own(home: Home, name: str, text: str) -> Path:
    file = home.path / "facts" / "policies" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_shipped_default_is_taken_if_nothing_is_said(home: Home) -> None:
    assert load_policy(home).id == "risk-100"
    assert load_policy(home, "evaluation-1000").id == "evaluation-1000"


def test_the_settings_name_the_policy(home: Home) -> None:
    file = home.path / "settings.toml"
    settings = file.read_text(encoding="utf-8")
    file.write_text('policy = "evaluation-1000"\n' + settings, encoding="utf-8")
    assert load_policy(Home.open(home.path)).id == "evaluation-1000"
    assert load_policy(Home.open(home.path), "risk-100").id == "risk-100"


def test_a_bureaus_own_file_goes_before_the_shipped_one_of_its_name(home: Home) -> None:
    count = len(load_policies(home))
    file = own(home, "risk-100.toml", SHIPPED.replace("百分制示例", "示例区"))
    assert load_policy(home).file == file and "示例区" in load_policy(home).title
    assert len(load_policies(home)) == count


def test_a_policy_is_found_by_its_id_under_another_file_name(home: Home) -> None:
    own(home, "ours.toml", SHIPPED.replace('id = "risk-100"', 'id = "示例-1"', 1))
    assert load_policy(home, "示例-1").file.name == "ours.toml"


def test_a_file_is_read_where_it_is(home: Home, tmp_path: Path) -> None:
    file = tmp_path / "draft.toml"
    file.write_text(SHIPPED, encoding="utf-8")
    assert load_policy(home, str(file)).file == file
    with pytest.raises(BadFile, match="no such file"):
        load_policy(home, str(tmp_path / "nothing.toml"))


def test_an_unknown_policy_is_refused_with_those_that_are_here(home: Home) -> None:
    with pytest.raises(Misuse, match="no policy 示例") as caught:
        load_policy(home, "示例")
    assert "evaluation-1000" in caught.value.hint and "risk-100" in caught.value.hint
