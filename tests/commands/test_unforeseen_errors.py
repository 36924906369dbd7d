"""An unforeseen error goes to a private file; the user sees one sentence that names it."""

from __future__ import annotations

import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.unforeseen_errors import (
    describe_unforeseen,
    keep_late_errors,
    write_error_file,
)
from double_random.store.home import Home

WORDS = ("credit", "list", "--grade", "示例")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of this test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def hooks() -> Iterator[None]:
    """Python's hooks are put back."""
    before = threading.excepthook, sys.unraisablehook
    yield
    threading.excepthook, sys.unraisablehook = before


def raised() -> Exception:
    """An error with its traceback."""
    try:
        raise KeyError("示例")
    except KeyError as error:
        return error


def test_the_details_are_in_the_home_for_its_owner_alone(home: Home) -> None:
    use_home(home.path)
    file = write_error_file(raised(), WORDS)
    assert file is not None and file.parent == home.path / "errors"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    text = file.read_text("utf-8")
    assert "KeyError: '示例'" in text and "test_unforeseen_errors.py" in text
    assert "command: ['credit', 'list', '--grade', '示例']" in text


def test_without_a_home_they_are_among_the_temporary_files_each_in_its_own(
    temporary: Path,
) -> None:
    use_home(temporary / "nowhere")
    first, second = write_error_file(raised(), WORDS), write_error_file(None, WORDS)
    assert first is not None and second is not None and first != second
    assert {first.parent, second.parent} == {temporary}
    assert not (temporary / "nowhere").exists()


def test_the_sentence_names_the_error_and_its_file(temporary: Path) -> None:
    use_home(temporary / "nowhere")
    error = describe_unforeseen(raised(), WORDS)
    assert error.exit_code == 1
    assert error.message.startswith("an unforeseen error: KeyError; its details are in ")
    (file,) = temporary.iterdir()
    assert error.message.endswith(str(file)) and "personal data" in error.hint


def test_where_no_file_can_be_written_that_is_said(temporary: Path) -> None:
    use_home(temporary / "nowhere")
    temporary.rmdir()
    error = describe_unforeseen(raised(), WORDS)
    assert error.message == "an unforeseen error: KeyError; its details could not be written"


def test_an_error_in_a_thread_is_kept_and_told_in_one_sentence(
    temporary: Path, hooks: None, capsys: pytest.CaptureFixture[str]
) -> None:
    use_home(temporary / "nowhere")
    keep_late_errors(WORDS)

    def fail() -> None:
        raise KeyError("示例")

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    shown = capsys.readouterr().err
    assert shown.startswith("an unforeseen error: KeyError") and "Traceback" not in shown
    assert len(list(temporary.iterdir())) == 1
