"""A row's owner checks it offline; a dropped or altered row is caught by that owner."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import BadFile
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.canonical_csv import data_lines
from double_random.inspection.protocol.v2.row_proofs import (
    RegisterRoot,
    RowProof,
    build_register_leaves,
    compute_register_root,
    hash_register,
    prove_row,
)
from tests.inspection.protocol.v2.cases import make_case


def register(count: int) -> dict[str, dict[str, str]]:
    return {
        f"31310000XXXX{at:05d}A": {
            "salt": hashlib.sha256(str(at).encode()).hexdigest()[:32],
            "name": f"示例律师事务所{at}",
            "kind": "law_firm",
            "district": "310101",
            "status": "active",
        }
        for at in range(count)
    }


@given(st.integers(1, 40), st.data())
def test_every_row_of_a_register_has_a_proof(count: int, data: st.DataObject) -> None:
    leaves = build_register_leaves(register(count))
    root = compute_register_root(leaves)
    index = data.draw(st.integers(0, count - 1))
    proof = prove_row("institutions", leaves, index, hash_register)
    assert RowProof.read(proof.dump()) == proof and proof.is_under(root, hash_register)
    assert json.loads(proof.leaf)["status"] == "active"
    other = replace(proof, leaf=proof.leaf.replace("active", "closed"))
    assert not other.is_under(root, hash_register)
    assert not replace(proof, index=index + 1).is_under(root, hash_register)
    assert not replace(proof, size=count + 1).is_under(root, hash_register)
    assert not replace(proof, path=(*proof.path, "0" * 64)).is_under(root, hash_register)
    assert not proof.is_under(RegisterRoot(count + 1, root.root), hash_register)
    dropped = {id: row for id, row in register(count).items() if not id.endswith(f"{index:05d}A")}
    assert not proof.is_under(compute_register_root(build_register_leaves(dropped)), hash_register)


@pytest.mark.parametrize("hash", ["sha256", "sm3"])
def test_a_row_of_the_frame_is_proved_under_the_plan(hash: str) -> None:
    case = make_case(hash=hash)
    frozen = case.plan.files["frame.csv"]
    root = RegisterRoot(frozen.rows or 0, frozen.root or "")
    lines = data_lines(case.files["frame.csv"])
    for index, line in enumerate(lines):
        proof = prove_row("frame", lines, index, case.plan.digest.hash_raw)
        assert proof.leaf.encode() == line and proof.is_under(root, case.plan.digest.hash_raw)


def test_a_salt_hides_who_is_in_the_register() -> None:
    rows = register(3)
    other = {id: {**row, "salt": "0" * 32} for id, row in rows.items()}
    roots = {compute_register_root(build_register_leaves(one)).root for one in (rows, other)}
    assert len(roots) == 2
    for salt in ("", "0", "A" * 32):
        with pytest.raises(BadFile, match="salt"):
            build_register_leaves({"L:1": {"name": "示例", "salt": salt}})
    assert compute_register_root([]) == RegisterRoot(0, hashlib.sha256(b"").hexdigest())


@pytest.mark.parametrize(
    "fields",
    [
        {"tree": "pool"},
        {"leaf": ""},
        {"index": -1},
        {"size": 0},
        {"path": ["0"]},
        {"path": [1]},
        {"path": None},
        {"root": "0" * 64},
    ],
)
def test_another_form_of_a_proof_is_refused(fields: dict[str, Any]) -> None:
    leaves = build_register_leaves(register(3))
    value = json.loads(prove_row("institutions", leaves, 1, hash_register).dump())
    with pytest.raises(BadFile, match=r"proof\.json"):
        RowProof.read(canonical_json.dump_canonical({**value, **fields}))
