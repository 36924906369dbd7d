"""The protocol's published draws come out number by number, and their example certificates hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.inspection.protocol import draw as drawing
from double_random.inspection.protocol.certificate import Certificate, check_assignment
from double_random.inspection.verification.replay import replay_draw, replay_numbers

OWN = Path(__file__).parents[2] / "vectors"
PUBLISHED = (
    "v1-up",
    "v2-unbiased",
    "v3-teams-of-three",
    "v4-mixed",
    "v5-odd-ids-all-leads",
    "v6-groups",
    "v7-nobody",
    "v8-dealt-anew",
)
NUMBERS = ("commitment", "seed", "counts", "targets", "load", "cost", "groups", "teams")


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_draw_comes_out(shared: Path, name: str) -> None:
    folder = shared / "design" / "vectors" / name
    expected, found = json.loads((folder / "expected.json").read_text()), replay_numbers(folder)
    assert {key: found[key] for key in NUMBERS} == {key: expected[key] for key in NUMBERS}


@pytest.mark.parametrize("name", PUBLISHED)
def test_own_certificate_proves_the_published_teams(shared: Path, name: str) -> None:
    draw = replay_draw(shared / "design" / "vectors" / name)
    inner = json.loads((shared / "design" / "vectors" / name / "reveal.json").read_text())["inner"]
    teams, certificate = draw.result_files["teams.csv"], draw.result_files["certificate.json"]
    assert drawing.check_teams(draw.selection, inner, teams, certificate) == draw


@pytest.mark.parametrize("name", PUBLISHED[:5])
def test_example_certificate_proves_the_published_teams(shared: Path, name: str) -> None:
    folder = shared / "design" / "vectors" / name
    inner = json.loads((folder / "reveal.json").read_text())["inner"]
    draw = replay_draw(folder)
    who, _dealt, _dealing = drawing._gather_candidates(draw.selection, inner)
    example = Certificate.from_value(json.loads((folder / "certificate.json").read_text()))
    check_assignment(who, [(target, inspector) for target, inspector, _role in draw.teams], example)


@pytest.mark.parametrize("folder", sorted(OWN.iterdir()), ids=lambda folder: folder.name)
def test_own_draw_comes_out(folder: Path) -> None:
    assert replay_numbers(folder) == json.loads((folder / "expected.json").read_text())
