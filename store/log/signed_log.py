"""The log (日志): an append-only Merkle tree of acts, one canonical JSON entry a line, its head signed after each.

Tree: RFC 6962. Head: store/log/checkpoint.py. HOME/log/ holds log.jsonl, checkpoint, and every former checkpoint under
its size; HOME/keys/ holds the keys (store/log/keys.py). An entry's time is the operator's word.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core import clock
from double_random.core.china_time import localize_times
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.store import durable_files
from double_random.store.locks import hold_lock
from double_random.store.log import merkle
from double_random.store.log.checkpoint import (
    Checkpoint,
    PublicKey,
    SignedNote,
    format_signature_line,
)
from double_random.store.log.keys import NEXT, Keys

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

Entry = dict[str, Any]

FIELDS: dict[str, frozenset[str]] = {
    kind: frozenset(fields.split())
    for kind, fields in {
        "plan": "draw plan items scope not_before publish_by replaces",
        "entropy": "draw source value",
        "draw": "draw entropy proofs result notices",
        "replace": "draw record notice",
        "substitute": "draw record notice",
        "attest": "draw sha256 witnesses",
        "publish": "draw secret",
        "void": "draw reason secret entropy proofs",
        "sync": "release",
        "score": "release",
        "undo": "release",
        "key": "old new",
        "clock": "newest reason",
        "correct": "entry is",
    }.items()
}
RELEASES = ("sync", "score", "undo")  # the kinds of entries that name a release of the registers
# What version 2 of the draw protocol adds to the fields of an entry: all of them, or none.
ADDED: dict[str, frozenset[str]] = {
    "plan": frozenset({"protocol", "sources"}),
    **dict.fromkeys(RELEASES, frozenset({"registers"})),
    "key": frozenset({"proof"}),
}
KEY_CHANGE = " ".join(
    ("double-random", "key")
)  # the first line of what the old key signs; no command
CLOCK = "clock"  # an entry that states that the entries before it carry wrong future times
TIME = re.compile(r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})Z", re.ASCII)


class BadLog(DoubleRandomError):
    """The log was changed: an entry is malformed, or does not match the signed head."""


def check_log_time(text: str) -> str:
    """A time as the log writes it, YYYY-MM-DDThh:mm:ssZ; ValueError for any other spelling or an impossible one."""
    match = TIME.fullmatch(text)
    if not match:
        raise ValueError(text)
    year, month, day, hour, minute, second = map(int, match.groups())
    datetime(year, month, day, hour, minute, second)
    return text


def entry_fields(entry: Mapping[str, Any]) -> frozenset[str] | None:
    """The fields of an entry beside kind and time, with those of version 2 if it has one of them; None for no kind."""
    kind = entry.get("kind")
    if type(kind) is not str or kind not in FIELDS:
        return None
    added = ADDED.get(kind, frozenset())
    return FIELDS[kind] | added if added & set(entry) else FIELDS[kind]


def encode_entry(entry: Entry) -> bytes:
    """An entry as its line: RFC 8785 canonical JSON, with exactly the fields of its kind; ValueError otherwise."""
    import rfc8785

    fields = entry_fields(entry)
    if fields is None or set(entry) != fields | {"kind", "time"}:
        raise ValueError(f"no log entry: {sorted(entry)}")
    check_log_time(entry["time"])
    _check_exact(entry)
    return rfc8785.dumps(entry)


def decode_entry(line: bytes) -> Entry:
    """A line as its entry; BadLog if it is not exactly what `encode_entry` writes."""
    try:
        entry = json.loads(line.decode("utf-8"))
        if isinstance(entry, dict) and encode_entry(entry) == line:
            return entry
    except (ValueError, TypeError, RecursionError):
        pass
    raise BadLog(
        _("log.jsonl: a line is no entry of the log: {line}").format(
            line=line[:80].decode("utf-8", "replace")
        )
    )


def newest_time(entries: Iterable[Entry]) -> str:
    """The earliest time for a new entry: the newest time since the last clock entry; "" without entries."""
    newest = ""
    for entry in entries:
        newest = entry["time"] if entry["kind"] == CLOCK else max(newest, entry["time"])
    return newest


def find_misdated(entries: Iterable[Entry]) -> list[int]:
    """The indexes of the entries dated earlier than an entry before them.

    After a clock entry, which corrects the time, entries are compared with that entry alone; the entries before it
    that are dated later than it are the misdated ones.
    """
    newest, misdated_indexes = "", set()
    dated: list[str] = []
    for index, entry in enumerate(entries):
        time = entry["time"]
        if entry["kind"] == CLOCK:
            misdated_indexes |= {above for above, other in enumerate(dated) if other > time}
            newest = time
        elif time < newest:
            misdated_indexes.add(index)
        newest = max(newest, time)
        dated.append(time)
    return sorted(misdated_indexes)


def find_future_entries(entries: Iterable[Entry]) -> list[int]:
    """The indexes of entries dated later than this machine's clock, unless a clock entry follows."""
    future_indexes: list[int] = []
    for index, entry in enumerate(entries):
        if entry["kind"] == CLOCK:
            future_indexes.clear()
        if clock.is_ahead(entry["time"]):
            future_indexes.append(index)
    return future_indexes


