"""The log of a bundle of the second protocol, read strictly; it may hold draws of both protocols.

The log may come from a stranger, so no form is assumed. Every rule on time looks at effective times.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw.draw_state import LOST_REASONS, share_item, share_scope
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.v2.effective_times import CORRECT, compute_effective_times
from double_random.inspection.verification.bundle_reader import demand_published_copy
from double_random.inspection.verification.log_entries import check_log_entry
from double_random.inspection.verification.verdict import CannotJudge
from double_random.store.log import merkle
from double_random.store.log.checkpoint import (
    BadNote,
    Checkpoint,
    PublicKey,
    SignedNote,
    decode_base64,
)
from double_random.store.log.signed_log import KEY_CHANGE

LOG, HEAD = "log.jsonl", "checkpoint"
_NEVER = 1 << 60

Entry = Mapping[str, Any]


@dataclass(kw_only=True)
class LoggedDraw:
    """What a log tells of one draw; `places` are the indexes of its entries after the plan's."""

    draw: str
    plan: Entry
    place: int
    values: dict[str, str] = field(default_factory=dict)
    drawn: Entry | None = None
    changes: list[Entry] = field(default_factory=list)
    end: Entry | None = None
    ended: int = _NEVER
    places: list[int] = field(default_factory=list)
    open_beside: tuple[str, ...] = ()

    @property
    def is_void(self) -> bool:
        """Was it made void?"""
        return self.end is not None and self.end["kind"] == "void"

    @property
    def is_lost(self) -> bool:
        """Is it void because its files or its secret are gone?"""
        return self.end is not None and self.end.get("reason") in LOST_REASONS

    @property
    def how_it_ended(self) -> str:
        """How it stands at the end of the log, in one word."""
        if self.end is None:
            return "open"
        return "lost" if self.is_lost else str(self.end["kind"])

    def accept(self, entry: Entry, place: int) -> bool:
        """Take the next entry of the draw; False if it cannot stand here."""
        kind = entry["kind"]
        self.places.append(place)
        if kind == "attest":
            return True
        if kind in ("replace", "substitute"):
            self.changes.append(entry)
            return self.drawn is not None and not self.is_void
        if self.end is not None:
            return False
        if kind == "entropy" and self.drawn is None:
            again = entry["source"] in self.values
            self.values[entry["source"]] = entry["value"]
            return "protocol" in self.plan or not again
        if kind == "draw" and self.drawn is None:
            self.drawn = entry
            return True
        if kind == "void" or (kind == "publish" and self.drawn is not None):
            self.end, self.ended = entry, place
            return True
        return False


@dataclass(frozen=True, kw_only=True)
class SecondLog:
    """A log, complete under its head, with every draw in it by its id."""

    note: SignedNote
    lines: tuple[bytes, ...]
    entries: tuple[Entry, ...]
    times: tuple[str, ...]
    corrected: frozenset[int]
    draws: Mapping[str, LoggedDraw]

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> SecondLog:
        """Check head, tree and every entry; BadFile names checkpoint or log.jsonl."""
        if HEAD not in files:
            raise demand_published_copy(_("the bundle has no {file}").format(file=HEAD))
        try:
            note = SignedNote.parse(files[HEAD])
        except BadNote as error:
            raise BadFile(HEAD, error.message) from None
        *lines, rest = files[LOG].split(b"\n")
        if rest or len(lines) != note.head.size or merkle.tree_head(lines) != note.head.root:
            raise BadFile(LOG, _("these are not the entries under the checkpoint"))
        entries = tuple(_read_entry(line, number) for number, line in enumerate(lines))
        draws: dict[str, LoggedDraw] = {}
        for number, entry in enumerate(entries):
            _place_entry(draws, entry, number)
        return cls(
            note=note,
            lines=tuple(lines),
            entries=entries,
            times=tuple(compute_effective_times(entries)),
            corrected=frozenset(one["entry"] for one in entries if one["kind"] == CORRECT),
            draws=draws,
        )

    def head_at(self, size: int) -> Checkpoint:
        """The head over the first entries."""
        return Checkpoint(self.note.head.origin, size, merkle.tree_head(self.lines[:size]))

    def is_misdated(self, draw: LoggedDraw) -> bool:
        """Is an act of the draw dated before an entry above it?"""
        return any(
            self.times[place] < max(self.times[:place], default="")
            for place in (draw.place, *draw.places)
        )

    def follow_key(self, key: PublicKey) -> bool:
        """Check that the reader's key signed the head, or one to which proven changes lead (then True).

        CannotJudge if no line of the head is by such a key; BadFile if its signature is false.
        """
        followed = False
        for entry in self.entries:
            if entry["kind"] != "key" or self._signed_by(key):
                continue
            after = self._prove_change(entry, key)
            if after is not None:
                key, followed = after, True
        if not self._signed_by(key):
            raise CannotJudge(
                _("no line of the checkpoint is by the key that was given"),
                _("get today's bundle, or the key of that time"),
            )
        if not self.note.is_signed_by(key):
            raise BadFile(HEAD, _("the key that was given did not sign it"))
        return followed

    def _signed_by(self, key: PublicKey) -> bool:
        return any((name, id) == (key.name, key.id) for name, id, _s in self.note.signatures)

    def _prove_change(self, entry: Entry, key: PublicKey) -> PublicKey | None:
        """The key after this one, if its owner signed the change."""
        if entry.get("old") != key.text or "proof" not in entry:
            return None
        lines = (KEY_CHANGE, self.note.head.origin, entry["old"], entry["new"])
        try:
            after, proof = PublicKey.parse(entry["new"]), decode_base64(entry["proof"])
        except (BadNote, ValueError):
            return None
        text = "".join(f"{line}\n" for line in lines)
        return after if key.verifies(text.encode(), proof) else None


def _place_entry(draws: dict[str, LoggedDraw], entry: Entry, number: int) -> None:
    if "draw" not in entry:
        return
    draw = draws.get(entry["draw"])
    if draw is None and entry["kind"] == "plan":
        beside = tuple(
            other.draw
            for other in draws.values()
            if other.end is None
            and share_scope(other.plan, entry)
            and share_item(other.plan, entry)
        )
        draws[entry["draw"]] = LoggedDraw(
            draw=entry["draw"], plan=entry, place=number, open_beside=beside
        )
    elif draw is None or not draw.accept(entry, number):
        raise BadFile(LOG, _("entry {number} cannot stand there").format(number=number))


def _read_entry(line: bytes, number: int) -> Entry:
    """The entry of a line, with exactly the fields of its kind, each of its form."""
    entry = canonical_json.load_canonical(line, LOG)
    check_log_entry(entry, number)
    return dict(entry)
