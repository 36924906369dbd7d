"""A firm's proof of its own row beside a bundle: is the row in the register, and what became of it in the draw?

The root of a register stands in the log's entry of the release that the plan names; that of the frame in the plan, that
of the notices in the draw's entry. An operator who leaves out or alters a row is caught by whoever owns it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw import versions
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.canonical_csv import data_lines
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import LEFT_OUT, POOL
from double_random.inspection.protocol.text import is_hex
from double_random.inspection.protocol.v2.row_proofs import (
    FILE,
    RegisterRoot,
    RowProof,
    hash_register,
)
from double_random.inspection.verification.verdict import CannotJudge, Verdict
from double_random.store.log.signed_log import decode_entry

INSTITUTIONS = "institutions"


def judge_row(verdict: Verdict, files: Mapping[str, bytes], data: bytes) -> Verdict:
    """The verdict on an intact bundle together with the proof of one row; any other verdict stays."""
    if not verdict.intact:
        return verdict
    try:
        unchecked, notes = _check_row(files, RowProof.read(data))
    except BadFile as error:
        return replace(verdict, fault=(error.file, error.reason), unchecked=(), notes=())
    except CannotJudge as error:
        return replace(verdict, undecided=(error.message, error.hint), unchecked=(), notes=())
    return replace(
        verdict,
        unchecked=(*verdict.unchecked, *unchecked),
        notes=(*verdict.notes, *notes),
    )


def _check_row(files: Mapping[str, bytes], proof: RowProof) -> tuple[list[str], list[str]]:
    plan = versions.read_plan(files["plan.json"])
    notes = [_("proven row of {tree}: {row}").format(tree=proof.tree, row=proof.leaf)]
    if proof.tree == "frame":
        frozen = plan.files["frame.csv"]
        root = RegisterRoot(frozen.rows or 0, frozen.root or "")
        _demand_path(proof, root, plan.digest)
        return [], [*notes, _("it stands in the pool: it could be drawn")]
    entries = [decode_entry(line) for line in files.get("log.jsonl", b"").split(b"\n")[:-1]]
    if proof.tree == "notices":
        drawn = next(
            (one for one in entries if (one["kind"], one.get("draw")) == ("draw", plan.draw)), None
        )
        if drawn is None:
            raise CannotJudge(
                _("the log holds no draw of this plan"), _("take the bundle of the drawn list")
            )
        rows = len(data_lines(files["list.csv"]))
        _demand_path(proof, RegisterRoot(rows, drawn["notices"]), plan.digest)
        return [], notes
    _demand_register(proof, plan, entries)
    row = _read_leaf(proof)
    if proof.tree != INSTITUTIONS:
        return [], notes
    unchecked, more = _find_place(plan, files, row)
    return unchecked, [*notes, more] if more else notes


def _demand_path(proof: RowProof, root: RegisterRoot, digest: Digest) -> None:
    if not proof.is_under(root, digest.hash_raw):
        raise BadFile(FILE, _("its path does not lead to the root"))


def _demand_register(
    proof: RowProof, plan: versions.Plan, entries: Sequence[Mapping[str, Any]]
) -> None:
    """The row is under the root of the release that the plan names.

    CannotJudge if it is under that of another release, or if the log has no such root.
    """
    roots = [
        (entry["release"], RegisterRoot(**entry["registers"][proof.tree]))
        for entry in entries
        if proof.tree in entry.get("registers", {})
    ]
    own = [root for release, root in roots if release == plan.release]
    if any(proof.is_under(root, hash_register) for root in own):
        return
    if not own or any(proof.is_under(root, hash_register) for _release, root in roots):
        raise CannotJudge(
            _("the row is not proven for the release that the plan names"),
            _("ask for its proof for this draw: double-random registry proof ID --draw DRAW"),
        )
    raise BadFile(FILE, _("its path does not lead to the root"))


def _read_leaf(proof: RowProof) -> Mapping[str, str]:
    row = canonical_json.load_canonical(proof.leaf.encode(), FILE)
    texts = type(row) is dict and all(type(value) is str for value in row.values())
    if not texts or not row.get("id") or not is_hex(row.get("salt", ""), 32):
        raise BadFile(FILE, _("its leaf is no row of a register"))
    return dict(row)


def _find_place(
    plan: versions.Plan, files: Mapping[str, bytes], row: Mapping[str, str]
) -> tuple[list[str], str]:
    """What became of an institution's row in this draw: a warning if it is in neither list, or else a note."""
    id, kind, district = (row.get(name, "") for name in ("id", "kind", "district"))
    if id in {one[0] for one in POOL.load(files[POOL.file])}:
        return [], _("it stands in the pool: it could be drawn")
    left_out = {one[0]: one[1] for one in LEFT_OUT.load(files[LEFT_OUT.file])}
    if id in left_out:
        return [], _("it was left out: {reason}").format(reason=_(left_out[id]))
    within = (not plan.kinds or kind in plan.kinds) and (
        not plan.districts or not district or district in plan.districts
    )
    if within and row.get("status") == "active":
        return [
            _(
                "the proven row is active in the register and of this scope, and stands in neither list: ask why"
            )
        ], ""
    return [], _("it lies outside the scope of this draw")
