"""Verifies a plan that was made void before anything was drawn: its bundle is the plan, its files and the log."""

from __future__ import annotations

from collections.abc import Mapping

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.draw import bundle_files, draw_state
from double_random.inspection.draw.draw_state import DrawStage, DrawState
from double_random.inspection.protocol import sources
from double_random.inspection.protocol.digest import NAMES, Digest
from double_random.inspection.protocol.files import Files, check_frozen
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.verification.log_history import LOG, LogHistory
from double_random.inspection.verification.recompute import (
    DrawRemarks,
    check_reasons,
    read_hex_digits,
)


def find_void_plan(files: Mapping[str, bytes], history: LogHistory) -> tuple[DrawState, Plan]:
    """Return the plan's state and the plan; BadFile if the log has a draw of it, so that its result is missing."""
    digests = {Digest(name).hash_bytes(files["plan.json"]) for name in NAMES}
    draws = draw_state.replay_states(history.entries).values()
    state = next((candidate for candidate in draws if candidate.plan["plan"] in digests), None)
    if state is None:
        raise BadFile("plan.json", _("this is not the plan that was committed"))
    if state.drawn is not None or state.stage is not DrawStage.void:
        raise BadFile("result.json", _("this file is missing"))
    plan = Plan.read(files["plan.json"])
    if plan.commitment != state.plan["plan"]:
        raise BadFile("plan.json", _("it names another hash than the one in the log"))
    return state, plan


def check_void_plan(
    plan: Plan,
    files: Mapping[str, bytes],
    history: LogHistory,
    state: DrawState,
    findings: DrawRemarks,
) -> None:
    """Check that the files and the revealed secret are those of the plan; else BadFile."""
    for name in sorted(set(files) & set(bundle_files.RECOUNTED)):
        raise BadFile(name, _("nothing was drawn, so this file does not belong here"))
    for name in sorted(set(files) & set(plan.files)):
        check_frozen(plan, name, files[name])
    if files["records.jsonl"]:
        raise BadFile("records.jsonl", _("nothing was drawn, so nothing can have changed"))
    history.check_order(plan, state)
    end = state.end
    assert end is not None
    if end["secret"] and plan.digest(end["secret"]) != plan.secret:
        raise BadFile(LOG, _("the secret that was published is not the plan's"))
    complete = all(source.text in state.entropy for source in plan.sources)
    lines = sources.format_entropy(plan.sources, state.entropy) if complete else ""
    if end["entropy"] != lines and not (state.is_lost and not end["entropy"]):
        raise BadFile(LOG, _("the numbers of the void are not those that were logged"))
    check_reasons(files)
    if "inner" in files:
        if plan.digest(read_hex_digits("inner", files["inner"])) != plan.inner:
            raise BadFile("inner", _("this is not the inner value that the plan was sealed with"))
        Files.read(plan, files)
    if complete:
        findings.unchecked.append(
            _(
                "what these numbers would have drawn (an auditor computes it from plan, numbers and secret)"
            )
        )
    findings.notes.append(_("nothing was drawn"))
