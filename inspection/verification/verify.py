"""Verifies a bundle from the log's head down, so that the fault names the file that was changed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from double_random.core.china_time import localize_times
from double_random.core.errors import BadFile
from double_random.core.translation import _, join_clauses, join_words
from double_random.inspection.draw import bundle_files, change_records, drand
from double_random.inspection.draw.draw_result import DrawResult
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from double_random.inspection.protocol import sources
from double_random.inspection.protocol import v2 as second
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.plan import NAME, PROTOCOL, Plan, is_short_form_of
from double_random.inspection.protocol.v2 import SOURCES, find_protocol
from double_random.inspection.verification import time_evidence, void_plans
from double_random.inspection.verification.bundle_reader import (
    demand_published_copy,
    read_bundle,
    refuse_rewritten_texts,
)
from double_random.inspection.verification.log_entries import check_plan_entry
from double_random.inspection.verification.log_history import HEAD, LOG, LogHistory
from double_random.inspection.verification.recompute import (
    DrawRemarks,
    check_covered_files,
    check_result,
    recompute_draw,
    recompute_public_part,
)
from double_random.inspection.verification.time_evidence import NOBODY, Trust
from double_random.inspection.verification.verdict import CannotJudge, Verdict
from double_random.store.log.checkpoint import PublicKey
from double_random.store.log.external_evidence import parse_evidence_name


def verify_bundle(
    source: Path,
    key: PublicKey | None = None,
    code: str | None = None,
    register: Path | None = None,
    trust: Trust = NOBODY,
    kinds: Mapping[str, str] | None = None,
) -> Verdict:
    """Check a bundle, a folder or a .zip.

    `key`: the log's public key, from outside the bundle. `code`: the 方案校验码 as written down before the randomness
    was known. `register`: an outside list of institutions, compared with both pools. `trust`: whose outside times
    count. `kinds`: names of kinds for the names of groups; without them groups keep their codes.
    """
    try:
        found = read_bundle(source)
    except BadFile as error:
        return Verdict(draw="", kind="", fault=(error.file, error.reason))
    except CannotJudge as error:
        return Verdict(draw="", kind="", undecided=(error.message, error.hint))
    verdict = verify_files(found.files, key, code, register, trust, kinds)
    if not found.strays:
        return verdict
    note = _("passed over, as a file manager wrote it: {files}").format(
        files=join_words(found.strays)
    )
    return replace(verdict, notes=(*verdict.notes, note))


def verify_files(
    files: Mapping[str, bytes],
    key: PublicKey | None = None,
    code: str | None = None,
    register: Path | None = None,
    trust: Trust = NOBODY,
    kinds: Mapping[str, str] | None = None,
) -> Verdict:
    """Check the files of a bundle (name → bytes) in the same way; those of the second protocol by its own rules."""
    if trust.proof is not None or trust.least:
        from double_random.inspection.verification.row_check import judge_row

        rest = replace(trust, proof=None, least=0)
        judged = verify_files(files, key, code, register, rest, kinds)
        if trust.proof is not None:
            judged = judge_row(judged, files, trust.proof)
        return time_evidence.demand_witnesses(judged, files, trust)
    findings, kind, draw = DrawRemarks(kinds or {}), "", ""
    try:
        _refuse_torn_copy(files)
        if (other := _judge_other_protocol(files, key, code, register, trust)) is not None:
            return other
        kind = "auditor" if set(bundle_files.INTERNAL) & set(files) else "public"
        drawn = "result.json" in files
        _check_complete(files, kind, drawn)
        history = LogHistory.read(files, key)
        state, plan = (
            _find_draw(files, history) if drawn else void_plans.find_void_plan(files, history)
        )
        check_plan_entry(plan, state.plan)
        draw = plan.draw
        _note_trust(plan, state, key, code, findings)
        time_evidence.check_time_evidence(plan, files, history, trust, code is not None, findings)
        if state.is_lost or any(other.is_lost for other in history.overlapping_plans(state)):
            findings.unchecked.append(
                _(
                    "WARNING: a plan of the same item and area was lost; nobody can check what it drew"
                )
            )
        if drawn:
            _recompute_drawn(plan, files, history, state, findings)
        else:
            void_plans.check_void_plan(plan, files, history, state, findings)
        _note_comparisons(plan, state, history, findings)
        _note_witnesses(plan, files, history, findings)
        findings.notes += _compare_register(register, files)
    except BadFile as error:
        return Verdict(draw=draw, kind=kind, fault=(error.file, error.reason))
    except CannotJudge as error:
        return Verdict(draw=draw, kind=kind, undecided=(error.message, error.hint))
    return Verdict(
        draw=draw,
        kind=kind,
        fault=None,
        unchecked=tuple(findings.unchecked),
        notes=tuple(findings.notes),
        code=plan.code,
    )


def _compare_register(register: Path | None, files: Mapping[str, bytes]) -> list[str]:
    """Notes on an outside list of institutions beside both pools, or that none was given."""
    if register is None:
        return [
            _(
                "not compared: whether both pools are complete (--register takes a list from outside)"
            )
        ]
    from double_random.inspection.verification.reference_list import (
        check_against_pools,  # reads any list that a bureau may have: slow to load
    )

    return list(check_against_pools(register, files))


def _refuse_torn_copy(files: Mapping[str, bytes]) -> None:
    """CannotJudge for a copy whose plan is missing or whose texts were rewritten on their way."""
    refuse_rewritten_texts(files)
    if NAME not in files:
        raise demand_published_copy(_("the bundle has no {file}").format(file=NAME))


def _demand_log(verdict: Verdict) -> Verdict:
    """The verdict for a reader who has a log's key or a witness, on a bundle without a log."""
    if not verdict.intact:
        return verdict
    why = _(
        "the bundle holds no log, so neither a key nor a witness proves when its plan was sealed"
    )
    step = _("ask for the bundle with its log; without a key the rest is checked")
    return replace(verdict, undecided=(why, step))


