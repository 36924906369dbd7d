"""A witness signs a head of the log only if it continues the head that she signed last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.store.log import cosignature
from double_random.store.log.checkpoint import BadNote, PublicKey, SignedNote
from double_random.store.log.signed_log import Entry, Log

TIME = 1_800_000_000


def entry(number: int) -> Entry:
    return {"kind": "sync", "time": "2026-11-22T08:00:00Z", "release": f"{number:064x}"}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    log = Log.open(tmp_path / "home")
    log.append(entry(1))
    return log


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "witness"


def sign(folder: Path, log: Log) -> bytes:
    return cosignature.sign_checkpoint(folder, log.checkpoint, log.public, log.lines(), TIME)


def test_a_signed_head_says_when_the_witness_signed(log: Log, folder: Path) -> None:
    witness = cosignature.create_witness(folder, "示例市公证处")
    note = SignedNote.parse(log.checkpoint + sign(folder, log))
    assert cosignature.cosigned_time(note, witness) == TIME
    assert cosignature.cosigned_time(SignedNote.parse(log.checkpoint), witness) is None


def test_a_false_line_is_an_error(log: Log, folder: Path) -> None:
    witness = cosignature.create_witness(folder, "示例市公证处")
    note = SignedNote.parse(log.checkpoint + sign(folder, log))
    name, number, content = note.signatures[-1]
    later = (TIME + 1).to_bytes(8, "big") + content[8:]
    for false in (later, content[:-1], (1 << 37).to_bytes(8, "big") + content[8:]):
        forged = replace(note, signatures=((name, number, false),))
        with pytest.raises(BadNote, match="示例市公证处 is false"):
            cosignature.cosigned_time(forged, witness)


def test_a_longer_log_is_signed_and_another_one_of_the_same_name_is_not(
    log: Log, folder: Path, tmp_path: Path
) -> None:
    cosignature.create_witness(folder, "示例市公证处")
    sign(folder, log)
    log.append(entry(2))
    assert sign(folder, log)
    other = Log.open(tmp_path / "other")
    for number in (3, 4, 5):
        other.append(entry(number))
    with pytest.raises(BadNote, match="does not continue the one of 2 entries"):
        sign(folder, other)


def test_nothing_is_signed_without_the_right_key_and_entries(log: Log, folder: Path) -> None:
    cosignature.create_witness(folder, "示例市公证处")
    stranger = PublicKey(log.public.name, bytes(32))
    with pytest.raises(BadNote, match="key did not sign it"):
        cosignature.sign_checkpoint(folder, log.checkpoint, stranger, log.lines(), TIME)
    with pytest.raises(BadNote, match="not the entries under the checkpoint"):
        cosignature.sign_checkpoint(folder, log.checkpoint, log.public, [], TIME)
    assert not (folder / cosignature.LAST).exists()


def test_a_witness_makes_her_key_once_and_cannot_sign_without_one(log: Log, folder: Path) -> None:
    with pytest.raises(Misuse, match="there is no witness's key"):
        sign(folder, log)
    cosignature.create_witness(folder, "示例市公证处")
    assert (folder / cosignature.KEY).stat().st_mode & 0o777 == 0o600
    with pytest.raises(Misuse, match="has a witness's key already"):
        cosignature.create_witness(folder, "示例市公证处")
