"""Every help page in Chinese is Chinese: no English sentence is left, not even Typer's own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from double_random.cli import build_application
from double_random.commands.help_pages import HelpContext, text_width, wrap_text
from double_random.core import translation

ROOT = Path(__file__).parent.parent.parent
# What may stand there in Latin letters: options, kinds of value, calls, files, codes.
NAMES = re.compile(
    r"`[^`]*`|--[\w-]+|<[^>]*>|\{[^}]*\}|\[[^\]]*\]|double-random(?: [\w/.-]+)*|[\w./-]+\.\w+|[A-Z_]{2,}"
)
ENGLISH = re.compile(
    r"[A-Za-z]{2,},? [a-z]{2,}|\b(?:Usage|Options|Commands|Arguments|default|required)\b"
)
EVERY = """
from double_random.core import translation
translation.choose_language("zh_CN")
from double_random.commands.usage_errors import use_own_words
use_own_words()
from double_random.cli import build_application
from double_random.commands.help_pages import HelpContext
from typer.main import get_command
def pages(command, parent=None, name="double-random"):
    context = HelpContext(command, parent=parent, info_name=name, terminal_width=200, max_content_width=200)
    yield command.get_help(context)
    for word, one in sorted(getattr(command, "commands", {}).items()):
        yield from pages(one, context, word)
print("\\f".join(pages(get_command(build_application()))))
"""


def walked(command: Any) -> int:
    """How many pages there are."""
    return 1 + sum(walked(one) for one in getattr(command, "commands", {}).values())


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """The pages of a process that was started in Chinese."""
    said = subprocess.run(
        [sys.executable, "-c", EVERY],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    return said.stdout.split("\f")


def test_all_of_them_are_there(pages: list[str]) -> None:
    assert len(pages) == walked(get_command(build_application())) > 80


def test_no_english_sentence_is_left(pages: list[str]) -> None:
    left = {}
    for page in pages:
        first, _, rest = page.strip().partition("\n")
        assert first.startswith("用法：double-random"), first
        for line in rest.splitlines():
            found = ENGLISH.search(NAMES.sub(" · ", line))
            if found:
                left[line.strip()] = found.group()
    assert left == {}


def test_a_call_says_the_same_and_in_english_what_it_said() -> None:
    def typed(lang: str) -> str:
        words = [sys.executable, "-m", "double_random.cli", "--lang", lang, "registry", "--help"]
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert "registry [选项] 命令 [参数]..." in typed("zh_CN")
    assert "显示本说明并退出。" in typed("zh_CN")
    assert "Usage: " in typed("en") and "Show this message and exit." in typed("en")


def test_a_single_letter_shows_the_page_of_every_command() -> None:
    """S-006."""
    from typer.testing import CliRunner

    app, runner = build_application(), CliRunner()

    def shown(command: Any, words: list[str]) -> None:
        short, long = (runner.invoke(app, [*words, name]) for name in ("-h", "--help"))
        assert (short.exit_code, short.output) == (0, long.output), words
        assert "-h, --help" in short.output, words
        for name, one in getattr(command, "commands", {}).items():
            shown(one, [*words, name])

    shown(get_command(app), [])


def test_a_line_ends_between_chinese_characters_and_never_before_a_closing_mark() -> None:
    """S-006."""
    text = "先读取材料，再核对（逐项）。See --as-of DAY."
    lines = wrap_text(text, 12)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line) <= 12 for line in lines)
    assert not [line for line in lines if line[0] in "，。）"]
    assert wrap_text("", 12) == [""]
    assert wrap_text("a-word-that-is-longer-than-the-line", 12) == [
        "a-word-that-is-longer-than-the-line"
    ]


def test_no_page_has_a_line_that_is_wider_than_the_terminal_and_no_sentence_is_cut() -> None:
    """S-006."""
    translation.choose_language("zh_CN")
    try:
        page = get_command(build_application()).commands["inspection"]
        lines = page.get_help(
            HelpContext(page, info_name="inspection", terminal_width=80)
        ).splitlines()
    finally:
        translation.choose_language("en")
    assert max(map(text_width, lines)) <= 80
    assert not [line for line in lines[1:] if line.endswith("...")]
