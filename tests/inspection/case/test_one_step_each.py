"""Whatever happens in whatever order, each drawn target stands in exactly one step and nothing is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.core.errors import DoubleRandomError
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Finding, Paper, Withdrawal
from double_random.inspection.case.steps import ORDER, PAPERS, Step
from double_random.inspection.casework.reconciliation import reconcile_draw
from double_random.inspection.draw import changes, draw_state, lifecycle
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.protocol.files import REPLACE_REASONS
from double_random.inspection.protocol.selection import LIST
from double_random.inspection.protocol.succession import SUBSTITUTE_REASONS
from double_random.store.home import Home
from tests.thorough import examples

AT = "2026-12-01T00:00:00Z"
CODES = ("clean", "corrected", "problem", "nonsense")
EVENTS = st.one_of(
    st.tuples(st.just("paper"), st.integers(0, 5), st.sampled_from(PAPERS), st.integers(1, 28)),
    st.tuples(st.just("finding"), st.integers(0, 5), st.sets(st.sampled_from(CODES), max_size=2)),
    st.tuples(st.just("back"), st.integers(1, 12)),
    st.tuples(st.just("replace"), st.integers(0, 5), st.sampled_from(REPLACE_REASONS)),
    st.tuples(
        st.just("substitute"),
        st.integers(0, 5),
        st.integers(0, 1),
        st.sampled_from(SUBSTITUTE_REASONS),
    ),
    st.tuples(st.just("void")),
)


@pytest.fixture(scope="module")
def drawn(
    tmp_path_factory: pytest.TempPathFactory,
    registers: Callable[..., Path],
    wish: Callable[..., Any],
    run: Callable[..., Any],
) -> Path:
    """A home with one draw of 3 firms, 2 reserves and 5 inspectors on duty."""
    folder = tmp_path_factory.mktemp("drawn") / "bureau"
    shutil.copytree(registers(30, 6, ((1, 2),)), folder)
    run(Home.open(folder), wish(), until="draw")
    return folder


def happen(home: Home, event: tuple[Any, ...]) -> None:
    """One event, whether it can be or not."""
    known = list(case_file.read_case(home, "d1").targets.values())
    kind, *what = event
    if kind == "void":
        lifecycle.void_draw(home, "d1", "institutions changed", AT)
    elif kind == "back":
        case_file.append_acts(home, "d1", [Withdrawal(what[0], "写错")], AT)
    else:
        one = known[what[0] % len(known)]
        if kind == "paper":
            paper = Paper(one.id, what[1], "示例1号", f"2026-11-{what[2]:02d}")
            case_file.append_acts(home, "d1", [paper], AT)
        elif kind == "finding":
            finding = Finding(target=one.id, item="law-firm-archives", codes=tuple(sorted(what[1])))
            case_file.append_acts(home, "d1", [finding], AT)
        elif kind == "replace":
            changes.replace_target(home, "d1", one.id, what[1], "2026-11-20", AT)
        else:
            person = one.team[what[1]] if one.team else "ZFXXXX01"
            changes.substitute_inspector(home, "d1", one.id, person, what[2], "2026-11-20", AT)


@settings(
    max_examples=examples(8, 50),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(events=st.lists(EVENTS, max_size=14))
def test_each_target_stands_in_exactly_one_step(drawn: Path, events: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(drawn, Path(folder) / "bureau")
        home = Home.open(Path(folder) / "bureau")
        before = LIST.load(DrawFolder.find(home, "d1").read_result()["list.csv"])
        refused = 0
        for event in events:
            former = case_file.read_case(home, "d1")
            try:
                happen(home, event)
            except DoubleRandomError:
                refused += 1
                assert (
                    case_file.read_case(home, "d1") == former
                )  # what is refused leaves nothing behind
        case = case_file.read_case(home, "d1")
        found = reconcile_draw(home, "d1", date(2026, 12, 15))

        # nothing is lost: who was drawn is there, and everybody has one step of the list
        assert {id for id, _name in before} <= set(case.targets)
        assert all(one.step in (*ORDER, Step.replaced, Step.void) for one in case.targets.values())
        assert found.drawn == len(before)
        assert found.drawn + found.came_in == len(case.active_targets) + sum(found.ended.values())

        # every act that was taken stands in the file, and counts unless it was taken back
        assert len(case.acts) + len(log_changes(home)) + voided(home) == len(events) - refused
        papers = sum(len(one.papers) + len(one.findings) for one in case.targets.values())
        back = sum(isinstance(act.content, Withdrawal) for act in case.acts)
        assert papers == len(case.acts) - 2 * back

        # loads and reasons agree with the log
        now = changes.rebuild_assignment(
            home, "d1", draw_state.find_state(home.log.entries(), "d1")
        )
        gone = {one.id for one in case.targets.values() if one.end is Step.replaced}
        assert gone == set(now.replaced)
        if not voided(home):
            assert {one.id: one.team for one in case.active_targets} == dict(now.teams)
            loads = Counter(person for one in case.active_targets for person in one.team)
            assert loads == Counter(person for team in now.teams.values() for person in team)
        assert all(one.reason for one in case.targets.values() if one.end is not None)


def log_changes(home: Home) -> tuple[Any, ...]:
    return draw_state.find_state(home.log.entries(), "d1").changes


def voided(home: Home) -> int:
    return int(draw_state.find_state(home.log.entries(), "d1").stage is draw_state.DrawStage.void)
