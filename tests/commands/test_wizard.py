"""`inspection new` on a real terminal of 80 columns, in Chinese, by pressing only what it asks for."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pexpect
import pytest

from double_random.commands.release_logging import log_new_release
from double_random.inspection.draw.bundle_files import UNBOUND
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.draw_state import DrawStage, find_state
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.inspection.draw.test_seal_checks import log_release

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def terminal(bureau: Callable[..., Home]) -> Any:
    """The command on a terminal, and its home."""
    home = bureau(firms=30, inspectors=6)
    log_release(home)
    environment = {**os.environ, "LC_ALL": "zh_CN.UTF-8", "TERM": "xterm", "COLUMNS": "80"}
    environment.pop("CI", None)  # Rich draws for machines there
    opened = []

    def start() -> pexpect.spawn:
        child = pexpect.spawn(
            sys.executable,
            ["-m", "double_random.cli", "--home", str(home.path), "inspection", "new"],
            cwd=str(ROOT),
            env=environment,
            dimensions=(50, 80),
            encoding="utf-8",
            timeout=60,
        )
        opened.append(child)
        return child

    yield start, home
    for child in opened:
        child.close(force=True)


def answered(child: pexpect.spawn, *asked: tuple[str, str]) -> str:
    """Wait for each question and answer it; returns everything that was shown."""
    shown = ""
    for question, answer in asked:
        child.expect(question)
        shown += str(child.before) + str(child.after)
        child.sendline(answer)
    return shown


def width(line: str) -> int:
    """Columns on a terminal: a Chinese letter takes two."""
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", line)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in plain)


def test_a_whole_draw_by_pressing_what_is_asked(terminal: Any) -> None:
    start, home = terminal
    child = start()
    shown = answered(
        child,
        ("事项序号", "2"),
        ("名录库日期", ""),
        ("抽取名称", ""),
        ("区划", ""),
        ("所属单位", ""),
        ("每组检查人员数", ""),
        ("固定分组数", "x"),  # a slip: it asks once more
        ("固定分组数", ""),
        ("来源序号", "3"),
        ("摇号地点", ""),
        ("再加一个来源", ""),
        ("名单公开的最后一日", ""),
        ("封存这个方案吗", "y"),
        (r"请等 \d+ 秒", ""),
        (r"号码 *[:：]", "123"),  # too few balls
        (r"号码 *[:：]", "0 7 3 0 9 1 5"),
        ("第二个人", "0730951"),  # a slip: both entries are made once more
        (r"号码 *[:：]", "0730915"),
        ("第二个人", "0 7 3 0 9 1 5"),
        ("现在抽取吗", ""),
    )
    child.expect(pexpect.EOF)
    shown += str(child.before)
    child.close()
    assert child.exitstatus == 0, shown
    (draw,) = (path.parent.name for path in home.draws.glob("*/plan.json"))
    state = find_state(home.log.entries(), draw)
    assert state.stage is DrawStage.drawn
    assert state.entropy == {"ceremony:balls:摇号机": "0.7.3.0.9.1.5"}
    assert "方案校验码" in shown and re.search(r"([A-Z2-9]{4}-){7}[A-Z2-9]{4}", shown)
    for word in ("plan law-firm-archives", "commit", "entropy", "draw"):
        assert re.search(rf"\$ double-random --home \S+ inspection {word}", shown)
    drawn = [line for line in shown.splitlines() if "│" in line or "┃" in line]
    assert drawn and all(width(line) <= 80 for line in drawn)
    for english in ("Number of", "Draw now", "Seal this", "Next:"):
        assert english not in shown


def test_recusals_that_name_nobody_are_shown_before_the_plan_is_sealed(
    terminal: Any, tmp_path: Path
) -> None:  # D-014
    start, home = terminal
    (tmp_path / "drop").mkdir()
    (tmp_path / "drop" / "回避.csv").write_text(
        "执法证号,统一社会信用代码,检查对象名称,事由\nZF99XXXX99,,示例查无律师事务所,近亲属\n",
        "utf-8",
    )
    with log_new_release(home, "sync"):
        sync_registers(home, [tmp_path / "drop"], date(2026, 10, 31))
    child = start()
    shown = answered(
        child,
        ("事项序号", "2"),
        ("名录库日期", ""),
        ("抽取名称", "q1"),
        ("区划", ""),
        ("所属单位", ""),
        ("每组检查人员数", ""),
        ("固定分组数", ""),
        ("来源序号", "1"),
        ("期号", "2099300"),
        ("开奖时间", "2099-10-27 21:30"),
        ("再加一个来源", ""),
        ("名单公开的最后一日", "2099-11-30"),
        ("不起作用，仍要继续吗", "y"),
        ("封存这个方案吗", "y"),
    )
    child.expect(pexpect.EOF)
    assert "ZF99XXXX99" in shown and "--accept-unbound" in child.before
    assert "2099-10-27 21:30:00" in child.before and "Z " not in child.before  # D-048
    assert (home.draws / "q1" / UNBOUND).is_file()


def test_whoever_leaves_comes_back_the_same_way(terminal: Any) -> None:
    """A lottery's numbers come tomorrow: the plan is sealed, and the next `new` says that it waits."""
    start, home = terminal
    child = start()
    answered(
        child,
        ("事项序号", "2"),
        ("名录库日期", ""),
        ("抽取名称", "q4"),
        ("区划", "黄浦"),  # six digits are asked for
        ("区划", "310101，310104"),
        ("所属单位", ""),
        ("每组检查人员数", ""),
        ("固定分组数", "2"),
        ("来源序号", "1"),
        ("期号", "2099300"),
        ("开奖时间", "2099-10-27 21:30"),
        ("再加一个来源", "y"),
        ("来源序号", "3"),
        ("摇号地点", ""),
        ("再加一个来源", ""),
        ("名单公开的最后一日", "2099-11-30"),
        ("封存这个方案吗", "y"),
    )
    child.expect(pexpect.EOF)
    assert "2099-10-27 21:30" in child.before and "double-random --home" in child.before
    assert re.search(r"double-random --home \S+ inspection new", child.before)
    committed = find_state(home.log.entries(), "q4")
    assert committed.stage is DrawStage.committed
    assert committed.plan["scope"]["districts"] == ["310101", "310104"]
    assert {source.text for source in DrawFolder.find(home, "q4").read_sources()} == {
        "lottery:快乐8:2099300",
        "ceremony:balls:摇号机",
    }
    again = start()
    answered(again, ("q4 正等待号码", "y"))
    again.expect("2099-10-27 19:30")  # the balls come in the hour before the lottery's time
    again.expect(pexpect.EOF)


def test_nothing_is_written_before_the_yes(terminal: Any) -> None:
    start, home = terminal
    child = start()
    answered(
        child,
        ("事项序号", "2"),
        ("名录库日期", ""),
        ("抽取名称", ""),
        ("区划", ""),
        ("所属单位", ""),
        ("每组检查人员数", ""),
        ("固定分组数", ""),
        ("来源序号", "4"),
        ("名单公开的最后一日", ""),
        ("封存这个方案吗", ""),
    )
    child.expect("没有写入任何内容")
    child.expect(pexpect.EOF)
    assert not list(home.draws.iterdir()) and [entry["kind"] for entry in home.log.entries()] == [
        "sync"
    ]


def test_without_a_terminal_it_says_so(
    bureau: Callable[..., Home], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from double_random import cli

    home = bureau(firms=8)
    monkeypatch.setattr(
        sys, "argv", ["double-random", "--home", str(home.path), "inspection", "new"]
    )
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert "terminal" in capsys.readouterr().err
