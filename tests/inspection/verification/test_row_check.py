"""One row beside a bundle: what its owner is told. Forged rows: tests/verifiers/test_home_draws.py."""

from __future__ import annotations

from double_random.inspection.protocol.v2.row_proofs import (
    build_register_leaves,
    hash_register,
    prove_row,
)
from double_random.inspection.verification.row_check import judge_row
from double_random.inspection.verification.verdict import Verdict
from tests.inspection.conftest import Finished

ROWS = {"示例": {"name": "示例", "salt": "0" * 32}}
PROOF = prove_row("institutions", build_register_leaves(ROWS), 0, hash_register).dump()


def test_a_bundle_that_is_not_intact_keeps_its_verdict(finished: Finished) -> None:
    wrong = Verdict(draw="d1", kind="public", fault=("list.csv", "示例"))
    assert judge_row(wrong, finished.public, PROOF) is wrong


def test_a_log_without_roots_cannot_judge_a_row(finished: Finished) -> None:
    intact = Verdict(draw="d1", kind="public", notes=("示例",))
    judged = judge_row(intact, finished.public, PROOF)
    assert judged.undecided is not None and "registry proof" in judged.undecided[1]
    assert judge_row(intact, finished.public, b"{}").fault is not None
