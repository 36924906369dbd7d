"""Keys of the log: a passphrase, a change that both keys sign, and a change that was interrupted anywhere."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store import durable_files
from double_random.store.log import keys
from double_random.store.log.checkpoint import PublicKey, SignedNote
from double_random.store.log.keys import NEXT, VARIABLE
from double_random.store.log.signed_log import BadLog, Entry, Log

AT = "2026-11-22T08:00:00Z"


def entry(number: int) -> Entry:
    return {"kind": "sync", "time": AT, "release": f"{number:064x}"}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    log = Log.open(tmp_path)
    for number in range(3):
        log.append(entry(number))
    return log


def test_a_passphrase_is_asked_for_and_a_wrong_one_refused(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.ring.lock("示例口令".encode())
    with pytest.raises(Misuse) as caught:
        monkeypatch.delenv(VARIABLE, raising=False)
        log.append(entry(3))
    assert VARIABLE in caught.value.hint
    monkeypatch.setenv(VARIABLE, "wrong")
    with pytest.raises(Misuse, match="not the passphrase"):
        log.append(entry(3))
    monkeypatch.setenv(VARIABLE, "示例口令")
    log.append(entry(4))
    old, new = log.change_key(AT)
    assert log.ring.locked and log.public == new != old
    log.ring.lock(b"")
    monkeypatch.delenv(VARIABLE)
    log.append(entry(5))
    log.verify()


def test_an_act_that_could_not_be_signed_has_not_happened(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.ring.lock(b"a")
    monkeypatch.delenv(VARIABLE, raising=False)
    for act in (lambda: log.append(entry(3)), lambda: log.change_key(AT)):
        with pytest.raises(Misuse):
            act()
    assert len(durable_files.read_lines(log.file)) == len(log.entries()) == 3
    monkeypatch.setenv(VARIABLE, "a")
    log.append(entry(4))
    assert log.verify() == 4


@pytest.mark.parametrize("place", [60, 70, 90])
def test_a_damaged_private_key_signs_nothing(log: Log, place: int) -> None:
    """D-035: one changed letter of it is another key; others could not verify what it signs."""
    file = log.keys / "log.key"
    content = bytearray(file.read_bytes())
    content[place] = ord("B") if content[place] == ord("A") else ord("A")
    file.write_bytes(content)
    with pytest.raises(DoubleRandomError, match="do not belong together"):
        log.append(entry(3))
    assert len(durable_files.read_lines(log.file)) == log.verify() == 3


def test_the_head_that_first_holds_a_change_is_signed_by_both_keys(log: Log) -> None:
    early = log.checkpoint
    old, new = log.change_key(AT)
    handed_over = SignedNote.parse(log.checkpoint)
    assert handed_over.is_signed_by(old) and handed_over.is_signed_by(new)
    log.append(entry(9))
    assert SignedNote.parse(log.checkpoint).is_signed_by(new) and not SignedNote.parse(
        log.checkpoint
    ).is_signed_by(old)
    assert old.name == new.name and log.public == new
    assert log.verify(early) == 5
    log.change_key(AT)
    assert log.verify(early) == 6


def test_a_key_that_was_never_announced_signs_nothing(log: Log) -> None:
    stranger = log.ring.generate(log.public.name, NEXT)
    for name in ("log.key", "log.pub"):
        durable_files.replace_file(
            log.keys / name, (log.keys / f"{name}{NEXT}").read_bytes(), private=True
        )
    log.ring.discard_next()
    assert log.public == stranger
    with pytest.raises(BadLog):
        log.append(entry(4))


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("stop", range(1, 12))
def test_a_change_that_was_killed_anywhere_is_completed_or_forgotten(
    log: Log, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """At every single write to the disk."""
    writes = 0

    def counted(write):  # type: ignore[no-untyped-def]
        def call(*given, **named):  # type: ignore[no-untyped-def]
            nonlocal writes
            writes += 1
            if writes == stop:
                raise Killed
            return write(*given, **named)

        return call

    before: PublicKey = log.public
    with monkeypatch.context() as patched:
        patched.setattr(durable_files, "replace_file", counted(durable_files.replace_file))
        patched.setattr(durable_files, "append_line", counted(durable_files.append_line))
        with contextlib.suppress(Killed):
            log.change_key(AT)
    log.append(entry(7))
    assert log.verify() in (4, 5)
    assert (log.public == before) == (len(log.entries()) == 4)
    assert not list(log.keys.glob(f"*{NEXT}"))


def test_a_logs_name_does_not_read_as_a_card_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one of 1,800 keys the first 16 hex digits are decimal, and a site that named it could not be built."""
    names = iter(["1413620512345678", "1413620512345678", "14136205123456a8"])
    last = ["1413620512345678"]

    def name_by_turn(_private: object) -> str:
        last[0] = next(names, last[0])
        return last[0]

    monkeypatch.setattr(keys, keys._log_name.__name__, name_by_turn)
    assert keys.Keys(tmp_path).generate().name == "double-random/14136205123456a8"
