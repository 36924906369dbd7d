"""The bundle (核验包): the files needed to check a draw, as a folder or a .zip; the public one is an allow-list."""

from __future__ import annotations

import io
import os
import shutil
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.inspection.draw import draw_state, verifier_files
from double_random.inspection.draw.bundle_files import GRADED, NAMES, PUBLIC
from double_random.inspection.draw.check_sheet import render_void_sheet
from double_random.inspection.draw.draw_state import DrawStage
from double_random.inspection.protocol.v2.plan import Plan as SecondPlan
from double_random.store import durable_files as disk
from double_random.store import output_files
from double_random.store.log import external_evidence
from double_random.store.log.signed_log import Entry, decode_entry
from double_random.store.permissions import owner_umask, public_umask

if TYPE_CHECKING:
    from double_random.inspection.draw.versions import Plan
    from double_random.store.home import Home


def gather_bundle(home: Home, draw: str, auditor: bool = False) -> dict[str, bytes]:
    """Return the files of a draw's bundle by name.

    The public bundle exists once the draw is published or void; the auditor's exists from the draw on. If a plan was
    made void before anything was drawn, the bundle is the plan with its files and the log.
    """
    from double_random.inspection.draw.draw_folder import DrawFolder

    checkpoint, lines = home.log.signed_lines()
    entries = [decode_entry(line) for line in lines]
    state = draw_state.find_state(entries, draw)
    if state.is_lost:
        raise Misuse(
            _("{draw} was lost: it has no bundle").format(draw=draw),
            _("the log and every later bundle of its scope say so"),
        )
    undrawn = state.drawn is None and state.stage is DrawStage.void
    if not undrawn and (state.drawn is None or not (auditor or state.stage in draw_state.ENDED)):
        raise Misuse(
            _("{draw} has no bundle yet: {stage}").format(draw=draw, stage=_(state.stage)),
            _("publish it first: double-random inspection publish {draw}").format(draw=draw)
            if state.stage is DrawStage.drawn
            else _("draw first: double-random inspection draw {draw}").format(draw=draw),
        )
    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    records = [folder.read_record(number) for number in range(1, len(state.changes) + 1)]
    files = {
        **folder.read_files(),
        **(_void_files(plan, state) if undrawn else folder.read_result()),
        "plan.json": plan.data,
        "inner": folder.inner.encode(),
        "log.jsonl": b"".join(line + b"\n" for line in lines),
        "checkpoint": checkpoint,
        "records.jsonl": b"".join(record + b"\n" for record in records),
    }
    if not undrawn:
        _check_intact(plan, state, files)
    names = _names_of(home, plan, auditor)
    contents = {name: content for name, content in files.items() if name in names}
    return dict(sorted({**contents, **_collect_outside_times(home, state, entries)}.items()))


def _collect_outside_times(
    home: Home, state: draw_state.DrawState, entries: list[Entry]
) -> dict[str, bytes]:
    """Return the outside times of every head, from the first that covers the plan to the first that covers its end."""
    first = entries.index(state.plan) + 1
    last = entries.index(state.end) + 1 if state.end is not None else len(entries)
    return external_evidence.load_evidence(home.log, first, last)


def _names_of(home: Home, plan: Plan, auditor: bool) -> Collection[str]:
    """The names of the files that a bundle may hold; the public one is an allow-list."""
    if not isinstance(plan, SecondPlan):
        return NAMES if auditor else {*PUBLIC, *(GRADED if grades_are_public(home, plan) else ())}
    from double_random.inspection.verification import bare_bundle

    hidden: Collection[str] = () if auditor else bare_bundle.AUDITOR
    if not auditor and not plan.has_public_strata:
        hidden = bare_bundle.AUDITOR | bare_bundle.TARGETS
    return (bare_bundle.NAMES | bare_bundle.LOG) - set(hidden)


def _void_files(plan: Plan, state: draw_state.DrawState) -> dict[str, bytes]:
    """What the bundle of a plan without a list adds in version 2: the verifiers, and how to check by hand."""
    if not isinstance(plan, SecondPlan) or state.end is None:
        return {}
    programs = verifier_files.read_programs()
    return {
        **programs,
        verifier_files.SHEET: render_void_sheet(plan, state.end["reason"], programs),
    }


def grades_are_public(home: Home, plan: Plan) -> bool:
    """Whether the policy that graded the plan's groups makes grades public; it does not by default."""
    from datetime import date

    from double_random.credit.policy.catalog import load_policy
    from double_random.inspection.planning.items import find_item

    day = date.fromisoformat(plan.as_of)
    names = {find_item(home, plan_item.id).rule_on(day).policy for plan_item in plan.items}
    return all(name and load_policy(home, name).public in ("grade", "all") for name in names)


def write_bundle(files: Mapping[str, bytes], target: Path, private: bool = False) -> Path:
    """Write a bundle: a .zip if the name ends in .zip (same files, same bytes), else a new folder.

    `private` makes it readable by its owner alone, as an auditor's bundle needs.
    """
    output_files.refuse_existing(target)
    if target.is_dir():
        others = {path.name for path in target.iterdir()} - set(files)
        if others or target.suffix == ".zip":
            raise Misuse(
                _("{path} holds something that is no part of this bundle").format(path=target),
                _("choose another --output"),
            )
    with owner_umask() if private else public_umask():
        return _write_files(files, target)


def _write_files(files: Mapping[str, bytes], target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix == ".zip":
        output_files.write_output(target, pack_zip(files))
        return target
    if target.is_dir():
        for name, content in files.items():
            output_files.write_output(target / name, content)
        return target
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    beside.mkdir()
    try:
        for name, content in files.items():
            disk.write_new_file(beside / name, content)
        os.rename(beside, target)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return target


def pack_zip(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a .zip; its bytes hold no clock value."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, content)
    return buffer.getvalue()


def _check_intact(plan: Plan, state: draw_state.DrawState, files: Mapping[str, bytes]) -> None:
    """Refuse to write a bundle that would fail its own check."""
    from double_random.inspection.verification.bare_bundle import check_hashes
    from double_random.inspection.verification.recompute import check_covered_files

    if (
        state.drawn is None
        or plan.digest.hash_bytes(files.get("result.json", b"")) != state.drawn["result"]
    ):
        raise DoubleRandomError(
            _("result.json of {draw} is not the one that was logged").format(draw=plan.draw),
            _("restore it from the backup"),
        )
    if isinstance(plan, SecondPlan):
        check_hashes(plan, files, "auditor")
    else:
        check_covered_files(plan, files)
