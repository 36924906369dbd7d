"""Histories as bureaus keep them: whole lists, or the sheet of visits."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.inspection.bias_tests.findings import run_bias_tests
from double_random.inspection.bias_tests.reader import read_history
from tests.inspection.bias_tests import histories

HEADER = [
    "轮次",
    "名单序号",
    "机构编号",
    "机构名称",
    "登记机关",
    "是否抽中",
    "检查人员1",
    "检查人员2",
]

SMALL: dict[str, int] = {"listed": 60, "drawn": 12, "inspectors": 6, "offices": 3}


def sheet(seed: int = 1, **how: object) -> list[list[object]]:
    """A simulated history as rows of the small layout."""
    found: list[list[object]] = []
    count: dict[str, int] = {}
    for row in histories.rows(seed, **how):  # type: ignore[arg-type]
        place = count[row.round] = count.get(row.round, 0) + 1
        team = [*row.team, "", ""][:2]
        drawn = "是" if row.drawn else "否"
        found.append(
            [row.round, place, f"XXXX{place:05}", row.institution, row.office, drawn, *team]
        )
    return found


def as_csv(path: Path, rows: Iterable[list[object]], header: list[str] = HEADER) -> Path:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def as_workbook(path: Path, rows: Iterable[list[object]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("历史抽查")
        page.write(0, 0, "示例市历史抽查名单")
        for number, row in enumerate([HEADER, *rows], start=1):
            page.write_row(number, 0, row)
    return path


def test_text_and_workbook_give_the_same_history(tmp_path: Path) -> None:
    one = read_history([as_csv(tmp_path / "a.csv", sheet(**SMALL))]).history
    other = read_history([as_workbook(tmp_path / "b.xlsx", sheet(**SMALL))]).history
    assert one.digest == other.digest
    assert (len(one.rounds), len(one.institutions), len(one.offices)) == (20, 60, 3)
    assert one.ordered and one.has_undrawn and one.rounds[:2] == ("示例第1次", "示例第2次")


def test_the_place_in_the_list_counts_not_the_place_in_the_file(tmp_path: Path) -> None:
    rows = sheet(**SMALL)
    first = read_history([as_csv(tmp_path / "a.csv", rows)]).history
    rounds: dict[object, list[list[object]]] = {}
    for row in rows:
        rounds.setdefault(row[0], []).append(row)
    turned = [row for group in rounds.values() for row in reversed(group)]
    assert read_history([as_csv(tmp_path / "b.csv", turned)]).history.digest == first.digest


def test_rows_read_are_accepted_duplicate_or_quarantined(tmp_path: Path) -> None:
    rows = sheet(**SMALL)
    broken = [*rows, rows[0], ["示例第1次", "x", "XXXX9", "示例机构", "", "是", "", ""]]
    broken.append(["示例第1次", 61, "XXXX8", "示例机构", "", "也许", "", ""])
    found = read_history([as_csv(tmp_path / "a.csv", broken)])
    (reading,) = found.readings
    assert (reading.rows, reading.accepted, reading.duplicates, reading.quarantined) == (
        len(broken),
        len(rows),
        1,
        2,
    )
    reasons = set(reading.issues["reason"])
    assert reasons == {"no whole number", "word that the layout does not know"}


def test_the_sheet_of_visits_is_read_for_lack_of_lists(tmp_path: Path) -> None:
    header = ["任务编号", "被检查机构", "检查类别", "检查日期", "检查人员", "检查结果"]
    begun = date(2025, 1, 6)
    visits: list[list[object]] = []
    for number, row in enumerate(histories.rows(1, sent=histories.one_offset, **SMALL)):
        if row.drawn:
            day = (begun + timedelta(days=number // 20)).isoformat()
            team = "、".join(row.team)
            visits.append([row.round, row.institution, "双随机", day, team, "未发现问题"])
    visits.append(["", "示例机构00001", "投诉核查", "2025-03-01", "示例检查员001", "未发现问题"])
    found = read_history([as_csv(tmp_path / "历次检查.csv", visits, header)])
    assert found.left_out == 1 and len(found.history.rounds) == 20
    tested = {one.test: one.verdict for one in run_bias_tests(found.history) if one.p is not None}
    assert tested == {"pairs": "alarm"}


def test_half_a_history_gives_no_verdict(tmp_path: Path) -> None:
    as_csv(tmp_path / "a.csv", sheet(**SMALL))
    (tmp_path / "b.csv").write_bytes(b"")
    with pytest.raises(DoubleRandomError, match=r"b\.csv: the file is empty") as told:
        read_history([tmp_path])
    assert "half a verdict" in told.value.hint


def test_a_file_that_is_no_history_is_refused_with_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(Misuse, match=r"x\.csv") as told:
        read_history([path])
    assert "是否抽中" in told.value.hint
