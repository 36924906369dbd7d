"""A draw has a way out of every state: lost files or secrets, a mistyped number, a plan whose time has passed."""

from __future__ import annotations

import shutil
from collections.abc import Callable

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.draw import draw_folder, lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import DrawStage, find_state, replay_states
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_files
from double_random.store.home import Home

BALLS = "balls:示例摇号室:7"
COMMITTED, AFTER = "2026-11-02T01:00:00Z", "2026-11-03T06:10:00Z"
LATER = "2026-11-04T01:00:00Z"
Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]
Loss = Callable[[DrawFolder], None]

LOSSES: dict[str, Loss] = {
    "the folder": lambda folder: shutil.rmtree(folder.path),
    "the plan": lambda folder: (folder.path / "plan.json").unlink(),
    "the plan is cut short": lambda folder: _cut(folder, "plan.json"),
    "the secret": lambda folder: (folder.path / "sealed" / "secret").unlink(),
    "another secret": lambda folder: _write(folder, "sealed/secret", b"0" * 64),
    "a secret that is no text": lambda folder: _write(folder, "sealed/secret", b"\xff" * 64),
    "the inner secret": lambda folder: (folder.path / "sealed" / "inner").unlink(),
    "the frame": lambda folder: (folder.path / "frame.csv").unlink(),
    "the frame is changed": lambda folder: _write(folder, "frame.csv", b"id\n"),
}


def _write(folder: DrawFolder, name: str, content: bytes) -> None:
    (folder.path / name).write_bytes(content)


def _cut(folder: DrawFolder, name: str) -> None:
    content = (folder.path / name).read_bytes()
    (folder.path / name).write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("until", ["commit", "entropy", "draw"])
def test_a_lost_draw_can_be_ended_and_is_shown_to_whoever_checks_a_later_one(
    bureau: Bureau, wish: Asking, run: Running, loss: str, until: str
) -> None:  # D-031
    home = bureau()
    run(home, wish(), until=until)
    LOSSES[loss](DrawFolder.find(home, "d1"))
    with pytest.raises(DoubleRandomError) as told:
        lifecycle.publish_draw(home, "d1", LATER)
    if until == "draw" and loss not in ("the plan is cut short", "the frame is changed"):
        assert "void d1 --reason lost" in told.value.hint
    lifecycle.void_draw(home, "d1", "lost", LATER)
    assert find_state(home.log.entries(), "d1").is_lost
    with pytest.raises(Misuse, match="lost"):
        bundle.gather_bundle(home, "d1", auditor=True)
    later = wish("d2", not_before="2026-11-10T06:00:00Z", replaces=("d1", "遗失"))
    freeze_plan(home, later)
    lifecycle.commit_plan(home, "d2", "2026-11-05T01:00:00Z")
    lifecycle.void_draw(home, "d2", "wrong plan", "2026-11-05T02:00:00Z")
    verdict = verify_files(bundle.gather_bundle(home, "d2"), home.log.public)
    assert verdict.intact
    assert "WARNING" in verdict.first_line and "lost" in verdict.first_line


def test_what_is_all_here_is_not_lost(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse, match="nothing of d1 is lost"):
        lifecycle.void_draw(home, "d1", "lost", LATER)
    assert find_state(home.log.entries(), "d1").is_open


def test_a_draw_of_another_name_is_not_lost_but_unknown(bureau: Bureau) -> None:
    with pytest.raises(Misuse, match="has been committed"):
        lifecycle.void_draw(bureau(), "d9", "lost", LATER)