def tree_root(lines: list[bytes]) -> bytes:
    """The tree head over entries' lines."""
    return merkle.tree_head(lines)


@dataclass
class LogWriter:
    """The right to write, held under the log's lock: read the entries, then append."""

    log: Log
    lines: list[bytes]
    entries: list[Entry] = field(default_factory=list)

    def append(self, entry: Entry) -> int:
        """Add an entry and sign the new head; returns the entry's place, counted from 0.

        Misuse if it would be dated before what is there already, or later than the clock shows.
        """
        encode_entry(entry)
        self.check_time(entry["time"])
        self._add(entry)
        return len(self.lines) - 1

    def check_time(self, time: str) -> None:
        """Misuse if a time is earlier than the newest entry of the log, or in the future."""
        clock.refuse_later_time(time)
        newest = newest_time(self.entries)
        if time < newest:
            raise Misuse(
                _(
                    "the log has an entry of {newest}: nothing can be dated before it, as {time} is"
                ).format(newest=localize_times(newest), time=localize_times(time)),
                _("end it with: double-random log clock --reason WHY")
                if clock.is_ahead(newest)
                else _("leave --at away, then it is dated now"),
            )

    def next_time(self) -> str:
        """Now; or the newest entry's time if that is later by no more than the grace period."""
        now, newest = clock.utc_stamp(), newest_time(self.entries)
        return newest if now < newest and not clock.is_ahead(newest) else now

    def set_clock(self, reason: str, at: str) -> Entry:
        """Record that the newest entries are misdated, and continue from the time `at`; Misuse if none is in the
        future.
        """
        newest = newest_time(self.entries)
        clock.refuse_later_time(at)
        if not clock.is_ahead(newest):
            raise Misuse(
                _("no entry of the log lies in the future: the newest one is of {newest}").format(
                    newest=newest or "—"
                )
            )
        entry: Entry = {"kind": CLOCK, "time": at, "newest": newest, "reason": reason}
        self._add(entry)
        return entry

    def _add(self, entry: Entry) -> None:
        line = encode_entry(entry)
        private = self.log.ring.load_private()  # first: without it nothing is written
        durable_files.append_line(self.log.file, line)
        try:
            self.log._sign([*self.lines, line], private)
        except OSError:
            self.log._take_back(line, len(self.lines) + 1)
            raise
        self.lines.append(line)
        self.entries.append(entry)


