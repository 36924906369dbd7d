"""The tour's command lines can be typed as they are printed."""

from __future__ import annotations

import io
import shlex
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from double_random.demo.printer import WIDTH, TourPrinter

WORDS = st.lists(
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=30), min_size=1
)


def printed(words: list[str]) -> str:
    paper = io.StringIO()
    telling = TourPrinter(Path("bureau"), True, Console(file=paper, width=WIDTH))
    telling.suggest_command(*words)
    return paper.getvalue()


@given(WORDS)
def test_a_folded_command_is_still_the_same_command(words: list[str]) -> None:
    text = printed(words).removeprefix("$ ").replace("\\\n", "")
    assert shlex.split(text) == ["double-random", *words]


def test_an_option_stays_with_its_value_and_lines_fit() -> None:
    words = ["inspection", "plan", "law-firm-archives", "--unit", "示例区司法局律师工作科"]
    words += ["--title", "二〇二六年第四季度律师事务所检查", "--source", "balls:示例摇号室:6"]
    lines = printed(words).splitlines()
    assert len(lines) > 1 and all(cell_len(line) <= WIDTH for line in lines)
    assert any("--unit '示例区司法局律师工作科'" in line for line in lines)


def test_a_name_with_markup_is_printed_as_it_is() -> None:
    paper = io.StringIO()
    telling = TourPrinter(Path("bureau"), True, Console(file=paper, width=WIDTH))
    telling.print_lines("示例[bold]律师事务所[/bold]")
    telling.print_table(("name",), [("示例[red]律师事务所",)])
    assert "示例[bold]律师事务所[/bold]" in paper.getvalue()
    assert "示例[red]律师事务所" in paper.getvalue()
