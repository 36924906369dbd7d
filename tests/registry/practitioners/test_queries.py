"""Questions to the register of practitioners: a list of a day, one person, who is where, who is meant."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core.errors import Misuse
from double_random.registry.practitioners import queries

DAY = date(2016, 12, 31)


@pytest.fixture
def people(register, firms, person):
    register.night(
        permits=[
            *firms,
            person(),
            person("示例张三", "13100201010000002", at="乙"),
            person("示例李四", "13100201010000003", at="甲", decided=date(2012, 1, 1)),
            person(
                "示例李五",
                "13100201010000003",
                at="变更姓名;原姓名:示例李四;现姓名:示例李五",
                title="关于准予示例李五变更姓名的决定",
                decided=date(2014, 1, 1),
            ),
        ]
    )
    return register.draft


def test_a_release_without_persons_lists_nobody(register, firms):
    register.night(permits=firms)
    assert queries.practitioners_as_of(register.draft, DAY).height == 0
    assert queries.list_members(register.draft, firms[0]["uscc"], DAY) == []
    assert queries.list_practitioners(register.draft) == []
    assert queries.find_practitioner_notes(register.draft) == []


def test_the_list_has_the_institution_of_the_day_and_its_district(people, firms):
    rows = {row["licence"][-1]: row for row in queries.practitioners_as_of(people, DAY).to_dicts()}
    assert [rows[number]["name"] for number in "123"] == ["示例张三", "示例张三", "示例李五"]
    assert rows["2"]["institution"] == firms[1]["uscc"]
    assert rows["2"]["district"] == "310112"
    assert rows["3"]["former"] == ["示例李四"]
    assert queries.practitioners_as_of(people, date(2011, 1, 1)).height == 2


def test_members_of_a_day(people, firms):
    there = [
        row["name"] for row in queries.list_members(people, firms[0]["uscc"], date(2013, 1, 1))
    ]
    assert there == ["示例张三", "示例李四"]


def test_one_person_with_all_that_is_behind(people):
    told = queries.describe_practitioner(people, "P:13100201010000003", DAY)
    assert [(row["name"], row["from"]) for row in told["names"]] == [
        ("示例李四", date(2012, 1, 1)),
        ("示例李五", date(2014, 1, 1)),
    ]
    assert [row["event"] for row in told["decisions"]] == ["admitted", "renamed"]
    assert [(row["name"], row["to"]) for row in told["employment"]] == [
        ("上海示例甲律师事务所", None)
    ]
    with pytest.raises(Misuse, match="not yet in the register"):
        queries.describe_practitioner(people, "P:13100201010000003", date(2005, 1, 1))


def test_a_person_is_found_by_number_or_name_and_namesakes_are_asked_for(people):
    asked = {"P:13100201010000003", "13100201010000003", "示例李五", "示例李四"}
    assert {queries.identify_practitioner(people, word) for word in asked} == {
        "P:13100201010000003"
    }
    with pytest.raises(Misuse, match="may mean several"):
        queries.identify_practitioner(people, "示例张三")
    with pytest.raises(Misuse, match="no practitioner is known"):
        queries.identify_practitioner(people, "P:13100299910000000")
    assert queries.find_practitioner(people, "上海示例甲律师事务所") == ""
