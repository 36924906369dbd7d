"""`double-random inspection`: 双随机, from the list of items to the bundle."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from double_random.commands import bias_tests, casework, forms, planning, probabilities, year
from double_random.commands import draw as drawing
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY, day_or_today
from double_random.commands.render.labels import (
    kinds_and_districts,
    replace_codes,
    translate_codes,
    translate_headings,
)
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.teams import show_teams
from double_random.commands.render.terminal import print_line, print_message
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _, append_note
from double_random.core.vocabulary import ROUNDING, code_word
from double_random.inspection.planning.wording import format_share

app = typer.Typer(no_args_is_help=True)

Draw = Annotated[str, typer.Argument(help=_("The draw's name."))]
ITEM_COLUMNS = {
    "title": N_("item"),
    "id": N_("item's code"),
    "kinds": C_("institutions", "kinds"),
    "strata": N_("groups and ratios"),
    "basis": N_("basis"),
    "confirmed": N_("confirmed"),
}
OPEN_COLUMNS = {
    "draw": N_("draw"),
    "stage": N_("stage"),
    "items": N_("items"),
    "committed": C_("time", "committed"),
    "not_before": N_("not before"),
    "publish_by": N_("publish by"),
    "code": N_("方案校验码"),
}

ACTS = (
    (
        "plan",
        _("Freeze both pools, recusals and rules into a plan; nothing is drawn yet."),
        planning.make_plan,
    ),
    (
        "sources",
        _("Where public randomness can come from: the best first, with bits and next drawing."),
        probabilities.show_sources,
    ),
    (
        "odds",
        _("Each group's chance, and over trial seeds how often each pair comes together."),
        probabilities.show_odds,
    ),
    (
        "explain",
        _("Why me: one institution's draws, chances, tickets and places."),
        probabilities.show_draw_history,
    ),
    ("discard", _("Remove a plan that was never sealed."), drawing.discard_plan),
    (
        "commit",
        _("Seal the plan into the log, before the randomness is known."),
        drawing.commit_plan,
    ),
    (
        "entropy",
        _("Log the public randomness of one source, as 'SOURCE=VALUE'."),
        drawing.log_entropy,
    ),
    (
        "draw",
        _("Draw institutions and teams: computed from plan and randomness, once."),
        drawing.run_draw,
    ),
    (
        "attest",
        _("Log the hash of the signed record or film of a draw, and who witnessed it."),
        drawing.attest_draw,
    ),
    (
        "publish",
        _("Open the secret: from now on everybody can check the draw."),
        drawing.publish_draw,
    ),
    (
        "void",
        _("End a plan without a list; secret and numbers become public all the same."),
        drawing.void_draw,
    ),
    (
        "replace",
        _("The next reserve takes the place of a drawn institution."),
        drawing.replace_institution,
    ),
    (
        "substitute",
        _("Another inspector, found by lot, takes the place of one in a team."),
        drawing.substitute_inspector,
    ),
)


@app.command(
    "items", help=_("The list of what may be checked by random draw, with basis and ratios.")
)
def show_items(
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("The rules in force on this day.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the inspection items with the rules of a day."""
    import polars

    from double_random.inspection.planning.items import load_items

    home, people = open_home(), is_for_people(form, output)
    kind_names = kinds_and_districts(home)["kind"]
    rows = []
    for item in load_items(home):
        rule = item.rule_on(as_of.date()) if as_of else item.rules[-1]
        rows.append(
            {
                "id": item.id,
                "title": item.title,
                "content": item.content,
                "class": item.importance,
                "methods": list(item.methods),
                "kinds": [kind_names.get(kind, kind) if people else kind for kind in item.kinds],
                "basis": item.basis,
                "reference": item.reference,
                "confirmed": item.confirmed and rule.confirmed,
                "rule_from": rule.since,
                "rule_reference": rule.reference,
                "policy": rule.policy,
                "strata": [
                    append_note(format_share(s, kind_names), code_word(ROUNDING, s.rounding))
                    if people
                    else f"{s.stratum} {s.ratio[0]}/{s.ratio[1]} ≥{s.minimum} {s.rounding}"
                    for s in rule.shares
                ],
            }
        )
    show_answer(
        polars.DataFrame(rows),
        form,
        output,
        _("Inspection items"),
        translate_headings(ITEM_COLUMNS),
    )