@dataclass(frozen=True)
class Log:
    """HOME/log/ and HOME/keys/."""

    folder: Path
    keys: Path

    @classmethod
    def open(cls, home: Path) -> Log:
        """The log of a home folder; a missing log is begun, with a new key."""
        log = cls(home / "log", home / "keys")
        if not ((log.folder / "checkpoint").exists() and log.ring.has_key):
            log._create()
        return log

    @property
    def file(self) -> Path:
        """The entries."""
        return self.folder / "log.jsonl"

    @property
    def public(self) -> PublicKey:
        """The public key."""
        return self.ring.public

    @property
    def ring(self) -> Keys:
        """The key folder."""
        return Keys(self.keys)

    @property
    def checkpoint(self) -> bytes:
        """The newest signed head."""
        return (self.folder / "checkpoint").read_bytes()

    def signed_lines(self) -> tuple[bytes, list[bytes]]:
        """The newest head with exactly the lines that it covers, also during an append."""
        checkpoint = (
            self.checkpoint
        )  # first: lines that are appended meanwhile follow those that it covers
        return checkpoint, durable_files.read_lines(self.file)[
            : SignedNote.parse(checkpoint).head.size
        ]

    def lines(self) -> list[bytes]:
        """The entries' lines that the newest checkpoint covers: a reader never sees an entry before its head."""
        return self.signed_lines()[1]

    def entries(self) -> list[Entry]:
        """All entries, oldest first."""
        return [decode_entry(line) for line in self.lines()]

    def releases(self) -> set[str]:
        """The hashes of all releases that the entries name."""
        return {entry["release"] for entry in self.entries() if "release" in entry}

    def append(self, entry: Entry) -> int:
        """Add one entry; returns its index."""
        with self.hold() as pen:
            return pen.append(entry)

    @contextmanager
    def hold(self) -> Iterator[LogWriter]:
        """The exclusive right to write; BadLog if the entries do not match the signed head.

        An entry that a killed process wrote but did not sign is on the disk and counts: it is signed first.
        """
        with hold_lock(self.folder / "log.lock", "log", 10):
            lines = durable_files.read_lines(self.file)
            self.check(lines)
            pen = LogWriter(self, lines, [decode_entry(line) for line in lines])
            self._finish_change(pen)
            if SignedNote.parse(self.checkpoint).head.size < len(lines):
                self._sign(lines)
            yield pen

    def change_key(self, at: str) -> tuple[PublicKey, PublicKey]:
        """Change the key (更换密钥); returns the old and the new one.

        The first head that covers the change is signed by both, so everyone who trusts the old key can accept the new
        one.
        """
        with self.hold() as pen:
            pen.check_time(check_log_time(at))
            private = self.ring.load_private()  # first: without it nothing is written
            old = self.public
            new = self.ring.generate(old.name, NEXT)
            said = "".join(f"{line}\n" for line in (KEY_CHANGE, old.name, old.text, new.text))
            entry: Entry = {
                "kind": "key",
                "time": check_log_time(at),
                "old": old.text,
                "new": new.text,
                "proof": base64.b64encode(private.sign(said.encode())).decode(),
            }
            durable_files.append_line(self.file, encode_entry(entry))
            pen.lines.append(encode_entry(entry))
            pen.entries.append(entry)
            self._finish_change(pen)
        return old, new

    def _finish_change(self, pen: LogWriter) -> None:
        """Complete a change of keys that has begun; discard one whose entry was never written."""
        new = self.ring.next
        if new is None:
            self.ring.discard_next()
            return
        last = pen.entries[-1] if pen.entries else {}
        if (last.get("kind"), last.get("new")) != ("key", new.text):
            self.ring.discard_next()
            return
        signed = SignedNote.parse(self.checkpoint)
        if signed.head.size < len(pen.lines) or not signed.is_signed_by(new):
            body = Checkpoint(new.name, len(pen.lines), tree_root(pen.lines)).body
            by_both = format_signature_line(self.public, self.ring.load_private().sign(body))
            by_both += format_signature_line(new, self.ring.load_private(NEXT).sign(body))
            self._keep(len(pen.lines), body + b"\n" + by_both)
        self.ring.promote_next()

    def key_at(self, lines: list[bytes], size: int) -> PublicKey:
        """The key that signed the head over the first `size` lines: each later change is undone."""
        key = self.public
        for line in reversed(lines[size:]):
            if b'"kind":"key"' in line and (entry := decode_entry(line))["kind"] == "key":
                if entry["new"] == key.text:
                    key = PublicKey.parse(entry["old"])
                elif entry["old"] != key.text:  # else this change is not complete yet
                    raise BadLog(_("log.jsonl: its changes of keys do not follow one another"))
        return key

    def check(self, lines: list[bytes], note: bytes | None = None) -> SignedNote:
        """Compare lines with a checkpoint (by default the newest one); BadLog states the difference.

        More lines than the checkpoint counts are not a fault: the checkpoint shows that its own lines are unchanged.
        """
        read = SignedNote.parse(self.checkpoint if note is None else note)
        if not read.is_signed_by(self.key_at(lines, read.head.size)):
            raise BadLog(_("checkpoint: this log's key did not sign it"))
        if len(lines) < read.head.size:
            raise BadLog(
                _("log.jsonl: it has {lines} entries, the checkpoint counts {size}").format(
                    lines=len(lines), size=read.head.size
                ),
                _("entries were taken out; restore the log from the backup"),
            )
        if tree_root(lines[: read.head.size]) != read.head.root:
            raise BadLog(
                _("log.jsonl: its first {size} entries are not those that were signed").format(
                    size=read.head.size
                ),
                _("an entry was changed, moved or taken out; restore the log from the backup"),
            )
        return read

    def verify(self, earlier: bytes | None = None) -> int:
        """Check entries, every kept checkpoint and an optional one from outside; returns the number of entries."""
        # by their sizes alone: a killed process may have left a file beside them, .00000003.PID
        checkpoint_files = sorted((self.folder / "checkpoints").glob("[0-9]*"))
        newest = self.checkpoint
        # All lines, read after the heads: a killed process may have kept a head that is not the newest one yet.
        lines = durable_files.read_lines(self.file)
        for line in lines:
            decode_entry(line)
        for note in (newest, *(file.read_bytes() for file in checkpoint_files)):
            self.check(lines, note)
        if earlier is not None:
            self.check(lines, earlier)
        return SignedNote.parse(newest).head.size

    def _create(self) -> None:
        if durable_files.read_lines(self.file):
            raise Misuse(
                _("{folder} has a log, but its head or its key is gone").format(folder=self.folder),
                _("restore the folders log/ and keys/ from the backup"),
            )
        (self.folder / "checkpoints").mkdir(parents=True, exist_ok=True)
        self.ring.generate()
        self._sign([])

    def _sign(self, lines: list[bytes], private: Ed25519PrivateKey | None = None) -> None:
        public = self.public
        head = Checkpoint(public.name, len(lines), tree_root(lines))
        self._keep(len(lines), head.sign(private or self.ring.load_private(), public))

    def _take_back(self, line: bytes, size: int) -> None:
        """Remove an entry whose head could not be written, as on a full disk: a failed append leaves no entry.

        No reader has seen it: readers see only entries under the head. If the removal fails too, the entry counts, as
        after a kill.
        """
        if SignedNote.parse(self.checkpoint).head.size < size:
            with suppress(OSError):
                (self.folder / "checkpoints" / f"{size:08d}").unlink(missing_ok=True)
                durable_files.remove_last_line(self.file, line)

    def _keep(self, size: int, note: bytes) -> None:
        durable_files.replace_file(self.folder / "checkpoints" / f"{size:08d}", note)
        durable_files.replace_file(self.folder / "checkpoint", note)


def _check_exact(value: Any) -> None:
    """Only text, whole numbers, booleans, null, lists and objects: no number whose bits could vary."""
    if isinstance(value, dict):
        for item in value.values():
            _check_exact(item)
    elif isinstance(value, list):
        for item in value:
            _check_exact(item)
    elif value is not None and not isinstance(value, str | int | bool):
        raise ValueError(f"not exact: {value!r}")
