"""The lines of a case file: written canonically, bound to the line before, and read field by field."""

from __future__ import annotations

import hashlib

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.case.events import (
    Act,
    Content,
    Finding,
    Joint,
    Paper,
    Task,
    Withdrawal,
)
from double_random.inspection.case.steps import Step

FIRM, AT = "31310000XXXX00001A", "2026-03-05T01:00:00Z"
CONTENTS: tuple[Content, ...] = (
    Task(
        number="示抽1",
        year_plan="示司抽〔2026〕1号",
        batch="1",
        type="directed",
        first_day="2026-03-03",
        last_day="2026-03-31",
        reason="上年度投诉两次以上",
    ),
    Paper(FIRM, Step.notified, "示例1号", "2026-03-04", "备注"),
    Finding(
        target=FIRM,
        item="示例事项",
        codes=("corrected", "problem"),
        found="档案缺页",
        correct_by="2026-04-01",
    ),
    Joint(FIRM, ("d1", "d2"), "示司合1号", "2026-03-04"),
    Withdrawal(1, "写错"),
)


def line(content: Content = CONTENTS[1], seq: int = 1, after: str = "") -> bytes:
    return Act(seq, AT, content).dump(after)


@pytest.mark.parametrize("content", CONTENTS, ids=lambda one: type(one).__name__)
def test_an_act_is_read_back_as_it_was_written(content: Content) -> None:
    after = hashlib.sha256(line()).hexdigest()
    assert Act.read(line(content, 2, after), after, 2) == Act(2, AT, content)


def test_a_line_is_canonical_json_with_its_kind_and_the_hash_before() -> None:
    assert line(Withdrawal(1, "写错"), 2, "ab") == (
        '{"after":"ab","at":"2026-03-05T01:00:00Z","kind":"withdrawal",'
        '"reason":"写错","seq":2,"withdrawn":1}'.encode()
    )


@pytest.mark.parametrize(("after", "number"), [("0" * 64, 1), ("", 2)])
def test_a_line_in_another_place_is_refused(after: str, number: int) -> None:
    with pytest.raises(BadFile, match=f"line {number}: a line before it was changed") as refused:
        Act.read(line(), after, number)
    assert refused.value.file == "case.jsonl" and "backup" in refused.value.hint


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (b'"kind":"paper"', b'"kind":"letter"', "line 1: this is no act"),
        (b'"step":"notified"', b'"step":"drawn"', r"line 1\.step: one of"),
        (b'"date":"2026-03-04"', b'"date":"2026-02-30"', r"line 1\.date: a day was expected"),
        (b'"date":"2026-03-04"', b'"date":""', r"line 1\.date: a day was expected"),
        (b'"at":"2026-03-05T01:00:00Z"', b'"at":"2026-03-05"', r"line 1\.at"),
        ('"remark":"备注"'.encode(), b'"remark":1', r"line 1\.remark: text was expected"),
        (b'"number":', b'"nummer":', r"line 1\.number: this field is missing"),
        (b'{"after"', b'{"aaa":1,"after"', r"line 1\.aaa: this field is unknown"),
    ],
)
def test_a_changed_field_is_named(old: bytes, new: bytes, named: str) -> None:
    assert old in line()
    with pytest.raises(BadFile, match=named):
        Act.read(line().replace(old, new), "", 1)


def test_a_withdrawal_names_an_act_from_1_on_and_a_task_one_of_two_classes() -> None:
    changed = line(CONTENTS[4]).replace(b'"withdrawn":1', b'"withdrawn":0')
    with pytest.raises(BadFile, match=r"line 1\.withdrawn"):
        Act.read(changed, "", 1)
    changed = line(CONTENTS[0]).replace(b'"type":"directed"', b'"type":"any"')
    with pytest.raises(BadFile, match=r"line 1\.type: one of"):
        Act.read(changed, "", 1)


@pytest.mark.parametrize("content", [b"[]", b"1", b'"x"'])
def test_a_line_that_is_no_object_is_no_act(content: bytes) -> None:
    with pytest.raises(BadFile, match="line 1: this is no act"):
        Act.read(content, "", 1)