def test_a_lost_folder_is_said_with_the_way_out(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    shutil.rmtree(home.draws / "d1")
    with pytest.raises(DoubleRandomError) as refused:
        lifecycle.void_draw(home, "d1", "wrong plan", LATER)
    assert "void d1 --reason lost" in refused.value.hint


def test_a_mistyped_number_ends_the_plan_with_its_own_reason(
    bureau: Bureau, wish: Asking
) -> None:  # D-040
    home = bureau()
    two = wish(sources=(BALLS, "lottery:快乐8:2026300"))
    freeze_plan(home, two)
    lifecycle.commit_plan(home, "d1", COMMITTED)
    with pytest.raises(Misuse, match="no number"):
        lifecycle.void_draw(home, "d1", "number mistyped", AFTER)
    lifecycle.log_entropy(home, "d1", f"{BALLS}=0730915", AFTER)
    lifecycle.void_draw(
        home, "d1", "number mistyped", LATER
    )  # the other number needs not be logged first
    ended = find_state(home.log.entries(), "d1")
    assert (ended.stage, ended.end and ended.end["entropy"]) == (DrawStage.void, "")
    assert verify_files(bundle.gather_bundle(home, "d1"), home.log.public).intact


def test_a_mistyped_number_of_the_only_source_is_drawn_and_shown(
    bureau: Bureau, wish: Asking, run: Running
) -> None:  # D-040
    home = bureau()
    run(home, wish(), until="entropy")
    lifecycle.void_draw(home, "d1", "number mistyped", LATER)
    assert find_state(home.log.entries(), "d1").drawn is not None
    assert verify_files(bundle.gather_bundle(home, "d1"), home.log.public).intact


def test_a_plan_that_was_never_sealed_gives_place_to_the_next_of_its_name(
    bureau: Bureau, wish: Asking
) -> None:  # D-039
    home = bureau()
    first = freeze_plan(home, wish())
    again = freeze_plan(home, wish(not_before="2026-11-20T06:00:00Z"))
    assert not first.replaced and again.replaced
    assert first.plan.commitment != again.plan.commitment
    assert DrawFolder.find(home, "d1").read_plan().commitment == again.plan.commitment
    lifecycle.commit_plan(home, "d1", COMMITTED)
    with pytest.raises(Misuse, match="already"):
        freeze_plan(home, wish())
    assert DrawFolder.find(home, "d1").read_plan().commitment == again.plan.commitment
    assert [one.name for one in home.path.iterdir() if one.name.startswith(".")] == []


def test_a_plan_that_was_never_sealed_can_be_discarded(bureau: Bureau, wish: Asking) -> None:
    home = bureau()  # D-039
    freeze_plan(home, wish())
    draw_folder.discard_plan(home, "d1")
    assert not (home.draws / "d1").exists()
    freeze_plan(home, wish())
    lifecycle.commit_plan(home, "d1", COMMITTED)
    with pytest.raises(Misuse, match="sealed"):
        draw_folder.discard_plan(home, "d1")
    assert replay_states(home.log.entries())["d1"].is_open


@pytest.mark.parametrize(
    "name", ["list.csv", "teams.csv", "targets.csv", "certificate.json", "result.json", "verify.py"]
)
@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_nothing_is_published_before_every_file_is_as_it_was_drawn(
    bureau: Bureau, wish: Asking, run: Running, name: str, damage: str
) -> None:  # D-063
    home = bureau()
    run(home, wish(), until="draw")
    file = home.draws / "d1" / "result" / name
    right = file.read_bytes()
    file.write_bytes(right + b"x") if damage == "changed" else file.unlink()
    with pytest.raises(DoubleRandomError, match=name) as refused:
        lifecycle.publish_draw(home, "d1", LATER)
    assert "inspection draw d1" in refused.value.hint
    before = len(home.log.entries())
    lifecycle.run_draw(home, "d1", LATER)
    assert file.read_bytes() == right
    assert len(home.log.entries()) == before
    lifecycle.publish_draw(home, "d1", LATER)
    assert verify_files(bundle.gather_bundle(home, "d1", auditor=True), home.log.public).intact


def test_a_changed_pool_is_noticed_before_the_secret_is_opened(
    bureau: Bureau, wish: Asking, run: Running
) -> None:  # D-063
    home = bureau()
    run(home, wish(), until="draw")
    file = home.draws / "d1" / "pool.csv"
    file.write_bytes(file.read_bytes().replace("示例".encode(), "假的".encode()))
    with pytest.raises(DoubleRandomError, match=r"pool\.csv"):
        lifecycle.publish_draw(home, "d1", LATER)
    assert find_state(home.log.entries(), "d1").is_open
