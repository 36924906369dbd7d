"""History of a draw in a bundle's log: the order of its acts, and other plans of the same scope."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw import draw_state
from double_random.inspection.draw.draw_state import DrawState
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.protocol.v2.effective_times import compute_effective_times
from double_random.inspection.verification.log_entries import check_log_entry
from double_random.store.log import signed_log
from double_random.store.log.checkpoint import BadNote, Checkpoint, PublicKey, SignedNote
from double_random.store.log.signed_log import BadLog, Entry

LOG, HEAD = "log.jsonl", "checkpoint"


@dataclass(frozen=True)
class LogHistory:
    """A bundle's log, complete under its head; `signed`: the reader's own key signed that head."""

    head: Checkpoint
    signed: bool
    entries: tuple[Entry, ...]
    lines: tuple[bytes, ...]

    @classmethod
    def read(cls, files: Mapping[str, bytes], key: PublicKey | None) -> LogHistory:
        """Check the head, the tree and every entry; BadFile names checkpoint or log.jsonl."""
        try:
            note = SignedNote.parse(files[HEAD])
        except BadNote as error:
            raise BadFile(HEAD, error.message) from None
        if key is not None and not note.is_signed_by(key):
            raise BadFile(HEAD, _("the key that was given did not sign it"))
        content = files[LOG]
        lines = content.split(b"\n")[:-1]
        if content and not content.endswith(b"\n"):
            raise BadFile(LOG, _("its last line has no line feed"))
        if len(lines) != note.head.size or signed_log.tree_root(lines) != note.head.root:
            raise BadFile(LOG, _("these are not the entries under the checkpoint"))
        entries = tuple(canonical_json.load_canonical(line, LOG) for line in lines)
        for number, entry in enumerate(entries):
            check_log_entry(entry, number)
        compute_effective_times(entries)  # refuses a correction that is not allowed
        try:
            draw_state.replay_states(entries)
        except BadLog as error:
            raise BadFile(LOG, error.message) from None
        return cls(note.head, key is not None, entries, tuple(lines))

    def find_drawn(self, digests: Mapping[str, str]) -> DrawState | None:
        """Return the draw whose logged result has one of these hashes (hash's name → hex), if any."""
        for state in draw_state.replay_states(self.entries).values():
            if state.result_hash in digests.values():
                return state
        return None

    def plan_index(self, draw: str) -> int:
        """Return the index of a draw's plan entry in the log, counted from 0."""
        return next(
            number
            for number, entry in enumerate(self.entries)
            if entry["kind"] == "plan" and entry["draw"] == draw
        )

    def check_order(self, plan: Plan, draw: DrawState) -> None:
        """Check the order plan, numbers, draw, end, and their times, for which the operator alone vouches."""
        if draw.plan["time"] >= plan.not_before:
            raise BadFile(LOG, _("the plan was committed at or after its own not_before"))
        for source in plan.sources:
            if source.is_older_than(plan.not_before):
                raise BadFile(
                    "plan.json",
                    _("{source} was made before the plan's not_before").format(source=source.text),
                )
        revealed = {source.text: False for source in plan.sources}
        for entry in self._entries_of(plan.draw):
            kind, time = entry["kind"], entry["time"]
            if kind in ("entropy", "draw") and time < plan.not_before:
                raise BadFile(LOG, _("{kind}: before the plan's not_before").format(kind=kind))
            if kind == "entropy":
                self._check_entropy(plan, entry, revealed)
        if (
            draw.drawn is not None
            and draw.end is not None
            and draw.end["time"] < draw.drawn["time"]
            and not self._is_clock_set_between(draw.drawn, draw.end)
        ):
            raise BadFile(LOG, _("the draw ended before it was made"))
        for other in self._open_draws_at_commit(plan.draw):
            raise BadFile(
                LOG,
                _(
                    "{other} was open for the same item, districts and kinds when {draw} was committed"
                ).format(other=other, draw=plan.draw),
            )

    def is_misdated(self, draw: str) -> bool:
        """Whether an act of a draw is dated before an entry that precedes it in the log."""
        return any(
            self.entries[index].get("draw") == draw
            for index in signed_log.find_misdated(self.entries)
        )

    def clock_entries(self) -> list[Entry]:
        """Return the entries that correct the log's times."""
        return [entry for entry in self.entries if entry["kind"] == signed_log.CLOCK]

    def _is_clock_set_between(self, first: Entry, last: Entry) -> bool:
        """Whether the log's times were corrected between two entries."""
        between = self.entries[self.entries.index(first) : self.entries.index(last)]
        return any(entry["kind"] == signed_log.CLOCK for entry in between)

    def overlapping_plans(self, draw: DrawState) -> list[DrawState]:
        """Return every other plan in the log for the same item, district and kind, in any stage."""
        return [
            other
            for other in draw_state.replay_states(self.entries).values()
            if other.draw != draw.draw and other.overlaps(draw.plan)
        ]

    def simultaneous_plans(self, draw: DrawState) -> list[DrawState]:
        """Return every plan of another item that was open at the same time for a common district and kind."""
        first, last = self._span_of(draw)
        found = []
        for other in draw_state.replay_states(self.entries).values():
            same = other.draw == draw.draw or other.overlaps(draw.plan)
            begun, ended = self._span_of(other)
            if not same and other.shares_rows(draw.plan) and begun < last and ended > first:
                found.append(other)
        return found

    def _span_of(self, draw: DrawState) -> tuple[int, int]:
        """The indexes of a draw's plan entry and of its end; of an open draw, that after the last entry."""
        first = self.plan_index(draw.draw)
        return first, len(self.entries) if draw.end is None else self.entries.index(draw.end)

    def _entries_of(self, draw: str) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.get("draw") == draw)

    def _check_entropy(self, plan: Plan, entry: Entry, revealed: dict[str, bool]) -> None:
        source = next(
            (planned for planned in plan.sources if planned.text == entry["source"]), None
        )
        if source is None:
            raise BadFile(
                LOG, _("the plan does not name the source {source}").format(source=entry["source"])
            )
        late = any(planned.needs_witness and not revealed[planned.text] for planned in plan.sources)
        if not source.needs_witness and late:
            raise BadFile(LOG, _("balls and dice are logged before any other source is known"))
        revealed[source.text] = True

    def _open_draws_at_commit(self, draw: str) -> list[str]:
        index = self.plan_index(draw)
        entry = self.entries[index]
        before = draw_state.replay_states(self.entries[:index]).values()
        return [state.draw for state in before if state.is_open and state.overlaps(entry)]
