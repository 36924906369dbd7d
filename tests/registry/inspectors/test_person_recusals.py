"""Recusals from persons follow the person, and hold against all who may be meant while that is not clear."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.registry import reasons
from double_random.registry.inspectors import recusals
from tests.registry.practitioners.conftest import firms, person  # noqa: F401

INSPECTOR = {
    "name": "示例检查员",
    "id": "ZF1",
    "lead": True,
    "status": "on duty",
    "kinds": ["律师"],
}


@pytest.fixture
def night(register, firms, person):  # noqa: F811
    """A register with two namesakes in one firm, and a mover; then recusals: the pairs on a day by last characters."""
    register.night(
        permits=[
            *firms,
            person("示例张三", "13100201010000001", at="甲"),
            person("示例张三", "13100201010000002", at="乙"),
            person("示例李四", "13100201010000003", at="甲"),
            person("示例李四", "13100201010000003", moves="甲丙", decided=date(2014, 1, 1)),
        ],
        inspectors=[INSPECTOR],
    )

    def run(*rows):
        said = {"inspector": "ZF1", "reason": "近亲属"}
        files, issues = register.night(recusals=[said | row for row in rows])
        return files, [one["reason"] for one in issues]

    def pairs(day):
        known = recusals.known_recusals(register.draft, day=day)
        return sorted(
            target[-1] if target.startswith("P:") else target[-2:] for target in known["target"]
        )

    run.pairs = pairs
    run.register = register
    return run


def test_a_recusal_moves_with_its_person(night):
    files, issues = night({"person": "示例李四", "licence": "13100201010000003"})
    assert (files[0].accepted, files[0].quarantined, issues) == (1, 0, [])
    assert night.pairs(date(2013, 1, 1)) == ["1A", "3"]
    assert night.pairs(date(2015, 1, 1)) == ["3", "3A"]


def test_while_it_is_unclear_it_holds_against_all_and_is_listed(night):
    files, issues = night({"person": "示例张三"})
    assert (files[0].accepted, files[0].quarantined, issues) == (0, 1, [reasons.NAME_ALONE])
    assert night.pairs(date(2015, 1, 1)) == ["1", "1A", "2", "2A"]


def test_a_number_of_another_name_holds_against_both(night):
    night({"person": "示例李四", "licence": "13100201010000002"})
    assert night.pairs(date(2015, 1, 1)) == ["2", "2A", "3", "3A"]


def test_times_count_and_a_row_with_times_goes_before_one_without(night):
    said = {"person": "示例李四", "licence": "13100201010000003"}
    night(said, said | {"since": date(2014, 6, 1), "until": date(2014, 12, 31)})
    assert night.pairs(date(2014, 5, 31)) == []
    assert night.pairs(date(2014, 12, 31)) == ["3", "3A"]
    assert night.pairs(date(2015, 1, 1)) == []


def test_whom_nobody_can_be_is_told(night):
    night({"person": "示例无人", "inspector": "ZF9"})
    told = recusals.find_unmatched(night.register.draft)
    assert [row["reason"] for row in told] == [
        reasons.NO_SUCH_INSPECTOR,
        reasons.PERSON_RECUSAL_WAITS,
    ]


def test_an_institution_in_the_column_of_persons_is_one(night):
    night({"person": "上海示例乙律师事务所"})
    assert night.pairs(date(2015, 1, 1)) == ["2A"]
