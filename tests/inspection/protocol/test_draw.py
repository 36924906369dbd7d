"""A draw follows from plan, files and revealed values, and from nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol.draw import check_teams

Make = Callable[..., Any]


def test_seed_and_tickets_can_be_computed_with_nothing_but_a_hash(case: Make) -> None:
    made = case(seed=5)
    draw = made.draw()

    def h(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    seed = h(
        f"double-random/1:seed:{h(made.plan.data.decode())}:{made.reveal.entropy}:{made.reveal.secret}"
    )
    rows = [line.split(",") for line in made.files["frame.csv"].decode().split("\n")[1:-1]]
    ranked = sorted((h(f"{seed}:target:{row[0]}:{row[5]}"), row[0]) for row in rows)
    assert [(place.ticket, place.id) for place in draw.targets] == ranked[:6]  # 4 of 12, 2 reserves
    assert [place.role for place in draw.targets] == ["drawn"] * 4 + ["reserve"] * 2
    assert draw.cutoffs == (ranked[3][0],)
    assert draw.visits == tuple(
        sorted((id for _, id in ranked[:4]), key=lambda id: h(f"{seed}:visit:{id}"))
    )


def test_files_of_the_result_are_in_their_canonical_form(case: Make) -> None:
    draw = case().draw()
    files = {name: data.decode() for name, data in draw.result_files.items()}
    assert files["targets.csv"].startswith("id,stratum,role,place,ticket\n")
    assert files["teams.csv"].startswith("target,inspector,role\n")
    assert files["list.csv"].split("\n")[1:-1] == [
        f"{id},示例律师事务所{int(id[12:17])}" for id in draw.selection.drawn
    ]
    assert set(json.loads(files["certificate.json"])) == {
        "load", "cost", "target", "hub", "inspector", "cut",
    }  # fmt: skip


@pytest.mark.parametrize("team", [{}, {"groups": 2}, {"size": 3, "leads": 2}, {"leads": 0}])
def test_teams_are_checked_without_a_solver(case: Make, team: dict[str, Any]) -> None:
    made = case(team=team)
    draw = made.draw()
    teams, certificate = draw.result_files["teams.csv"], draw.result_files["certificate.json"]
    assert check_teams(draw.selection, made.reveal.inner, teams, certificate) == draw
    swapped = teams.replace(b",lead\n", b",member\n", 1)
    if swapped != teams:
        with pytest.raises(BadFile) as refused:
            check_teams(draw.selection, made.reveal.inner, swapped, certificate)
        assert refused.value.file == "teams.csv"


def test_no_changed_byte_lets_other_teams_pass(case: Make) -> None:
    for made in (case(), case(team={"groups": 2})):
        draw = made.draw()
        good = {name: draw.result_files[name] for name in ("teams.csv", "certificate.json")}
        for name, data in good.items():
            for at in range(len(data)):
                bad = {**good, name: data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]}
                try:
                    found = check_teams(
                        draw.selection, made.reveal.inner, bad["teams.csv"], bad["certificate.json"]
                    )
                except BadFile as refused:
                    # Where the two do not go together neither alone is wrong; their hashes tell.
                    assert refused.file in good
                else:
                    # Prices are not unique: another last digit may prove the same teams.
                    assert name == "certificate.json" and found.teams == draw.teams


def test_a_draw_of_nobody_has_no_teams(case: Make) -> None:
    draw = case(strata=(("law_firm/A", 12, [0, 1], 0, "up"),)).draw()
    assert draw.teams == () and draw.cutoffs == ("",) and draw.certificate.load == 0
    assert draw.result_files["list.csv"] == b"id,name\n"


def test_one_other_bit_anywhere_draws_otherwise(case: Make) -> None:
    tickets = {case(seed=1, value=value).draw().targets[0].ticket for value in ("034075", "034076")}
    titles = {
        case(seed=1, plan={"title": title}).draw().targets[0].ticket
        for title in ("示例抽查", "示例抽查 ")
    }
    assert len(tickets) == 2 and len(titles) == 2
