"""A kept answer is given for what it is about, and for nothing else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from double_random.store import kept_answer
from double_random.store.kept_answer import describe_program, keep_answer, read_answer

ABOUT = ("000001-0123456789ab", "示例")
ANSWER = {"示例": {"行": 3}, "nothing": None}


def test_it_is_given_for_what_it_is_about(tmp_path: Path) -> None:
    file = tmp_path / "counts.json"
    assert read_answer(file, ABOUT) is None
    keep_answer(file, ABOUT, ANSWER)
    assert read_answer(file, ABOUT) == ANSWER
    assert read_answer(file, (ABOUT[0], "another program")) is None
    assert read_answer(file, ("000002-0123456789ab", ABOUT[1])) is None


@pytest.mark.parametrize("content", ["", "[]", "{}", "示例", '{"about": 1}', "null"])
def test_a_damaged_file_answers_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "counts.json"
    file.write_text(content, "utf-8")
    assert read_answer(file, ABOUT) is None


def test_a_changed_answer_is_not_given(tmp_path: Path) -> None:
    file = tmp_path / "counts.json"
    keep_answer(file, ABOUT, ANSWER)
    kept = json.loads(file.read_text("utf-8"))
    kept["answer"]["示例"]["行"] = 4
    file.write_text(json.dumps(kept), "utf-8")
    assert read_answer(file, ABOUT) is None


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "counts.json"
    keep_answer(file, ABOUT, ANSWER)
    assert read_answer(file, ABOUT) is None and not file.parent.exists()


def test_every_change_of_the_program_makes_another_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_answer, "PROGRAM", tmp_path)
    (tmp_path / "store" / "sql").mkdir(parents=True)
    one, other = tmp_path / "store" / "one.py", tmp_path / "store" / "sql" / "other.sql"
    one.write_text("1", "utf-8")
    other.write_text("1", "utf-8")
    first = describe_program(["store"])
    assert describe_program(["store"]) == first
    other.write_text("12", "utf-8")
    second = describe_program(["store"])
    os.utime(one, ns=(1, 1))
    third = describe_program(["store"])
    (tmp_path / "store" / "new.py").touch()
    assert len({first, second, third, describe_program(["store"])}) == 4
