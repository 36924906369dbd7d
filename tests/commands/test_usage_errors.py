"""What Typer complains about is said in the user's language, all of it."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator

import pytest
from typer.exceptions import TyperException

from double_random.cli import build_application
from double_random.commands.help_pages import HelpContext
from double_random.commands.option_words import (
    ARGUMENTS,
    EXAMPLES,
    OPTIONS,
    param_key,
    value_example,
)
from double_random.commands.usage_errors import to_misuse
from double_random.core import translation
from tests.command_tree import commands


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    build_application()  # a group keeps the language in which it is first built: English, for the tests that follow
    translation.choose_language("zh_CN")
    yield
    translation.choose_language("en")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "没有命令 nonsense"),
        ("registry nonsense", "没有命令 nonsense"),
        ("status --nothing", "没有选项 --nothing"),
        ("credit score", "缺少 --as-of"),
        ("credit score --as-of", "--as-of 后面缺少值"),
        (
            "credit score --as-of 2026-13-01",
            "没有 2026-13-01 这一天，请核对月份和日期",
        ),
        ("registry list more", "多余的内容：more"),
        ("registry sync x --dry-run=3 --as-of 2026-01-01", "--dry-run 不带值"),
        ("status --format word", "可用：table, json, jsonl, csv, parquet, xlsx"),
        ("inspection preview", "缺少 检查事项 …"),  # D-071
        ("registry sync", "缺少 文件或文件夹 …、--as-of"),
        ("registry link", "缺少 姓名或名称、检查对象、--by、"),
        ("inspection odds x --trials a", "应填整数"),
        ("inspection odds x --trials 0", "至少为1"),
    ],
)
def test_wrong_use_is_told_in_chinese(line: str, said: str) -> None:
    with pytest.raises(TyperException) as error:
        build_application()(line.split(), standalone_mode=False)
    told = to_misuse(error.value)
    assert said in told.message
    assert "用法见：" in told.hint


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("registry lst", "是否应为 list？用法见：double-random registry --help"),
        ("inspection drow", "是否应为 draw"),
        ("inspction", "是否应为 inspection？"),
        ("substitute", "是否应为 inspection substitute？"),
        ("list", "是否应为 registry list 或 credit list？"),
        ("credit score --asof 2026-01-01", "是否应为 --as-of？用法见：double-random credit score"),
        ("credit score --as_of=2026-01-01", "是否应为 --as-of？"),
        ("status --labls", "是否应为 --labels？"),
    ],
)
def test_a_slip_is_answered_with_what_was_meant(line: str, meant: str) -> None:
    """S-006."""
    with pytest.raises(TyperException) as error:
        build_application()(line.split(), prog_name="double-random", standalone_mode=False)
    assert to_misuse(error.value).hint.startswith(meant)


def test_all_that_is_missing_is_named_at_once_with_its_help_and_an_example() -> None:
    """S-006."""
    with pytest.raises(TyperException) as error:
        build_application()(["inspection", "plan"], standalone_mode=False)
    told = to_misuse(error.value)
    assert told.exit_code == 2
    assert told.message == "缺少 检查事项 …、--as-of、--draw、--source、--not-before、--publish-by"
    assert len(told.details) == 6
    assert told.details[1].startswith("--as-of 日期：") and "2026-11-20" in told.details[1]
    with pytest.raises(TyperException) as error:
        build_application()(["inspection", "plan", "x", "--draw", "d"], standalone_mode=False)
    told = to_misuse(error.value)
    assert told.message == "缺少 --as-of、--source、--not-before、--publish-by"


@pytest.mark.parametrize("line", ["registry zzz", "credit score --zzz", "credit score"])
def test_nothing_is_suggested_where_nothing_is_near(line: str) -> None:
    """S-006."""
    with pytest.raises(TyperException) as error:
        build_application()(line.split(), standalone_mode=False)
    assert to_misuse(error.value).hint.startswith("用法见：")


def test_what_is_missing_reaches_the_terminal_line_by_line() -> None:
    """S-006."""
    words = [sys.executable, "-m", "double_random.cli", "--lang", "en", "inspection", "plan"]
    said = subprocess.run(words, capture_output=True, text=True)
    lines = said.stderr.splitlines()
    assert said.returncode == 2 and said.stdout == ""
    assert lines[0].startswith("error: ITEM …, --as-of, --draw, --source, --not-before, --publish")
    assert "  --as-of DAY: The registers' day. (for example: --as-of 2026-11-20)" in lines
    assert lines[-1] == "hint: see: double-random inspection plan --help"


ALL = commands()


@pytest.mark.parametrize("name", ALL)
def test_every_value_that_must_be_given_has_an_example_that_can_be_typed(name: str) -> None:
    """S-006."""
    command = ALL[name]
    needed = [one for one in command.params if one.required]
    examples = [value_example(one, command.name) for one in needed]
    assert all(examples)
    command.make_context(name, shlex.split(" ".join(examples)))


def test_no_type_of_the_programming_language_is_on_a_help_page() -> None:
    """S-006."""
    for name, command in ALL.items():
        page = command.get_help(HelpContext(command, info_name=name))
        assert not re.findall(r"<[^>]+>|list\[.*?\]|\{\w\w+\}|\.\.\.", page), page


@pytest.mark.parametrize("table", [OPTIONS, ARGUMENTS, EXAMPLES])
def test_no_word_or_example_is_left_of_an_option_that_is_gone(table: dict[str, str]) -> None:
    """S-006."""
    known = {param_key(one) for command in ALL.values() for one in command.params}
    known |= {"--home", "--lang", "--memory"}
    assert set(table) <= known
