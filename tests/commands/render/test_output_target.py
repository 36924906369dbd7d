"""Where an answer goes: a file, a pipe or a terminal; texts folded or not, and harmless on each of them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from rich.table import Table

from double_random.commands.render.answer import UnfoldedLine
from double_random.commands.render.output_target import print_or_write, write_bytes, write_file
from double_random.core.errors import Misuse


def test_bytes_go_to_a_pipe_as_they_are(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write_bytes(b"\xff\x00", None)
    assert capfdbinary.readouterr().out == b"\xff\x00"


def test_a_terminal_takes_text_and_refuses_other_bytes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    write_bytes("示例\n".encode(), None)
    assert capsys.readouterr().out == "示例\n"
    with pytest.raises(Misuse, match="no text for a terminal"):
        write_bytes(b"\xff", None)


def test_a_file_is_named_and_never_overwritten(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_file(tmp_path / "a", b"1")
    assert capsys.readouterr().err == f"written: {tmp_path / 'a'}\n"
    with pytest.raises(Misuse, match="already there"):
        write_file(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"


def test_a_sentence_is_folded_and_a_line_to_compare_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    words = ("word " * 20).strip()
    print_or_write([words], None)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 1 and max(map(len, lines)) <= 40
    print_or_write([UnfoldedLine(words)], None)
    assert capsys.readouterr().out == f"{words}\n"
    print_or_write([words], tmp_path / "wide.txt", width=200)
    assert (tmp_path / "wide.txt").read_text("utf-8") == f"{words}\n"


def test_texts_and_tables_lie_in_one_file_and_control_no_terminal(tmp_path: Path) -> None:
    table = Table()
    table.add_column("示例")
    print_or_write(["a\x1b[31m[bold]", table, UnfoldedLine("b\x1b")], tmp_path / "a.txt")
    text = (tmp_path / "a.txt").read_text("utf-8")
    assert text.startswith("a\ufffd[31m[bold]\n") and "示例" in text and "\x1b" not in text
