"""`verify` checks a bundle; `replay` recomputes a draw from its plan and revealed values."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from double_random.commands.log import read_key_text
from double_random.commands.render.answer import Answer, UnfoldedLine
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    default_to_people,
    is_for_people,
    show,
    show_answer,
)
from double_random.core.errors import Misuse
from double_random.core.translation import _, current_language
from double_random.publish.disclosure.sanitise import to_terminal_line


def show_verdict(
    bundle: Annotated[Path, typer.Argument(help=_("The bundle: a folder or a .zip."))],
    key: Annotated[
        str | None,
        typer.Option(
            "--key", help=_("The log's public key, from outside the bundle: a file or the text.")
        ),
    ] = None,
    code: Annotated[
        str | None,
        typer.Option(
            "--code", help=_("The 方案校验码 that was written down before the numbers were known.")
        ),
    ] = None,
    register: Annotated[
        Path | None,
        typer.Option("--register", help=_("A list of institutions from outside, to compare with.")),
    ] = None,
    authority: Annotated[
        list[Path] | None,
        typer.Option(
            "--tsa",
            help=_("A time stamping authority that you trust: its certificate, PEM or DER."),
        ),
    ] = None,
    witness: Annotated[
        list[str] | None,
        typer.Option("--witness", help=_("A witness that you trust: the key's text, or a file.")),
    ] = None,
    least: Annotated[
        int,
        typer.Option(
            "--least",
            min=0,
            help=_("So many of the witnesses must have signed before the numbers."),
        ),
    ] = 0,
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help=_("An earlier checkpoint that you kept yourself.")),
    ] = None,
    row: Annotated[
        Path | None,
        typer.Option("--row", help=_("Your own row's proof, as `registry proof` writes it.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Verify a bundle; the first line of the answer names what could not be checked."""
    from double_random.inspection.verification.time_evidence import Trust
    from double_random.inspection.verification.verify import verify_bundle
    from double_random.registry.institutions.kinds import load_shipped_kinds
    from double_random.store.log.checkpoint import PublicKey

    if register is not None and not register.is_file():
        raise Misuse(_("there is no list at {path}").format(path=register))
    trust = Trust.from_files(
        authority or (), [read_key_text(text) for text in witness or ()], checkpoint
    )
    trust = replace(trust, least=least)
    if row is not None:
        if not row.is_file():
            raise Misuse(_("there is no file {path}").format(path=row))
        trust = replace(trust, proof=row.read_bytes())
    form = default_to_people(form)  # also when piped: the first line is for people
    kind_names = (
        {kind.code: kind.name(current_language()) for kind in load_shipped_kinds()}
        if is_for_people(form, output)
        else {}
    )
    trusted = None if key is None else PublicKey.parse(read_key_text(key))
    verdict = verify_bundle(bundle, trusted, code, register, trust, kind_names)
    fault = verdict.fault and {"file": verdict.fault[0], "what": verdict.fault[1]}
    data = {
        "first_line": verdict.first_line,
        "verdict": verdict.word,
        "intact": verdict.intact,
        "draw": verdict.draw,
        "bundle": verdict.kind,
        "code": verdict.code,
        "fault": fault,
        "next_step": verdict.undecided and verdict.undecided[1],
        "unchecked": list(verdict.unchecked),
        "notes": list(verdict.notes),
    }
    lines = [verdict.first_line, *(f"· {note}" for note in verdict.notes)]
    verdict_answer = Answer(
        data=lambda: data,
        people=lambda: [UnfoldedLine(to_terminal_line(line)) for line in lines],
    )
    show(verdict_answer, form, output)
    if verdict.exit_code:
        raise typer.Exit(verdict.exit_code)


def show_replay(
    folder: Annotated[
        Path, typer.Argument(help=_("A folder with plan.json, the plan's files and reveal.json."))
    ],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Recompute a draw from plan, files and revealed values alone, without clock and log."""
    from double_random.inspection.verification.replay import replay_numbers

    show_answer(replay_numbers(folder), form, output, _("The draw"))
