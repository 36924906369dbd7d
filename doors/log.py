"""`double-random log`: the signed log of every act."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from doors.answer import FormatOption, OutputOption, answer, say
from doors.home import open_home
from errors import Misuse
from language import N_, _

app = typer.Typer(no_args_is_help=True)

COLUMNS = {
    "entry": N_("entry"),
    "time": N_("time"),
    "kind": N_("kind"),
    "draw": N_("draw"),
    "content": N_("content"),
}


@app.command(
    "show", help=_("Every entry of the log, its signed head, and the key that others verify with.")
)
def show(form: FormatOption = None, output: OutputOption = None) -> None:
    import polars

    from store.log import encode

    log = open_home().log
    rows = [
        {
            "entry": number,
            "time": entry["time"],
            "kind": entry["kind"],
            "draw": entry.get("draw", ""),
            "content": encode(entry).decode(),
        }
        for number, entry in enumerate(log.entries())
    ]
    schema = {
        "entry": polars.Int64,
        "time": polars.String,
        "kind": polars.String,
        "draw": polars.String,
        "content": polars.String,
    }
    answer(
        polars.DataFrame(rows, schema=schema),
        form,
        output,
        _("The log"),
        {name: _(heading) for name, heading in COLUMNS.items()},
    )
    say(_("public key: {key}").format(key=log.public.text))
    say(_("日志封存码 (checkpoint):"))
    say(log.checkpoint.decode().rstrip("\n"))


@app.command(
    "verify",
    help=_("Prove that nothing was taken out, moved or changed since every kept checkpoint."),
)
def verify(
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help=_("An earlier checkpoint that somebody outside kept.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from inspection.state import states

    log = open_home().log
    if checkpoint is not None and not checkpoint.is_file():
        raise Misuse(_("there is no checkpoint at {path}").format(path=checkpoint))
    count = log.verify(checkpoint.read_bytes() if checkpoint else None)
    entries = log.entries()
    draws = states(entries)
    voids = [one for one in draws.values() if one.end and one.end["kind"] == "void"]
    answer(
        {
            "entries": count,
            "intact": True,
            "plans": [f"{one.draw}: {one.stage}" for one in draws.values()],
            "voids": [f"{one.draw}: {one.end['reason']}" for one in voids if one.end],
            "changes": [
                f"{one.draw}: {entry['kind']} {entry['time']}"
                for one in draws.values()
                for entry in one.changes
            ],
            "unchecked": []
            if checkpoint
            else [_("唯一性未证明 (no checkpoint from outside was given)")],
        },
        form,
        output,
        _("The log is whole"),
    )
