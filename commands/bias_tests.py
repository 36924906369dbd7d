"""`inspection lint`: tests past draws of another system for bias."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands.current_home import home_path
from double_random.commands.render.labels import because, headings
from double_random.commands.render.output import FormatOption, OutputOption, answer, for_people
from double_random.commands.render.terminal import say
from double_random.core.translation import N_, _, told_of

if TYPE_CHECKING:
    from double_random.inspection.bias_tests.reader import Read

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


def lint(
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

    from double_random.inspection.bias_tests.findings import FALSE_ALARMS, TESTS
    from double_random.inspection.bias_tests.findings import lint as examine
    from double_random.inspection.bias_tests.reader import read
    from double_random.store.home import Home
    from double_random.store.home_folder import MARK

    path = home_path()
    known = read(history, Home.open(path) if (path / MARK).exists() else None)
    _tell(known)
    found = examine(known.history)
    chance = decimal if for_people(form, output) else _number
    rows = [
        {
            "test": one.test,
            "verdict": one.verdict,
            "p": chance(one.p),
            "corrected": chance(one.corrected),
            "words": one.words,
            "meaning": one.meaning,
            "about": _(TESTS.get(one.test, THEMSELVES)),
            "answer": _(ANSWERS[one.verdict]),
        }
        for one in found
    ]
    title = _("Check-up of {rounds} rounds").format(rounds=len(known.history.rounds))
    answer(polars.DataFrame(rows), form, output, title, headings(COLUMNS))
    suspicious = [one for one in found if one.verdict in ("alarm", "fact")]
    for one in suspicious:
        if one.meaning:
            say(told_of(_(TESTS[one.test]), one.meaning))
    if suspicious:
        say(
            _(
                "A fair system shows any alarm at all in {share} of 1,000 histories. An alarm is no proof of guilt: "
                "ask how the list was drawn."
            ).format(share=FALSE_ALARMS * 1000)
        )
        raise typer.Exit(1)
    say(_("Nothing was found that chance does not do too; that proves no single draw to be fair."))


def _tell(known: Read) -> None:
    """Print the row counts of each file, and the rows that could not be read."""
    for one in known.readings:
        if one.result == "read":
            say(
                _(
                    "{file}: {rows} rows = {accepted} accepted + {duplicates} duplicates + {quarantined} quarantined"
                ).format(
                    file=one.file,
                    rows=one.rows,
                    accepted=one.accepted,
                    duplicates=one.duplicates,
                    quarantined=one.quarantined,
                )
            )
        else:
            say(_("{file}: not read: {reason}").format(file=one.file, reason=because(one.reason)))
        for issue in one.issues.head(SHOWN_ISSUES).to_dicts():
            say(
                _("· row {row} {column} {value}: {reason}").format(
                    row=issue["row"] or "–",
                    column=issue["column"],
                    value=issue["value"],
                    reason=_(issue["reason"]),
                )
            )
        if one.issues.height > SHOWN_ISSUES:
            say(_("· and {count} more").format(count=one.issues.height - SHOWN_ISSUES))
    if known.left_out:
        say(_("{count} visits came from no random draw, left out").format(count=known.left_out))


def _number(chance: Fraction | None) -> float | None:
    return None if chance is None else float(chance)


def decimal(chance: Fraction | None) -> str:
    """A probability for people, rounded up, never down to zero: 0.0218, <1e-9; "" for none."""
    if chance is None:
        return ""
    if chance * 10_000 >= 1:
        ten_thousandths = -(-chance.numerator * 10_000 // chance.denominator)
        return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04}"
    digits = len(str(chance.denominator // max(1, chance.numerator))) - 1
    return f"<1e-{digits}"
