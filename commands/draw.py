"""Commands of a draw's life cycle, from commit to publication or void, and of later changes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from double_random.commands import engines
from double_random.commands.current_home import format_command, open_home
from double_random.commands.days import DAY
from double_random.commands.engines import EngineOption, RemoteOption, TablesOption
from double_random.commands.next_steps import print_next_command, print_next_step
from double_random.commands.number_entry import ConfirmOption, enter_twice, remind_of_second_entry
from double_random.commands.render.format_writers import Format
from double_random.commands.render.labels import resolve_code, translate_codes
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.teams import show_teams
from double_random.commands.render.terminal import print_message
from double_random.commands.times import At, paper_day
from double_random.core.china_time import localize_times
from double_random.core.translation import _, join_words

if TYPE_CHECKING:
    from double_random.inspection.draw.lifecycle import LoggedStep
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


def commit_plan(
    draw: DrawName, at: At = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Commit the plan to the log, and print the code to write down."""
    from double_random.inspection.draw import lifecycle

    home = open_home()
    act = lifecycle.commit_plan(home, draw, at or lifecycle.current_time())
    _show_stage(act, form, output)
    print_message(_("方案校验码 (write it down, have it signed): {code}").format(code=act.code))
    _print_missing_witnesses(home, act)
    _print_next_steps(home, draw)


def _print_missing_witnesses(home: Home, act: LoggedStep) -> None:
    """Say which witnesses of the settings have not signed the head that seals the plan, and until when they can."""
    from double_random.store.log.checkpoint import WITNESS, PublicKey
    from double_random.store.log.external_evidence import missing_witnesses

    asked = home.settings.get("witnesses", {})
    keys = [PublicKey.parse(text, WITNESS) for text in asked.get("keys", ())]
    missing = missing_witnesses(home.log, keys, act.place + 1)
    least = asked.get("least", len(keys))
    if len(keys) - len(missing) >= least:
        return
    print_message(
        _("{least} of {count} witnesses sign this head before {time}; missing: {names}").format(
            least=least,
            count=len(keys),
            time=localize_times(str(act.state.plan["not_before"])),
            names=join_words(witness.name for witness in missing),
        )
    )
    print_message(
        _("Send them log/checkpoint and log/log.jsonl; keep what they answer: {command}").format(
            command=format_command("log", "cosign", _("LINE"), "--witness", _("KEY"))
        )
    )


def discard_plan(draw: DrawName) -> None:
    """Remove a plan that was never sealed."""
    from double_random.inspection.draw import draw_folder

    draw_folder.discard_plan(open_home(), draw)
    print_message(_("the plan {draw} is gone").format(draw=draw))


def _print_next_steps(home: Home, draw: str) -> None:
    """Print the commands for the time when the values are out: one per source, or the draw itself."""
    from double_random.inspection.draw.draw_folder import DrawFolder

    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    # balls and dice first: they are logged before any other value is known
    for source in sorted(folder.read_sources(), key=lambda offered: not offered.needs_witness):
        value = _("VALUE")
        words = ["entropy", plan.draw, f"{source.text}={value}"]
        if source.round is not None:
            words += ["--proof", _("SIGNATURE")]
        if not source.is_public:
            words = ["draw", plan.draw]
        print_message(
            _("From {time} on: {command}").format(
                time=localize_times(source.earliest_time(plan.not_before)),
                command=format_command("inspection", *words),
            )
        )


