"""Commands of a draw's life cycle: a value is read back, and acts out of order are refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from double_random.commands import draw
from double_random.commands.current_home import use_home
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store.home import Home

VECTOR = Path(__file__).parent.parent / "vectors" / "lottery-groups"


@pytest.fixture(autouse=True)
def _used(home: Home) -> None:
    """The commands work on an empty home."""
    use_home(home.path)


def test_a_second_entry_that_differs_logs_nothing(home: Home) -> None:
    value = "balls:示例摇号室:7=0730915"
    with pytest.raises(Misuse, match="differ"):
        draw.log_entropy("d1", value, confirm=[value[:-1] + "6"])
    assert home.log.entries() == []


def test_a_draw_that_is_not_there_is_refused_by_every_act() -> None:
    for act in (
        lambda: draw.commit_plan("d1"),
        lambda: draw.discard_plan("d1"),
        lambda: draw.log_entropy("d1", "local=1", yes=True),
        lambda: draw.run_draw("d1"),
        lambda: draw.publish_draw("d1"),
        lambda: draw.void_draw("d1", "wrong plan"),
    ):
        with pytest.raises(DoubleRandomError, match="d1"):
            act()


def test_a_plan_that_was_never_sealed_can_be_discarded(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(VECTOR, home.draws / "case-4")
    draw.discard_plan("case-4")
    assert not (home.draws / "case-4").exists()
    assert "the plan case-4 is gone" in capsys.readouterr().err


def test_a_reason_is_one_of_the_closed_list() -> None:
    for act in (
        lambda: draw.void_draw("d1", "because"),
        lambda: draw.replace_institution("d1", "示例", "because"),
        lambda: draw.substitute_inspector("d1", "示例", "示例", "because"),
    ):
        with pytest.raises(Misuse, match="--reason: because is not known") as error:
            act()
        assert error.value.hint.startswith("one of: ")
