"""Fifty ways to cheat, and what `verify` or `log verify` says to each: the file at fault, or what it could not check.

The first table is done by an operator who holds the log's key: every hash, the seed, the log and its signature are made
to fit again, and the reader even trusts that key, so that only the rule itself is broken. (`tests/verifiers/` has the
same ways and a hundred more, for all three verifiers.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError
from double_random.inspection.draw import changes, lifecycle
from double_random.inspection.draw.draw_state import find_state
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verdict import Verdict
from double_random.inspection.verification.verify import verify_files
from double_random.store import durable_files as disk
from double_random.store.home import Home
from double_random.store.log.signed_log import BadLog, encode_entry
from tests.verifiers import corpus

# What is done → the file, or one of the files, that must be named.
SEALED_AGAIN = {
    "the plan after the numbers": "log.jsonl",
    "the numbers too early": "log.jsonl",
    "the draw too early": "log.jsonl",
    "published before it was drawn": "log.jsonl",
    "published twice": "log.jsonl",
    "drawn twice": "log.jsonl",
    "a second open plan": "log.jsonl",
    "another secret published": "log.jsonl",
    "a plan with a secret of its own": "result.json",
    "a plan with another inner": "targets.csv",
    "a result with other numbers": "result.json",
    "a result with a leading zero lost": "result.json",
    "other numbers logged": "log.jsonl",
    "a source that the plan does not name": "log.jsonl",
    "a result with a proof of balls": "result.json",
    "a firm dropped from the frame alone": "strata.json",
    "a name changed in the pool": "pool.csv",
    "left out and in the pool": "left_out.csv",
    "left out for no reason": "left_out.csv",
    "an inspector dropped": "targets.csv",
    "an inspector both in and out": "inspectors_left_out.csv",
    "a recusal of a stranger": "recusals.csv",
    "rules with another share": "strata.json",
    "strata with another share": "strata.json",
    "a stratum of its own": "frame.csv",
    "a row outside the scope": "frame.csv",
    "a reserve preferred": "targets.csv",
    "a friend in the list": "list.csv",
    "one drawn more": "list.csv",
    "an inspector swapped": "teams.csv certificate.json",  # who may not go there, or costs more
    "an inspector left at home": "teams.csv",
    "a stranger in a team": "teams.csv",
    "another load": "certificate.json",
    "a price without scarcity": "certificate.json",
    "other notices": "log.jsonl",
    "a change without a record": "records.jsonl",
    "a record with somebody else": "records.jsonl",
}


@dataclass(frozen=True)
class Told:
    """What was said: the file at fault, and the first line."""

    file: str
    line: str

    @classmethod
    def of(cls, verdict: Verdict) -> Told:
        return cls(verdict.fault[0] if verdict.fault else "", verdict.first_line)


@pytest.fixture(scope="session")
def changed(registers: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A draw with a substitution and replacements, published."""
    import shutil

    from tests.inspection.conftest import ask, carry_out

    folder = tmp_path_factory.mktemp("changed") / "bureau"
    shutil.copytree(registers(12, 8, ((1, 2),)), folder)
    home = Home.open(folder)
    carry_out(home, ask(), until="draw")
    now = changes.rebuild_assignment(home, "d1", find_state(home.log.entries(), "d1")).teams
    target, team = next(iter(now.items()))
    when = ("2026-11-04", "2026-11-04T02:00:00Z")
    changes.substitute_inspector(home, "d1", target, team[0], "illness", *when)
    changes.replace_target(home, "d1", target, "ceased", *when)
    lifecycle.publish_draw(home, "d1", "2026-11-06T08:00:00Z")
    return home


@pytest.mark.parametrize("way", SEALED_AGAIN)
def test_an_operator_with_the_key_is_found_out(changed: Home, way: str) -> None:
    everything = bundle.gather_bundle(changed, "d1", auditor=True)
    forger = corpus.Forger(everything, everything)
    assert verify_files(forger.seal(), corpus.KEY).intact
    corpus.TRIES[way][1](forger)
    assert Told.of(verify_files(forger.seal(), corpus.KEY)).file in SEALED_AGAIN[way].split()


def recusal_added(home: Home) -> Told:
    """After the commit: the plan's hash is in the log that a reader has kept."""
    everything = bundle.gather_bundle(home, "d1", auditor=True)
    rows = everything["recusals.csv"].split(b"\n")
    rows[1:1] = [rows[1].replace(rows[1][-32:], b"0" * 32)]
    added = {**everything, "recusals.csv": b"\n".join(rows)}
    return Told.of(verify_files(added, home.log.public))


def lottery_respelled(home: Home) -> Told:
    everything = bundle.gather_bundle(home, "d1", auditor=True)
    forger = corpus.Forger(everything, everything)
    for entry in forger.entries:
        if entry["kind"] == "entropy":
            entry["value"] = entry["value"] + " "
        if entry["kind"] == "draw":
            entry["entropy"] += " "
    forger.result["entropy"] += " "
    return Told.of(verify_files(forger.seal(), corpus.KEY))


def extra_file(home: Home) -> Told:
    files = bundle.gather_bundle(home, "d1")
    return Told.of(verify_files({**files, "说明.txt": "示例".encode()}, home.log.public))


def another_key(home: Home) -> Told:
    return Told.of(verify_files(bundle.gather_bundle(home, "d1"), corpus.KEY))


def signed_with_another_key(home: Home) -> Told:
    files = bundle.gather_bundle(home, "d1")
    return Told.of(verify_files(corpus.Forger(files, files).seal(), home.log.public))


def old_checkpoint(home: Home) -> Told:
    files = bundle.gather_bundle(home, "d1")
    kept = (home.log.folder / "checkpoints" / "00000002").read_bytes()
    return Told.of(verify_files({**files, "checkpoint": kept}, home.log.public))


