"""Which institution a permit of a person names: by code, by a name of one bearer, by the bearer of the day."""

from __future__ import annotations

from datetime import date

import polars
import pytest

from double_random.registry.practitioners.employment import ELSEWHERE
from double_random.registry.practitioners.kinds import load_shipped_practitioner_facts
from double_random.registry.practitioners.places import (
    find_places,
    is_elsewhere,
    load_institution_ends,
    split_regions,
)

FACTS = load_shipped_practitioner_facts()
DAY = date(2010, 1, 1)


@pytest.fixture
def found(register, firms, permit):
    """The institution of a place, in a register with three firms, one of them renamed in 2005 and one ended in 2015."""
    renamed = permit(
        "上海示例新名律师事务所",
        uscc=firms[0]["uscc"],
        licence=firms[0]["licence"],
        title="关于准予律师事务所变更名称的决定",
        content="变更名称",
        decided=date(2005, 1, 1),
    )
    ended = firms[1] | {
        "title": "关于注销律师事务所的决定",
        "content": "注销",
        "decided": date(2015, 1, 1),
    }
    register.night(permits=[*firms, renamed, ended])

    def ask(name, code="", day=DAY, kind="lawyer"):
        schema = {
            "kind": polars.String,
            "folded": polars.String,
            "code": polars.String,
            "day": polars.Date,
        }
        frame = polars.DataFrame([(kind, name, code, day)], schema=schema, orient="row")
        places = find_places(register.connection, frame, FACTS, register.facts.districts)
        return places.get((kind, name, code, day))

    ask.register = register
    return ask


def test_a_name_finds_its_only_bearer_also_before_and_after_its_time(found, firms):
    assert found("上海示例甲律师事务所") == found("上海示例新名律师事务所") == firms[0]["uscc"]
    assert found("上海示例甲律师事务所", day=date(1999, 1, 1)) == firms[0]["uscc"]


def test_a_code_comes_before_the_name_and_must_not_contradict_it(found, firms):
    assert found("上海示例某某律师事务所", firms[1]["uscc"]) == firms[1]["uscc"]
    assert found("上海示例乙律师事务所", "31310000XXXX99999A") is None


def test_an_unknown_firm_or_one_of_another_kind_is_nobody(found):
    assert found("上海示例查无此所律师事务所") is None
    assert found("上海示例乙律师事务所", kind="notary") is None


def test_another_province_is_told_from_a_local_branch():
    own, others = split_regions({"黄浦区": "310101"})
    assert own == ("上海",)
    assert is_elsewhere("浙江示例他乡律师事务所", own, others)
    assert not is_elsewhere("北京示例甲(上海)律师事务所", own, others)
    assert not is_elsewhere("示例甲律师事务所", own, others)


def test_a_firm_of_another_province_is_elsewhere(found):
    assert found("浙江示例他乡律师事务所") == ELSEWHERE
    assert found("北京示例查无(上海)律师事务所") is None


def test_the_days_on_which_institutions_ended(found, firms):
    ends = load_institution_ends(found.register.connection, [firm["uscc"] for firm in firms])
    assert ends == {firms[1]["uscc"]: [date(2015, 1, 1)]}
