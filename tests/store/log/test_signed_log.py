"""The log only ever grows: what was signed stays, and whatever is changed, moved or taken out is seen."""

from __future__ import annotations

import json
import multiprocessing
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.store import durable_files
from double_random.store.home import Home
from double_random.store.log.checkpoint import SignedNote
from double_random.store.log.signed_log import (
    BadLog,
    Entry,
    Log,
    decode_entry,
    encode_entry,
    find_future_entries,
    find_misdated,
)


def entry(number: int) -> Entry:
    return {"kind": "sync", "time": "2026-11-22T08:00:00Z", "release": f"{number:064x}"}


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log.open(tmp_path)


def fill(log: Log, count: int) -> None:
    for number in range(count):
        assert log.append(entry(number)) == number


def test_an_empty_log_is_signed_from_the_beginning(log: Log) -> None:
    assert SignedNote.parse(log.checkpoint).head.size == 0
    assert log.verify() == 0


def test_entries_come_back_in_order(log: Log) -> None:
    fill(log, 5)
    assert log.entries() == [entry(number) for number in range(5)]
    assert log.verify() == 5


def test_the_private_key_is_its_owners_alone(log: Log) -> None:
    assert stat.S_IMODE((log.keys / "log.key").stat().st_mode) == 0o600


def test_opening_a_log_again_keeps_its_key(log: Log, tmp_path: Path) -> None:
    assert Log.open(tmp_path).public == log.public


def test_a_lost_key_is_an_error_and_not_a_new_log(log: Log, tmp_path: Path) -> None:
    fill(log, 1)
    (log.keys / "log.key").unlink()
    assert len(Log.open(tmp_path).entries()) == 1  # D-004: whoever only reads needs log.pub
    with pytest.raises(DoubleRandomError, match="key is gone"):
        Log.open(tmp_path).append(entry(2))
    (log.keys / "log.pub").unlink()
    with pytest.raises(DoubleRandomError, match="key is gone"):
        Log.open(tmp_path)


def test_every_head_that_was_ever_signed_is_kept(log: Log) -> None:
    fill(log, 3)
    assert [file.name for file in sorted((log.folder / "checkpoints").iterdir())] == [
        "00000000",
        "00000001",
        "00000002",
        "00000003",
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines[:-1],
        lambda lines: lines[1:],
        lambda lines: [lines[1], lines[0], *lines[2:]],
        lambda lines: [*lines[:2], encode_entry(entry(99)), *lines[3:]],
        lambda lines: [*lines[:2], lines[2] + b" ", *lines[3:]],
    ],
    ids=["last taken out", "first taken out", "swapped", "edited", "respelled"],
)
def test_a_changed_log_is_seen_and_never_written_on(log: Log, change) -> None:
    fill(log, 4)
    log.file.write_bytes(
        b"".join(line + b"\n" for line in change(durable_files.read_lines(log.file)))
    )
    with pytest.raises(BadLog):
        log.verify()
    with pytest.raises(BadLog):
        log.append(entry(5))


def test_a_log_that_was_rewritten_and_signed_again_fails_against_an_earlier_head(log: Log) -> None:
    fill(log, 4)
    earlier = log.checkpoint
    log.file.write_bytes(b"".join(encode_entry(entry(number + 50)) + b"\n" for number in range(4)))
    log._sign(durable_files.read_lines(log.file))
    for kept in (log.folder / "checkpoints").iterdir():  # the forger takes the former heads away
        if kept.name != "00000004":
            kept.unlink()
    assert log.verify() == 4
    with pytest.raises(BadLog):
        log.verify(earlier)


def test_a_half_written_line_of_a_killed_process_is_cut_off(log: Log) -> None:
    fill(log, 2)
    with log.file.open("ab") as file:
        file.write(encode_entry(entry(9))[:40])
    assert len(log.entries()) == 2
    log.append(entry(2))
    assert log.entries() == [entry(0), entry(1), entry(2)]
    assert log.verify() == 3


def test_a_written_line_that_was_not_signed_counts(log: Log) -> None:
    fill(log, 2)
    durable_files.append_line(log.file, encode_entry(entry(2)))
    assert len(log.entries()) == 2, "no reader sees an entry before its head"
    log.append(entry(3))
    assert [one["release"][-1] for one in log.entries()] == ["0", "1", "2", "3"]
    assert log.verify() == 4


def _write(home: str, start: int) -> None:
    log = Log.open(Path(home))
    for number in range(start, start + 8):
        log.append(entry(number))


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    log = Log.open(tmp_path)
    context = multiprocessing.get_context("spawn")
    hands = [context.Process(target=_write, args=(str(tmp_path), start)) for start in (0, 100)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(60)
    assert [hand.exitcode for hand in hands] == [0, 0]
    assert log.verify() == 16
    assert sorted(int(one["release"], 16) for one in log.entries()) == [*range(8), *range(100, 108)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "sync", "time": "2026-11-22T08:00:00Z"},
        {"kind": "sync", "time": "2026-11-22T08:00:00Z", "release": "", "more": 1},
        {"kind": "sync", "time": "2026-11-22 08:00:00", "release": ""},
        {"kind": "sync", "time": "2026-02-30T08:00:00Z", "release": ""},
        {"kind": "sync", "time": "2026-11-22T08:00:00Z", "release": 1.5},
        {"kind": "gossip", "time": "2026-11-22T08:00:00Z", "release": ""},
        {},
    ],
)
def test_only_known_entries_are_written(log: Log, wrong: Entry) -> None:
    with pytest.raises(ValueError):
        log.append(wrong)
    assert log.entries() == []


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        json.dumps(entry(1)).encode(),
        encode_entry(entry(1)).replace(b'{"kind"', b'{"kind":"sync","kind"'),
    ],
)
def test_a_line_has_one_spelling(line: bytes) -> None:
    with pytest.raises(BadLog):
        decode_entry(line)


