"""任务书: a filled sheet seals a plan, with the numbers it draws; twice does nothing twice; a slip names its cell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from double_random.commands.release_logging import log_new_release
from double_random.core.errors import BadFile
from double_random.inspection.case import case_file
from double_random.inspection.casework import forms, task_sheet
from double_random.inspection.casework.draw_forms import fill_draw_forms
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_state import DrawStage, find_state
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.inspection.draw.test_seal_checks import log_release

GOOD = {
    "抽取名称": "2026-1",
    "检查事项": "law-firm-archives",
    "名录库日期": "2026-10-31",
    "随机源": "ceremony:balls:示例摇号室",
    "号码产生时间": "2026-11-03 14:00",
    "名单公开截止": "2026-11-30",
    "抽查任务编号": "示抽1号",
    "检查开始日期": "2026-11-04",
    "检查截止日期": "2026-11-27",
}


@pytest.fixture
def bureau(bureau: Callable[..., Home]) -> Callable[..., Home]:
    """A home whose release is in its log, as a command leaves it."""

    def logged(**size: int) -> Home:
        home = bureau(**size)
        log_release(home)
        return home

    return logged


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    """The empty sheet, filled in."""

    def filled(**cells: object) -> Path:
        path = tmp_path / "任务书.xlsx"
        path.write_bytes(task_sheet.render_task_sheet())
        book = openpyxl.load_workbook(path)
        for row in book.active.iter_rows(min_row=3):
            if row[0].value in cells:
                row[1].value = cells[row[0].value]
        book.save(path)
        return path

    return filled


def test_sealed_first_and_drawn_when_the_numbers_are_out(
    bureau: Callable[..., Home], fill: Callable[..., Path], tmp_path: Path
) -> None:
    home = bureau(firms=20, inspectors=6)
    done = task_sheet.run_task_sheet(home, fill(**GOOD), "2026-11-02T01:00:00Z")
    assert (done.steps, done.stage) == (("plan", "commit"), DrawStage.committed)
    (paper,) = forms.write_forms(
        tmp_path / "sealed", fill_draw_forms(home, "2026-1", date(2026, 11, 2))
    )
    from tests.inspection.casework.test_forms import words

    assert done.code in words(paper) and "2026年11月3日 14:00" in words(paper)
    again = task_sheet.run_task_sheet(home, fill(**GOOD), "2026-11-02T02:00:00Z")
    assert (again.steps, again.code) == ((), done.code)
    drawn = task_sheet.run_task_sheet(
        home, fill(**GOOD, 公开随机号码="0730915"), "2026-11-03T06:05:00Z"
    )
    assert (drawn.steps, drawn.stage) == (("entropy", "draw", "task"), DrawStage.drawn)
    case = case_file.read_case(home, "2026-1")
    assert (case.task.number, case.task.last_day) == ("示抽1号", "2026-11-27")
    assert len(case.active_targets) == 2
    written = forms.write_forms(
        tmp_path / "drawn", fill_draw_forms(home, "2026-1", date(2026, 11, 3))
    )
    # five of the draw with the sealing sheet, four for each of two institutions
    assert len(written) == 5 + 4 * 2
    more = task_sheet.run_task_sheet(
        home, fill(**GOOD, 公开随机号码="0730915"), "2026-11-03T07:00:00Z"
    )
    assert more.steps == ()


def test_what_was_sealed_is_not_changed_by_a_later_sheet(
    bureau: Callable[..., Home], fill: Callable[..., Path]
) -> None:
    home = bureau(firms=20, inspectors=6)
    task_sheet.run_task_sheet(home, fill(**GOOD), "2026-11-02T01:00:00Z")
    with pytest.raises(BadFile, match="sealed otherwise"):
        task_sheet.run_task_sheet(
            home, fill(**{**GOOD, "名单公开截止": "2026-12-30"}), "2026-11-02T02:00:00Z"
        )


@pytest.mark.parametrize(
    ("name", "value", "where"),
    [
        ("名录库日期", "十月", "B5 名录库日期"),
        ("号码产生时间", "下午", "B9 号码产生时间"),
        ("每组人数", "两", "B11 每组人数"),
        ("检查事项", "", "B4 检查事项"),
        ("检查事项", "no-such-item", "no-such-item"),
        ("随机源", "天气", "天气"),
        ("检查开始日期", "2026-11-02", "B15 检查开始日期"),  # D-044: before the draw's numbers
        ("检查截止日期", "2026-11-03", "B16 检查截止日期"),
        ("检查截止日期", "2026-2-30", "B16 检查截止日期"),
        ("检查截止日期", "2026/13/1", "B16 检查截止日期"),
        ("检查截止日期", "三月五日", "B16 检查截止日期"),
        ("检查截止日期", 46000, "B16 检查截止日期"),
    ],
)
def test_a_slip_names_its_cell(
    bureau: Callable[..., Home], fill: Callable[..., Path], name: str, value: Any, where: str
) -> None:
    home = bureau(firms=20, inspectors=6)
    with pytest.raises(BadFile, match=where):
        task_sheet.run_task_sheet(home, fill(**{**GOOD, name: value}), "2026-11-02T01:00:00Z")
    assert not list(home.draws.iterdir())


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026年10月31日", "2026年11月3日 14:00"),
        ("2026.10.31", "2026/11/3 14:00:00"),
        ("20261031", "20261103 14：00"),
        (date(2026, 10, 31), datetime(2026, 11, 3, 14)),
    ],
)
def test_days_are_read_as_in_a_drop(
    bureau: Callable[..., Home], fill: Callable[..., Path], day: object, moment: object
) -> None:  # D-045
    order = task_sheet.read_task_sheet(fill(**{**GOOD, "名录库日期": day, "号码产生时间": moment}))
    assert order.wish.as_of == date(2026, 10, 31)
    assert order.wish.not_before == "2026-11-03T06:00:00Z"


def test_a_sheet_stops_at_recusals_that_name_nobody_until_a_person_goes_on(
    bureau: Callable[..., Home], fill: Callable[..., Path], tmp_path: Path
) -> None:  # D-014
    home = bureau(firms=20, inspectors=6)
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "回避.csv").write_text(
        "执法证号,统一社会信用代码,检查对象名称,事由\nZF99XXXX99,,示例查无律师事务所,近亲属\n",
        "utf-8",
    )
    with log_new_release(home, "sync", "2026-11-01T02:00:00Z"):
        sync_registers(home, [tmp_path / "drop"], date(2026, 10, 31))
    with pytest.raises(BadFile, match=r"回避\.csv 2: ZF99XXXX99") as refused:
        task_sheet.run_task_sheet(home, fill(**GOOD), "2026-11-02T01:00:00Z")
    assert refused.value.hint and "--accept-unbound" in refused.value.hint
    done = task_sheet.run_task_sheet(
        home, fill(**GOOD), "2026-11-02T01:00:00Z", accept_unbound=True
    )
    assert (done.steps, done.stage) == (("plan", "commit"), DrawStage.committed)
    assert (home.draws / "2026-1" / UNBOUND).is_file()


def test_several_sources_districts_and_units_and_a_directed_draw(
    bureau: Callable[..., Home], fill: Callable[..., Path]
) -> None:
    home = bureau(firms=30, inspectors=8)
    cells = {
        **GOOD,
        "检查区域": "310101",
        "检查单位": "示例市黄浦区司法局",
        "随机源": "lottery:双色球:2026126、lottery:大乐透:26126",
        "定向条件": "上年度投诉两次以上",
    }
    task_sheet.run_task_sheet(home, fill(**cells), "2026-11-02T01:00:00Z")
    with pytest.raises(BadFile, match="1 values for 2 sources"):
        task_sheet.run_task_sheet(
            home, fill(**cells, 公开随机号码="0730915"), "2026-11-04T14:00:00Z"
        )
    both = "03.11.17.22.28.31.09、01.02.03.04.05.01.02"
    done = task_sheet.run_task_sheet(home, fill(**cells, 公开随机号码=both), "2026-11-04T14:00:00Z")
    assert done.steps == ("entropy", "entropy", "draw", "task")
    case = case_file.read_case(home, "2026-1")
    assert case.plan.districts == ("310101",)
    assert (case.task.type, case.task.reason) == ("directed", "上年度投诉两次以上")
    state = find_state(home.log.entries(), "2026-1")
    assert sorted(source[:11] for source in state.entropy) == ["lottery:双色球", "lottery:大乐透"]
