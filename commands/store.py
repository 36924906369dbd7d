"""`double-random store`: check the home for damage, and rebuild a damaged release."""

from __future__ import annotations

from typing import Annotated

import typer

from double_random.commands.current_home import open_home
from double_random.commands.next_steps import say_next
from double_random.commands.render.labels import headings, in_words, words_by
from double_random.commands.render.output import FormatOption, OutputOption, answer, for_people
from double_random.commands.render.terminal import say
from double_random.core.translation import N_, _, listed
from double_random.core.vocabulary import word

app = typer.Typer(no_args_is_help=True)

COLUMNS = {"part": N_("part"), "name": N_("name"), "what": N_("what is wrong")}


@app.command(
    "check",
    help=_(
        "Look at everything in the home: settings, facts, keys, log, releases, inputs, acts, draws, permissions."
    ),
)
def check(form: FormatOption = None, output: OutputOption = None) -> None:
    import polars

    from double_random.pipeline.checkup import PART_WORDS, checkup

    found = checkup(open_home())
    rows = polars.DataFrame(
        [(one.part, one.name, one.what) for one in found.faults],
        schema=dict.fromkeys(COLUMNS, polars.String),
        orient="row",
    )
    if for_people(form, output):
        rows = in_words(rows, {"part": words_by(PART_WORDS)})
    answer(rows, form, output, _("What is wrong"), headings(COLUMNS))
    told = listed(f"{word(PART_WORDS, part)} {count}" for part, count in found.looked_at.items())
    say(_("looked at: {counts}").format(counts=told))
    if found.faults:
        if any(one.part == "releases" for one in found.faults):
            say_next("store", "rebuild")
        raise typer.Exit(1)
    say(_("everything is whole"))


@app.command(
    "rebuild",
    help=_("Make a damaged release again from the kept files and acts, to the same hash."),
)
def rebuild(
    release: Annotated[
        str | None, typer.Argument(help=_("The release's name; else the current one."))
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.rebuilding import rebuild as again

    made = again(open_home(), release)
    if made.aside:
        say(
            _(
                "the log does not name {name}, and nothing leads to it: it lies in releases/damaged/; "
                "read what came after {release} once more"
            ).format(name=made.aside, release=made.release)
        )
    answer(
        {
            "release": made.release,
            "base": made.base,
            "runs": list(made.runs),
            "aside": made.aside or None,
        },
        form,
        output,
        _("The release is whole again"),
    )
