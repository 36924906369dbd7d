"""Published results as the sheet that credit reads, and as records."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

from double_random.inspection.casework.case_checks import close_case_check, open_case_check
from double_random.inspection.casework.credit_export import (
    HEADER,
    export_to_credit,
    render_history_sheet,
)
from double_random.store.home import Home
from tests.inspection.filing import AT


def rows(home: Home, day: date) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(render_history_sheet(home, day).decode("utf-8"))))


def test_a_home_without_results_has_a_header_alone(home: Home) -> None:
    assert render_history_sheet(home, date(2026, 12, 31)).decode() == ",".join(HEADER) + "\n"


def test_what_is_published_by_the_day_is_in_the_sheet(
    filing: Any, firm: Callable[[int], str]
) -> None:
    first, second, third, _fourth = filing.ids
    filing.paper(first, "inspected", "2026-11-10")
    filing.finding(first, "corrected", "problem", found="只在内部")
    filing.paper(first, "published", "2026-11-20")
    filing.to(second, "published")  # on 2026-11-10
    filing.to(third, "recorded")
    assert rows(filing.home, date(2026, 11, 9)) == []
    assert [row["统一社会信用代码"] for row in rows(filing.home, date(2026, 11, 19))] == [second]
    (row,) = [
        row for row in rows(filing.home, date(2026, 11, 20)) if row["统一社会信用代码"] == first
    ]
    case = filing.case
    assert row["被检查机构"] == case.targets[first].name
    assert (row["年度"], row["检查日期"], row["检查类别"]) == ("2026", "2026-11-10", "双随机")
    assert row["抽查任务编号"] == "d1"
    assert row["检查人员"].split("、") == [case.names[one] for one in case.targets[first].team]
    assert len(row["检查结果"].split("、")) == 2
    assert row["文书编号"] == f"d1-{first}-law-firm-archives"
    assert "只在内部" not in render_history_sheet(filing.home, date(2026, 11, 20)).decode()


def test_a_closed_case_check_is_in_the_sheet_without_its_inspectors(
    bureau: Callable[..., Home], firm: Callable[[int], str]
) -> None:
    home = bureau()
    for number, day in (("示个1号", "2026-11-06"), ("示个2号", "")):
        open_case_check(home, firm(3), "complaint", "law-firm-archives", number, "2026-11-05", AT)
        if day:
            close_case_check(home, number, day, ("clean",), AT)
    assert rows(home, date(2026, 11, 5)) == []
    (row,) = rows(home, date(2026, 11, 6))
    assert (row["检查类别"], row["检查人员"], row["文书编号"]) == ("个案", "", "示个1号")
    assert "complaint" not in render_history_sheet(home, date(2026, 11, 6)).decode()


def test_the_same_results_make_no_second_record(
    bureau: Callable[..., Home], firm: Callable[[int], str]
) -> None:
    home = bureau()
    open_case_check(home, firm(3), "complaint", "law-firm-archives", "示个1号", "2026-11-05", AT)
    close_case_check(home, "示个1号", "2026-11-06", ("clean",), AT)
    first = export_to_credit(home, date(2026, 11, 30))
    assert first.files[0].accepted == 1
    assert export_to_credit(home, date(2026, 11, 30)).release == first.release
