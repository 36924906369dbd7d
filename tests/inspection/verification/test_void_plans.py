"""A plan that was made void before anything was drawn is shown with its files, its reason and its secret."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import bundle_files, lifecycle
from double_random.inspection.planning.plan_builder import FrozenPlan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verdict import Verdict
from double_random.inspection.verification.verify import verify_files
from double_random.store.home import Home

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]


def fault(verdict: Verdict) -> str:
    return verdict.fault[0] if verdict.fault else ""


@pytest.fixture
def undrawn(bureau: Bureau, wish: Asking, run: Running) -> Home:
    """The issue was never drawn."""
    home = bureau()
    run(home, wish(), until="commit")
    lifecycle.void_draw(home, "d1", "source not drawn", "2026-11-04T01:00:00Z")
    return home


@pytest.mark.parametrize("auditor", [False, True])
def test_its_bundle_is_checked_and_says_why(undrawn: Home, auditor: bool) -> None:
    files = bundle.gather_bundle(undrawn, "d1", auditor)
    assert "result.json" not in files and ("frame.csv" in files) == auditor
    verdict = verify_files(files, undrawn.log.public)
    assert verdict.intact and verdict.draw == "d1"
    assert any("source not drawn" in note for note in verdict.notes)


@pytest.mark.parametrize("auditor", [False, True])
def test_every_file_of_it_is_held(undrawn: Home, auditor: bool) -> None:
    files = bundle.gather_bundle(undrawn, "d1", auditor)
    for name, content in files.items():
        changed = b"x" if not content else content[:-2] + bytes([content[-2] ^ 1]) + content[-1:]
        assert fault(verify_files({**files, name: changed}, undrawn.log.public)) == name
        rest = {other: kept for other, kept in files.items() if other != name}
        verdict = verify_files(rest, undrawn.log.public)
        if name in ("plan.json", "checkpoint"):
            assert verdict.word == "cannot be judged" and name in verdict.first_line
        else:
            assert fault(verdict) == name
    assert (
        fault(verify_files({**files, "list.csv": b"id,name\n"}, undrawn.log.public)) == "list.csv"
    )


def test_a_draw_whose_result_was_taken_away_is_not_taken_for_one(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish())
    files = bundle.gather_bundle(home, "d1")
    rest = {name: content for name, content in files.items() if name not in bundle_files.RECOUNTED}
    assert fault(verify_files(rest, home.log.public)) == "result.json"


def test_numbers_that_are_known_are_drawn_before_they_are_thrown_away(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="entropy")
    lifecycle.void_draw(home, "d1", "wrong plan", "2026-11-04T01:00:00Z")
    assert [entry["kind"] for entry in home.log.entries()] == ["plan", "entropy", "draw", "void"]
    verdict = verify_files(bundle.gather_bundle(home, "d1"), home.log.public)
    assert verdict.intact and any("void" in note for note in verdict.notes)


def test_there_is_no_bundle_while_the_plan_waits(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse):
        bundle.gather_bundle(home, "d1", auditor=True)
