"""`double-random store`: check the home for damage, and rebuild a damaged release."""

from __future__ import annotations

from typing import Annotated

import typer

from double_random.commands.current_home import open_home
from double_random.commands.next_steps import print_next_command
from double_random.commands.render.labels import replace_codes, translate_headings, translate_table
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.terminal import print_message
from double_random.core.translation import N_, _, join_words
from double_random.core.vocabulary import code_word

app = typer.Typer(no_args_is_help=True)

COLUMNS = {"part": N_("part"), "name": N_("name"), "what": N_("what is wrong")}


@app.command(
    "check",
    help=_(
        "Look at everything in the home: settings, facts, keys, log, releases, inputs, acts, draws, permissions."
    ),
)
def check_whole_home(form: FormatOption = None, output: OutputOption = None) -> None:
    import polars

    from double_random.pipeline.checkup import PART_WORDS, check_home

    result = check_home(open_home())
    rows = polars.DataFrame(
        [(fault.part, fault.name, fault.what) for fault in result.faults],
        schema=dict.fromkeys(COLUMNS, polars.String),
        orient="row",
    )
    if is_for_people(form, output):
        rows = replace_codes(rows, {"part": translate_table(PART_WORDS)})
    show_answer(rows, form, output, _("What is wrong"), translate_headings(COLUMNS))
    counts = join_words(
        f"{code_word(PART_WORDS, part)} {count}" for part, count in result.looked_at.items()
    )
    print_message(_("looked at: {counts}").format(counts=counts))
    if result.faults:
        if any(fault.part == "releases" for fault in result.faults):
            print_next_command("store", "rebuild")
        raise typer.Exit(1)
    print_message(_("everything is whole"))


@app.command(
    "rebuild",
    help=_("Make a damaged release again from the kept files and acts, to the same hash."),
)
def rebuild_damaged(
    release: Annotated[
        str | None, typer.Argument(help=_("The release's name; else the current one."))
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.credit.rebuilding import rebuild_release

    rebuilt = rebuild_release(open_home(), release)
    if rebuilt.aside:
        print_message(
            _(
                "the log does not name {name}, and nothing leads to it: it lies in releases/damaged/; "
                "read what came after {release} once more"
            ).format(name=rebuilt.aside, release=rebuilt.release)
        )
    show_answer(
        {
            "release": rebuilt.release,
            "base": rebuilt.base,
            "runs": list(rebuilt.runs),
            "aside": rebuilt.aside or None,
        },
        form,
        output,
        _("The release is whole again"),
    )
