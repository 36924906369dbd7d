"""Numbers are entered twice: asked for on a terminal, with --confirm in scripts."""

from __future__ import annotations

import pytest
import typer

from double_random.commands import number_entry
from double_random.commands.number_entry import enter_twice
from double_random.core.errors import Misuse

VALUES = {"lottery:双色球:2026138": "02.07"}


def test_scripts_say_the_numbers_twice() -> None:
    enter_twice(VALUES, ["lottery:双色球:2026138=02.07"])
    enter_twice({}, None)
    for confirm, words in (
        (None, "entered once"),
        (["lottery:双色球:2026138=02.08"], "differ"),
        (["lottery:快乐8:1=02.07"], "does not"),
    ):
        with pytest.raises(Misuse, match=words) as refused:
            enter_twice(VALUES, confirm)
        assert refused.value.hint


def test_a_second_person_is_asked_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(number_entry.sys.stdin, "isatty", lambda: True, raising=False)
    answers = iter([" 02.07 ", "02.70"])
    monkeypatch.setattr(typer, "prompt", lambda question, err: next(answers))
    enter_twice(VALUES, None)
    with pytest.raises(Misuse, match="nothing was recorded"):
        enter_twice(VALUES, None)
