"""Commands for paper: a notice's code, a task sheet, the day of a form."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from double_random.commands.current_home import use_home
from double_random.commands.forms import check_notice, do_next_step, fill_forms, show_preview
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store.home import Home


@pytest.fixture(autouse=True)
def _used(home: Home) -> None:
    """The commands work on an empty home."""
    use_home(home.path)


@pytest.mark.parametrize("code", ["", "示例", "DR1:", "DR1:示例", "x" * 300])
def test_what_is_no_code_of_a_notice_is_refused(code: str) -> None:
    with pytest.raises(DoubleRandomError) as error:
        check_notice(code)
    assert error.value.exit_code in (1, 2)


def test_a_code_may_be_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "code.txt").write_text("示例\n", "utf-8")
    with pytest.raises(DoubleRandomError) as in_file:
        check_notice(str(tmp_path / "code.txt"))
    with pytest.raises(DoubleRandomError) as given:
        check_notice("示例")
    assert in_file.value.message == given.value.message


def test_the_empty_sheet_is_written_once_and_says_what_to_type(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "任务书.xlsx"
    do_next_step(blank=sheet)
    assert f"inspection do {sheet}" in capsys.readouterr().err.replace("\n", "")
    assert openpyxl.load_workbook(sheet).active is not None
    with pytest.raises(Misuse, match="is already there"):
        do_next_step(blank=sheet)


def test_without_a_sheet_the_empty_one_is_named() -> None:
    with pytest.raises(Misuse, match="which sheet") as error:
        do_next_step()
    assert "--blank" in error.value.hint


def test_a_draw_or_item_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Misuse, match="no plan of the draw d1 has been committed"):
        fill_forms("d1", output=tmp_path / "文书")
    assert not (tmp_path / "文书").exists()
    with pytest.raises(DoubleRandomError):
        show_preview(["示例事项"])
