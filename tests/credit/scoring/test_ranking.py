"""The ranking: graded institutions with name, kind and district, the lowest points first."""

from __future__ import annotations

from datetime import date

from double_random import data
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.credit.scoring.ranking import list_registered, rank_institutions

DAY = date(2020, 6, 30)
RISK = read_policy(data.path("policies", "risk-100.toml"))


def book() -> Casebook:
    made = Casebook()
    made.add_institutions(["示例丙所", "示例乙所", "示例甲所"], "law_firm")
    made.add_institution("示例仲裁", "arbitration")
    made.connection.execute("UPDATE institutions SET district = '990001' WHERE id = '示例甲所'")
    made.add_cases(
        [
            MadeUpRecord(
                institution="示例甲所",
                record_class="penalty",
                decided=date(2020, 1, 1),
                kinds=("fine",),
            )
        ]
    )
    return made


def test_the_lowest_points_come_first_and_equal_ones_by_id() -> None:
    with book() as known:
        found = rank_institutions(known, DAY, RISK)  # type: ignore[arg-type]
    assert found.columns == ["institution", "name", "kind", "district", "points", "grade"]
    assert found.select("institution", "district", "points", "grade").rows() == [
        ("示例甲所", "990001", 85_00, "B"),
        ("示例丙所", None, 100_00, "A"),
        ("示例乙所", None, 100_00, "A"),
    ]


def test_the_register_also_has_those_that_the_policy_does_not_grade() -> None:
    with book() as known:
        found = list_registered(known, DAY)  # type: ignore[arg-type]
        assert dict(found.select("institution", "kind").iter_rows())["示例仲裁"] == "arbitration"
        assert list_registered(known, date(1899, 12, 31)).is_empty()  # type: ignore[arg-type]


def test_a_name_is_that_of_the_day() -> None:
    with book() as known:
        known.connection.execute(
            "UPDATE institutions SET valid_to = DATE '2020-06-01' WHERE id = '示例甲所'"
        )
        known.connection.execute(
            """INSERT INTO institutions (id, kind, name, folded, status, valid_from, known_from)
               VALUES ('示例甲所', 'law_firm', '示例新名所', '示例新名所', 'active', DATE '2020-06-01', 0)"""
        )
        for day, name in ((DAY, "示例新名所"), (date(2020, 5, 31), "示例甲所")):
            names = dict(
                rank_institutions(known, day, RISK).select("institution", "name").iter_rows()
            )  # type: ignore[arg-type]
            assert names["示例甲所"] == name
