"""The rule is read strictly: every fault has its line or key, and defaults are those of the guide."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.bare.rule_file import NOBODY, HowMany, read_rule
from tests.inspection.bare.bare import GRANTS, RULE


def test_defaults_draw_targets_alone_from_one_stratum() -> None:
    rule = read_rule(GRANTS)
    assert rule.team == NOBODY and rule.strata_by == "all" and rule.reserve == (0, 1)
    assert rule.every == HowMany(None, 4, 0, "up") and rule.basis == rule.title
    assert rule.needed_columns == () and rule.hash == "sha256"


def test_a_number_becomes_a_share_of_the_rows() -> None:
    assert HowMany(None, 20, 0, "up").share_of(300) == (20, 300)
    assert HowMany(None, 0, 0, "up").share_of(0) == (0, 1)
    assert HowMany((1, 10), None, 0, "up").share_of(300) == (1, 10)


def test_columns_that_groups_and_teams_depend_on() -> None:
    team = {"size": 1, "match_kind": True, "other_district": True}
    assert read_rule(RULE | {"strata_by": "internal"}).needed_columns == ("stratum",)
    assert read_rule(RULE | {"strata_by": "kind/district"}).needed_columns == ("kind", "district")
    assert read_rule(RULE | {"team": team}).needed_columns == ("kind", "district")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ratio": "2/1"}, "a share from 0 to 1"),
        ({"ratio": 0.1}, "in quotes"),
        ({"count": 3}, "either ratio or count"),
        ({"draw": "two words"}, "letters, digits"),
        ({"title": ""}, "not empty"),
        ({"title": "e\u0301"}, "normal form"),
        ({"team": {"size": 1, "leads": 2}}, "not more leads"),
        ({"team": {"size": 0, "groups": 2}}, "groups only where"),
        ({"rounding": "unbiased", "minimum": 1}, "minimum 0"),
        ({"strata_by": "name"}, "one of"),
        ({"stratum": [{"stratum": "a", "count": 1}] * 2}, "stands twice"),
        ({"stratum": [{"stratum": "a", "count": 1, "minimum": 2}]}, "a count needs no"),
        ({"stratum": [{"stratum": "a"}]}, "either ratio or count"),
        ({"seize": 1}, "not known here"),
        ({"source": [{"source": "public:x:1", "known_from": datetime(2026, 12, 2)}]}, "zone"),
    ],
)
def test_a_fault_is_named(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(BadFile, match=words):
        read_rule(RULE | changed)


def test_a_rule_says_how_many() -> None:
    with pytest.raises(BadFile, match="how many"):
        read_rule({name: value for name, value in RULE.items() if name != "ratio"})


def test_a_file_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "rule.toml"
    text = 'draw = "d1"\ntitle = "示例"\nauthority = "示例"\nratio = "1/2"\n'
    file.write_text(
        text + '[[source]]\nsource = "public:x:1"\nknown_from = 2026-12-02T16:00:00+08:00\n'
    )
    rule = read_rule(file)
    assert rule.sources[0]["known_from"] == "2026-12-02T08:00:00Z" and rule.file == str(file)
    file.write_text(text.replace('"1/2"', '"1:2"'), "utf-8")
    with pytest.raises(BadFile, match="line 4"):
        read_rule(str(file))


def test_times_are_kept_in_utc() -> None:
    row = {"source": "public:x:1", "known_from": datetime(2026, 12, 2, 8, tzinfo=UTC)}
    assert read_rule(RULE | {"source": [row]}).sources[0]["known_from"] == "2026-12-02T08:00:00Z"
