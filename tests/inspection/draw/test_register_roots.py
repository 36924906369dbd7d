"""The roots of the registers: every row counts, salts differ by release and row, no root tells a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.draw import register_roots
from double_random.inspection.protocol.v2.row_proofs import (
    RegisterRoot,
    build_register_leaves,
    hash_register,
    prove_row,
)
from double_random.store.home import Home

DAY = date(2026, 10, 31)


def test_each_row_is_proven_under_the_root(bureau: Callable[..., Home]) -> None:
    home = bureau(firms=8, inspectors=6)
    with home.releases.read() as release:
        roots = register_roots.compute_roots(home, release)
        registers = register_roots.read_registers(home, release, DAY)
    assert {name: root["rows"] for name, root in roots.items()} == {
        "institutions": 8,
        "inspectors": 6,
    }
    for name, rows in registers.items():
        leaves = build_register_leaves(rows)
        root = RegisterRoot(roots[name]["rows"], roots[name]["root"])
        for index in range(len(leaves)):
            proof = prove_row(name, leaves, index, hash_register)
            assert proof.is_under(root, hash_register)
        salts = {row["salt"] for row in rows.values()}
        assert len(salts) == len(rows)
    firm = next(iter(registers["institutions"].values()))
    assert set(firm) == {"name", "kind", "district", "status", "salt"}
    assert firm["status"] == "active" and firm["kind"] == "law_firm"
    inspector = registers["inspectors"]["ZFXXXX01"]
    assert (inspector["lead"], inspector["kinds"]) == ("1", "law_firm law_firm_branch")


def test_roots_can_be_computed_again_and_change_with_a_row(bureau: Callable[..., Home]) -> None:
    home = bureau()
    with home.releases.read() as release:
        first = register_roots.compute_roots(home, release)
        assert register_roots.compute_roots(home, release) == first
        file = home.log.keys / register_roots.SECRET
        assert file.stat().st_mode & 0o077 == 0
        file.write_text("0" * 64)
        assert register_roots.compute_roots(home, release) != first
        file.write_text("short")
        with pytest.raises(BadFile, match="64 hex digits were expected"):
            register_roots.compute_roots(home, release)
