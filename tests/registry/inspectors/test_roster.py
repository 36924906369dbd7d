"""执法检查人员名录库 and 回避: who may be drawn for what, and whom he may not visit."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.registry.inspectors import recusals, roster

A = "31310000XXXX00001A"


@pytest.fixture
def inspector():
    def row(**said):
        someone = {
            "id": "ZF01",
            "name": "示例检查员",
            "unit": "闵行区司法局",
            "kinds": ["律师", "公证"],
            "lead": True,
            "status": "on duty",
        }
        return someone | said

    return row


def test_an_inspector_of_lawyers_inspects_firms_and_branches(register, inspector):
    register.night(inspectors=[inspector()])
    assert roster.load_roster(register.draft).to_dicts() == [
        {
            "id": "ZF01",
            "name": "示例检查员",
            "unit": "闵行区司法局",
            "district": "310112",
            "lead": True,
            "kinds": "law_firm law_firm_branch notary_office",
            "status": "on duty",
            "certificate_to": None,
            "leave_from": None,
            "leave_to": None,
        }
    ]


def test_an_unknown_speciality_is_noted_and_the_inspector_stays(register, inspector):
    (file,), (issue,) = register.night(inspectors=[inspector(kinds=["律师", "消防"])])
    assert (file.accepted, issue["reason"], issue["value"]) == (1, "unknown speciality", "消防")
    assert roster.load_roster(register.draft)["kinds"].to_list() == ["law_firm law_firm_branch"]


def test_leave_is_known_from_the_night_that_brings_it(register, inspector):
    register.night(inspectors=[inspector(), inspector(id="ZF02")])
    register.night(inspectors=[inspector(status="on leave")])
    assert roster.load_roster(register.draft)["status"].to_list() == ["on leave", "on duty"]
    assert roster.load_roster(register.draft, known_at=1)["status"].to_list() == ["on duty"] * 2


@pytest.mark.parametrize(
    ("said", "day", "status"),
    [
        ({"certificate_to": date(2016, 12, 31)}, date(2016, 12, 31), "on duty"),
        ({"certificate_to": date(2016, 12, 31)}, date(2017, 1, 1), "certificate expired"),
        (
            {"leave_from": date(2016, 5, 1), "leave_to": date(2016, 5, 9)},
            date(2016, 4, 30),
            "on duty",
        ),
        (
            {"leave_from": date(2016, 5, 1), "leave_to": date(2016, 5, 9)},
            date(2016, 5, 9),
            "on leave",
        ),
        (
            {"leave_from": date(2016, 5, 1), "leave_to": date(2016, 5, 9)},
            date(2016, 5, 10),
            "on duty",
        ),
        ({"status": "on leave"}, date(2016, 5, 10), "on leave"),
        ({"status": "on leave", "leave_to": date(2016, 5, 9)}, date(2016, 5, 10), "on duty"),
    ],
)
def test_leave_and_certificate_decide_on_the_day(register, inspector, said, day, status):
    register.night(inspectors=[inspector(**said)])
    assert roster.load_roster(register.draft, day=day)["status"].to_list() == [status]


def test_the_same_roster_again_changes_nothing(register, inspector):
    register.night(inspectors=[inspector(kinds=["律师", "公证"])])
    register.night(inspectors=[inspector(kinds=["公证", "律师"])])
    assert register.rows("SELECT known_from, known_to FROM inspectors") == [
        {"known_from": 1, "known_to": None}
    ]


def test_two_rows_of_one_inspector_are_noted_and_their_order_does_not_matter(
    new_register, inspector
):
    rows = [inspector(status="on leave"), inspector()]
    rosters = []
    for order in (rows, rows[::-1]):
        register = new_register()
        (file,), (issue,) = register.night(inspectors=order)
        assert (file.rows, file.accepted) == (2, 2)
        assert issue["reason"] == "two rows of one inspector differ"
        rosters.append(roster.load_roster(register.draft).to_dicts())
    assert rosters[0] == rosters[1]


def test_a_recusal_names_its_institution_by_code_or_by_name(register, permit):
    rows = [
        {"inspector": "ZF01", "uscc": A, "name": None, "reason": "近亲属任职"},
        {"inspector": "ZF02", "uscc": None, "name": "上海示例甲律师事务所 ", "reason": "曾任职"},
    ]
    register.night(permits=[permit()], recusals=rows)
    assert recusals.known_recusals(register.draft).rows() == [
        ("ZF01", A, "近亲属任职"),
        ("ZF02", A, "曾任职"),
    ]


def test_a_recusal_waits_for_its_institution(register, permit):
    row = {"inspector": "ZF01", "uscc": A, "name": None, "reason": "近亲属任职"}
    register.night(recusals=[row])
    assert recusals.known_recusals(register.draft).height == 0
    register.night(permits=[permit()])
    assert recusals.known_recusals(register.draft).rows() == [("ZF01", A, "近亲属任职")]


def test_the_same_recusals_again_change_nothing(register, permit):
    row = {"inspector": "ZF01", "uscc": A, "name": None, "reason": "近亲属任职"}
    register.night(permits=[permit()], recusals=[row])
    register.night(recusals=[row, row])
    assert register.rows("SELECT known_from, known_to FROM recusals") == [
        {"known_from": 1, "known_to": None}
    ]
