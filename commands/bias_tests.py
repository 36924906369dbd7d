"""`inspection lint`: tests past draws of another system for bias."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands.current_home import home_path
from double_random.commands.render.labels import describe_reason, translate_headings
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.terminal import print_message
from double_random.core.translation import N_, _, join_label

if TYPE_CHECKING:
    from double_random.inspection.bias_tests.reader import HistoryReading

COLUMNS = {
    "about": N_("looked at"),
    "answer": N_("answer"),
    "corrected": N_("chance in a fair system"),
    "words": N_("what was seen"),
}
ANSWERS = {
    "alarm": N_("SUSPICIOUS"),
    "silent": N_("nothing strange"),
    "not tested": N_("not tested"),
    "fact": N_("WRONG"),
}
THEMSELVES = N_("the records themselves")  # subject of a finding without a test
SHOWN_ISSUES = 20


def lint_history(
    history: Annotated[
        list[Path],
        typer.Argument(
            help=_("Past draws, files or folders: whole lists of each round, or 历次检查.")
        ),
    ],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Test a history; exit code 1 if something was found."""
    import polars

    from double_random.inspection.bias_tests.findings import FALSE_ALARMS, TESTS, run_bias_tests
    from double_random.inspection.bias_tests.reader import read_history
    from double_random.store.home import Home
    from double_random.store.home_folder import MARK

    path = home_path()
    past_draws = read_history(history, Home.open(path) if (path / MARK).exists() else None)
    _print_readings(past_draws)
    findings = run_bias_tests(past_draws.history)
    chance = format_chance if is_for_people(form, output) else _to_float
    rows = [
        {
            "test": finding.test,
            "verdict": finding.verdict,
            "p": chance(finding.p),
            "corrected": chance(finding.corrected),
            "words": finding.words,
            "meaning": finding.meaning,
            "about": _(TESTS.get(finding.test, THEMSELVES)),
            "answer": _(ANSWERS[finding.verdict]),
        }
        for finding in findings
    ]
    title = _("Check-up of {rounds} rounds").format(rounds=len(past_draws.history.rounds))
    show_answer(polars.DataFrame(rows), form, output, title, translate_headings(COLUMNS))
    suspicious = [finding for finding in findings if finding.verdict in ("alarm", "fact")]
    for finding in suspicious:
        if finding.meaning:
            print_message(join_label(_(TESTS[finding.test]), finding.meaning))
    if suspicious:
        print_message(
            _(
                "A fair system shows any alarm at all in {share} of 1,000 histories. An alarm is no proof of guilt: "
                "ask how the list was drawn."
            ).format(share=FALSE_ALARMS * 1000)
        )
        raise typer.Exit(1)
    print_message(
        _("Nothing was found that chance does not do too; that proves no single draw to be fair.")
    )


def _print_readings(past_draws: HistoryReading) -> None:
    """Print the row counts of each file, and the rows that could not be read."""
    for reading in past_draws.readings:
        if reading.result == "read":
            print_message(
                _(
                    "{file}: {rows} rows = {accepted} accepted + {duplicates} duplicates + {quarantined} quarantined"
                ).format(
                    file=reading.file,
                    rows=reading.rows,
                    accepted=reading.accepted,
                    duplicates=reading.duplicates,
                    quarantined=reading.quarantined,
                )
            )
        else:
            print_message(
                _("{file}: not read: {reason}").format(
                    file=reading.file, reason=describe_reason(reading.reason)
                )
            )
        for issue in reading.issues.head(SHOWN_ISSUES).to_dicts():
            print_message(
                _("· row {row} {column} {value}: {reason}").format(
                    row=issue["row"] or "–",
                    column=issue["column"],
                    value=issue["value"],
                    reason=_(issue["reason"]),
                )
            )
        if reading.issues.height > SHOWN_ISSUES:
            print_message(
                _("· and {count} more").format(count=reading.issues.height - SHOWN_ISSUES)
            )
    if past_draws.left_out:
        print_message(
            _("{count} visits came from no random draw, left out").format(count=past_draws.left_out)
        )


def _to_float(chance: Fraction | None) -> float | None:
    return None if chance is None else float(chance)


def format_chance(chance: Fraction | None) -> str:
    """A probability for people, rounded up, never down to zero: 0.0218, <1e-9; "" for none."""
    if chance is None:
        return ""
    if chance * 10_000 >= 1:
        ten_thousandths = -(-chance.numerator * 10_000 // chance.denominator)
        return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04}"
    digits = len(str(chance.denominator // max(1, chance.numerator))) - 1
    return f"<1e-{digits}"
