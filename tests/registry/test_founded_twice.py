"""Two foundings of different names under one id are never one firm without a word."""

from __future__ import annotations

from datetime import date

from registry import reasons
from registry.founded_twice import founded_twice


def two(permit, name, **said):
    return permit(name, document="沪司许决字〔2003〕第9号", decided=date(2003, 1, 1), **said)


def test_two_firms_under_one_licence_number_are_told(register, permit):  # D-006
    register.night(permits=[permit(uscc=None), two(permit, "上海示例乙律师事务所", uscc=None)])
    (issue,) = founded_twice(register.draft)
    assert issue["column"] == "L:23100000000000001"
    assert issue["reason"] == reasons.FOUNDED_TWICE
    assert "上海示例甲律师事务所" in issue["value"] and "上海示例乙律师事务所" in issue["value"]


def test_two_firms_under_one_code_are_told(register, permit):  # D-006
    register.night(permits=[permit()])
    register.night(permits=[two(permit, "上海示例乙律师事务所", licence="2")])
    (issue,) = founded_twice(register.draft)
    assert issue["column"] == "31310000XXXX00001A"


def test_one_firm_is_not_told(register, permit):
    again = permit("示例甲律师事务所(普通合伙)", document="沪司许决字〔2003〕第9号")
    renamed = permit(
        "上海示例乙律师事务所", title="关于准予律师事务所变更名称的决定", content="变更名称",
        document="沪司许决字〔2004〕第3号", decided=date(2004, 1, 1),
    )  # fmt: skip
    anew = permit(
        "上海示例乙律师事务所", document="沪司许决字〔2005〕第4号", decided=date(2005, 1, 1)
    )
    register.night(permits=[permit(), again, renamed, anew])
    assert founded_twice(register.draft) == []
