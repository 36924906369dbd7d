"""Evidence of time: was the plan sealed before its numbers could exist, and was it the only one? (顺序、唯一性)

Outside time < not_before ≤ the source's own time. The time is from outside the bureau: a time stamp (RFC 3161), a
witness's signature, or a 方案校验码 that was written down beforehand. Only a witness who keeps her last head, a head
that the reader kept, or that code proves that there is no second log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.china_time import localize_times
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.verification.log_history import LogHistory
from double_random.inspection.verification.verdict import Verdict
from double_random.store.log import external_evidence, timestamp
from double_random.store.log.checkpoint import WITNESS, PublicKey, SignedNote
from double_random.store.log.signed_log import decode_entry, tree_root

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

    from double_random.inspection.verification.recompute import DrawRemarks


@dataclass(frozen=True)
class Trust:
    """What a reader brings besides the log's key: authorities and witnesses, a kept head, an own row's proof."""

    authorities: tuple[Certificate, ...] = ()
    witnesses: tuple[PublicKey, ...] = ()
    checkpoint: bytes | None = None
    proof: bytes | None = None
    least: int = 0  # so many of the witnesses must have signed the sealed plan before its numbers

    @classmethod
    def from_files(
        cls, authorities: Sequence[Path], witnesses: Sequence[str], checkpoint: Path | None
    ) -> Trust:
        """Read certificates and checkpoint from files, keys from their texts; Misuse if one is invalid."""
        for path in (*authorities, *([checkpoint] if checkpoint else [])):
            if not path.is_file():
                raise Misuse(_("there is no file {path}").format(path=path))
        certificates = [
            entry
            for path in authorities
            for entry in timestamp.parse_certificates(path.read_bytes(), str(path))
        ]
        keys = tuple(PublicKey.parse(entry, WITNESS) for entry in witnesses)
        return cls(tuple(certificates), keys, checkpoint.read_bytes() if checkpoint else None)


NOBODY = Trust()


def check_time_evidence(
    plan: Plan,
    files: Mapping[str, bytes],
    history: LogHistory,
    trust: Trust,
    by_code: bool,
    findings: DrawRemarks,
) -> None:
    """Note what proves order and uniqueness, and what is missing; BadFile if outside times belong to another log."""
    lines, origin = list(history.lines), history.head.origin
    if history.is_misdated(plan.draw):
        findings.unchecked.append(
            _("时间次序有误 (order broken: an act is dated before what stands above it in the log)")
        )
    from_outside = {
        name: content
        for name, content in files.items()
        if external_evidence.parse_evidence_name(name)
    }
    for name, content in sorted(from_outside.items()):
        wrong = external_evidence.check_evidence(name, content, origin, lines)
        if wrong:
            raise BadFile(name, wrong)
    plan_index = history.plan_index(plan.draw)
    seen = [
        sighting
        for sighting in _read_outside_times(from_outside, origin, lines, trust)
        if sighting[0] > plan_index
    ]
    ordered = [sighting for sighting in seen if sighting[1] < plan.not_before]
    for _size, time, by in ordered:
        findings.notes.append(
            _("{by} saw the sealed plan at {time}; its numbers come from {start} on").format(
                by=by, time=localize_times(time), start=localize_times(plan.not_before)
            )
        )
    held = trust.checkpoint is not None and _kept_head_size(history, trust.checkpoint) > plan_index
    witnessed = any(by != _authority_name() for _size, _time, by in seen)
    if not (by_code or ordered):
        findings.unchecked.append(_explain_no_order(seen, from_outside, trust))
    if not (by_code or held or witnessed):
        findings.unchecked.append(_("唯一性未证明 (uniqueness not proven: no witness and no code)"))


def _read_outside_times(
    files: Mapping[str, bytes], origin: str, lines: list[bytes], trust: Trust
) -> list[tuple[int, str, str]]:
    times = []
    for name, content in files.items():
        try:
            times += external_evidence.trusted_times(
                {name: content}, origin, lines, trust.authorities, trust.witnesses
            )
        except DoubleRandomError as error:
            raise BadFile(name, error.message) from None
    return sorted(times)


def _kept_head_size(history: LogHistory, checkpoint: bytes) -> int:
    """Return the size of the head that the reader kept; BadFile if this log does not continue it."""
    head = SignedNote.parse(checkpoint).head
    if (
        head.origin != history.head.origin
        or head.size > len(history.lines)
        or tree_root(list(history.lines[: head.size])) != head.root
    ):
        raise BadFile("log.jsonl", _("it does not continue the checkpoint that was kept outside"))
    return head.size


def _explain_no_order(seen: Sequence[object], files: Mapping[str, bytes], trust: Trust) -> str:
    if seen:
        why = _("every outside time lies at or after not_before")
    elif files and trust == NOBODY:
        why = _("the bundle has outside times, and no authority or witness was named to trust")
    else:
        why = _("no outside time and no code")
    return _("顺序未证明 (order not proven: {why})").format(why=why)


def _authority_name() -> str:
    return _("a time stamping authority")


def demand_witnesses(verdict: Verdict, files: Mapping[str, bytes], trust: Trust) -> Verdict:
    """The verdict on an intact bundle if at least `trust.least` witnesses signed the plan before its numbers.

    Fewer: it cannot be judged. Whoever controls the log can leave signatures away, but not invent them.
    """
    from double_random.inspection.draw.versions import read_plan

    if not trust.least or not verdict.intact:
        return verdict
    signers: set[str] = set()
    if "checkpoint" in files:
        plan = read_plan(files["plan.json"])
        origin = SignedNote.parse(files["checkpoint"]).head.origin
        lines = files["log.jsonl"].split(b"\n")[:-1]
        place = next(
            number
            for number, entry in enumerate(map(decode_entry, lines))
            if (entry["kind"], entry.get("draw")) == ("plan", plan.draw)
        )
        for witness in trust.witnesses:
            times = external_evidence.trusted_times(files, origin, lines, (), (witness,))
            if any(size > place and time < plan.not_before for size, time, _by in times):
                signers.add(witness.text)
    if len(signers) >= trust.least:
        return verdict
    why = _(
        "{count} of the given witnesses signed the sealed plan before its numbers, and {least} are asked for"
    ).format(count=len(signers), least=trust.least)
    step = _("ask for the bundle with the other signatures")
    return replace(verdict, undecided=(why, step), unchecked=(), notes=())
