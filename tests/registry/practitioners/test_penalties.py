"""Whose suspension or revocation it is: by number and name, by name and firm, else nobody's."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.registry.practitioners import queries

DAY = date(2016, 12, 31)
SUSPENDED = {
    "kinds": ["practice_suspension"],
    "decided": date(2016, 8, 1),
    "ends": date(2017, 2, 1),
}


@pytest.fixture
def status(register, firms, lawyers, penalty):
    """The statuses on the last day of four lawyers, two of them namesakes who were in one firm, after penalties."""
    register.night(
        permits=[
            *firms,
            *lawyers,
        ]
    )

    def after(*orders):
        register.night(penalties=[penalty(name, **SUSPENDED | said) for name, said in orders])
        rows = queries.practitioners_as_of(register.draft, DAY).to_dicts()
        return "".join(row["status"][0] for row in rows)

    after.register = register
    return after


def test_a_number_under_its_own_name(status):
    assert status(("示例李四", {"licence": "13100201010000003"})) == "aasa"


def test_a_number_under_another_name_waits(status):
    assert status(("示例李四", {"licence": "13100201010000004"})) == "aaaa"


def test_a_name_alone_waits_even_if_one_person_bears_it(status):
    assert status(("示例王五", {})) == "aaaa"


@pytest.mark.parametrize(
    "said",
    [
        {"facts": "当事人示例李四,律师执业证号13100201010000003,存在上述行为。"},
        {"certificate": "律师执业证(13100201010000003)"},
        {"practice": "上海示例甲律师事务所"},
    ],
)
def test_the_number_in_the_text_or_the_firm(status, said):
    assert status(("示例李四", said)) == "aasa"


def test_of_namesakes_the_only_one_in_the_firm_on_the_day(status):
    firm = {"practice": "上海示例甲律师事务所"}
    assert status(("示例张三", firm)) == "saaa"


def test_two_namesakes_in_the_firm_on_the_day_wait(status):
    firm = {"practice": "上海示例甲律师事务所", "conducted": date(2012, 1, 1)}
    assert status(("示例张三", firm)) == "aaaa"
    assert status(("示例张三", {"practice": "上海示例乙律师事务所"})) == "asaa"


def test_a_revocation_ends_the_post(status, firms):
    assert status(("示例李四", {"licence": "13100201010000003", "kinds": ["revocation"]})) == "aara"
    members = queries.list_members(status.register.draft, firms[0]["uscc"], DAY)
    assert [row["id"] for row in members] == ["P:13100201010000001"]


def test_a_penalty_that_came_first_is_kept_until_the_person_comes(
    new_register, firms, person, penalty
):
    register = new_register()
    register.night(penalties=[penalty("示例张三", licence="13100201010000001", **SUSPENDED)])
    register.night(permits=[*firms, person()])
    (row,) = queries.practitioners_as_of(register.draft, DAY).to_dicts()
    assert row["status"] == "suspended"


def test_a_firms_penalty_makes_no_table_of_persons(register, firms, penalty):
    register.night(permits=firms, penalties=[penalty(), penalty("示例张三", kinds=["revocation"])])
    assert not register.draft.has("practitioner_penalties")