def _judge_other_protocol(
    files: Mapping[str, bytes],
    key: PublicKey | None,
    code: str | None,
    register: Path | None,
    trust: Trust,
) -> Verdict | None:
    """The verdict on a bundle that does not follow the first protocol; None for one that does.

    A later version cannot be judged by this program. A plan that the bundle's log never had is wrong all the same.
    """
    protocol = find_protocol(files.get(NAME, b""))
    if protocol == PROTOCOL or (not protocol and SOURCES not in files):
        return None
    log, plan = files.get(LOG), files.get(NAME, b"")
    if log is not None and not any(Digest(name).hash_bytes(plan).encode() in log for name in NAMES):
        fault = (NAME, _("this is not the plan that was committed"))
        return Verdict(draw="", kind="", fault=fault)
    if protocol in ("", second.PROTOCOL):
        # A bundle of version 1 does not wait for the second one.
        from double_random.inspection.verification.bare_bundle import verify_bare_bundle
        from double_random.inspection.verification.logged_bundle import verify_logged_bundle

        if set(files) & set(bundle_files.LOG):
            logged = verify_logged_bundle(files, key, code, trust)
            if register is None or not logged.intact:
                return logged
            return replace(logged, notes=(*logged.notes, *_compare_register(register, files)))
        bare = verify_bare_bundle(files, code, register)
        return _demand_log(bare) if key is not None or trust != NOBODY else bare
    if re.fullmatch(r"double-random/[1-9][0-9]*", protocol, re.ASCII):
        why = _("this program does not know {protocol}").format(protocol=protocol)
        return Verdict(draw="", kind="", undecided=(why, _("take a newer program")))
    return Verdict(draw="", kind="", fault=(NAME, _("this names no protocol of double-random")))


def _recompute_drawn(
    plan: Plan,
    files: Mapping[str, bytes],
    history: LogHistory,
    state: DrawState,
    findings: DrawRemarks,
) -> None:
    result = check_covered_files(plan, files)
    change_records.check_record_hashes(
        plan, state, _split_lines(files["records.jsonl"]), result.secret
    )
    history.check_order(plan, state)
    tickets = check_result(plan, result, state)
    _check_drand_proofs(plan, result, findings)
    if "inner" in files:
        recompute_draw(plan, files, result, state, findings)
    else:
        recompute_public_part(plan, files, result, state, tickets, findings)


def _check_complete(files: Mapping[str, bytes], kind: str, drawn: bool) -> None:
    for name in sorted(files):
        if name not in bundle_files.NAMES and parse_evidence_name(name) is None:
            raise BadFile(name, _("no file of this name belongs into a bundle"))
    if HEAD not in files:
        raise demand_published_copy(_("the bundle has no {file}").format(file=HEAD))
    required = bundle_files.NAMES if kind == "auditor" else set(bundle_files.PUBLIC)
    required = required - {bundle_files.UNBOUND}  # if it exists, result.json names it
    for name in sorted(required - set(files) - set(() if drawn else bundle_files.RECOUNTED)):
        raise BadFile(name, _("this file is missing"))


def _find_draw(files: Mapping[str, bytes], history: LogHistory) -> tuple[DrawState, Plan]:
    """Find the draw in the log by the hash of its result, and check its plan by its commitment."""
    digests = {name: Digest(name) for name in NAMES}
    hashes = {name: digest.hash_bytes(files["result.json"]) for name, digest in digests.items()}
    state = history.find_drawn(hashes)
    if state is None:
        raise BadFile("result.json", _("the log knows no draw with this result"))
    if state.plan["plan"] not in {
        digest.hash_bytes(files["plan.json"]) for digest in digests.values()
    }:
        raise BadFile("plan.json", _("this is not the plan that was committed"))
    plan = Plan.read(files["plan.json"])
    if plan.commitment != state.plan["plan"] or hashes[plan.hash] != state.result_hash:
        raise BadFile("plan.json", _("it names another hash than the one in the log"))
    return state, plan