@given(st.text(), st.dictionaries(st.text(max_size=5), st.integers(-5, 5), max_size=3))
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_encoded_is_decoded(reason: str, proofs: dict[str, int]) -> None:
    void = {
        "kind": "void",
        "time": "2026-11-22T08:00:00Z",
        "draw": "d",
        "reason": reason,
        "secret": "",
        "entropy": "",
        "proofs": proofs,
    }
    assert decode_entry(encode_entry(void)) == void


def test_what_a_kill_left_beside_the_checkpoints_is_none_of_them(home: Home) -> None:
    home.log.append({"kind": "sync", "release": "r", "time": "2026-11-02T00:00:00Z"})
    (home.log.folder / "checkpoints" / ".00000001.123").write_bytes(b"half")
    assert home.log.verify() == 1


def test_a_kill_between_the_kept_head_and_the_newest_one_is_no_fault(log: Log) -> None:
    fill(log, 2)
    before = log.checkpoint
    log.append(entry(2))
    durable_files.replace_file(log.folder / "checkpoint", before)
    assert log.verify() == 2
    log.append(entry(3))
    assert log.verify() == 4


def void(time: str) -> Entry:
    words = {"draw": "d1", "reason": "wrong plan", "secret": "0" * 64, "entropy": "", "proofs": {}}
    return {"kind": "void", "time": time, **words}


def test_no_act_of_a_draw_is_dated_before_what_is_there(log: Log) -> None:
    fill(log, 1)
    with pytest.raises(Misuse, match=r"2026-11-22 16:00:00 \+08:00") as refused:
        log.append(void("2026-11-22T07:59:59Z"))
    assert refused.value.hint and len(log.entries()) == 1
    log.append(void("2026-11-22T08:00:00Z"))
    with pytest.raises(Misuse):
        log.change_key("2026-11-22T07:59:59Z")
    assert log.verify() == 2


def write_as_an_older_version(log: Log, time: str) -> None:
    """An entry with any time: earlier versions looked at no clock."""
    lines = [*durable_files.read_lines(log.file), encode_entry({**entry(2), "time": time})]
    durable_files.append_line(log.file, lines[-1])
    log._sign(lines)


def test_nights_and_acts_are_held_by_one_guard(log: Log) -> None:  # D-030
    fill(log, 2)
    with pytest.raises(Misuse, match=r"2026-11-22 16:00:00 \+08:00"):
        log.append({**entry(2), "time": "2026-11-21T08:00:00Z"})
    assert len(log.entries()) == 2


def test_an_older_log_whose_times_run_back_is_told(log: Log) -> None:
    fill(log, 2)
    write_as_an_older_version(log, "2026-11-21T08:00:00Z")
    log.append(entry(3))
    assert find_misdated(log.entries()) == [2]


@given(st.timedeltas(min_value=timedelta(minutes=6), max_value=timedelta(days=365000)))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_dated_later_than_the_clock_shows(log: Log, later: timedelta) -> None:  # D-030
    time = (datetime.now(UTC) + later).strftime("%Y-%m-%dT%H:%M:%SZ")
    before = len(log.entries())
    for refused in (void(time), {**entry(1), "time": time}):
        with pytest.raises(Misuse, match="future"):
            log.append(refused)
    with pytest.raises(Misuse, match="future"):
        log.change_key(time)
    assert len(log.entries()) == before


def test_a_few_minutes_ahead_are_the_clocks_of_two_machines(log: Log) -> None:
    time = (datetime.now(UTC) + timedelta(minutes=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
    log.append({**entry(1), "time": time})
    assert find_future_entries(log.entries()) == []
    with log.hold() as pen:
        assert pen.next_time() == time  # what is dated by the clock waits for nobody


def test_a_clock_entry_ends_what_lies_in_the_future(log: Log) -> None:  # D-030
    fill(log, 2)
    write_as_an_older_version(log, "2099-01-01T00:00:00Z")
    assert find_future_entries(log.entries()) == [2]
    now = "2026-11-23T08:00:00Z"
    with pytest.raises(Misuse) as refused:
        log.append({**entry(3), "time": now})
    assert "log clock" in refused.value.hint
    with log.hold() as pen:
        made = pen.set_clock("time mistyped", now)
    assert made["newest"] == "2099-01-01T00:00:00Z"
    log.append({**entry(3), "time": now})
    assert log.verify() == 5
    assert (find_future_entries(log.entries()), find_misdated(log.entries())) == ([], [2])


def test_no_clock_entry_without_need(log: Log) -> None:
    fill(log, 2)
    with log.hold() as pen, pytest.raises(Misuse, match="no entry"):
        pen.set_clock("time mistyped", "2026-11-23T08:00:00Z")
    assert len(log.entries()) == 2
