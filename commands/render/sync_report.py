"""Shows the report of `sync` and `load`: each file with its counts, the refused files, the current release."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from double_random.commands.current_home import open_home
from double_random.commands.render.answer import Answer
from double_random.commands.render.format_writers import Format
from double_random.commands.render.labels import (
    describe_reason,
    kinds_and_districts,
    practitioner_words,
    translate_headings,
)
from double_random.commands.render.output import show
from double_random.core.errors import DoubleRandomError
from double_random.core.translation import N_, _, join_clauses, join_label
from double_random.intake.reasons import MISSING_COLUMN, NO_HEADER, NO_TABLE
from double_random.registry.quality.file_report import has_no_table
from double_random.registry.sync.guard_rails import explain_no_rows

if TYPE_CHECKING:
    import polars

    from double_random.registry.quality.file_report import RunReport

COLUMNS = {
    "file": N_("file"),
    "result": N_("result"),
    "rows": N_("rows"),
    "accepted": N_("accepted"),
    "duplicates": N_("duplicates"),
    "quarantined": N_("quarantined"),
    "reason": N_("reason"),
}


HEADINGS = (NO_HEADER, MISSING_COLUMN)  # reasons that another file format does not fix


def show_sync_report(report: RunReport, form: Format | None, output: Path | None) -> None:
    """Show a run's report: one JSON object, or the files as rows; DoubleRandomError if a file was refused."""
    report_answer = Answer(
        title=report.release,
        columns=translate_headings(COLUMNS),
        data=report.json,
        rows=lambda: _file_rows(report),
        notes=lambda: _effect_sentences(report),
    )
    show(report_answer, form, output)
    if report.effect is None and has_no_table(report.files):
        raise DoubleRandomError(
            explain_no_rows(report.files),
            _("nothing was changed; give the bureau's tables, as XLSX or CSV"),
        )
    if report.refused and (report.effect is None or not report.effect.doubts):
        names = join_clauses(
            join_label(file.file, describe_reason(file.reason)) for file in report.refused
        )
        raise DoubleRandomError(
            _("files that could not be read: {files}").format(files=names),
            _refusal_hint(report),
        )


def _file_rows(report: RunReport) -> polars.DataFrame:
    """One row per file, its result and reason in words."""
    import polars

    return polars.DataFrame(
        [
            file
            | {
                "result": _("not taken") if file["reason"] == NO_TABLE else _(file["result"]),
                "reason": describe_reason(file["reason"]),
            }
            for file in report.json()["files"]
        ]
    )


def _refusal_hint(report: RunReport) -> str:
    """What to do with the files that were refused."""
    alone = not any(file.result == "read" for file in report.files)
    if all(file.reason.startswith(HEADINGS) for file in report.refused):
        if alone:
            return _(
                "rename these headings, or describe the table in "
                "facts/layouts/ (docs/reference/layout-format.md), and read it again"
            )
        return _(
            "the others were read; rename these headings, or describe the table in "
            "facts/layouts/ (docs/reference/layout-format.md), and read it again"
        )
    if alone:
        return _("mend these as their reasons say and read them again")
    return _("the others were read; mend these as their reasons say and read them again")


def _effect_sentences(report: RunReport) -> list[str]:
    """What the run changed; for a trial, what it would change and what speaks against it."""
    if report.effect is None:
        return [_("The release is now {name}").format(name=report.release)]
    home = open_home()
    kind_names = kinds_and_districts(home)["kind"] | practitioner_words(home)["kind"]
    changes = [
        _(
            "{kind}: {before} not ended (the suspended too), then {after}; {opened} open, {closed} close"
        ).format(**(vars(change) | {"kind": kind_names.get(change.kind, change.kind)}))
        for change in report.effect.changes
    ]
    return [*changes, *report.effect.doubts, _("nothing was changed")]
