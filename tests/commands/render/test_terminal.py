"""Writing to the terminal: no text controls it, and no stream or code page makes it fail."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.render.terminal import (
    make_console,
    prepare_streams,
    print_folded_message,
    print_line,
    print_message,
)


def test_messages_go_to_stderr_and_answers_to_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    print_message("a message")
    print_line("an answer")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("an answer\n", "a message\n")


def test_no_text_controls_the_terminal_or_is_taken_for_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    hostile = "示例\x1b[31m[bold]:smile:"
    for show in (print_message, print_line, print_folded_message):
        show(hostile)
    shown = capsys.readouterr()
    for text, count in ((shown.out, 1), (shown.err, 2)):
        assert "\x1b" not in text
        assert text.count("[bold]:smile:") == count


def test_a_long_message_is_folded_only_where_that_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    print_message("word " * 20)
    assert capsys.readouterr().err.count("\n") == 1
    print_folded_message("word " * 20)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) > 1 and max(map(len, lines)) <= 40


def test_a_command_in_a_message_has_the_home_of_this_call(
    capsys: pytest.CaptureFixture[str],
) -> None:
    use_home(Path("示例 home"))
    print_message("Next: double-random status")
    assert capsys.readouterr().err == "Next: double-random --home '示例 home' status\n"


def test_a_console_has_the_width_that_is_given() -> None:
    target = io.StringIO()
    make_console(file=target, width=20).print("x" * 30)
    assert target.getvalue() == "x" * 20 + "\n" + "x" * 10 + "\n"


def test_a_stream_replaces_what_its_code_page_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    monkeypatch.setattr(sys, "stderr", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    prepare_streams()
    print_line("示例 A")
    sys.stdout.flush()
    assert raw.getvalue() == b"?? A\n"


def test_a_closed_stream_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    prepare_streams()
    with sys.stdout as opened:
        assert opened.write("示例") == 2
