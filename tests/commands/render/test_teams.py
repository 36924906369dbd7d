"""The names behind the ids of a plan, and a draw's teams in the order of visits."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.render.format_writers import Format
from double_random.commands.render.teams import plan_names, show_teams
from double_random.core.errors import Misuse
from double_random.store.home import Home

VECTOR = Path(__file__).parent.parent.parent / "vectors" / "lottery-groups"


@pytest.fixture
def planned(home: Home) -> Home:
    """A home with the published plan case-4, whose numbers were never logged."""
    shutil.copytree(VECTOR, home.draws / "case-4")
    return home


def test_a_plan_names_its_institutions_and_inspectors(planned: Home) -> None:
    names = plan_names(planned, "case-4")
    assert names["31310000XXXX00000A"] == "示例律师事务所0"
    people = (VECTOR / "inspectors.csv").read_text("utf-8").splitlines()[1:]
    assert {line.split(",")[0] for line in people} <= set(names)
    assert len(names) == 41 + len(people) and all("示例" in name for name in names.values())


def test_a_draw_that_is_not_there_is_refused_with_those_that_are(planned: Home) -> None:
    with pytest.raises(Misuse, match="there is no draw d9") as error:
        plan_names(planned, "d9")
    assert "case-4" in error.value.hint


def test_an_uncommitted_draw_has_no_teams(planned: Home) -> None:
    use_home(planned.path)
    with pytest.raises(Misuse, match="no plan of the draw case-4 has been committed") as error:
        show_teams("case-4", Format.json, None)
    assert "inspection commit case-4" in error.value.hint


def test_the_teams_are_shown_in_the_order_of_visits_with_the_lead_first(
    bureau: Callable[..., Home],
    wish: Callable[..., object],
    run: Callable[..., object],
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    use_home(home.path)
    show_teams("d1", Format.json, None)
    rows = json.loads(capsys.readouterr().out)
    assert [row["visit"] for row in rows] == list(range(1, len(rows) + 1)) != []
    for row in rows:
        roles = [member["role"] for member in row["team"]]
        assert roles == sorted(roles, key=lambda role: role != "lead") and roles[0] == "lead"
        assert row["inspectors"][0] == f"{row['team'][0]['name']} (lead)"
