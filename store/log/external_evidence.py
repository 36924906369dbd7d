"""External evidence for heads of the log: time stamps and witnesses' signatures, HOME/log/outside/.

Each file belongs to the head of one size, whose text follows from the log itself, so a bundle needs no former
checkpoint: `timestamp-00000012.tsr` is RFC 3161 over that text, `cosigned-00000012` the signed note with the
witnesses' lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.store import durable_files
from double_random.store.log import cosignature, timestamp
from double_random.store.log.checkpoint import BadNote, Checkpoint, PublicKey, SignedNote
from double_random.store.log.signed_log import Log, tree_root

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

NAME = re.compile(r"(timestamp|cosigned)-([0-9]{8})(?:\.tsr)?")


def parse_evidence_name(name: str) -> tuple[str, int] | None:
    """timestamp or cosigned, and the size of the head that it covers; None for any other file name."""
    match = NAME.fullmatch(name)
    if match is None or (match[1] == "timestamp") != name.endswith(".tsr"):
        return None
    return match[1], int(match[2])


def head_body(origin: str, lines: list[bytes], size: int) -> bytes:
    """The text of the head over the first `size` lines."""
    return Checkpoint(origin, size, tree_root(lines[:size])).body


def request_timestamp(log: Log) -> tuple[int, bytes]:
    """The size of the newest head, and the request for a time stamp over it."""
    head = SignedNote.parse(log.checkpoint).head
    return head.size, timestamp.build_request(head.body)


def attach_timestamp(log: Log, answer: bytes) -> tuple[int, str]:
    """Keep an authority's answer; returns the size of the stamped head and the time. Misuse for any other answer."""
    stamp = timestamp.read_timestamp(answer)
    for head_file in sorted((log.folder / "checkpoints").iterdir(), reverse=True):
        head = SignedNote.parse(head_file.read_bytes()).head
        if timestamp.stamps_head(answer, head.body):
            durable_files.replace_file(
                _evidence_folder(log) / f"timestamp-{head.size:08d}.tsr", answer
            )
            return head.size, stamp.time
    raise Misuse(
        _("this time stamp is upon no head of this log"),
        _("request one with: double-random log timestamp-request --output FILE"),
    )


def attach_cosignature(
    log: Log, size: int | None, line: str, witness: PublicKey
) -> tuple[int, int]:
    """Keep a witness's signature line under a head, by default the newest one; returns the head's size and the time.

    BadNote if the witness did not sign that head.
    """
    checkpoint, _lines = log.signed_lines()
    head_size = SignedNote.parse(checkpoint).head.size if size is None else size
    head_file = log.folder / "checkpoints" / f"{head_size:08d}"
    if not head_file.exists():
        raise Misuse(_("the log has no head of {size} entries").format(size=head_size))
    file = _evidence_folder(log) / f"cosigned-{head_size:08d}"
    before = file.read_bytes() if file.exists() else head_file.read_bytes()
    line = f"{line.strip()}\n"
    alone = before.partition(b"\n\n")[0] + b"\n\n" + line.encode()
    time = cosignature.cosigned_time(SignedNote.parse(alone), witness)
    if time is None:
        raise BadNote(
            _("the line is not by the witness {name}").format(name=witness.name),
            _(
                "the witness signs by: double-random log witness-sign FOLDER "
                "--checkpoint CHECKPOINT --log LOG --key KEY"
            ),
        )
    if cosignature.cosigned_time(SignedNote.parse(before), witness) is None:
        durable_files.replace_file(file, before + line.encode())
    return head_size, time


def missing_witnesses(log: Log, witnesses: Sequence[PublicKey], size: int) -> list[PublicKey]:
    """Those of these witnesses whose line is under no head of at least `size` entries."""
    notes = [
        SignedNote.parse(content)
        for name, content in load_evidence(log, size, len(log.lines())).items()
        if name.startswith("cosigned")
    ]
    return [
        witness
        for witness in witnesses
        if all(cosignature.cosigned_time(note, witness) is None for note in notes)
    ]


def load_evidence(log: Log, first: int, last: int) -> dict[str, bytes]:
    """The external evidence for the heads of `first` to `last` entries, by file name."""
    folder = log.folder / "outside"
    evidence = {}
    for file in sorted(folder.iterdir()) if folder.is_dir() else []:
        upon = parse_evidence_name(file.name)
        if upon is not None and first <= upon[1] <= last:
            evidence[file.name] = file.read_bytes()
    return evidence


def check_evidence(name: str, content: bytes, origin: str, lines: list[bytes]) -> str:
    """The fault of an evidence file, whose name gives the size of its head; "" if there is none.

    No signer is trusted here. A time stamp is read only if the library is installed.
    """
    upon = parse_evidence_name(name)
    if upon is None or upon[1] > len(lines):
        return _("the log has no head of that size")
    text = head_body(origin, lines, upon[1])
    try:
        if upon[0] == "cosigned":
            fits = SignedNote.parse(content).head.body == text
        else:
            fits = not timestamp.is_available() or timestamp.stamps_head(content, text)
    except DoubleRandomError as error:
        return error.message
    return "" if fits else _("it is upon another head than this log's")


def trusted_times(
    files: Mapping[str, bytes],
    origin: str,
    lines: list[bytes],
    authorities: Sequence[Certificate],
    witnesses: tuple[PublicKey, ...],
) -> list[tuple[int, str, str]]:
    """Every external time that a reader can trust: size of the head, time, signer. An error for a false one."""
    trusted = []
    for name, content in sorted(files.items()):
        upon = parse_evidence_name(name)
        if upon is None:
            continue
        if upon[0] == "timestamp" and authorities:
            at = timestamp.check_timestamp(content, head_body(origin, lines, upon[1]), authorities)
            trusted.append((upon[1], at, _("a time stamping authority")))
        for witness in witnesses if upon[0] == "cosigned" else ():
            seconds = cosignature.cosigned_time(SignedNote.parse(content), witness)
            if seconds is not None:
                trusted.append((upon[1], seconds_to_log_time(seconds), witness.name))
    return trusted


def seconds_to_log_time(seconds: int) -> str:
    """Seconds since 1970 in the log's format."""
    from datetime import UTC, datetime

    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _evidence_folder(log: Log) -> Path:
    folder = log.folder / "outside"
    folder.mkdir(exist_ok=True)
    return folder
