"""Numbers are entered twice: asked for on a terminal, with --confirm in scripts."""

from __future__ import annotations

import pytest
import typer

from double_random.commands import number_entry
from double_random.commands.number_entry import (
    enter_twice,
    read_back,
    remind_of_second_entry,
    second_question,
)
from double_random.core.errors import Misuse

VALUES = {"lottery:双色球:2026138": "02.07"}


def test_scripts_say_the_numbers_twice() -> None:
    enter_twice(VALUES, ["lottery:双色球:2026138=02.07"])
    enter_twice({}, None)
    for confirm, words in (
        (None, "entered once"),
        (["lottery:双色球:2026138=02.08"], "differ"),
        (["lottery:快乐8:1=02.07"], "no number of it"),
    ):
        with pytest.raises(Misuse, match=words) as refused:
            enter_twice(VALUES, confirm)
        assert refused.value.hint


def test_a_script_that_need_not_is_told_how(capsys: pytest.CaptureFixture[str]) -> None:
    (source,) = enter_twice(VALUES, None, required=False)
    assert capsys.readouterr().err == ""
    remind_of_second_entry(source, VALUES[source])
    assert "--confirm 'lottery:双色球:2026138=02.07'" in capsys.readouterr().err
    assert enter_twice(VALUES, [f"{source}={VALUES[source]}"]) == []


def test_numbers_are_read_back_one_by_one() -> None:
    assert read_back("lottery:快乐8:1", "01.02.03").endswith("lottery:快乐8:1: 01 02 03")
    assert "01" not in second_question("lottery:快乐8:1").replace("快乐8:1", "")


def test_a_second_person_is_asked_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_entry.sys.stdin, "isatty", lambda: True, raising=False)
    answers = iter([" 02.07 ", "02.70"])
    monkeypatch.setattr(typer, "prompt", lambda question, err: next(answers))
    enter_twice(VALUES, None)
    with pytest.raises(Misuse, match="nothing was recorded"):
        enter_twice(VALUES, None)
