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
from double_random.commands.render.labels import headings, in_words, kinds_and_districts, words
from double_random.commands.render.output import FormatOption, OutputOption, answer, for_people
from double_random.commands.render.teams import show_teams
from double_random.commands.render.terminal import say, tell
from double_random.core.errors import Misuse
from double_random.core.translation import C_, N_, _, noted
from double_random.core.vocabulary import ROUNDING, word
from double_random.inspection.planning.wording import share_named

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
        planning.plan,
    ),
    (
        "sources",
        _("Where public randomness can come from: the best first, with bits and next drawing."),
        probabilities.sources,
    ),
    (
        "odds",
        _("Each group's chance, and over trial seeds how often each pair comes together."),
        probabilities.odds,
    ),
    (
        "explain",
        _("Why me: one institution's draws, chances, tickets and places."),
        probabilities.explain,
    ),
    ("discard", _("Remove a plan that was never sealed."), drawing.discard),
    ("commit", _("Seal the plan into the log, before the randomness is known."), drawing.commit),
    ("entropy", _("Log the public randomness of one source, as 'SOURCE=VALUE'."), drawing.entropy),
    (
        "draw",
        _("Draw institutions and teams: computed from plan and randomness, once."),
        drawing.draw,
    ),
    (
        "attest",
        _("Log the hash of the signed record or film of a draw, and who witnessed it."),
        drawing.attest,
    ),
    ("publish", _("Open the secret: from now on everybody can check the draw."), drawing.publish),
    (
        "void",
        _("End a plan without a list; secret and numbers become public all the same."),
        drawing.void,
    ),
    ("replace", _("The next reserve takes the place of a drawn institution."), drawing.replace),
    (
        "substitute",
        _("Another inspector, found by lot, takes the place of one in a team."),
        drawing.substitute,
    ),
)


@app.command(
    "items", help=_("The list of what may be checked by random draw, with basis and ratios.")
)
def items(
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("The rules in force on this day.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the inspection items with the rules of a day."""
    import polars

    from double_random.inspection.planning.items import items as listed

    home, people = open_home(), for_people(form, output)
    named = kinds_and_districts(home)["kind"]
    rows = []
    for one in listed(home):
        rule = one.rule(as_of.date()) if as_of else one.rules[-1]
        rows.append(
            {
                "id": one.id,
                "title": one.title,
                "content": one.content,
                "class": one.importance,
                "methods": list(one.methods),
                "kinds": [named.get(kind, kind) if people else kind for kind in one.kinds],
                "basis": one.basis,
                "reference": one.reference,
                "confirmed": one.confirmed and rule.confirmed,
                "rule_from": rule.since,
                "rule_reference": rule.reference,
                "policy": rule.policy,
                "strata": [
                    noted(share_named(s, named), word(ROUNDING, s.rounding))
                    if people
                    else f"{s.stratum} {s.ratio[0]}/{s.ratio[1]} ≥{s.minimum} {s.rounding}"
                    for s in rule.shares
                ],
            }
        )
    answer(polars.DataFrame(rows), form, output, _("Inspection items"), headings(ITEM_COLUMNS))


for _name, _help, _door in (*ACTS, *forms.COMMANDS, *year.COMMANDS, *casework.COMMANDS):
    app.command(_name, help=_help)(_door)


@app.command("show", help=_("Who was drawn, in the order of visits, and who goes there now."))
def show(draw: Draw, form: FormatOption = None, output: OutputOption = None) -> None:
    """Show the current teams of a draw."""
    show_teams(draw, form, output)


@app.command(
    "bundle", help=_("Write what it takes to check a draw: for the public, or for an auditor.")
)
def bundle(
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

    from double_random.inspection.draw.draw_folder import Folder
    from double_random.inspection.verification import bundle as bundles

    home = open_home()
    files = bundles.gather(home, draw, auditor)
    name = f"{draw}-{'auditor' if auditor else 'public'}"
    target = output or Path(f"{name}.zip" if pack else name)
    if pack and target.suffix != ".zip":
        raise Misuse(_("with --zip the name ends in .zip: {path}").format(path=target))
    written = bundles.write(files, target, private=auditor)
    tell(str(written))
    if auditor:
        say(_("for auditors alone: it holds grades, recusals and the inner number"))
    key = os.path.relpath(home.log.ring.public_file)
    code = Folder.of(home, draw).plan().code
    check = ("double-random", "verify", str(written), "--key", key, "--code", code)
    say(_("Check it: {command}").format(command=shlex.join(check)))


@app.command(
    "open", help=_("What is committed and waits for its numbers, its draw or its publication.")
)
def open_(
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

    from double_random.inspection.draw.draw_state import Stage

    rows = polars.DataFrame(_open_rows(day_or_today(day)), schema=_OPEN_SCHEMA)
    if for_people(form, output):
        rows = in_words(rows.cast({"stage": polars.String}), {"stage": words(Stage)})
    answer(rows, form, output, _("Open draws"), headings(OPEN_COLUMNS))


@app.command("proof", help=_("One institution's own proof: its row, ticket and cut-off."))
def proof(
    institution: Annotated[str, typer.Argument(help=_("The institution's id."))],
    draw: Annotated[str, typer.Option("--draw", help=_("The draw's name."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the inclusion proof of one institution."""
    from double_random.inspection.verification.inclusion_proof import prove

    answer(prove(open_home(), draw, institution).told(), form, output, _("Proof"))


app.command(
    "lint", help=_("Check-up of past draws, of any system: what a fair draw would not do.")
)(bias_tests.lint)


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


def _open_rows(day: date) -> list[dict[str, Any]]:
    from double_random.inspection.draw.draw_state import states
    from double_random.inspection.protocol.plan import short_form

    rows = []
    for one in states(open_home().log.entries()).values():
        if one.open:
            rows.append(
                {
                    "draw": one.draw,
                    "stage": str(one.stage),
                    "items": "、".join(item["title"] for item in one.plan["items"]),
                    "committed": one.plan["time"],
                    "not_before": one.plan["not_before"],
                    "publish_by": one.plan["publish_by"],
                    "code": short_form(one.plan["plan"]),
                    "waiting": "publish" if one.drawn else "entropy or draw",
                    "overdue": one.plan["publish_by"] < day.isoformat(),
                }
            )
    return rows