def log_entropy(
    draw: DrawName,
    value: Annotated[str, typer.Argument(help=_("SOURCE=VALUE, exactly as the plan spells it."))],
    proof: Annotated[str, typer.Option("--proof", help=_("A drand round's signature, hex."))] = "",
    confirm: ConfirmOption = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask before it is logged."))] = False,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Log one source's value."""
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.draw.draw_folder import DrawFolder

    home = open_home()
    source, equals, number = value.partition("=")
    once: list[str] = []
    if equals and not proof and (confirm or not yes):
        once = enter_twice({source: number}, confirm, required=False)
    act = lifecycle.log_entropy(home, draw, value, at or lifecycle.current_time(), proof)
    _show_stage(act, form, output)
    if once:
        remind_of_second_entry(source, number)
    if len(act.state.entropy) == len(DrawFolder.find(home, draw).read_sources()):
        print_next_command("inspection", "draw", draw)


def run_draw(
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
    with engines.open_engine(home, engine, remote, tables) as remote_engine:
        lifecycle.run_draw(home, name, at or lifecycle.current_time(), remote_engine)
    show_teams(name, form, output)
    print_next_command("inspection", "publish", name)


def publish_draw(
    draw: DrawName, at: At = None, form: FormatOption = None, output: OutputOption = None
) -> None:
    """Publish the secret of the draw."""
    from double_random.inspection.draw import lifecycle

    _show_stage(
        lifecycle.publish_draw(open_home(), draw, at or lifecycle.current_time()), form, output
    )
    print_next_command("inspection", "bundle", draw)


def void_draw(
    draw: DrawName,
    reason: Reason,
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Make the plan void, without a list."""
    from double_random.inspection.draw import lifecycle

    reason = resolve_code("--reason", reason, translate_codes(lifecycle.VOID_REASONS)) or ""
    act = lifecycle.void_draw(open_home(), draw, reason, at or lifecycle.current_time())
    _show_stage(act, form, output)
    if act.state.is_lost:
        print_message(
            _("every check of a later plan of this item and area will say that this one was lost")
        )


def attest_draw(
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
    from double_random.inspection.draw.draw_state import DrawStage, find_state

    home = open_home()
    entry = attestations.log_attestation(home, draw, scan, witness, at or lifecycle.current_time())
    show_answer(
        {"draw": draw, "sha256": entry["sha256"], "witnesses": entry["witnesses"]}, form, output
    )
    state = find_state(home.log.entries(), draw)
    if state.stage is DrawStage.drawn:
        print_next_command("inspection", "publish", draw)
    elif state.stage is DrawStage.published:
        print_next_step(case_file.read_case(home, draw, state))


def replace_institution(
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
    from double_random.inspection.protocol.files import REPLACE_REASONS

    reason = resolve_code("--reason", reason, translate_codes(REPLACE_REASONS)) or ""
    moment = at or lifecycle.current_time()
    date = paper_day(day, moment)
    home = open_home()
    record = changes.replace_target(home, draw, institution, reason, date, moment)
    _show_change(home, draw, record.change, form, output)


def substitute_inspector(
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

    reason = resolve_code("--reason", reason, translate_codes(SUBSTITUTE_REASONS)) or ""
    moment = at or lifecycle.current_time()
    date = paper_day(day, moment)
    home = open_home()
    record = changes.substitute_inspector(
        home, draw, institution, inspector=inspector, reason=reason, date=date, at=moment
    )
    _show_change(home, draw, record.change, form, output)


def _show_stage(act: LoggedStep, form: Format | None, output: Path | None) -> None:
    show_answer(
        {
            "draw": act.state.draw,
            "stage": str(act.state.stage),
            "entry": act.place,
            "commitment": act.state.plan["plan"],
            "code": act.code,
            "entropy": dict(act.state.entropy),
        },
        form,
        output,
        act.plan.title if act.plan else act.state.draw,
    )


def _show_change(
    home: Home, draw: str, change: Change, form: Format | None, output: Path | None
) -> None:
    names = _names_by_id(home, draw) if is_for_people(form, output) else {}
    show_answer(
        {
            "kind": change.kind,
            "old": names.get(change.old, change.old),
            "new": names.get(change.new, change.new),
            "target": names.get(change.target, change.target),
            "inspectors": [names.get(inspector, inspector) for inspector in change.inspectors],
            "reason": change.reason,
        },
        form,
        output,
    )
    if not change.new:
        print_message(_("no reserve is left: the place stays empty"))


def _names_by_id(home: Home, draw: str) -> dict[str, str]:
    """The names of a draw's institutions and inspectors, by their ids in the plan."""
    from double_random.inspection.draw.changes import rebuild_assignment
    from double_random.inspection.draw.draw_state import find_state

    files = rebuild_assignment(home, draw, find_state(home.log.entries(), draw)).files
    names = {row.id: row.name for row in files.frame}
    return names | {inspector.id: inspector.name for inspector in files.inspectors}
