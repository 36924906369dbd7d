"""Proof of one row of a register: what its owner checks against any bundle of a draw, offline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.inspection.draw.register_roots import find_register_day, read_registers
from double_random.inspection.protocol.v2.row_proofs import (
    RowProof,
    build_register_leaves,
    compute_register_root,
    hash_register,
    prove_row,
)
from double_random.registry.institutions.queries import identify_institution
from double_random.registry.practitioners.queries import find_practitioner

if TYPE_CHECKING:
    from double_random.store.home import Home
    from double_random.store.releases import Release


def prove_register_row(home: Home, asked: str, draw: str | None = None) -> RowProof:
    """The proof of an institution's or practitioner's row, in the release of a draw, or else the newest one.

    Misuse if nobody is meant, or if the log has no roots of that release; DoubleRandomError if the register gives
    another root than the log.
    """
    wanted = DrawFolder.find(home, draw).read_plan().release if draw else ""
    entry = next(
        (
            one
            for one in reversed(home.log.entries())
            if "registers" in one and wanted in ("", one["release"])
        ),
        None,
    )
    if entry is None:
        raise Misuse(
            _("the log has no roots of the registers of that release"),
            _("each sync logs them: double-random registry sync DROP --as-of DATE"),
        )
    name = next(
        (one for one in home.releases.names() if one.endswith(f"-{entry['release'][:12]}")), None
    )
    with home.releases.read(name or entry["release"][:12]) as release:
        register, id = _identify(release, asked)
        rows = read_registers(home, release, find_register_day(release))[register]
    leaves = build_register_leaves(rows)
    root = compute_register_root(leaves)
    if {"rows": root.rows, "root": root.root} != entry["registers"].get(register):
        raise DoubleRandomError(
            _("the register {register} gives another root than the log has").format(
                register=register
            ),
            _("restore keys/registers.secret from the backup, or rebuild the release"),
        )
    return prove_row(register, leaves, sorted(rows).index(id), hash_register)


def _identify(release: Release, asked: str) -> tuple[str, str]:
    """The register and the id of whom is meant."""
    person = find_practitioner(release, asked) if asked.startswith("P:") else ""
    if person:
        return "persons", person
    try:
        return "institutions", identify_institution(release, asked)
    except Misuse:
        person = find_practitioner(release, asked)
        if not person:
            raise
        return "persons", person