def _note_trust(
    plan: Plan, state: DrawState, key: PublicKey | None, code: str | None, findings: DrawRemarks
) -> None:
    """Note first what rests on trust: randomness of the operator, signature, publication, the numbers themselves."""
    if any(not source.is_public for source in plan.sources):
        findings.unchecked.append(
            _("the operator is trusted: no public randomness was used (local)")
        )
    if code is not None and not is_short_form_of(code, plan.commitment):
        raise BadFile("plan.json", _("its 方案校验码 is not the one that was written down"))
    if key is None:
        findings.unchecked.append(_("the log's signature (no key was given)"))
    if state.stage is DrawStage.drawn:
        findings.unchecked.append(_("the draw has not been published yet"))
    if any(source.compared_with and source.round is None for source in plan.sources):
        findings.unchecked.append(_("the numbers themselves: compare them with the notice"))
    if any(
        source.is_public and not source.needs_witness and source.round is None
        for source in plan.sources
    ):
        findings.unchecked.append(
            _("the plan does not say when this issue was drawn: compare its day with not_before")
        )


def _check_drand_proofs(plan: Plan, result: DrawResult, findings: DrawRemarks) -> None:
    """Check drand's signature of each round, if the bundle has it and the extra `beacon` is installed."""
    for source in plan.sources:
        if source.round is None:
            continue
        proof = result.proofs.get(source.text)
        if proof is None or not drand.is_available():
            why = (
                _("it is not in the bundle")
                if proof is None
                else _("the extra `beacon` is not here")
            )
            findings.unchecked.append(_("drand's own signature: {why}").format(why=why))
        elif drand.is_round_signature(source.round, proof):
            findings.notes.append(_("drand signed round {round} itself").format(round=source.round))
        else:
            raise BadFile(
                "result.json", _("{source}: drand did not sign this").format(source=source.text)
            )


def _note_comparisons(
    plan: Plan, state: DrawState, history: LogHistory, findings: DrawRemarks
) -> None:
    """Note what a reader compares by eye: code, numbers, and every other plan of an overlapping scope."""
    notes = [
        _("方案校验码 {code}").format(code=plan.code),
        _("public entropy {bits} bits").format(bits=sources.total_bits(plan.sources)),
    ]
    for source in plan.sources:
        if source.compared_with:
            notes.append(
                _("compare with {whose}: {source} = {value}").format(
                    whose=_(source.compared_with),
                    source=source.text,
                    value=state.entropy.get(source.text, "—"),
                )
            )
    if state.stage is DrawStage.void and state.end is not None:
        notes.append(_("this draw is void: {reason}").format(reason=_(state.end["reason"])))
    if state.end is not None and state.end["time"][:10] > plan.publish_by:
        notes.append(_("it ended after its last day, {day}").format(day=plan.publish_by))
    for entry in state.changes:
        notes.append(
            _("changed after the draw: {kind}, {time}").format(
                kind=_(entry["kind"]), time=localize_times(entry["time"])
            )
        )
    for entry in history.clock_entries():
        notes.append(
            _("the log's times were set right {time}: {newest} was dated ahead ({reason})").format(
                time=localize_times(entry["time"]),
                newest=localize_times(entry["newest"]),
                reason=_(entry["reason"]),
            )
        )
    for other in history.overlapping_plans(state):
        end = other.end or {}
        notes.append(
            _("another plan of the same item and area: {draw}, {stage} {reason}")
            .format(draw=other.draw, stage=_(other.stage), reason=_(end.get("reason", "")))
            .rstrip()
        )
    for other in history.simultaneous_plans(state):
        notes.append(
            _(
                "a plan of another item was open at that time for common districts and kinds: {draw}, {items}, {stage}"
            ).format(
                draw=other.draw,
                items=join_clauses(item["title"] for item in other.plan["items"]),
                stage=_(other.stage),
            )
        )
    findings.notes[:0] = notes


def _note_witnesses(
    plan: Plan, files: Mapping[str, bytes], history: LogHistory, findings: DrawRemarks
) -> None:
    """Note who witnessed what, and whether a witness's own office could be drawn."""
    for entry in history.entries:
        if entry["kind"] != "attest" or entry["draw"] != plan.draw:
            continue
        findings.notes.append(
            _("attested {time}: {witnesses} · record with SHA-256 {hash}").format(
                time=localize_times(entry["time"]),
                witnesses=join_clauses(entry["witnesses"]),
                hash=entry["sha256"],
            )
        )
        from double_random.inspection.draw import attestations

        for witness in attestations.witnesses_in_frame(entry["witnesses"], files):
            findings.notes.append(
                _("this witness's office can be drawn itself: {witness}").format(witness=witness)
            )


def _split_lines(content: bytes) -> list[bytes]:
    if content and not content.endswith(b"\n"):
        raise BadFile("records.jsonl", _("its last line has no line feed"))
    return content.split(b"\n")[:-1]
