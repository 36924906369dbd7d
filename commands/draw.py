"""Commands of a draw's life cycle, from commit to publication or void, and of later changes."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands import engines
from double_random.commands.current_home import command, open_home
from double_random.commands.days import DAY
from double_random.commands.engines import EngineOption, RemoteOption, TablesOption
from double_random.commands.next_steps import say_next, say_next_of
from double_random.commands.render.labels import chosen, words
from double_random.commands.render.output import (
    Format,
    FormatOption,
    OutputOption,
    answer,
    for_people,
)
from double_random.commands.render.teams import show_teams
from double_random.commands.render.terminal import say
from double_random.commands.times import At, day_of
from double_random.core.china_time import shown
from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.inspection.draw.lifecycle import Done
    from double_random.inspection.protocol.plan import Plan
    from double_random.inspection.protocol.succession import Change
    from double_random.store.home import Home

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
    """Commit the plan to the log, and print the code to write down."""
    from double_random.inspection.draw import lifecycle

    done = lifecycle.commit(open_home(), draw, at or lifecycle.now())
    _show(done, form, output)
    assert done.plan is not None
    say(_("方案校验码 (write it down, have it signed): {code}").format(code=done.code))
    _next_steps(done.plan)


def discard(draw: DrawName) -> None:
    """Remove a plan that was never sealed."""
    from double_random.inspection.draw import draw_folder

    draw_folder.discard(open_home(), draw)
    say(_("the plan {draw} is gone").format(draw=draw))


def _next_steps(plan: Plan) -> None:
    """Print the commands for the time when the values are out: one per source, or the draw itself."""
    # balls and dice first: they are logged before any other value is known
    for source in sorted(plan.sources, key=lambda one: not one.witnessed):
        value = _("VALUE")
        words = ["entropy", plan.draw, f"{source.text}={value}"]
        if source.kind == "drand":
            words += ["--proof", _("SIGNATURE")]
        if source.kind == "local":
            words = ["draw", plan.draw]
        say(
            _("From {time} on: {command}").format(
                time=shown(plan.not_before), command=command("inspection", *words)
            )
        )


def entropy(
    draw: DrawName,
    value: Annotated[str, typer.Argument(help=_("SOURCE=VALUE, exactly as the plan spells it."))],
    proof: Annotated[str, typer.Option("--proof", help=_("A drand round's signature, hex."))] = "",
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask before it is logged."))] = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Log one source's value."""
    from double_random.inspection.draw import lifecycle

    home = open_home()
    if not yes and sys.stdin.isatty():
        source, _equals, number = value.partition("=")
        if not typer.confirm(read_back(source, number), default=True, err=True):
            raise Misuse(_("nothing was logged"), _("type the value again"))
    done = lifecycle.entropy(home, draw, value, at or lifecycle.now(), proof)
    _show(done, form, output)
    if done.plan and len(done.state.entropy) == len(done.plan.sources):
        say_next("inspection", "draw", draw)


def read_back(source: str, value: str) -> str:
    """The question to compare a value with the notice, before it is logged permanently."""
    spaced = " ".join(value.split(".")) if "." in value else value
    return _(
        "{source}: {value}. Compare it with the notice; what is logged stays. Is it right?"
    ).format(source=source, value=spaced)


def draw(
    name: DrawName,
    at: At = None,
    engine: EngineOption = None,
    remote: RemoteOption = None,
    tables: TablesOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Compute the draw and show its teams."""
    from double_random.inspection.draw import lifecycle

    home = open_home()
    with engines.engine(home, engine, remote, tables) as there:
        lifecycle.draw(home, name, at or lifecycle.now(), there)
    show_teams(name, form, output)
    say_next("inspection", "publish", name)


def publish(
    draw: DrawName, at: At = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Publish the secret of the draw."""
    from double_random.inspection.draw import lifecycle

    _show(lifecycle.publish(open_home(), draw, at or lifecycle.now()), form, output)
    say_next("inspection", "bundle", draw)


def void(
    draw: DrawName,
    reason: Reason,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Make the plan void, without a list."""
    from double_random.inspection.draw import lifecycle

    reason = chosen("--reason", reason, words(lifecycle.VOID_REASONS)) or ""
    done = lifecycle.void(open_home(), draw, reason, at or lifecycle.now())
    _show(done, form, output)
    if done.state.lost:
        say(_("every check of a later plan of this item and area will say that this one was lost"))


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
    from double_random.inspection.case import case_file
    from double_random.inspection.draw import attestations, lifecycle
    from double_random.inspection.draw.draw_state import Stage, of

    home = open_home()
    entry = attestations.attest(home, draw, scan, witness, at or lifecycle.now())
    answer({"draw": draw, "sha256": entry["sha256"], "witnesses": entry["witnesses"]}, form, output)
    state = of(home.log.entries(), draw)
    if state.stage is Stage.drawn:
        say_next("inspection", "publish", draw)
    elif state.stage is Stage.published:
        say_next_of(case_file.read(home, draw, state))


def replace(
    draw: DrawName,
    institution: Annotated[str, typer.Argument(help=_("The institution that gives up its place."))],
    reason: Reason,
    day: DecidedOn = None,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Replace a drawn institution by the next reserve."""
    from double_random.inspection.draw import changes, lifecycle
    from double_random.inspection.protocol.succession import REPLACE_REASONS

    reason = chosen("--reason", reason, words(REPLACE_REASONS)) or ""
    moment = at or lifecycle.now()
    date = day_of(day, moment)
    home = open_home()
    record = changes.replace(home, draw, institution, reason, date, moment)
    _changed(home, draw, record.change, form, output)


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
    """Replace an inspector of a team by another one, chosen by lot."""
    from double_random.inspection.draw import changes, lifecycle
    from double_random.inspection.protocol.succession import SUBSTITUTE_REASONS

    reason = chosen("--reason", reason, words(SUBSTITUTE_REASONS)) or ""
    moment = at or lifecycle.now()
    date = day_of(day, moment)
    home = open_home()
    record = changes.substitute(
        home, draw, institution, inspector=inspector, reason=reason, date=date, at=moment
    )
    _changed(home, draw, record.change, form, output)


def _show(done: Done, form: Format | None, output: Path | None) -> None:
    answer(
        {
            "draw": done.state.draw,
            "stage": str(done.state.stage),
            "entry": done.place,
            "commitment": done.state.plan["plan"],
            "code": done.code,
            "entropy": dict(done.state.entropy),
        },
        form,
        output,
        done.plan.title if done.plan else done.state.draw,
    )


def _changed(
    home: Home, draw: str, change: Change, form: Format | None, output: Path | None
) -> None:
    named = _names(home, draw) if for_people(form, output) else {}
    answer(
        {
            "kind": change.kind,
            "old": named.get(change.old, change.old),
            "new": named.get(change.new, change.new),
            "target": named.get(change.target, change.target),
            "inspectors": [named.get(one, one) for one in change.inspectors],
            "reason": change.reason,
        },
        form,
        output,
    )
    if not change.new:
        say(_("no reserve is left: the place stays empty"))


def _names(home: Home, draw: str) -> dict[str, str]:
    """The names of a draw's institutions and inspectors, by their ids in the plan."""
    from double_random.inspection.draw.changes import standing
    from double_random.inspection.draw.draw_state import of

    files = standing(home, draw, of(home.log.entries(), draw)).selection.files
    named = {row.id: row.name for row in files.frame}
    return named | {one.id: one.name for one in files.inspectors}
