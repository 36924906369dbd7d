"""The report of a sync or a load: files with counts, refused files with reasons, what to do about them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.commands.current_home import use_home
from double_random.commands.render.format_writers import Format
from double_random.commands.render.sync_report import show_sync_report
from double_random.core.errors import DoubleRandomError
from double_random.intake.reasons import NO_HEADER, NO_TABLE
from double_random.registry.quality.file_report import FileReport, KindChange, RunEffect, RunReport
from double_random.store.home import Home

READ = FileReport(
    file="许可.csv",
    sha256="0" * 64,
    layout="",
    result="read",
    rows=3,
    accepted=1,
    duplicates=1,
    quarantined=1,
    reason="",
)


def unread(name: str, reason: str, result: str = "refused") -> FileReport:
    """A file of which no row was read."""
    return FileReport(
        file=name,
        sha256="0" * 64,
        layout="",
        result=result,  # type: ignore[arg-type]
        rows=0,
        accepted=0,
        duplicates=0,
        quarantined=0,
        reason=reason,
    )


def test_json_is_one_object_with_the_release_and_its_files(
    capsys: pytest.CaptureFixture[str],
) -> None:
    show_sync_report(RunReport("0001-示例", (READ,)), Format.json, None)
    shown = json.loads(capsys.readouterr().out)
    assert shown["release"] == "0001-示例"
    assert [(file["file"], file["rows"], file["quarantined"]) for file in shown["files"]] == [
        ("许可.csv", 3, 1)
    ]


def test_a_table_names_the_release_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    show_sync_report(RunReport("0001-示例", (READ,)), Format.table, None)
    shown = capsys.readouterr()
    assert "许可.csv" in shown.out
    assert "The release is now 0001-示例" in shown.err


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        ((READ, unread("空.csv", "the file is empty")), "the others were read; mend these"),
        ((unread("空.csv", "the file is empty"),), "mend these as their reasons say"),
        ((READ, unread("表.csv", NO_HEADER)), "the others were read; rename these headings"),
        ((unread("表.csv", NO_HEADER),), "rename these headings"),
    ],
)
def test_a_refused_file_ends_in_an_error_with_what_to_do(
    files: tuple[FileReport, ...], hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(DoubleRandomError) as error:
        show_sync_report(RunReport("0001-示例", files), Format.json, None)
    assert error.value.message.startswith("files that could not be read: ")
    assert files[-1].file in error.value.message and files[0] is not error.value
    assert error.value.hint.startswith(hint)
    assert json.loads(capsys.readouterr().out)["files"]


def test_a_drop_without_any_table_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(DoubleRandomError) as error:
        show_sync_report(
            RunReport("", (unread("决定书.pdf", NO_TABLE, "other"),)), Format.json, None
        )
    assert "决定书.pdf" in error.value.message
    assert "XLSX or CSV" in error.value.hint


def test_a_run_that_only_looks_shows_its_effect_and_changes_nothing(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    use_home(Path(home.path))
    effect = RunEffect((KindChange("law_firm", 140, 139, 1, 2),), ("示例疑点",))
    show_sync_report(RunReport("0001-示例", (READ,), effect), Format.table, None)
    shown = capsys.readouterr().err
    assert "140 not ended (the suspended too), then 139; 1 open, 2 close" in shown
    assert "示例疑点" in shown and "nothing was changed" in shown
    assert "law_firm" not in shown
