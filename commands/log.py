"""`double-random log`: the signed log of all acts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from double_random.commands.current_home import open_home
from double_random.commands.options import CheckpointOption
from double_random.commands.render.labels import chosen, headings, in_words, words
from double_random.commands.render.output import (
    Format,
    FormatOption,
    OutputOption,
    answer,
    for_people,
    on_terminal,
)
from double_random.commands.render.terminal import say, tell
from double_random.commands.times import At
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import N_, _, told_of
from double_random.core.vocabulary import ACT, word

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
def show(form: FormatOption = None, output: OutputOption = None) -> None:
    import polars

    from double_random.store.log.signed_log import encode

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
    frame = polars.DataFrame(rows, schema=schema)
    last = {"content": N_("content")}
    if on_terminal(form, output):
        frame = frame.with_columns(
            polars.Series("gist", [_gist(entry) for entry in log.entries()], polars.String)
        )
        last = {"gist": N_("content")}
    if for_people(form, output):
        frame = in_words(frame, {"kind": {kind: word(ACT, kind) for kind in ACT}})
    answer(frame, form, output, _("The log"), headings(COLUMNS | last))
    say(_("public key: {key}").format(key=log.public.text))
    say(_("日志封存码 (checkpoint):"))
    say(log.checkpoint.decode().rstrip("\n"))


def _gist(entry: dict[str, Any]) -> str:
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
def verify(
    checkpoint: CheckpointOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw.draw_state import states
    from double_random.store.log import external_evidence
    from double_random.store.log.signed_log import CLOCK, ahead, misdated

    log = open_home().log
    if checkpoint is not None and not checkpoint.is_file():
        raise Misuse(_("there is no checkpoint at {path}").format(path=checkpoint))
    count = log.verify(checkpoint.read_bytes() if checkpoint else None)
    entries = log.entries()
    lines = log.lines()
    for name, content in external_evidence.kept(log, 0, count).items():
        wrong = external_evidence.check(name, content, log.public.name, lines)
        if wrong:
            raise BadFile(name, wrong)
    draws = states(entries)
    people = for_people(form, output)
    told = _ if people else str
    of = told_of if people else "{}: {}".format
    voids = [one for one in draws.values() if one.end and one.end["kind"] == "void"]
    late = [f"{at} {entries[at]['kind']} {entries[at]['time']}" for at in misdated(entries)]
    future = [f"{at} {entries[at]['kind']} {entries[at]['time']}" for at in ahead(entries)]
    set_right = [
        f"{entry['time']}: {entry['newest']}, {told(entry['reason'])}"
        for entry in entries
        if entry["kind"] == CLOCK
    ]
    answer(
        {
            **({"misdated": late} if late else {}),
            **({"ahead": future} if future else {}),
            **({"clock": set_right} if set_right else {}),
            "entries": count,
            "intact": True,
            "plans": [of(one.draw, told(one.stage)) for one in draws.values()],
            "voids": [of(one.draw, told(one.end["reason"])) for one in voids if one.end],
            "changes": [
                of(one.draw, f"{told(entry['kind'])} {entry['time']}")
                for one in draws.values()
                for entry in one.changes
            ],
            "attested": [
                of(entry["draw"], f"{'; '.join(entry['witnesses'])} {entry['time']}")
                for entry in entries
                if entry["kind"] == "attest"
            ],
            "keys": [
                f"{entry['time']}: {entry['new']}" for entry in entries if entry["kind"] == "key"
            ],
            "outside": [*external_evidence.kept(log, 0, count)],
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
        say(_("end what lies in the future with: {command}").format(command=CLOCK_COMMAND))


@app.command(
    "proof",
    help=_("A small file that proves one entry, or that an earlier checkpoint only grew."),
)
def proof(
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
    told = (
        log_proof.inclusion(log, entry)
        if entry is not None
        else log_proof.consistency(log, _content(checkpoint))
    )
    answer(told, form or Format.json, output, _("Proof"))


@app.command("check-proof", help=_("Check such a file with the log's key alone."))
def check_proof(
    file: Annotated[Path, typer.Argument(help=_("The proof, as `log proof` writes it."))],
    key: Annotated[str, typer.Option("--key", help=_("The log's public key, from outside."))],
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", help=_("The earlier checkpoint that you kept yourself.")),
    ] = None,
) -> None:
    from double_random.store.log import proof as log_proof
    from double_random.store.log.checkpoint import PublicKey

    held = _content(checkpoint) if checkpoint else None
    shown = log_proof.check(_content(file), str(file), PublicKey.parse(key_text(key)), held)
    tell(shown)


@app.command(
    "timestamp-request",
    help=_("Write the request for a time stamp (RFC 3161) upon the newest head; send it yourself."),
)
def timestamp_request(
    output: Annotated[Path, typer.Option("--output", help=_("Where to write it, as head.tsq."))],
) -> None:
    from double_random.store import output_files
    from double_random.store.log import external_evidence

    size, content = external_evidence.request(open_home().log)
    output_files.write(output, content)
    tell(str(output))
    say(_("upon the head of {size} entries").format(size=size))
    say(_("Next: double-random log timestamp-attach ANSWER.tsr"))


@app.command("timestamp-attach", help=_("Keep the authority's answer; it goes into the bundles."))
def timestamp_attach(
    file: Annotated[Path, typer.Argument(help=_("The answer, as head.tsr."))],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.store.log import external_evidence

    size, time = external_evidence.attach_stamp(open_home().log, _content(file))
    answer({"entries": size, "time": time}, form, output, _("Time stamp"))


@app.command("cosign", help=_("Keep a witness's signature line under a head of the log."))
def cosign(
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

    key = PublicKey.parse(key_text(witness), WITNESS)
    entries, time = external_evidence.attach_line(open_home().log, size, line, key)
    told = {"entries": entries, "witness": key.name, "time": external_evidence.moment(time)}
    answer(told, form, output, _("Witness"))


@app.command("witness-key", help=_("For a witness's own computer: make a key to sign heads with."))
def witness_key(
    folder: Annotated[Path, typer.Argument(help=_("The witness's own folder."))],
    name: Annotated[
        str, typer.Option("--name", help=_("The witness's name, without blanks or +."))
    ],
) -> None:
    from double_random.store.log import cosignature

    tell(cosignature.begin(folder, name).text)
    say(_("give this line to whoever checks; the folder stays with the witness"))


@app.command(
    "witness-sign",
    help=_("For a witness: sign a head, if it only adds to the one that was signed last."),
)
def witness_sign(
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

    lines = _content(entries).split(b"\n")[:-1]
    log = PublicKey.parse(key_text(key))
    line = cosignature.sign(folder, _content(checkpoint), log, lines, int(time.time()))
    tell(line.decode().rstrip("\n"))


@app.command(
    "rotate-key",
    help=_("Sign with a new key from now on; the change is an entry, and both keys sign it."),
)
def rotate_key(
    at: At = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw import lifecycle

    old, new = open_home().log.change_key(lifecycle.moment(at or lifecycle.now()))
    answer({"old": old.text, "new": new.text}, form, output, _("The log's key"))
    say(_("publish the new key where the old one stood"))


@app.command(
    "clock",
    help=_("Say that entries dated in the future were misdated, so that the log can go on."),
)
def clock(
    reason: Annotated[
        str, typer.Option("--reason", help=_("One of the closed list; a wrong one shows it."))
    ],
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    from double_random.inspection.draw import lifecycle

    reason = chosen("--reason", reason, words(lifecycle.CLOCK_REASONS)) or ""
    answer(lifecycle.set_clock(open_home(), reason), form, output, _("The log's times"))


@app.command(
    "passphrase",
    help=_("Give the log's key a passphrase, or take it away; acts ask for it from then on."),
)
def passphrase(
    remove: Annotated[bool, typer.Option("--remove", help=_("Take it away."))] = False,
) -> None:
    from double_random.store.log import keys

    ring = open_home().log.ring
    ring.lock(b"" if remove else keys.passphrase(_("new passphrase"), keys.NEW_VARIABLE))
    say(_("the key has no passphrase now") if remove else _("the key has a passphrase now"))


def key_text(given: str) -> str:
    """The text of a key, given directly or as a file."""
    file = Path(given)
    try:
        return file.read_text(encoding="utf-8") if file.is_file() else given
    except (OSError, UnicodeDecodeError):
        return given


def _content(file: Path | None) -> bytes:
    if file is None or not file.is_file():
        raise Misuse(_("there is no file {path}").format(path=file))
    return file.read_bytes()
