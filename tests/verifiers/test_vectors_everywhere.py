"""Every vector comes out the same in all three: the product's replay, verify.py --replay, and verify.html."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from double_random.inspection.verification.replay import replay_numbers
from tests.verifiers.corpus import vectors

if TYPE_CHECKING:
    from types import ModuleType

    from playwright.sync_api import Page

OURS = Path(__file__).parent.parent / "vectors"
THEIRS = OURS.parent.parent.parent / "shared" / "design" / "vectors"
FOLDERS = [*vectors(OURS), *vectors(THEIRS)]
SECOND = vectors(THEIRS.with_name("vectors2"))
NAMES = ("commitment", "seed", "counts", "targets", "load", "cost", "groups", "teams")
SHOWN = """() => {
    const { commitment, lot, read, selection, load, cost, groups, teams } = shown;
    const counts = Object.fromEntries(read.strata.strata.map((one, i) => [one.stratum, selection.counts[i]]));
    const { places, visits } = selection;
    return { commitment, seed: lot.seed, counts, targets: places, visits, load, cost: String(cost), groups, teams };
}"""


def expected(folder: Path) -> dict[str, Any]:
    value = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    return {name: value[name] for name in NAMES}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_script_computes_the_vector(standalone: ModuleType, folder: Path) -> None:
    found = standalone.replay(str(folder))
    assert {name: found[name] for name in NAMES} == expected(folder)
    assert found["visits"] == replay_numbers(folder)["visits"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_page_computes_the_vector_from_dropped_files(page: Page, folder: Path) -> None:
    drop_vector(page, folder)
    found = page.evaluate(SHOWN)
    assert {name: found[name] for name in NAMES} == expected(folder)
    assert found["visits"] == replay_numbers(folder)["visits"]


SECOND_SHOWN = """() => {
    const { commitment, code, lot, read, selection, cost, groups, teams, loads, squares, load, dealt, bits } = shown;
    const counts = Object.fromEntries(read.strata.strata.map((one, i) => [one.stratum, selection.counts[i]]));
    const { places, visits } = selection, { notices, cutoffs, knownFrom } = shown;
    return { commitment, code, seed: lot.seed, counts, targets: places, visits, squares, load, loads,
        cost: String(cost), groups, dealt, teams, bits, notices, cutoffs, known_from: knownFrom };
}"""


@pytest.mark.parametrize("folder", SECOND, ids=lambda folder: folder.name)
def test_all_three_compute_the_vectors_of_version_2(
    standalone: ModuleType, page: Page, folder: Path
) -> None:
    wanted = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    found = standalone.replay(str(folder))
    assert found == {name: wanted[name] for name in found}
    assert set(wanted) - set(found) == {"secret", "inner"}
    drop_vector(page, folder)
    shown = page.evaluate(SECOND_SHOWN)
    assert shown == {name: wanted[name] for name in shown}
    assert set(wanted) - set(shown) == {"secret", "inner", "entropy"}
    ours = replay_numbers(folder)
    assert ours == {name: wanted[name] for name in ours}


def drop_vector(page: Page, folder: Path) -> None:
    """Drop what a draw is computed from on the page."""
    names = ("expected.json", "certificate.json")
    page.click("#clear")
    page.set_input_files(
        "#files", [str(file) for file in folder.iterdir() if file.name not in names]
    )
    page.locator("#verdict:not(:empty)").wait_for()
    assert page.inner_text("#verdict").startswith("computed from plan, files and revealed values")


def test_one_of_our_vectors_is_under_sm3() -> None:
    plans = [json.loads((folder / "plan.json").read_bytes()) for folder in vectors(OURS)]
    assert "sm3" in {plan["hash"] for plan in plans}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("name", ["frame.csv", "recusals.csv", "strata.json", "plan.json"])
def test_a_changed_file_of_a_vector_is_named_by_both(
    standalone: ModuleType, page: Page, folder: Path, name: str, tmp_path: Path
) -> None:
    for file in folder.iterdir():
        content = file.read_bytes()
        if file.name == name:
            content = content.replace(b"a", b"b", 1) if b"a" in content else content + b"\n"
        (tmp_path / file.name).write_bytes(content)
    with pytest.raises(standalone.Wrong) as error:
        standalone.replay(str(tmp_path))
    files = [
        str(file)
        for file in tmp_path.iterdir()
        if file.name not in ("expected.json", "certificate.json")
    ]
    page.click("#clear")
    page.set_input_files("#files", files)
    page.locator("#verdict.bad").wait_for()
    assert page.inner_text("#verdict").startswith(f"WRONG: {error.value.file}:")
    if name != "plan.json":
        assert error.value.file == name


def test_the_vectors_beside_the_checkout_were_tried(shared: Path) -> None:
    assert len(vectors(shared / "design" / "vectors")) == 8
    assert len(SECOND) == len(vectors(shared / "design" / "vectors2")) == 9
    assert set(vectors(shared / "design" / "vectors")) <= set(FOLDERS)