for _name, _help, _door in (*ACTS, *forms.COMMANDS, *year.COMMANDS, *casework.COMMANDS):
    app.command(_name, help=_help)(_door)


@app.command("show", help=_("Who was drawn, in the order of visits, and who goes there now."))
def show_draw(draw: Draw, form: FormatOption = None, output: OutputOption = None) -> None:
    """Show the current teams of a draw."""
    show_teams(draw, form, output)


@app.command(
    "bundle", help=_("Write what it takes to check a draw: for the public, or for an auditor.")
)
def make_bundle(
    draw: Draw,
    auditor: Annotated[
        bool, typer.Option("--auditor", help=_("Everything, also what must not go out."))
    ] = False,
    pack: Annotated[bool, typer.Option("--zip", help=_("One .zip instead of a folder."))] = False,
    output: Annotated[Path | None, typer.Option("--output", help=_("Where to write it."))] = None,
) -> None:
    """Write the bundle of a draw, for the public or for an auditor."""
    import os
    import shlex

    from double_random.inspection.draw.draw_folder import DrawFolder
    from double_random.inspection.verification import bundle as bundles

    home = open_home()
    files = bundles.gather_bundle(home, draw, auditor)
    name = f"{draw}-{'auditor' if auditor else 'public'}"
    target = output or Path(f"{name}.zip" if pack else name)
    if pack and target.suffix != ".zip":
        raise Misuse(_("with --zip the name ends in .zip: {path}").format(path=target))
    written = bundles.write_bundle(files, target, private=auditor)
    print_line(str(written))
    if auditor:
        print_message(_("for auditors alone: it holds grades, recusals and the inner number"))
    key = os.path.relpath(home.log.ring.public_file)
    code = DrawFolder.find(home, draw).read_plan().code
    check = ("double-random", "verify", str(written), "--key", key, "--code", code)
    print_message(_("Check it: {command}").format(command=shlex.join(check)))


@app.command(
    "open", help=_("What is committed and waits for its numbers, its draw or its publication.")
)
def show_open_draws(
    day: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            **DAY,
            help=_("What is past its last day of publication is marked; else today."),
        ),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the open draws of the log."""
    import polars

    from double_random.inspection.draw.draw_state import DrawStage

    rows = polars.DataFrame(_open_draw_rows(day_or_today(day)), schema=_OPEN_SCHEMA)
    if is_for_people(form, output):
        rows = replace_codes(
            rows.cast({"stage": polars.String}), {"stage": translate_codes(DrawStage)}
        )
    show_answer(rows, form, output, _("Open draws"), translate_headings(OPEN_COLUMNS))


@app.command("proof", help=_("One institution's own proof: its row, ticket and cut-off."))
def show_proof(
    institution: Annotated[str, typer.Argument(help=_("The institution's id."))],
    draw: Annotated[str, typer.Option("--draw", help=_("The draw's name."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the inclusion proof of one institution."""
    from double_random.inspection.verification.inclusion_proof import prove_inclusion

    show_answer(prove_inclusion(open_home(), draw, institution).to_dict(), form, output, _("Proof"))


app.command(
    "lint", help=_("Check-up of past draws, of any system: what a fair draw would not do.")
)(bias_tests.lint_history)


_OPEN_SCHEMA = (
    "draw",
    "stage",
    "items",
    "committed",
    "not_before",
    "publish_by",
    "code",
    "waiting",
    "overdue",
)


def _open_draw_rows(day: date) -> list[dict[str, Any]]:
    from double_random.inspection.draw.draw_state import replay_states
    from double_random.inspection.protocol.plan import short_form

    rows = []
    for draw_state in replay_states(open_home().log.entries()).values():
        if draw_state.is_open:
            rows.append(
                {
                    "draw": draw_state.draw,
                    "stage": str(draw_state.stage),
                    "items": "、".join(item["title"] for item in draw_state.plan["items"]),
                    "committed": draw_state.plan["time"],
                    "not_before": draw_state.plan["not_before"],
                    "publish_by": draw_state.plan["publish_by"],
                    "code": short_form(draw_state.plan["plan"]),
                    "waiting": "publish" if draw_state.drawn else "entropy or draw",
                    "overdue": draw_state.plan["publish_by"] < day.isoformat(),
                }
            )
    return rows
