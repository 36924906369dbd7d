"""Whatever was changed between plan and seal is refused at the seal, and so is a second plan for the same firms."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.draw_state import replay_states
from double_random.inspection.draw.seal_checks import check_sources
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.sources import read_sources
from double_random.inspection.sources.source_catalogue import load_catalogue
from double_random.store.home import Home
from tests.inspection.item_lists import write_item

Bureau = Callable[..., Home]
Asking = Callable[..., DrawRequest]
BEFORE = "2026-11-02T01:00:00Z"
NOT_BEFORE = "2026-11-03T06:00:00Z"
TENTH = '{ kind = "law_firm", ratio = [1, 10], minimum = 2, rounding = "up" }'


def log_release(home: Home, kind: str = "sync", release: str | None = None) -> None:
    """What a command logs when it makes a release."""
    with home.releases.read() as current, home.log.hold() as pen:
        entry = {"kind": kind, "time": pen.next_time(), "release": release or current.hash}
        pen.append({**entry, "time": "2026-11-01T00:00:00Z"})


def edit(home: Home, change: Callable[[dict[str, Any], Path], None]) -> None:
    """Change a frozen plan as somebody with an editor does."""
    folder = home.draws / "d1"
    plan = json.loads((folder / "plan.json").read_bytes())
    change(plan, folder)
    (folder / "plan.json").write_bytes(canonical_json.dump_canonical(plan))


def name_reason(plan: dict[str, Any], folder: Path) -> None:
    path = folder / "inspectors_left_out.csv"
    path.write_bytes(path.read_bytes().replace(b"on leave", b"the director does not want him"))
    plan["inspectors_left_out"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()


def name_old_round(plan: dict[str, Any], _folder: Path) -> None:
    plan["entropy"]["sources"] = ["drand:quicknet:1000"]


def name_old_issue(plan: dict[str, Any], _folder: Path) -> None:
    plan["entropy"]["sources"] = ["lottery:双色球:2003001"]


@pytest.mark.parametrize(
    ("change", "kind", "words"),
    [
        (lambda plan, _folder: plan.update(release="ab" * 32), Misuse, "has no release"),
        (lambda plan, _folder: plan.update(as_of="2999-01-01"), Misuse, "lists are of 2999-01-01"),
        (name_reason, BadFile, "closed list"),
        (name_old_round, Misuse, "not the first round"),
        (name_old_issue, Misuse, "is drawn 2003"),
        (lambda plan, _folder: plan["team"].update(size=9, leads=9), Misuse, "cannot get a team"),
    ],
)
def test_an_edited_plan_is_not_sealed(
    bureau: Bureau,
    wish: Asking,
    change: Callable[[dict[str, Any], Path], None],
    kind: type[DoubleRandomError],
    words: str,
) -> None:
    home = bureau()
    log_release(home)
    freeze_plan(home, wish())
    edit(home, change)
    with pytest.raises(kind, match=words) as refused:
        lifecycle.commit_plan(home, "d1", BEFORE)
    assert refused.value.hint
    assert not replay_states(home.log.entries())


def test_a_plan_of_an_older_release_is_planned_again(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    log_release(home)
    freeze_plan(home, wish())
    log_release(home, "score", "cd" * 32)
    with pytest.raises(Misuse, match="newest release"):
        lifecycle.commit_plan(home, "d1", BEFORE)
    log_release(home, "undo")
    lifecycle.commit_plan(home, "d1", BEFORE)


def test_the_same_item_under_another_id_is_refused_while_the_first_is_open(
    bureau: Bureau, wish: Asking
) -> None:
    home = bureau()
    text = write_item(TENTH, id="archives-a") + write_item(TENTH, id="archives-b")
    (home.path / "facts" / "items.toml").write_text(text, "utf-8")
    for draw, item in (("d1", "archives-a"), ("d2", "archives-b")):
        freeze_plan(home, wish(draw, items=(item,)))
    lifecycle.commit_plan(home, "d1", BEFORE)
    with pytest.raises(Misuse, match="same title"):
        lifecycle.commit_plan(home, "d2", BEFORE)
    lifecycle.void_draw(home, "d1", "wrong plan", BEFORE)
    lifecycle.commit_plan(home, "d2", BEFORE)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lottery:双色球:2026125", "before the plan's not_before"),
        ("lottery:双色球:2025151", "before the plan's not_before"),
        ("lottery:大乐透:25001", "before the plan's not_before"),
        ("lottery:快乐8:2026999", "no issue"),
        ("lottery:快乐8:1900001", "no issue number"),
        ("lottery:福彩3D:2026294", "9 bits"),
    ],
)
def test_planning_refuses_old_and_impossible_issues(
    bureau: Bureau, wish: Asking, text: str, words: str
) -> None:
    home = bureau()
    with pytest.raises(Misuse, match=words):
        freeze_plan(home, wish(sources=(text,)))
    assert not (home.draws / "d1").exists()


def test_a_home_corrects_the_calendar(bureau: Bureau, wish: Asking) -> None:
    home = bureau()
    closed = (
        '[[closed]]\ncalendar = "中国彩票"\nfrom = {}\nto = {}\n'
        'occasion = "示例"\nreference = "示例"\nconfirmed = true\n'
    )
    days = closed.format("2026-02-14", "2026-02-23") + closed.format("2026-10-01", "2026-10-08")
    (home.path / "facts" / "entropy_sources.toml").write_text(days, "utf-8")
    freeze_plan(home, wish(sources=("lottery:双色球:2026125",)))
    lifecycle.commit_plan(home, "d1", BEFORE)


def test_the_bits_are_counted() -> None:
    found = read_sources(("lottery:快乐8:2026300", "drand:quicknet:33623545"))
    assert check_sources(found[:1], NOT_BEFORE, load_catalogue()) == 61
    assert check_sources(read_sources(("local",)), NOT_BEFORE, load_catalogue()) == 0
