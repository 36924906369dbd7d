"""Somebody with the log's key and one small file knows that an entry stands, or that nothing was taken out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from double_random.core.errors import BadFile, Misuse
from double_random.store.log import proof as log_proof
from double_random.store.log.signed_log import Entry, Log


def entry(number: int) -> Entry:
    return {"kind": "sync", "time": "2026-11-22T08:00:00Z", "release": f"{number:064x}"}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    log = Log.open(tmp_path)
    for number in range(11):
        log.append(entry(number))
    return log


def kept(log: Log, size: int) -> bytes:
    return (log.folder / "checkpoints" / f"{size:08d}").read_bytes()


def test_every_entry_is_proven(log: Log) -> None:
    for number in range(11):
        proof = json.dumps(log_proof.prove_inclusion(log, number)).encode()
        assert f"{number:064x}" in log_proof.check_proof(proof, "p", log.public)


def test_every_earlier_head_is_a_beginning(log: Log) -> None:
    for size in range(1, 12):
        proof = json.dumps(log_proof.prove_consistency(log, kept(log, size))).encode()
        assert "11" in log_proof.check_proof(proof, "p", log.public, kept(log, size))


def test_a_proof_of_another_entry_head_or_key_is_none(log: Log, tmp_path: Path) -> None:
    other = Log.open(tmp_path / "other")
    proof = log_proof.prove_inclusion(log, 3)
    for changed in (
        {**proof, "index": 4},
        {**proof, "entry": proof["entry"].replace("3", "4")},
        {**proof, "path": proof["path"][1:]},
        {**proof, "format": "double-random/other"},
        {**proof, "path": 3},
        [],
    ):
        with pytest.raises(BadFile):
            log_proof.check_proof(json.dumps(changed).encode(), "p", log.public)
    with pytest.raises(BadFile):
        log_proof.check_proof(json.dumps(proof).encode(), "p", other.public)
    consistent = json.dumps(log_proof.prove_consistency(log, kept(log, 5))).encode()
    with pytest.raises(BadFile):
        log_proof.check_proof(consistent, "p", log.public, kept(log, 6))


def test_a_place_beyond_the_log_is_misuse(log: Log) -> None:
    with pytest.raises(Misuse):
        log_proof.prove_inclusion(log, 11)
    with pytest.raises(Misuse):
        log_proof.prove_consistency(log, kept(log, 0))
