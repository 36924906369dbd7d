"""Whom a claim means: rules of ../shared/inputs/PRACTITIONERS.md, and why a claim waits."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.registry import reasons
from double_random.registry.practitioners.matching import WHY, match_persons
from double_random.store.frames import query_frame

POSTS = """SELECT practitioner, institution, since, until FROM employment
WHERE known_to IS NULL AND list_contains(?, practitioner)"""


@pytest.fixture
def ask(register, firms, lawyers, person):
    """Asks for one claim: whom it means and how; or why it waits, and the last digits of who may be meant."""
    renamed = {
        "title": "关于准予示例王五变更姓名的决定",
        "content": "变更姓名;原姓名:示例王五;现姓名:示例王伍",
    }
    register.night(
        permits=[
            *firms,
            *lawyers,
            person("示例王伍", "13100201010000004", decided=date(2013, 1, 1), **renamed),
        ]
    )

    def answer(name, licence=None, practice=None, day=date(2015, 1, 1)):
        connection = register.draft.connection
        columns = (
            "claim TEXT, folded TEXT, licence TEXT, practice TEXT, practice_code TEXT, day DATE"
        )
        connection.execute(f"CREATE OR REPLACE TEMP TABLE person_asked ({columns})")
        firm = f"上海示例{practice}律师事务所" if practice else None
        connection.execute(
            "INSERT INTO person_asked VALUES ('x', ?, ?, ?, NULL, ?)", [name, licence, firm, day]
        )
        match_persons(connection, lambda ids: query_frame(connection, POSTS, [sorted(ids)]))
        found = connection.execute("SELECT practitioner, how FROM person_found").fetchall()
        if found:
            return found[0][0][-1], found[0][1]
        ((why, ids),) = connection.execute("SELECT why, candidates FROM person_waiting").fetchall()
        return WHY[why], [one[-1] for one in ids]

    return answer


def test_a_number_under_a_present_or_former_name(ask):
    assert ask("示例王五", "13100201010000004") == ("4", "licence")
    assert ask("示例王伍", "13100201010000004") == ("4", "licence")


def test_the_only_one_of_that_name_who_ever_was_there(ask):
    assert ask("示例张三", practice="乙") == ("2", "name")
    assert ask("示例王五", practice="丙") == ("4", "name")


def test_of_several_the_only_one_there_on_the_day(ask):
    assert ask("示例张三", practice="甲", day=date(2015, 1, 1)) == ("1", "name")
    assert ask("示例张三", practice="甲", day=date(2010, 6, 1)) == ("1", "name")
    assert ask("示例张三", practice="甲", day=None) == ("1", "name")  # as it is now
    assert ask("示例张三", practice="甲", day=date(2012, 1, 1)) == (reasons.TWO_OF_NAME, ["1", "2"])


def test_what_decides_nothing_waits_with_its_candidates(ask):
    assert ask("示例李四") == (reasons.NAME_ALONE, ["3"])
    assert ask("示例无人") == (reasons.NOBODY_OF_NAME, [])
    assert ask("示例李四", practice="乙") == (reasons.NEVER_THERE, ["3"])
    assert ask("示例李四", "13100201010000009", "甲") == (reasons.NO_SUCH_LICENCE, ["3"])
    assert ask("示例李四", "13100201010000001", "甲") == (reasons.OTHER_PERSON, ["3"])
