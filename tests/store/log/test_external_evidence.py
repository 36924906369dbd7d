"""External evidence for heads of the log: kept beside the log, and checked against its own text."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.store.log import cosignature, external_evidence
from double_random.store.log.checkpoint import BadNote, PublicKey, SignedNote
from double_random.store.log.signed_log import Entry, Log

TIME = 1_800_000_000  # 2027-01-15T08:00:00Z


def entry(number: int) -> Entry:
    return {"kind": "sync", "time": "2026-11-22T08:00:00Z", "release": f"{number:064x}"}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    log = Log.open(tmp_path / "home")
    for number in range(3):
        log.append(entry(number))
    return log


@pytest.fixture
def witness(tmp_path: Path) -> PublicKey:
    return cosignature.create_witness(tmp_path / "witness", "示例市公证处")


def line(log: Log, tmp_path: Path) -> str:
    signed = cosignature.sign_checkpoint(
        tmp_path / "witness", log.checkpoint, log.public, log.lines(), TIME
    )
    return signed.decode("utf-8")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("timestamp-00000012.tsr", ("timestamp", 12)),
        ("cosigned-00000003", ("cosigned", 3)),
        ("timestamp-00000012", None),
        ("cosigned-00000003.tsr", None),
        ("cosigned-3", None),
        ("notes.txt", None),
    ],
)
def test_a_files_name_says_what_it_is_and_upon_which_head(
    name: str, meant: tuple[str, int] | None
) -> None:
    assert external_evidence.parse_evidence_name(name) == meant


def test_a_line_is_kept_once_and_trusted_by_who_has_the_witnesses_key(
    log: Log, witness: PublicKey, tmp_path: Path
) -> None:
    signed = line(log, tmp_path)
    for _time in range(2):
        assert external_evidence.attach_cosignature(log, None, signed, witness) == (3, TIME)
    kept = external_evidence.load_evidence(log, 1, 3)
    assert list(kept) == ["cosigned-00000003"]
    assert len(SignedNote.parse(kept["cosigned-00000003"]).signatures) == 2
    times = external_evidence.trusted_times(kept, log.public.name, log.lines(), (), (witness,))
    assert times == [(3, "2027-01-15T08:00:00Z", "示例市公证处")]
    assert external_evidence.trusted_times(kept, log.public.name, log.lines(), (), ()) == []


def test_evidence_of_other_heads_is_left_out(log: Log, witness: PublicKey, tmp_path: Path) -> None:
    assert external_evidence.load_evidence(log, 0, 9) == {}
    external_evidence.attach_cosignature(log, None, line(log, tmp_path), witness)
    (log.folder / "outside" / "notes.txt").touch()
    assert external_evidence.load_evidence(log, 4, 9) == {}
    assert list(external_evidence.load_evidence(log, 3, 3)) == ["cosigned-00000003"]


def test_a_line_of_another_head_or_witness_is_refused(
    log: Log, witness: PublicKey, tmp_path: Path
) -> None:
    signed = line(log, tmp_path)
    with pytest.raises(Misuse, match="no head of 7 entries"):
        external_evidence.attach_cosignature(log, 7, signed, witness)
    with pytest.raises(BadNote, match="is false"):
        external_evidence.attach_cosignature(log, 2, signed, witness)
    stranger = cosignature.create_witness(tmp_path / "stranger", "另一示例见证人")
    with pytest.raises(BadNote, match="not by the witness 另一示例见证人"):
        external_evidence.attach_cosignature(log, None, signed, stranger)
    assert external_evidence.load_evidence(log, 0, 9) == {}


def test_a_file_is_checked_against_the_logs_own_text(log: Log) -> None:
    name, lines = log.public.name, log.lines()
    head = log.checkpoint
    assert external_evidence.check_evidence("cosigned-00000003", head, name, lines) == ""
    assert external_evidence.head_body(name, lines, 3) == SignedNote.parse(head).head.body
    assert "another head" in external_evidence.check_evidence(
        "cosigned-00000002", head, name, lines
    )
    assert "no head of that size" in external_evidence.check_evidence(
        "cosigned-00000004", head, name, lines
    )
    assert "form origin, size" in external_evidence.check_evidence(
        "cosigned-00000003", b"x", name, lines
    )
