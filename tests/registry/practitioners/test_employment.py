"""One person's history from decisions and penalties: posts, versions, notes; what the law allows, as data."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from double_random.registry import reasons
from double_random.registry.practitioners.employment import (
    ELSEWHERE,
    PersonDecision,
    PersonPenalty,
    build_history,
)
from double_random.registry.practitioners.kinds import load_shipped_practitioner_facts

FACTS = load_shipped_practitioner_facts()
KINDS = {kind.code: kind for kind in FACTS.kinds}


def decision(event, year, practice="", former="", **said):
    plain = {
        "decision": f"{event}{year}",
        "kind": "lawyer",
        "event": event,
        "category": "",
        "concurrent": False,
        "name": "示例张三",
        "folded": "示例张三",
        "licence": "13100201010000001",
        "renames": False,
        "practice": practice,
        "former_practice": former,
        "employer": None,
        "authority": None,
        "document": f"第{year}号",
        "decided": date(year, 1, 1),
        "licence_from": None,
        "licence_to": None,
        "valid": True,
    }
    return PersonDecision(**(plain | said))


def history(*decisions, penalties=(), ends=None):
    return build_history(
        decisions,
        penalties,
        KINDS,
        FACTS.events_by_code(),
        lambda institution, since: (ends or {}).get(institution),
    )


def posts(told):
    return [
        (post.institution, post.since and post.since.year, post.until and post.until.year)
        for post in told.posts
    ]


def statuses(told):
    return [(day.year, day.month, version.status) for day, version in told.versions]


def notes(told):
    return [note.reason for note in told.notes]


def suspension(year, ends):
    return PersonPenalty(event="suspended", decided=date(year, 6, 1), ends=ends)


def test_a_second_first_permit_ends_the_first_post_and_is_told():
    told = history(decision("admitted", 2000, "A"), decision("admitted", 2005, "B"))
    assert posts(told) == [("A", 2000, 2005), ("B", 2005, None)]
    assert notes(told) == [reasons.TWO_PLACES]


@pytest.mark.parametrize(
    ("first", "second", "both"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_two_posts_stand_only_if_both_decisions_allow_it(first, second, both):
    told = history(
        decision("admitted", 2000, "A", concurrent=first),
        decision("admitted", 2005, "B", concurrent=second),
    )
    assert (posts(told)[0][2] is None) == both
    assert notes(told) == ([] if both else [reasons.TWO_PLACES])


def test_a_move_leaves_one_of_two_posts():
    told = history(
        decision("admitted", 2000, "A", concurrent=True),
        decision("admitted", 2005, "B", concurrent=True),
        decision("moved", 2010, "C", "A", concurrent=True),
    )
    assert posts(told) == [("A", 2000, 2010), ("B", 2005, None), ("C", 2010, None)]


def test_a_move_of_somebody_unknown_tells_of_a_post_before_the_data():
    assert posts(history(decision("moved", 2005, "B", "A"))) == [
        ("A", None, 2005),
        ("B", 2005, None),
    ]
    assert posts(history(decision("moved", 2005, "B", ELSEWHERE))) == [("B", 2005, None)]


def test_a_secondment_is_a_post_at_the_branch():
    told = history(decision("admitted", 2000, "A"), decision("seconded", 2005, "A-branch", "A"))
    assert posts(told) == [("A", 2000, 2005), ("A-branch", 2005, None)]


def test_another_former_firm_than_the_registers_is_told():
    told = history(decision("admitted", 2000, "A"), decision("moved", 2005, "C", "B"))
    assert posts(told) == [("A", 2000, 2005), ("C", 2005, None)]
    assert notes(told) == [reasons.FORMER_DIFFERS]


def test_a_suspension_lasts_to_its_end_and_a_move_in_it_is_told():
    told = history(
        decision("admitted", 2000, "A"),
        decision("moved", 2006, "B", "A"),
        penalties=[suspension(2005, date(2006, 3, 1))],
    )
    assert statuses(told) == [(2000, 1, "active"), (2005, 6, "suspended"), (2006, 3, "active")]
    assert notes(told) == [reasons.MOVED_IN_SUSPENSION]


def test_revoked_is_for_ever_and_a_cancellation_does_not_change_it():
    told = history(
        decision("admitted", 2000, "A"),
        decision("cancelled", 2006, "A"),
        decision("admitted", 2010, "B"),
        penalties=[PersonPenalty(event="revoked", decided=date(2005, 1, 1), ends=None)],
    )
    assert statuses(told) == [(2000, 1, "active"), (2005, 1, "revoked")]
    assert posts(told) == [("A", 2000, 2005)]
    assert notes(told) == [reasons.LICENSED_AFTER_REVOCATION]


def test_after_a_cancellation_a_new_permit_begins_a_new_post():
    told = history(
        decision("admitted", 2000, "A"),
        decision("cancelled", 2003, "A"),
        decision("admitted", 2006, "B"),
    )
    assert posts(told) == [("A", 2000, 2003), ("B", 2006, None)]
    assert [status for *_day, status in statuses(told)] == ["active", "cancelled", "active"]
    assert notes(told) == []


def test_an_institution_that_ends_ends_the_post_and_not_the_licence():
    told = history(decision("admitted", 2000, "A"), ends={"A": date(2004, 1, 1)})
    assert posts(told) == [("A", 2000, 2004)]
    assert [status for *_day, status in statuses(told)] == ["active"]
    assert notes(told) == [reasons.WITHOUT_INSTITUTION]


def test_a_permit_that_is_not_in_force_makes_no_post():
    told = history(decision("admitted", 2000, "A", valid=False))
    assert (posts(told), [status for *_day, status in statuses(told)]) == ([], ["withdrawn"])


def test_category_and_name_change_alone():
    told = history(
        decision("admitted", 2000, "A", category="part_time"),
        decision("recategorised", 2005, "A", category="full_time"),
        replace(decision("renamed", 2006, "A"), name="示例张五", folded="示例张五", renames=True),
    )
    assert [(v.category, v.name) for _day, v in told.versions] == [
        ("part_time", "示例张三"),
        ("full_time", "示例张三"),
        ("full_time", "示例张五"),
    ]
    assert posts(told) == [("A", 2000, None)]
