"""A firm under 停业整顿 may not change its name, be dissolved or open a branch; if it did, that is an issue."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.registry.quality.prohibited_changes import find_prohibited_changes

RENAMED = "关于准予律师事务所变更名称的决定"


def change(permit, title, day, name="上海示例乙律师事务所"):
    return permit(name, document="第2号", title=title, content=title, decided=day)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (RENAMED, "another name while practice was suspended"),
        ("关于注销律师事务所的决定", "dissolved while practice was suspended"),
        ("关于准予律师事务所分所设立的决定", "a branch opened while practice was suspended"),
    ],
)
def test_what_is_forbidden_under_suspension_is_told_with_the_reference(
    register, permit, penalty, title, reason
):
    name = "上海示例乙律师事务所" if title == RENAMED else "上海示例甲律师事务所"
    register.night(
        permits=[permit(), change(permit, title, date(2005, 2, 1), name)], penalties=[penalty()]
    )
    (issue,) = find_prohibited_changes(register.draft)
    assert (issue["column"], issue["reason"]) == ("31310000XXXX00001A", reason)
    assert "2005-02-01" in issue["value"] and "第四十七条" in issue["value"]


@pytest.mark.parametrize("day", [date(2004, 12, 31), date(2005, 4, 1)])
def test_before_and_after_it_is_allowed(register, permit, penalty, day):
    register.night(permits=[permit(), change(permit, RENAMED, day)], penalties=[penalty()])
    assert find_prohibited_changes(register.draft) == []