def void_without_its_secret(home: Home) -> Told:
    files = bundle.gather_bundle(home, "d1", auditor=True)
    forger = corpus.Forger(files, files)
    end = forger.entries[-1]
    lines = {"entropy": forger.result["entropy"], "proofs": {}, "reason": "wrong plan"}
    forger.entries[-1] = {**end, "kind": "void", "secret": "", **lines}
    return Told.of(verify_files(forger.seal(), corpus.KEY))


def backdated(home: Home) -> Told:
    """The whole log made anew, with earlier times: nothing in it is wrong, so it is named as not shown."""
    return Told.of(verify_files(bundle.gather_bundle(home, "d1"), home.log.public))


def backdated_against_the_code(home: Home) -> Told:
    """Somebody had written down the 方案校验码 of the plan that there was."""
    files = bundle.gather_bundle(home, "d1")
    return Told.of(verify_files(files, home.log.public, "2345" * 8))


def second_log(home: Home) -> Told:
    """A log of its own with a plan of its own, shown to one who kept a head of the other."""
    files = bundle.gather_bundle(home, "d1", auditor=True)
    held = home.log.checkpoint
    forger = corpus.Forger(files, files)
    forger.entries[0]["time"] = "2026-11-01T01:00:00Z"
    under_its_name = held.replace(home.log.public.name.encode(), corpus.KEY.name.encode())
    return Told.of(verify_files(forger.seal(), corpus.KEY, trust=Trust(checkpoint=under_its_name)))


OTHER_WAYS: dict[str, tuple[Callable[[Home], Told], str, str]] = {
    "a recusal added after the commit": (recusal_added, "recusals.csv", ""),
    "a lottery respelled": (lottery_respelled, "result.json", ""),
    "an extra file": (extra_file, "说明.txt", ""),
    "another key given": (another_key, "checkpoint", ""),
    "signed with another key": (signed_with_another_key, "checkpoint", ""),
    "an old checkpoint": (old_checkpoint, "log.jsonl", ""),
    "a void without its secret": (void_without_its_secret, "log.jsonl", ""),
    "backdated, and nothing from outside": (backdated, "", "顺序未证明"),
    "backdated, and a code from outside": (backdated_against_the_code, "plan.json", ""),
    "a second plan hidden, and nothing from outside": (backdated, "", "唯一性未证明"),
    "a second plan hidden, and a head from outside": (second_log, "log.jsonl", ""),
}


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_every_other_way_is_found_or_named_as_not_shown(changed: Home, way: str) -> None:
    done, file, named = OTHER_WAYS[way]
    told = done(changed)
    assert told.file == file, told.line
    assert named in told.line


IN_THE_LOG: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "its last entry taken out": lambda lines: lines[:-1],
    "its first entry taken out": lambda lines: lines[1:],
    "entries reordered": lambda lines: [lines[1], lines[0], *lines[2:]],
    "an entry edited": lambda lines: [lines[0].replace(b"2026-11-02", b"2026-11-01"), *lines[1:]],
    "an entry slipped in": lambda lines: [lines[0], *lines],
}


@pytest.mark.parametrize("way", IN_THE_LOG)
def test_log_verify_says_what_was_done_to_the_log(
    bureau: Callable[..., Home],
    wish: Callable[..., DrawRequest],
    run: Callable[..., FrozenPlan],
    way: str,
) -> None:
    home = bureau()
    run(home, wish())
    log = home.log
    assert log.verify() == 4
    changed = IN_THE_LOG[way](disk.read_lines(log.file))
    log.file.write_bytes(b"".join(line + b"\n" for line in changed))
    with pytest.raises(BadLog, match=r"log\.jsonl"):
        log.verify()


def test_a_log_written_anew_by_its_operator_fails_against_a_head_kept_outside(
    bureau: Callable[..., Home], wish: Callable[..., DrawRequest], run: Callable[..., FrozenPlan]
) -> None:
    """He holds the key, and takes every kept head away: what a witness kept does not go away."""
    home = bureau()
    run(home, wish())
    log, kept = home.log, home.log.checkpoint
    entries = log.entries()
    entries[0]["time"] = "2026-11-01T01:00:00Z"
    log.file.write_bytes(b"".join(encode_entry(entry) + b"\n" for entry in entries))
    for file in (log.folder / "checkpoints").iterdir():
        file.unlink()
    log._sign(disk.read_lines(log.file))
    assert log.verify() == 4
    with pytest.raises(BadLog, match=r"log\.jsonl"):
        log.verify(kept)


def test_a_plan_for_which_the_numbers_are_out_is_not_even_committed(
    bureau: Callable[..., Home], wish: Callable[..., DrawRequest]
) -> None:
    home = bureau()
    freeze_plan(home, wish())
    with pytest.raises(DoubleRandomError, match="too late"):
        lifecycle.commit_plan(home, "d1", "2026-11-03T06:00:00Z")


def test_a_firm_that_never_entered_the_frame_is_missed_by_an_outside_list(
    changed: Home, tmp_path: Path, firm: Callable[[int], str]
) -> None:
    """Nothing inside a bundle can show it; without such a list the reader is told so."""
    files = bundle.gather_bundle(changed, "d1")
    assert any("--register" in note for note in verify_files(files, changed.log.public).notes)
    listed = tmp_path / "list.csv"
    listed.write_text("\n".join(firm(number) for number in range(1, 14)), "utf-8")
    told = Told.of(verify_files(files, changed.log.public, None, listed))
    assert told.file == "pool.csv" and firm(13) in told.line


def test_there_are_fifty_ways_and_more() -> None:
    assert len(SEALED_AGAIN) + len(OTHER_WAYS) + len(IN_THE_LOG) + 3 >= 50
