"""Whose a person's permit is: the number if the name agrees; namesakes stay apart, a renamed person stays one."""

from __future__ import annotations

import random
from datetime import date

from double_random.registry.practitioners.identity import PermitClaim, assign_claims


def claim(decision, licence, name, year, former_name=None, former_licence=None):
    return PermitClaim(
        decision=decision,
        licence=licence,
        folded=name,
        former_name=former_name,
        former_licence=former_licence,
        decided=date(year, 1, 1),
    )


def test_namesakes_with_two_numbers_are_two_persons():
    found = assign_claims([claim("a", "1", "张三", 2000), claim("b", "2", "张三", 2001)])
    assert found.owners == {"a": "P:1", "b": "P:2"}
    assert found.held == frozenset()


def test_a_number_belongs_to_the_name_of_its_earliest_decision():
    found = assign_claims([claim("b", "1", "李四", 2001), claim("a", "1", "张三", 2000)])
    assert found.owners == {"a": "P:1"}
    assert found.held == {"b"}


def test_a_renamed_person_stays_one_under_either_name():
    rows = [
        claim("a", "1", "张三", 2000),
        claim("b", "1", "张五", 2005, former_name="张三"),
        claim("c", "1", "张五", 2006),
        claim("d", "1", "李四", 2007),
    ]
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        found = assign_claims(rows)
        assert found.owners == dict.fromkeys("abc", "P:1")
        assert found.held == {"d"}


def test_a_changed_number_joins_two_numbers_and_the_id_is_the_first():
    rows = [
        claim("a", "1", "张三", 2000),
        claim("b", "2", "张三", 2005, former_licence="1"),
        claim("c", "3", "张三", 2010, former_licence="2"),
        claim("d", "3", "张三", 2011),
    ]
    assert assign_claims(rows).owners == dict.fromkeys("abcd", "P:1")
    assert assign_claims(rows[1:]).owners == dict.fromkeys("bcd", "P:1")


def test_a_changed_number_of_another_name_joins_nobody():
    rows = [claim("a", "1", "张三", 2000), claim("b", "2", "李四", 2005, former_licence="1")]
    found = assign_claims(rows)
    assert found.owners == {"a": "P:1"}
    assert found.held == {"b"}
