"""Manual decisions are appended, read in their order, and never silently lost."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError
from double_random.registry import manual_decisions
from double_random.store.home import Home


@dataclass(frozen=True)
class Word:
    """A decision of the tests' own."""

    code: str
    why: str


def file(home: Home) -> Path:
    return home.path / "acts" / "codes.jsonl"


def test_decisions_are_read_in_the_order_in_which_they_were_made(home: Home) -> None:
    assert manual_decisions.read_decisions(home, "codes", Word) == []
    said = [Word("甲", "示例"), Word("乙", "示例"), Word("甲", "另一示例")]
    for word in said:
        manual_decisions.append_decision(home, "codes", "confirm", word)
    assert manual_decisions.read_decisions(home, "codes", Word) == said
    assert "甲" in file(home).read_text("utf-8"), "people can read it"


def test_each_name_has_its_own_file(home: Home) -> None:
    manual_decisions.append_decision(home, "codes", "confirm", Word("甲", "示例"))
    assert manual_decisions.read_decisions(home, "links", Word) == []


@pytest.mark.parametrize(
    "line", ["no json\n", '{"code": "甲"}\n', '{"code": "甲", "why": "", "x": 1}\n']
)
def test_a_damaged_line_names_the_file(home: Home, line: str) -> None:
    manual_decisions.append_decision(home, "codes", "confirm", Word("甲", "示例"))
    with file(home).open("a", encoding="utf-8") as damaged:
        damaged.write(line)
    with pytest.raises(DoubleRandomError, match=r"codes\.jsonl is damaged") as refused:
        manual_decisions.read_decisions(home, "codes", Word)
    assert "backup" in refused.value.hint


def test_a_line_that_was_left_half_written_is_no_decision(home: Home) -> None:
    manual_decisions.append_decision(home, "codes", "confirm", Word("甲", "示例"))
    with file(home).open("a", encoding="utf-8") as killed:
        killed.write('{"code": "乙"')
    assert manual_decisions.read_decisions(home, "codes", Word) == [Word("甲", "示例")]
