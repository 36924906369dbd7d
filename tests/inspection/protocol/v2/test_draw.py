"""A draw follows from plan, files and revealed values alone; a wrong value or team is named by its file."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol.draw import Reveal
from double_random.inspection.protocol.files import TABLES
from double_random.inspection.protocol.teams import TEAMS
from double_random.inspection.protocol.v2.draw import (
    Draw,
    check_teams,
    compute_draw,
    compute_seed,
    name_dealing,
)
from double_random.inspection.protocol.v2.files import Files
from double_random.inspection.protocol.v2.plan import FILES, Plan
from double_random.inspection.verification.replay import second_draw_numbers
from tests.inspection.protocol.v2.cases import Case, change_json, make_case
from tests.inspection.protocol.v2.sources import LOCAL

VECTORS = (
    "w1-up-drand",
    "w2-unbiased-ceremony-first",
    "w3-uneven-loads",
    "w4-teams-of-three-sm3",
    "w5-groups-foreign-lotteries",
    "w6-generic-ids-all-leads",
    "w7-public-strata-odd-ids",
    "w8-dealt-anew",
    "w9-lottery-of-grants",
)


def draw_vector(folder: Path) -> tuple[Draw, Reveal]:
    plan = Plan.read((folder / "plan.json").read_bytes())
    files = Files.read(plan, {name: (folder / name).read_bytes() for name in FILES})
    reveal = Reveal.read((folder / "reveal.json").read_bytes())
    return compute_draw(plan, files, reveal), reveal


@pytest.mark.parametrize("name", VECTORS)
def test_every_number_of_a_published_vector_comes_out(shared: Path, name: str) -> None:
    folder = shared / "design" / "vectors2" / name
    expected = json.loads((folder / "expected.json").read_text())
    del expected["secret"], expected["inner"]  # they come from reveal.json, not from the draw
    assert second_draw_numbers(draw_vector(folder)[0], inner_of(folder)) == expected


@pytest.mark.parametrize("name", VECTORS)
def test_both_certificates_prove_the_published_teams(shared: Path, name: str) -> None:
    folder = shared / "design" / "vectors2" / name
    draw, reveal = draw_vector(folder)
    teams = draw.result_files["teams.csv"]
    for certificate in (
        draw.result_files["certificate.json"],
        (folder / "certificate.json").read_bytes(),
    ):
        found = check_teams(draw.selection, draw.files, reveal.inner, teams, certificate)
        assert found.teams == draw.teams
        assert found.certificate.squares == draw.certificate.squares


def inner_of(folder: Path) -> str:
    return Reveal.read((folder / "reveal.json").read_bytes()).inner


def teams_of(draw: Draw) -> list[tuple[str, ...]]:
    return [tuple(row) for row in draw.teams]


def refuse_teams(case: Case, draw: Draw, rows: list[tuple[str, ...]], file: str) -> None:
    certificate = draw.result_files["certificate.json"]
    with pytest.raises(BadFile) as refused:
        check_teams(draw.selection, draw.files, case.reveal.inner, TEAMS.dump(rows), certificate)
    assert refused.value.file == file


def test_a_friend_in_the_team_or_a_false_role_is_named() -> None:
    case = make_case()
    draw = case.draw()
    rows = teams_of(draw)
    target, inspector, role = rows[0]
    others = {person.id: person for person in draw.files.inspectors}
    present = {row[1] for row in rows if row[0] == target}
    friend = next(id for id in others if id not in present and others[id].lead == (role == "lead"))
    for changed, file in (
        ((target, friend, role), "certificate.json"),
        ((target, inspector, "member" if role == "lead" else "lead"), "teams.csv"),
        ((target, "SL999", role), "teams.csv"),
    ):
        if (target, friend) in draw.files.recusals and file == "certificate.json":
            file = "teams.csv"
        refuse_teams(case, draw, [changed, *rows[1:]], file)
    refuse_teams(case, draw, rows[1:], "teams.csv")


def test_only_a_whole_group_may_visit() -> None:
    case = make_case(
        inspectors=8,
        leads=(0, 1, 2, 3, 4),
        recusals=(),
        team={"groups": 3},
    )
    draw = case.draw()
    assert draw.groups is not None and len(draw.groups) == 3 and draw.dealing == 1
    assert set(draw.loads) == {"1", "2", "3"} and sum(draw.loads.values()) == 4
    roles = {person.id: "lead" if person.lead else "member" for person in draw.files.inspectors}
    target = draw.teams[0][0]
    team = draw.members[target]
    other = next(group for group in draw.groups if set(group).isdisjoint(team))
    rest = [row for row in teams_of(draw) if row[0] != target]
    mixed = [(target, id, roles[id]) for id in (team[0], other[0])]
    refuse_teams(case, draw, [*mixed, *rest], "teams.csv")


@pytest.mark.parametrize(
    ("reveal", "file"),
    [
        ({"secret": "0" * 64}, "secret"),
        ({"inner": "0" * 64}, "inner"),
        ({"entropy": "lottery:示例:2026001=02.07.11.19.26.33.17"}, "entropy"),
        ({"entropy": "lottery:示例:2026002=02.07.11.19.26.33.16"}, "entropy"),
        ({"entropy": "local="}, "entropy"),
    ],
)
def test_values_that_are_not_those_of_the_plan_are_refused(
    reveal: dict[str, str], file: str
) -> None:
    case = make_case()
    values = {
        "entropy": case.reveal.entropy,
        "secret": case.reveal.secret,
        "inner": case.reveal.inner,
    }
    with pytest.raises(BadFile) as refused:
        Case(case.plan, case.files, Reveal(**(values | reveal))).draw()
    assert refused.value.file == file


def test_the_seed_has_the_prefix_of_this_version() -> None:
    case = make_case(sources=(LOCAL,), values=("",))
    text = f"double-random/2:seed:{case.plan.commitment}:local=:{case.reveal.secret}"
    assert case.draw().selection.tickets.seed == case.plan.digest(text)
    assert compute_seed(case.plan.digest, "a", "b", "c") == case.plan.digest(
        "double-random/2:seed:a:b:c"
    )


def test_cutoffs_stand_in_the_order_of_the_rules_and_tell_no_grade() -> None:
    strata = [
        {"stratum": name, "ratio": [1, 3], "minimum": 0, "rounding": "up"}
        for name in ("branch/A", "law_firm/A", "law_firm/D")
    ]
    rules = change_json(make_case(), "rules.json", items=[{"id": "示例事项", "strata": strata}])
    case = make_case(files={"rules.json": rules})
    selection = case.draw().selection
    assert [bool(cutoff) for cutoff in selection.cutoffs] == [False, True, False]
    hidden = selection.written_cutoffs(case.reveal.inner)
    assert len({*hidden}) == 3 and all(len(cutoff) == 64 for cutoff in hidden)
    salt = selection.tickets.ticket("cutoff", f"{case.reveal.inner}:branch/A")
    assert hidden[0] == case.plan.digest(f":{salt}")
    public = make_case(strata=(("law_firm", 12, [1, 3], 0, "up"),), plan={"strata_by": "kind"})
    selection = public.draw().selection
    assert selection.written_cutoffs(public.reveal.inner) == selection.cutoffs


def test_with_nobody_to_visit_the_targets_are_drawn_alone() -> None:
    team = {"size": 0, "leads": 0, "groups": None, "match_kind": False, "other_district": False}
    people = {name: TABLES[name].dump([]) for name in ("inspectors.csv", "recusals.csv")}
    case = make_case(plan={"team": team}, files=people)
    draw = case.draw()
    assert len(draw.selection.drawn) == 4
    assert draw.members == dict.fromkeys(draw.selection.drawn, ())
    assert draw.result_files["teams.csv"] == b"target,inspector,role\n"
    assert (
        check_teams(
            draw.selection,
            draw.files,
            case.reveal.inner,
            draw.result_files["teams.csv"],
            draw.result_files["certificate.json"],
        ).loads
        == {}
    )


def test_dealings_are_named_by_their_purpose() -> None:
    assert [name_dealing(None, 9), name_dealing([], 1), name_dealing([], 3)] == [
        None,
        "inspector",
        "inspector3",
    ]
