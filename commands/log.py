"""`double-random log`: the signed log of all acts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from double_random.commands.current_home import open_home
from double_random.commands.options import CheckpointOption
from double_random.commands.render.answer import Answer, Table
from double_random.commands.render.labels import (
    replace_codes,
    resolve_code,
    translate_codes,
    translate_headings,
)
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    default_to_programs,
    is_for_people,
    show,
    show_answer,
)
from double_random.commands.render.terminal import print_line, print_message
from double_random.commands.times import At
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import N_, _, join_label
from double_random.core.vocabulary import ACT, code_word

app = typer.Typer(no_args_is_help=True)

CLOCK_COMMAND = "double-random log clock --reason WHY"
COLUMNS = {
    "entry": N_("entry"),
    "time": N_("time"),
    "kind": N_("act"),
    "draw": N_("draw"),
}


@app.command(
    "show", help=_("Every entry of the log, its signed head, and the key that others verify with.")
)
def show_log(form: FormatOption = None, output: OutputOption = None) -> None:
    import polars

    from double_random.store.log.signed_log import encode_entry

    log = open_home().log
    rows = [
        {
            "entry": number,
            "time": entry["time"],
            "kind": entry["kind"],
            "draw": entry.get("draw", ""),
            "content": encode_entry(entry).decode(),
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
    frame = polars.DataFrame(rows, schema=schema)
    if is_for_people(form, output):
        frame = replace_codes(frame, {"kind": {kind: code_word(ACT, kind) for kind in ACT}})
    gists = [_summarize_entry(entry) for entry in log.entries()]
    log_answer = Answer(
        title=_("The log"),
        columns=translate_headings(COLUMNS | {"content": N_("content")}),
        rows=lambda: frame,
        people=lambda: [
            Table(
                frame.with_columns(gist=polars.Series(gists, dtype=polars.String)),
                _("The log"),
                translate_headings(COLUMNS | {"gist": N_("content")}),
            )
        ],
    )
    show(log_answer, form, output)
    print_message(_("public key: {key}").format(key=log.public.text))
    print_message(_("日志封存码 (checkpoint):"))
    print_message(log.checkpoint.decode().rstrip("\n"))


def _summarize_entry(entry: dict[str, Any]) -> str:
    """Summarise an entry in one line; --format json has all of it."""
    from double_random.inspection.protocol.plan import short_form

    match entry["kind"]:
        case "plan":
            return short_form(entry["plan"])
        case "entropy":
            return f"{entry['source']}={entry['value']}"
        case "void" | "clock":
            return _(entry["reason"])
        case "replace" | "substitute":
            return str(entry["record"])[:12]
        case "attest":
            return "、".join(entry["witnesses"])
        case "key":
            return str(entry["new"])
        case _:
            return str(entry.get("release", ""))[:12]


@app.command(
    "verify",
    help=_("Prove that nothing was taken out, moved or changed since every kept checkpoint."),
)
def verify_log(
    checkpoint: CheckpointOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw.draw_state import replay_states
    from double_random.store.log import external_evidence
    from double_random.store.log.signed_log import CLOCK, find_future_entries, find_misdated

    log = open_home().log
    if checkpoint is not None and not checkpoint.is_file():
        raise Misuse(_("there is no checkpoint at {path}").format(path=checkpoint))
    count = log.verify(checkpoint.read_bytes() if checkpoint else None)
    entries = log.entries()
    lines = log.lines()
    for name, content in external_evidence.load_evidence(log, 0, count).items():
        wrong = external_evidence.check_evidence(name, content, log.public.name, lines)
        if wrong:
            raise BadFile(name, wrong)
    draws = replay_states(entries)
    people = is_for_people(form, output)
    translated = _ if people else str
    pair_text = join_label if people else "{}: {}".format
    voids = [
        draw_state
        for draw_state in draws.values()
        if draw_state.end and draw_state.end["kind"] == "void"
    ]
    late = [f"{at} {entries[at]['kind']} {entries[at]['time']}" for at in find_misdated(entries)]
    future = [
        f"{at} {entries[at]['kind']} {entries[at]['time']}" for at in find_future_entries(entries)
    ]
    set_right = [
        f"{entry['time']}: {entry['newest']}, {translated(entry['reason'])}"
        for entry in entries
        if entry["kind"] == CLOCK
    ]
    show_answer(
        {
            **({"misdated": late} if late else {}),
            **({"ahead": future} if future else {}),
            **({"clock": set_right} if set_right else {}),
            "entries": count,
            "intact": True,
            "plans": [
                pair_text(draw_state.draw, translated(draw_state.stage))
                for draw_state in draws.values()
            ],
            "voids": [
                pair_text(draw_state.draw, translated(draw_state.end["reason"]))
                for draw_state in voids
                if draw_state.end
            ],
            "changes": [
                pair_text(draw_state.draw, f"{translated(entry['kind'])} {entry['time']}")
                for draw_state in draws.values()
                for entry in draw_state.changes
            ],
            "attested": [
                pair_text(entry["draw"], f"{'; '.join(entry['witnesses'])} {entry['time']}")
                for entry in entries
                if entry["kind"] == "attest"
            ],
            "keys": [
                f"{entry['time']}: {entry['new']}" for entry in entries if entry["kind"] == "key"
            ],
            "outside": [*external_evidence.load_evidence(log, 0, count)],
            "unchecked": []
            if checkpoint
            else [_("唯一性未证明 (no checkpoint from outside was given)")],
        },
        form,
        output,
        _("The log is whole, but not in the order of its times (时间次序有误)")
        if late or future
        else _("The log is whole"),
    )
    if future:
        print_message(
            _("end what lies in the future with: {command}").format(command=CLOCK_COMMAND)
        )


@app.command(
    "proof",
    help=_("A small file that proves one entry, or that an earlier checkpoint only grew."),
)
def make_proof(
    entry: Annotated[
        int | None, typer.Option("--entry", help=_("The entry's place, as `log show` numbers it."))
    ] = None,
    checkpoint: CheckpointOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.store.log import proof as log_proof

    log = open_home().log
    if (entry is None) == (checkpoint is None):
        raise Misuse(_("say either --entry NUMBER or --checkpoint FILE"))
    proof_data = (
        log_proof.prove_inclusion(log, entry)
        if entry is not None
        else log_proof.prove_consistency(log, _read_content(checkpoint))
    )
    show_answer(proof_data, default_to_programs(form), output, _("Proof"))


@app.command("check-proof", help=_("Check such a file with the log's key alone."))
def check_proof_file(
    file: Annotated[Path, typer.Argument(help=_("The proof, as `log proof` writes it."))],
    key: Annotated[str, typer.Option("--key", help=_("The log's public key, from outside."))],
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help=_("The earlier checkpoint that you kept yourself.")),
    ] = None,
) -> None:
    from double_random.store.log import proof as log_proof
    from double_random.store.log.checkpoint import PublicKey

    held = _read_content(checkpoint) if checkpoint else None
    statement = log_proof.check_proof(
        _read_content(file), str(file), PublicKey.parse(read_key_text(key)), held
    )
    print_line(statement)


@app.command(
    "timestamp-request",
    help=_("Write the request for a time stamp (RFC 3161) upon the newest head; send it yourself."),
)
def request_timestamp(
    output: Annotated[Path, typer.Option("--output", help=_("Where to write it, as head.tsq."))],
) -> None:
    from double_random.store import output_files
    from double_random.store.log import external_evidence

    size, content = external_evidence.request_timestamp(open_home().log)
    output_files.write_output(output, content)
    print_line(str(output))
    print_message(_("upon the head of {size} entries").format(size=size))
    print_message(_("Next: double-random log timestamp-attach ANSWER.tsr"))


@app.command("timestamp-attach", help=_("Keep the authority's answer; it goes into the bundles."))
def attach_timestamp(
    file: Annotated[Path, typer.Argument(help=_("The answer, as head.tsr."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.store.log import external_evidence

    size, time = external_evidence.attach_timestamp(open_home().log, _read_content(file))
    show_answer({"entries": size, "time": time}, form, output, _("Time stamp"))


@app.command("cosign", help=_("Keep a witness's signature line under a head of the log."))
def attach_cosignature(
    line: Annotated[str, typer.Argument(help=_("The line, as the witness sent it: — NAME …"))],
    witness: Annotated[
        str, typer.Option("--witness", help=_("The witness's public key: a file or the text."))
    ],
    size: Annotated[
        int | None,
        typer.Option("--entries", help=_("Of the head with so many entries; else the newest.")),
    ] = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.store.log import external_evidence
    from double_random.store.log.checkpoint import WITNESS, PublicKey

    key = PublicKey.parse(read_key_text(witness), WITNESS)
    entries, time = external_evidence.attach_cosignature(open_home().log, size, line, key)
    cosigned = {
        "entries": entries,
        "witness": key.name,
        "time": external_evidence.seconds_to_log_time(time),
    }
    show_answer(cosigned, form, output, _("Witness"))


@app.command("witness-key", help=_("For a witness's own computer: make a key to sign heads with."))
def make_witness_key(
    folder: Annotated[Path, typer.Argument(help=_("The witness's own folder."))],
    name: Annotated[
        str, typer.Option("--name", help=_("The witness's name, without blanks or +."))
    ],
) -> None:
    from double_random.store.log import cosignature

    print_line(cosignature.create_witness(folder, name).text)
    print_message(_("give this line to whoever checks; the folder stays with the witness"))


@app.command(
    "witness-sign",
    help=_("For a witness: sign a head, if it only adds to the one that was signed last."),
)
def sign_as_witness(
    folder: Annotated[Path, typer.Argument(help=_("The witness's own folder."))],
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help=_("The head, as it came."))],
    entries: Annotated[
        Path, typer.Option("--log", help=_("The log as it is published: log.jsonl."))
    ],
    key: Annotated[str, typer.Option("--key", help=_("The log's public key."))],
) -> None:
    import time

    from double_random.store.log import cosignature
    from double_random.store.log.checkpoint import PublicKey

    lines = _read_content(entries).split(b"\n")[:-1]
    log = PublicKey.parse(read_key_text(key))
    line = cosignature.sign_checkpoint(
        folder, _read_content(checkpoint), log, lines, int(time.time())
    )
    print_line(line.decode().rstrip("\n"))


@app.command(
    "rotate-key",
    help=_("Sign with a new key from now on; the change is an entry, and both keys sign it."),
)
def rotate_log_key(
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw import lifecycle

    old, new = open_home().log.change_key(lifecycle.check_act_time(at or lifecycle.current_time()))
    show_answer({"old": old.text, "new": new.text}, form, output, _("The log's key"))
    print_message(_("publish the new key where the old one stood"))


@app.command(
    "clock",
    help=_("Say that entries dated in the future were misdated, so that the log can go on."),
)
def mark_misdated(
    reason: Annotated[
        str, typer.Option("--reason", help=_("One of the closed list; a wrong one shows it."))
    ],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw import lifecycle

    reason = resolve_code("--reason", reason, translate_codes(lifecycle.CLOCK_REASONS)) or ""
    show_answer(lifecycle.set_clock(open_home(), reason), form, output, _("The log's times"))


@app.command(
    "passphrase",
    help=_("Give the log's key a passphrase, or take it away; acts ask for it from then on."),
)
def change_passphrase(
    remove: Annotated[bool, typer.Option("--remove", help=_("Take it away."))] = False,
) -> None:
    from double_random.store.log import keys

    key_ring = open_home().log.ring
    key_ring.lock(b"" if remove else keys.read_passphrase(_("new passphrase"), keys.NEW_VARIABLE))
    print_message(
        _("the key has no passphrase now") if remove else _("the key has a passphrase now")
    )


def read_key_text(text: str) -> str:
    """The text of a key, given directly or as a file."""
    file = Path(text)
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else text
    except (OSError, UnicodeDecodeError):
        return text


def _read_content(file: Path | None) -> bytes:
    if file is None or not file.is_file():
        raise Misuse(_("there is no file {path}").format(path=file))
    return file.read_bytes()
