"""A quarantined permit is an approval in force that the register does not have."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from double_random.registry import reasons
from double_random.registry.quality.quarantined_approvals import list_unplaced
from double_random.store.releases import Draft

DAY = date(2016, 12, 31)


def test_a_permit_of_an_unknown_kind_is_listed_if_its_name_has_a_word_of_one(register, permit):
    strange = {"certificate": "示例证", "title": "决定书", "content": "示例"}
    register.night(
        permits=[
            permit(),
            permit("上海示例乙律师事务所", document="第2号", **strange),
            permit("示例公司", document="第3号", **strange),
        ]
    )
    found = list_unplaced(register.draft, DAY).select("kind", "name", "file", "row").rows()
    assert found == [("", "上海示例乙律师事务所", "permits.csv", 3)]


def test_a_permit_that_waits_for_its_institution_is_listed_until_it_is_placed(register, permit):
    waiting = permit(uscc=None, licence=None, title="关于准予变更负责人的决定", document="第2号")
    register.night(permits=[waiting])
    found = list_unplaced(register.draft, DAY).select("kind", "name", "code").rows()
    assert found == [("law_firm", waiting["name"], None)]
    register.night(permits=[permit()])
    assert list_unplaced(register.draft, DAY).height == 0


@pytest.mark.parametrize(
    "said",
    [
        {"decided": date(2017, 1, 1)},
        {"state": "invalid"},
        {"title": "关于注销律师事务所的决定"},
    ],
)
def test_an_approval_that_is_not_in_force_is_left_out(register, permit, said):
    register.night(permits=[permit(uscc=None, licence=None, document="第2号", **said)])
    assert register.rows("SELECT count(*) AS rows FROM set_aside") == [{"rows": 1}]
    assert list_unplaced(register.draft, DAY).height == 0


def test_a_founding_that_an_earlier_one_ousts_is_an_approval_too(register, permit):
    later = permit("上海另一示例律师事务所", uscc=None, document="第9号", decided=date(2010, 1, 1))
    register.night(permits=[later])
    assert list_unplaced(register.draft, DAY).height == 0
    register.night(permits=[permit()])
    (row,) = list_unplaced(register.draft, DAY).to_dicts()
    assert (row["name"], row["reason"]) == (later["name"], reasons.FOUNDED_TWICE)


def test_a_register_without_these_tables_has_none():
    draft = Draft(connection=duckdb.connect(":memory:"), run=1, before="")
    found = list_unplaced(draft, DAY)
    assert found.height == 0 and "reason" in found.columns
