"""The doors of a draw's acts, from the commit to its end and to what changes afterwards."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from doors import engines
from doors.answer import Format, FormatOption, OutputOption, answer, say
from doors.day import DAY
from doors.engines import EngineOption, RemoteOption, TablesOption
from doors.home import open_home
from doors.labels import chosen, words
from doors.moments import At, day_of
from doors.teams import show_teams
from language import _

if TYPE_CHECKING:
    from inspection.acts import Done
    from inspection.protocol.succession import Change

DrawName = Annotated[str, typer.Argument(help=_("The draw's name."))]
Reason = Annotated[
    str, typer.Option("--reason", help=_("One of the closed list; a wrong one shows it."))
]
DecidedOn = Annotated[
    datetime | None,
    typer.Option("--date", **DAY, help=_("The day of the decision; else that of --at.")),
]


def commit(
    draw: DrawName, at: At = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Put the plan into the log, and print the code to write down."""
    from inspection import acts

    done = acts.commit(open_home(), draw, at or acts.now())
    _show(done, form, output)
    say(_("方案校验码 (write it down, have it signed): {code}").format(code=done.plan.code))
    for source in done.plan.sources:
        say(
            _("From {time} on: double-random inspection entropy {draw} '{source}=VALUE'").format(
                time=done.plan.not_before, draw=draw, source=source.text
            )
        )


def entropy(
    draw: DrawName,
    value: Annotated[str, typer.Argument(help=_("SOURCE=VALUE, exactly as the plan spells it."))],
    proof: Annotated[str, typer.Option("--proof", help=_("A drand round's signature, hex."))] = "",
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Log one source's value."""
    from inspection import acts

    done = acts.entropy(open_home(), draw, value, at or acts.now(), proof)
    _show(done, form, output)
    if len(done.state.entropy) == len(done.plan.sources):
        say(_("Next: double-random inspection draw {draw}").format(draw=draw))


def draw(
    name: DrawName,
    at: At = None,
    engine: EngineOption = None,
    remote: RemoteOption = None,
    tables: TablesOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Compute the draw and show it."""
    from inspection import acts

    home = open_home()
    with engines.engine(home, engine, remote, tables) as there:
        acts.draw(home, name, at or acts.now(), there)
    show_teams(name, form, output)
    say(_("Next: double-random inspection publish {draw}").format(draw=name))


def publish(
    draw: DrawName, at: At = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Open the secret."""
    from inspection import acts

    _show(acts.publish(open_home(), draw, at or acts.now()), form, output)
    say(_("Next: double-random inspection bundle {draw}").format(draw=draw))


def void(
    draw: DrawName,
    reason: Reason,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """End the plan without a list."""
    from inspection import acts

    reason = chosen("--reason", reason, words(acts.VOID_REASONS)) or ""
    _show(acts.void(open_home(), draw, reason, at or acts.now()), form, output)


def attest(
    draw: DrawName,
    scan: Annotated[
        Path, typer.Option("--scan", help=_("The signed record, a photo or a film of the draw."))
    ],
    witness: Annotated[
        list[str],
        typer.Option(
            "--witness", help=_("NAME，OFFICE; may be repeated. The office is not drawn.")
        ),
    ],
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Log the hash of what the witnesses signed."""
    from inspection import acts, witnesses

    entry = witnesses.attest(open_home(), draw, scan, witness, at or acts.now())
    answer({"draw": draw, "sha256": entry["sha256"], "witnesses": entry["witnesses"]}, form, output)


def replace(
    draw: DrawName,
    institution: Annotated[str, typer.Argument(help=_("The institution that gives up its place."))],
    reason: Reason,
    day: DecidedOn = None,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Put the next reserve in a drawn institution's place."""
    from inspection import acts, changes
    from inspection.protocol.succession import REPLACE_REASONS

    reason = chosen("--reason", reason, words(REPLACE_REASONS)) or ""
    moment = at or acts.now()
    date = day_of(day, moment)
    record = changes.replace(open_home(), draw, institution, reason, date, moment)
    _changed(record.change, form, output)


def substitute(
    draw: DrawName,
    institution: Annotated[str, typer.Argument(help=_("The institution that the team visits."))],
    inspector: Annotated[str, typer.Argument(help=_("The inspector who leaves the team."))],
    reason: Reason,
    day: DecidedOn = None,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Put another inspector, by lot, in the place of one in a team."""
    from inspection import acts, changes
    from inspection.protocol.succession import SUBSTITUTE_REASONS

    reason = chosen("--reason", reason, words(SUBSTITUTE_REASONS)) or ""
    moment = at or acts.now()
    date = day_of(day, moment)
    record = changes.substitute(open_home(), draw, institution, inspector, reason, date, moment)
    _changed(record.change, form, output)


def _show(done: Done, form: Format | None, output: Path | None) -> None:
    answer(
        {
            "draw": done.plan.draw,
            "stage": str(done.state.stage),
            "entry": done.place,
            "commitment": done.plan.commitment,
            "code": done.plan.code,
            "entropy": dict(done.state.entropy),
        },
        form,
        output,
        done.plan.title,
    )


def _changed(change: Change, form: Format | None, output: Path | None) -> None:
    answer(
        {
            "kind": change.kind,
            "old": change.old,
            "new": change.new,
            "target": change.target,
            "inspectors": list(change.inspectors),
            "reason": change.reason,
        },
        form,
        output,
    )
    if not change.new:
        say(_("no reserve is left: the place stays empty"))
