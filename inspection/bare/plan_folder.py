"""The folder of a bare draw: the sealed plan with what is kept back until the draw, then the bundles beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NoReturn

from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.inspection.bare.sealed_plan import SealedPlan
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.plan import NAME
from double_random.inspection.protocol.text import is_hex
from double_random.inspection.protocol.v2.files import Files
from double_random.inspection.protocol.v2.plan import FILES, Plan
from double_random.store import durable_files as disk
from double_random.store.permissions import owner_umask

PLAN = "plan"
SEALED = "sealed.json"  # the secret and the inner value, for the owner alone
REVEAL = "reveal.json"  # the same with the numbers: what `replay` needs


def write_plan(folder: Path, sealed: SealedPlan) -> None:
    """Write a sealed plan into a new or empty folder, for its owner alone; Misuse if something is there."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Misuse(
            _("{path} is already there; nothing was written").format(path=folder),
            _("a plan is sealed once; choose another --folder"),
        )
    with owner_umask():
        (folder / PLAN).mkdir(parents=True, exist_ok=True)
        kept = {"secret": sealed.secret, "inner": sealed.inner}
        disk.write_new_file(
            folder / PLAN / SEALED, canonical_json.dump_canonical(kept), private=True
        )
        for name, content in sealed.files.items():
            disk.write_new_file(folder / PLAN / name, content)
        # The plan comes last: a folder without it was never sealed.
        disk.write_new_file(folder / PLAN / NAME, sealed.plan.data)


def read_plan(folder: Path) -> SealedPlan:
    """The sealed plan of a folder; BadFile names a file that is missing or was changed since."""
    if not (folder / PLAN / NAME).is_file():
        raise Misuse(
            _("there is no sealed plan at {path}").format(path=folder),
            _("seal one first: double-random draw --targets FILE --rule FILE --entropy SOURCE"),
        )
    plan = Plan.read(_read_file(folder, NAME))
    contents = {name: _read_file(folder, name) for name in FILES}
    files = Files.read(plan, contents)
    secret, inner = _read_sealed(folder, plan)
    return SealedPlan(plan=plan, files=contents, parsed=files, secret=secret, inner=inner)


def refuse_second_draw(folder: Path) -> NoReturn:
    """Misuse: the plan of this folder was drawn already."""
    raise Misuse(
        _("{path} was drawn already; a plan is drawn once").format(path=folder),
        _("look at its bundles, or compute it again: double-random replay {plan}").format(
            plan=folder / PLAN
        ),
    )


def keep_numbers(folder: Path, entropy: str, sealed: SealedPlan) -> None:
    """Write the revealed values beside the plan, so that `replay` can compute the draw again.

    They are written before any bundle, and once: Misuse if other numbers stand there.
    """
    values = {"entropy": entropy, "secret": sealed.secret, "inner": sealed.inner}
    content, file = canonical_json.dump_canonical(values), folder / PLAN / REVEAL
    if not file.exists():
        disk.write_new_file(file, content, private=True)
    elif file.read_bytes() != content:
        refuse_second_draw(folder)


def _read_sealed(folder: Path, plan: Plan) -> tuple[str, str]:
    """The secret and the inner value, if they are those of the plan."""
    file = folder / PLAN / SEALED
    try:
        kept = json.loads(_read_file(folder, SEALED))
        secret, inner = str(kept["secret"]), str(kept["inner"])
    except (ValueError, KeyError, TypeError):
        secret, inner = "", ""
    whole = is_hex(secret, 64) and is_hex(inner, 64)
    if not whole or (plan.digest(secret), plan.digest(inner)) != (plan.secret, plan.inner):
        raise BadFile(
            str(file),
            _("these are not the values that the plan was sealed with"),
            _("restore it from the backup; without it nobody can ever draw from this plan"),
        )
    return secret, inner


def _read_file(folder: Path, name: str) -> bytes:
    path = folder / PLAN / name
    try:
        return path.read_bytes()
    except OSError as error:
        raise DoubleRandomError(
            _("{file}: {why}").format(file=path, why=error.strerror or error),
            _("restore it from the backup"),
        ) from None
