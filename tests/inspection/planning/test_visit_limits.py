"""Whom a draw spares: the cool-down, the place's yearly cap, and fewer of those who have been clean for years."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.credit.records.load import load_records
from double_random.inspection.planning import items, visit_limits
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.pools import PlanNotFeasible
from double_random.inspection.protocol.files import LEFT_OUT
from double_random.store.home import Home
from tests.inspection.item_lists import HALF, write_item

DAY = date(2026, 10, 31)
CLEAN = '{{ kind = "law_firm", clean = 3, ratio = {ratio}, minimum = 0, rounding = "up" }}'


def write_list(ratio: str) -> str:
    """Half of the firms, of those found clean for three years this part; none twice in six months."""
    return write_item(HALF, CLEAN.format(ratio=ratio), more="cool_down = 6")


@pytest.fixture
def past(
    bureau: Callable[..., Home], firm: Callable[[int], str], tmp_path: Path
) -> Callable[..., Home]:
    """Twelve firms, and a record sheet of past inspections: (firm, day, class, result)."""

    def of(*visits: tuple[int, str, str, str]) -> Home:
        home = bureau(firms=12, inspectors=8)
        (home.path / "facts" / "items.toml").write_text(write_list(ratio="[1, 10]"), "utf-8")
        path = tmp_path / "历次检查.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(
                [
                    "被检查机构",
                    "统一社会信用代码",
                    "检查类别",
                    "检查日期",
                    "检查结果",
                    "检查事项",
                    "检查机关",
                ]
            )
            for number, day, kind, result in visits:
                name = f"上海示例{number:03d}律师事务所"
                rows.writerow([name, firm(number), kind, day, result, "归档", "示例市税务局"])
        report = load_records(home, [path], DAY)
        assert sum(file.accepted for file in report.files) == len(visits)
        return home

    return of


def left_out(home: Home, planned: Any) -> dict[str, str]:
    rows = LEFT_OUT.load((planned.folder / "left_out.csv").read_bytes())
    return {id: reason for id, reason, _name in rows}


def test_who_was_visited_lately_is_spared_but_not_after_a_complaint(
    past: Callable[..., Home], wish: Callable[..., Any], firm: Callable[[int], str]
) -> None:
    home = past(
        (1, "2026-05-01", "双随机", "未发现问题"),  # the day after six months before
        (2, "2026-04-30", "双随机", "未发现问题"),
        (3, "2026-10-01", "个案", "发现问题"),
        (4, "2026-10-01", "专项", "未发现问题"),
    )
    planned = freeze_plan(home, wish())
    assert left_out(home, planned) == dict.fromkeys(
        (firm(1), firm(4)), "inspected within 12 months"
    )


def test_the_yearly_cap_counts_every_authority_and_the_calendar_year(
    past: Callable[..., Home], wish: Callable[..., Any], firm: Callable[[int], str]
) -> None:
    home = past(
        (1, "2026-01-10", "双随机", "未发现问题"),
        (1, "2026-02-10", "日常", "未发现问题"),
        (2, "2025-12-31", "双随机", "未发现问题"),
        (2, "2026-02-10", "双随机", "未发现问题"),
    )
    assert left_out(home, freeze_plan(home, wish("before"))) == {}
    own = home.fact_file("place_rules.toml").read_text("utf-8")
    own += (
        '\n[[rule]]\nwhat = "yearly_cap"\nplace = "31"\nfrom = 2026-01-01\nvalue = 2\n'
        'reference = "示例"\nconfirmed = false\n'
    )
    (home.path / "facts" / "place_rules.toml").write_text(own, "utf-8")
    assert set(left_out(home, freeze_plan(home, wish("after")))) == {firm(1)}


def test_who_was_drawn_here_is_spared_by_the_next_draw(
    past: Callable[..., Home], wish: Callable[..., Any], run: Callable[..., Any]
) -> None:
    from double_random.inspection.case import case_file

    home = past((1, "2020-01-01", "双随机", "未发现问题"))
    run(home, wish("d1"))
    drawn = set(case_file.read_case(home, "d1").targets)
    assert drawn
    later = wish(
        "d2",
        as_of=date(2026, 11, 30),
        not_before="2026-12-03T06:00:00Z",
        publish_by=date(2026, 12, 30),
    )
    assert set(left_out(home, freeze_plan(home, later))) == drawn


def test_where_everybody_is_spared_the_plan_says_so(
    past: Callable[..., Home], wish: Callable[..., Any]
) -> None:
    home = past(*((number, "2026-10-01", "双随机", "未发现问题") for number in range(1, 13)))
    with pytest.raises(PlanNotFeasible, match="inspected lately"):
        freeze_plan(home, wish())


def test_clean_years_make_a_group_of_their_own_with_a_lower_ratio(
    past: Callable[..., Home], wish: Callable[..., Any], tmp_path: Path, firm: Callable[[int], str]
) -> None:
    home = past((1, "2020-01-01", "双随机", "未发现问题"))
    with home.releases.read() as release:
        assert visit_limits.clean_institutions(release, 3, DAY) == {
            firm(number) for number in range(1, 13)
        }
        assert visit_limits.clean_institutions(release, 20, DAY) == frozenset()  # founded in 2010
    penalty = tmp_path / "处罚.csv"
    penalty.write_text(
        "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政处罚决定书文号,违法行为类型,处罚类别,"
        "处罚决定日期,处罚机关\n"
        f"上海示例005律师事务所,{firm(5)},示司罚〔2025〕1号,收费,警告,2025-03-01,示例市司法局\n",
        "utf-8",
    )
    report = load_records(home, [penalty], DAY)
    assert not report.refused and sum(file.accepted for file in report.files) == 1
    planned = freeze_plan(home, wish())
    counted = {one.stratum: (one.population, one.ratio) for one in planned.strata}
    assert counted == {"law_firm": (1, (1, 2)), "law_firm/clean": (11, (1, 10))}


def test_clean_years_never_raise_a_ratio(home: Home) -> None:
    path = home.path / "facts" / "items.toml"
    path.write_text(write_list(ratio="[2, 3]"), "utf-8")
    with pytest.raises(BadFile, match="clean years"):
        items.read_items(path)
    path.write_text(write_list(ratio="[1, 9]").replace("cool_down = 6", "cool_down = 13"), "utf-8")
    with pytest.raises(BadFile, match="cool_down"):
        items.read_items(path)


def test_months_end_where_the_month_does() -> None:
    assert visit_limits.months_before(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert visit_limits.months_before(date(2026, 1, 15), 12) == date(2025, 1, 15)
