"""Rulings on records: what is missing or does not go together is refused before anything is written."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from double_random.commands.credit_rulings import enter_objection, enter_repair
from double_random.commands.current_home import use_home
from double_random.commands.render.format_writers import Format
from double_random.core.errors import Misuse
from double_random.store.home import Home

DAY = datetime(2026, 3, 1)


@pytest.fixture(autouse=True)
def _used(home: Home) -> None:
    """The commands work on an empty home."""
    use_home(home.path)


def test_a_file_of_repairs_needs_a_day_and_no_institution(tmp_path: Path) -> None:
    for institution, day in ((None, None), ("示例律师事务所", DAY)):
        with pytest.raises(Misuse, match="--from takes many repairs") as error:
            enter_repair(institution, source=tmp_path / "修复.csv", as_of=day)
        assert "--from FILE --as-of DATE" in error.value.hint


@pytest.mark.parametrize(("who", "number"), [("示例法院", ""), ("", "示例1号"), (" ", "示例1号")])
def test_an_order_has_its_author_and_its_number(who: str, number: str) -> None:
    with pytest.raises(Misuse, match="--ordered-by and --order go together"):
        enter_repair("示例", record="1", decided=DAY, ordered_by=who, order=number)


def test_a_correction_is_one_of_two() -> None:
    with pytest.raises(Misuse, match="--as: erased is not known") as error:
        enter_repair("示例", record="1", decided=DAY, correction="erased")
    assert "revoked" in error.value.hint and "corrected" in error.value.hint


def test_record_institution_and_day_are_all_needed() -> None:
    for given in (
        {"institution": None, "record": "1", "decided": DAY},
        {"institution": "示例", "record": None, "decided": DAY},
        {"institution": "示例", "record": "1", "decided": None},
    ):
        with pytest.raises(Misuse, match="which record of whom") as error:
            enter_repair(**given)  # type: ignore[arg-type]
        assert "--record" in error.value.hint and "--decided" in error.value.hint


def test_nothing_was_decided_on_a_day_to_come() -> None:
    with pytest.raises(Misuse, match="2062-11-03 is still to come"):
        enter_repair("示例", record="1", decided=datetime(2062, 11, 3))


def test_an_objection_takes_a_step_of_the_list() -> None:
    with pytest.raises(Misuse, match="--step: forgotten is not known"):
        enter_objection("示例", record="1", step="forgotten", decided=DAY)
    with pytest.raises(Misuse, match="--step is missing"):
        enter_objection("示例", record="1", decided=DAY)


def test_without_an_institution_the_objections_are_listed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    enter_objection(form=Format.json)
    assert json.loads(capsys.readouterr().out) == []
