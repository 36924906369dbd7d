"""A draw's acts: in their order, each once, none before its time, and what was logged stays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import DrawStage, replay_states
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.store.home import Home

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
Running = Callable[..., FrozenPlan]

BEFORE, AFTER = "2026-11-02T01:00:00Z", "2026-11-03T06:10:00Z"
BALLS = "balls:示例摇号室:7"


def kinds(home: Home) -> list[str]:
    return [entry["kind"] for entry in home.log.entries()]


def test_the_whole_way_is_four_entries(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish())
    assert kinds(home) == ["plan", "entropy", "draw", "publish"]
    assert replay_states(home.log.entries())["d1"].stage is DrawStage.published
    assert home.log.verify() == 4


def test_the_secret_is_in_no_entry_before_publication(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    secret = DrawFolder.find(home, "d1").secret.encode()
    assert secret not in home.log.file.read_bytes()
    lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")
    assert secret in home.log.file.read_bytes()


def test_a_plan_cannot_be_committed_when_its_randomness_may_be_known(
    bureau: Bureau, wish: Asking
) -> None:
    home = bureau()
    freeze_plan(home, wish())
    with pytest.raises(Misuse, match="too late"):
        lifecycle.commit_plan(home, "d1", "2026-11-03T06:00:00Z")
    assert kinds(home) == []


def test_a_plan_whose_file_was_touched_cannot_be_committed(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish())
    frame = home.draws / "d1" / "frame.csv"
    frame.write_bytes(b"\n".join(frame.read_bytes().split(b"\n")[:-2]) + b"\n")  # one firm dropped
    with pytest.raises(DoubleRandomError, match=r"frame\.csv"):
        lifecycle.commit_plan(home, "d1", BEFORE)


def test_nothing_is_done_to_a_plan_that_was_not_committed(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish())
    with pytest.raises(Misuse, match="committed"):
        lifecycle.log_entropy(home, "d1", f"{BALLS}=0730915", AFTER)
    with pytest.raises(Misuse, match="committed"):
        lifecycle.run_draw(home, "d1", AFTER)
    with pytest.raises(Misuse, match="committed"):
        lifecycle.publish_draw(home, "d1", AFTER)


def test_numbers_and_draw_come_not_before_their_time(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse, match="too early"):
        lifecycle.log_entropy(home, "d1", f"{BALLS}=0730915", "2026-11-03T05:59:59Z")
    lifecycle.log_entropy(home, "d1", f"{BALLS}=0730915", "2026-11-03T06:00:00Z")
    with pytest.raises(Misuse, match="too early"):
        lifecycle.run_draw(home, "d1", "2026-11-03T05:59:59Z")


@pytest.mark.parametrize(
    "value", ["730915", "073 0915", "07309155", "０７３０９１５", "", "abcdefg"]
)
def test_a_respelled_number_is_refused(
    bureau: Bureau, wish: Asking, run: Running, value: str
) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse):
        lifecycle.log_entropy(home, "d1", f"{BALLS}={value}", AFTER)
    assert kinds(home) == ["plan"]


def test_a_number_is_logged_once(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="entropy")
    with pytest.raises(Misuse, match="0730915"):
        lifecycle.log_entropy(home, "d1", f"{BALLS}=1111111", AFTER)


def test_balls_are_logged_before_the_lottery_is_known(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    lottery = "lottery:快乐8:2026300"
    freeze_plan(home, wish(sources=(lottery, BALLS)))
    lifecycle.commit_plan(home, "d1", BEFORE)
    numbers = ".".join(f"{number:02d}" for number in range(1, 21))
    with pytest.raises(Misuse, match="before any other"):
        lifecycle.log_entropy(home, "d1", f"{lottery}={numbers}", AFTER)
    lifecycle.log_entropy(home, "d1", f"{BALLS}=0730915", AFTER)
    lifecycle.log_entropy(home, "d1", f"{lottery}={numbers}", AFTER)
    _done, drawn = lifecycle.run_draw(home, "d1", AFTER)
    assert drawn.selection.entropy == f"{lottery}={numbers}\n{BALLS}=0730915", "the plan's order"


def test_a_draw_without_its_numbers_is_refused(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse, match=BALLS):
        lifecycle.run_draw(home, "d1", AFTER)
    assert not (home.draws / "d1" / "result").exists()


def test_a_draw_is_never_repeated(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    with pytest.raises(Misuse, match="never repeated"):
        lifecycle.run_draw(home, "d1", AFTER)
    assert kinds(home).count("draw") == 1


def test_a_draw_that_was_killed_before_its_entry_gives_the_same_again(
    bureau: Bureau, wish: Asking, run: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = bureau()
    run(home, wish(), until="entropy")

    class Killed(BaseException):
        pass

    def die(*_arguments: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(lifecycle, lifecycle._append_entry.__name__, die)
        with pytest.raises(Killed):
            lifecycle.run_draw(home, "d1", AFTER)
    left = DrawFolder.find(home, "d1").read_result()
    assert left and kinds(home) == ["plan", "entropy"]
    lifecycle.run_draw(home, "d1", AFTER)
    assert DrawFolder.find(home, "d1").read_result() == left
    assert kinds(home) == ["plan", "entropy", "draw"]


def test_local_randomness_needs_no_numbers(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    freeze_plan(home, wish(sources=("local",)))
    lifecycle.commit_plan(home, "d1", BEFORE)
    _done, drawn = lifecycle.run_draw(home, "d1", AFTER)
    assert drawn.selection.entropy == "local="
    assert kinds(home) == ["plan", "entropy", "draw"]


def test_no_second_plan_of_an_overlapping_scope_while_one_is_open(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish("d1", districts=("310101",)), until="commit")
    freeze_plan(home, wish("d2"))
    with pytest.raises(Misuse, match="d1 is open"):
        lifecycle.commit_plan(home, "d2", BEFORE)
    freeze_plan(home, wish("d3", districts=("310104",)))
    lifecycle.commit_plan(home, "d3", BEFORE)  # another district: no overlap
    lifecycle.void_draw(home, "d1", "wrong plan", "2026-11-02T02:00:00Z")
    with pytest.raises(Misuse, match="d3 is open"):
        lifecycle.commit_plan(home, "d2", "2026-11-02T02:00:00Z")
    lifecycle.void_draw(home, "d3", "wrong plan", "2026-11-02T02:00:00Z")
    lifecycle.commit_plan(home, "d2", "2026-11-02T02:00:00Z")


def test_of_two_supervisors_at_the_same_moment_one_commits(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    names = [f"d{number}" for number in range(6)]
    for name in names:
        freeze_plan(home, wish(name))

    def commit(name: str) -> str:
        try:
            lifecycle.commit_plan(Home.open(home.path), name, BEFORE)
        except Misuse:
            return "refused"
        return "committed"

    with ThreadPoolExecutor(len(names)) as hands:
        ends = list(hands.map(commit, names))
    assert sorted(ends) == ["committed", *["refused"] * 5]
    assert home.log.verify() == 1


def test_a_plan_that_replaces_another_needs_it_void(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    freeze_plan(home, wish("d2", replaces=("d1", "wrong plan")))
    with pytest.raises(Misuse, match="d1"):
        lifecycle.commit_plan(home, "d2", BEFORE)
    run(home, wish("d1"), until="commit")
    lifecycle.void_draw(home, "d1", "wrong plan", "2026-11-02T02:00:00Z")
    lifecycle.commit_plan(home, "d2", "2026-11-02T02:00:00Z")
    assert home.log.entries()[-1]["replaces"] == {"draw": "d1", "reason": "wrong plan"}


def test_a_void_tells_the_secret_and_the_numbers(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="entropy")
    lifecycle.void_draw(home, "d1", "institutions changed", AFTER)
    entry = home.log.entries()[-1]
    assert entry["secret"] == DrawFolder.find(home, "d1").secret
    assert entry["entropy"] == f"{BALLS}=0730915"
    with pytest.raises(Misuse, match="void"):
        lifecycle.run_draw(home, "d1", AFTER)


def test_numbers_cannot_be_thrown_away_unseen(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse, match="numbers become public"):
        lifecycle.void_draw(home, "d1", "wrong plan", AFTER)
    lifecycle.void_draw(home, "d1", "source not drawn", AFTER)
    assert home.log.entries()[-1]["entropy"] == ""


def test_void_reasons_are_a_closed_list(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="commit")
    with pytest.raises(Misuse, match="no such reason"):
        lifecycle.void_draw(home, "d1", "the list does not please", "2026-11-02T02:00:00Z")


def test_what_is_published_or_void_has_ended(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish())
    for again in (
        lambda: lifecycle.publish_draw(home, "d1", "2026-11-07T08:00:00Z"),
        lambda: lifecycle.void_draw(home, "d1", "wrong plan", "2026-11-07T08:00:00Z"),
        lambda: lifecycle.commit_plan(home, "d1", BEFORE),
    ):
        with pytest.raises(Misuse):
            again()


def test_a_result_that_was_touched_is_not_published(
    bureau: Bureau, wish: Asking, run: Running
) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    result = home.draws / "d1" / "result" / "result.json"
    result.write_bytes(result.read_bytes().replace(b'"draw"', b'"drow"'))
    with pytest.raises(DoubleRandomError, match=r"result\.json"):
        lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")


def test_another_secret_is_never_published(bureau: Bureau, wish: Asking, run: Running) -> None:
    home = bureau()
    run(home, wish(), until="draw")
    (home.draws / "d1" / "sealed" / "secret").write_text("0" * 64, encoding="ascii")
    with pytest.raises(DoubleRandomError, match="sealed numbers"):
        lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")


@pytest.mark.parametrize("at", ["2026-11-02", "2026-11-02 01:00:00", "2026-13-02T01:00:00Z", ""])
def test_a_time_has_one_spelling(bureau: Bureau, wish: Asking, at: str) -> None:
    home = bureau()
    freeze_plan(home, wish(publish_by=date(2026, 12, 1)))
    with pytest.raises(Misuse):
        lifecycle.commit_plan(home, "d1", at)
