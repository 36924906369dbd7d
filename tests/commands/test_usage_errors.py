"""What Typer complains about is said in the user's language, all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from typer.exceptions import TyperException

from double_random.cli import application
from double_random.commands.usage_errors import misuse
from double_random.core import translation


@pytest.fixture(autouse=True)
def _chinese() -> Iterator[None]:
    application()  # a door keeps the language in which it is first opened: English, for the tests that follow
    translation.choose("zh_CN")
    yield
    translation.choose("en")


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
            "2026-13-01 不是日期，日期写作 2026-12-31、2026年12月31日",
        ),
        ("registry list more", "多余的内容：more"),
        ("registry sync x --dry-run=3 --as-of 2026-01-01", "--dry-run 不带值"),
        ("status --format word", "可用：table, json, jsonl, csv, parquet, xlsx"),
        ("inspection preview", "缺少 检查事项 (items)"),  # D-071
        ("registry sync", "缺少 文件或文件夹 (sources)"),
        ("registry link", "缺少 名称或记录编号 (NAME)"),
        ("inspection odds x --trials a", "应填整数"),
        ("inspection odds x --trials 0", "至少为1"),
    ],
)
def test_wrong_use_is_told_in_chinese(line: str, said: str) -> None:
    with pytest.raises(TyperException) as error:
        application()(line.split(), standalone_mode=False)
    told = misuse(error.value)
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
        application()(line.split(), prog_name="double-random", standalone_mode=False)
    assert misuse(error.value).hint.startswith(meant)


@pytest.mark.parametrize("line", ["registry zzz", "credit score --zzz", "credit score"])
def test_nothing_is_suggested_where_nothing_is_near(line: str) -> None:
    """S-006."""
    with pytest.raises(TyperException) as error:
        application()(line.split(), standalone_mode=False)
    assert misuse(error.value).hint.startswith("用法见：")
