"""A folder alone is enough to compute a draw again; what is wrong with it is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.inspection.protocol.v2.plan import FILES
from double_random.inspection.verification.replay import replay_numbers

FOLDER = Path(__file__).parents[2] / "vectors" / "lottery-groups"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "draw"))


def test_a_copy_of_the_folder_draws_the_same(folder: Path) -> None:
    (folder / "expected.json").unlink()
    assert replay_numbers(folder) == replay_numbers(FOLDER)


@pytest.mark.parametrize("name", ["plan.json", "frame.csv", "recusals.csv", "reveal.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(BadFile, match=name):
        replay_numbers(folder)


@pytest.mark.parametrize("name", ["frame.csv", "strata.json", "inspectors.csv", "pool.csv"])
def test_a_changed_file_is_named(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(BadFile, match=name):
        replay_numbers(folder)


def test_a_changed_plan_is_not_the_one_that_the_secret_belongs_to(folder: Path) -> None:
    plan = folder / "plan.json"
    plan.write_bytes(plan.read_bytes().replace(b'"title":"', '"title":"另一'.encode()))
    assert replay_numbers(folder)["seed"] != replay_numbers(FOLDER)["seed"]


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b"\xff", b'{"entropy":"","secret":"","inner":""}']
)
def test_a_broken_reveal_is_named(folder: Path, content: bytes) -> None:
    (folder / "reveal.json").write_bytes(content)
    with pytest.raises(BadFile, match=r"reveal\.json"):
        replay_numbers(folder)


def test_what_is_no_folder_is_misuse(tmp_path: Path) -> None:
    with pytest.raises(Misuse):
        replay_numbers(tmp_path / "nowhere")


def test_the_second_protocol_is_told_by_its_plan(shared: Path, tmp_path: Path) -> None:
    """The command's answer has every number of the published vector but what was revealed."""
    folder = shared / "design" / "vectors2" / "w8-dealt-anew"
    expected = json.loads((folder / "expected.json").read_text())
    del expected["secret"], expected["inner"]
    assert replay_numbers(folder) == expected
    for name in ("plan.json", *FILES, "reveal.json"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    (tmp_path / "sources.json").unlink()
    with pytest.raises(BadFile, match=r"sources\.json: this file is missing"):
        replay_numbers(tmp_path)
