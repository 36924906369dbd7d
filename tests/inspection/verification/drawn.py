"""A small published draw in memory: its plan, its auditor's files, its state and its signed log; no disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from double_random.inspection.draw.draw_result import DrawResult
from double_random.inspection.draw.draw_state import DrawState, find_state
from double_random.inspection.protocol.draw import Draw, Reveal
from double_random.inspection.protocol.plan import Plan
from double_random.store.log import signed_log
from double_random.store.log.checkpoint import Checkpoint, PublicKey
from tests.inspection.protocol.conftest import make_case

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
KEY = PublicKey("double-random/example", PRIVATE.public_key().public_bytes_raw())
Entry = dict[str, Any]


@dataclass(frozen=True)
class Drawn:
    """A draw with everything that was revealed, and its entries of the log."""

    plan: Plan
    draw: Draw
    reveal: Reveal
    files: dict[str, bytes]
    entries: tuple[Entry, ...]

    @property
    def result(self) -> DrawResult:
        """The result of the draw."""
        return DrawResult.read(self.files["result.json"])

    @property
    def state(self) -> DrawState:
        """The state that the log's entries give."""
        return find_state(self.entries, self.plan.draw)


@cache
def drawn(
    inspectors: int = 6, leads: tuple[int, ...] = (0, 2, 4), groups: int | None = None
) -> Drawn:
    """A draw of 4 among 12 firms."""
    made = make_case(inspectors=inspectors, leads=leads, team={"groups": groups})
    draw, plan, inner = made.draw(), made.plan, made.reveal.inner
    covered = {**made.files, **draw.result_files, "plan.json": plan.data, "inner": inner.encode()}
    result = DrawResult.from_draw(draw, made.reveal.secret, inner, {}, covered).dump()
    files = {**covered, "result.json": result, "records.jsonl": b""}
    return Drawn(plan, draw, made.reveal, files, tuple(entries_of(plan, draw, made.reveal, result)))


def entries_of(plan: Plan, draw: Draw, reveal: Reveal, result: bytes) -> list[Entry]:
    """The entries that a draw leaves in the log."""
    source, _equals, value = reveal.entropy.partition("=")
    name = plan.draw
    return [
        plan_entry(plan),
        {
            "kind": "entropy",
            "time": "2026-03-02T12:05:00Z",
            "draw": name,
            "source": source,
            "value": value,
        },
        {
            "kind": "draw",
            "time": "2026-03-02T12:10:00Z",
            "draw": name,
            "entropy": reveal.entropy,
            "proofs": {},
            "result": plan.digest.hash_bytes(result),
            "notices": draw.notices,
        },
        {
            "kind": "publish",
            "time": "2026-03-04T01:00:00Z",
            "draw": name,
            "secret": reveal.secret,
        },
    ]


def plan_entry(plan: Plan, /, **other: Any) -> Entry:
    """The entry of a plan's commit on the day before its numbers."""
    entry = {
        "kind": "plan",
        "time": "2026-03-01T01:00:00Z",
        "draw": plan.draw,
        "plan": plan.commitment,
        "items": [{"id": one.id, "title": one.title, "basis": one.basis} for one in plan.items],
        "scope": {"districts": list(plan.districts), "kinds": list(plan.kinds)},
        "not_before": plan.not_before,
        "publish_by": plan.publish_by,
        "replaces": None,
    }
    return {**entry, **other}


def signed(entries: Sequence[Entry]) -> dict[str, bytes]:
    """The log's two files of a bundle, signed by KEY."""
    lines = [signed_log.encode_entry(entry) for entry in entries]
    head = Checkpoint(KEY.name, len(lines), signed_log.tree_root(lines))
    return {
        "log.jsonl": b"".join(line + b"\n" for line in lines),
        "checkpoint": head.sign(PRIVATE, KEY),
    }
