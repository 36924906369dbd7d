"""Whether the plan was sealed before its numbers could exist, and was the only one, rests on somebody from outside."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import lifecycle
from double_random.inspection.planning.plan_builder import FrozenPlan, freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.time_evidence import Trust
from double_random.inspection.verification.verdict import Verdict
from double_random.inspection.verification.verify import verify_files
from double_random.store.home import Home
from double_random.store.log import cosignature, external_evidence, timestamp
from double_random.store.log.checkpoint import BadNote, PublicKey
from tests.clock import stopped
from tests.tsa import Authority

# An authority stamps with today's date alone, so these draws lie far ahead, or in the past.
LATER, LONG_AGO = "2099-01-05T06:00:00Z", "2020-01-06T06:00:00Z"


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("tsa") / "a", "TSA示例")


@dataclass(frozen=True)
class Sealed:
    """A committed plan, its head in the hands of an authority and of a witness; then the rest of the draw."""

    home: Home
    witness: PublicKey
    folder: Path

    def finish(self, not_before: str) -> dict[str, bytes]:
        value = "balls:示例摇号室:7=0730915"
        with stopped("2099-12-31"):  # the outside times are of today, the randomness comes later
            lifecycle.log_entropy(self.home, "d1", value, not_before)
            lifecycle.run_draw(self.home, "d1", not_before)
            lifecycle.publish_draw(self.home, "d1", not_before)
        return bundle.gather_bundle(self.home, "d1")


@pytest.fixture
def sealed(
    bureau: Callable[..., Home],
    wish: Callable[..., DrawRequest],
    tmp_path: Path,
    authority: Authority,
) -> Callable[[str], Sealed]:
    def of(not_before: str) -> Sealed:
        home = bureau()
        freeze_plan(
            home,
            wish(
                as_of=date(2019, 12, 1),
                not_before=not_before,
                publish_by=date.fromisoformat(not_before[:10]),
            ),
        )
        lifecycle.commit_plan(home, "d1", "2019-12-01T01:00:00Z")
        witness = cosignature.create_witness(tmp_path / "witness", "示例市公证处")
        _size, request = external_evidence.request_timestamp(home.log)
        external_evidence.attach_timestamp(home.log, authority.answer(request))
        line = cosignature.sign_checkpoint(
            tmp_path / "witness",
            home.log.checkpoint,
            home.log.public,
            home.log.lines(),
            int(time.time()),
        )
        external_evidence.attach_cosignature(home.log, None, line.decode(), witness)
        return Sealed(home, witness, tmp_path / "witness")

    return of


def unproven(verdict: Verdict) -> tuple[bool, bool]:
    """Whether the first line says that order, and uniqueness, are not proven."""
    assert verdict.intact, verdict.first_line
    return "顺序未证明" in verdict.first_line, "唯一性未证明" in verdict.first_line


def trusting(authority: Authority | None, *witnesses: PublicKey) -> Trust:
    certificates = (
        timestamp.parse_certificates(authority.root.read_bytes(), "x") if authority else []
    )
    return Trust(tuple(certificates), witnesses)


def test_a_time_stamp_shows_the_order_and_not_that_the_plan_was_alone(
    sealed: Callable[[str], Sealed], authority: Authority
) -> None:
    one = sealed(LATER)
    files = one.finish(LATER)
    key = one.home.log.public
    assert "timestamp-00000001.tsr" in files and "cosigned-00000001" in files
    assert unproven(verify_files(files, key)) == (True, True)
    assert unproven(verify_files(files, key, trust=trusting(authority))) == (False, True)
    assert unproven(verify_files(files, key, trust=trusting(None, one.witness))) == (False, False)


def test_an_outside_time_after_not_before_shows_no_order(
    sealed: Callable[[str], Sealed], authority: Authority
) -> None:
    """The bureau backdates its own entry; the authority's time tells."""
    one = sealed(LONG_AGO)
    verdict = verify_files(one.finish(LONG_AGO), one.home.log.public, trust=trusting(authority))
    assert unproven(verdict)[0]
    assert "at or after not_before" in verdict.first_line


def test_a_time_stamp_of_a_stranger_is_a_fault(
    sealed: Callable[[str], Sealed], tmp_path: Path
) -> None:
    one = sealed(LATER)
    other = Authority.make(tmp_path / "b", "TSA示例")
    verdict = verify_files(one.finish(LATER), one.home.log.public, trust=trusting(other))
    assert verdict.fault is not None and verdict.fault[0] == "timestamp-00000001.tsr"


@pytest.mark.parametrize("name", ["timestamp-00000001.tsr", "cosigned-00000001"])
def test_an_outside_time_upon_another_head_is_a_fault(
    sealed: Callable[[str], Sealed], name: str
) -> None:
    one = sealed(LATER)
    files = one.finish(LATER)
    moved = {**files, name.replace("1", "2"): files[name]}
    verdict = verify_files(moved, one.home.log.public)
    assert verdict.fault is not None and verdict.fault[0] == name.replace("1", "2")
    far = {**files, name.replace("1", "9"): files[name]}
    verdict = verify_files(far, one.home.log.public)
    assert verdict.fault is not None and verdict.fault[0] == name.replace("1", "9")


def test_a_false_line_of_a_witness_is_a_fault(sealed: Callable[[str], Sealed]) -> None:
    one = sealed(LATER)
    files = one.finish(LATER)
    content = files["cosigned-00000001"]
    changed = content[:-8] + (b"AAAA" if content[-8:-4] != b"AAAA" else b"BBBB") + content[-4:]
    verdict = verify_files(
        {**files, "cosigned-00000001": changed},
        one.home.log.public,
        trust=trusting(None, one.witness),
    )
    assert verdict.fault is not None and verdict.fault[0] == "cosigned-00000001"


def test_a_head_in_the_readers_own_hands_shows_that_there_is_one_log(
    sealed: Callable[[str], Sealed], bureau: Callable[..., Home]
) -> None:
    one = sealed(LATER)
    held = one.home.log.checkpoint
    files = one.finish(LATER)
    assert unproven(verify_files(files, one.home.log.public, trust=Trust(checkpoint=held))) == (
        True,
        False,
    )
    before = (one.home.log.folder / "checkpoints" / "00000000").read_bytes()
    empty = Trust(checkpoint=before)
    assert unproven(verify_files(files, one.home.log.public, trust=empty)) == (True, True)


def test_a_head_of_another_log_is_a_fault_of_the_log(
    sealed: Callable[[str], Sealed], finished: object
) -> None:
    one = sealed(LATER)
    other = finished.home.log.checkpoint  # type: ignore[attr-defined]
    verdict = verify_files(one.finish(LATER), one.home.log.public, trust=Trust(checkpoint=other))
    assert verdict.fault is not None and verdict.fault[0] == "log.jsonl"


def test_the_code_held_beforehand_shows_both(sealed: Callable[[str], Sealed]) -> None:
    one = sealed(LATER)
    code = lifecycle.DrawFolder.find(one.home, "d1").read_plan().code
    assert unproven(verify_files(one.finish(LATER), one.home.log.public, code)) == (False, False)


def test_a_witness_signs_no_second_log(sealed: Callable[[str], Sealed], finished: object) -> None:
    """What was rewritten and signed again is not continued, and the witness signs nothing."""
    one = sealed(LATER)
    other = finished.home.log  # type: ignore[attr-defined]
    with pytest.raises(BadNote):
        cosignature.sign_checkpoint(one.folder, other.checkpoint, other.public, other.lines(), 1)
    with pytest.raises(BadNote):
        cosignature.sign_checkpoint(one.folder, one.home.log.checkpoint, one.home.log.public, [], 1)


def test_a_time_stamp_of_something_else_is_not_kept(
    sealed: Callable[[str], Sealed], authority: Authority
) -> None:
    one = sealed(LATER)
    with pytest.raises(Misuse, match="no head of this log"):
        external_evidence.attach_timestamp(
            one.home.log, authority.answer(timestamp.build_request(b"anything else"))
        )
    with pytest.raises(timestamp.BadStamp):
        external_evidence.attach_timestamp(one.home.log, b"no stamp at all")


def test_a_line_of_somebody_else_is_not_kept(
    sealed: Callable[[str], Sealed], tmp_path: Path
) -> None:
    one = sealed(LATER)
    stranger = cosignature.create_witness(tmp_path / "stranger", "示例陌生人")
    line = cosignature.sign_checkpoint(
        tmp_path / "stranger", one.home.log.checkpoint, one.home.log.public, one.home.log.lines(), 5
    )
    with pytest.raises(BadNote):
        external_evidence.attach_cosignature(one.home.log, None, line.decode(), one.witness)
    assert external_evidence.attach_cosignature(one.home.log, None, line.decode(), stranger) == (
        1,
        5,
    )
    assert external_evidence.attach_cosignature(one.home.log, None, line.decode(), stranger) == (
        1,
        5,
    )  # once


def test_outside_times_of_other_draws_stay_out_of_the_bundle(
    sealed: Callable[[str], Sealed],
    run: Callable[..., FrozenPlan],
    wish: Callable[..., DrawRequest],
) -> None:
    one = sealed(LATER)
    one.finish(LATER)
    freeze_plan(
        one.home, wish("d2", not_before="2099-02-05T06:00:00Z", publish_by=date(2099, 3, 1))
    )
    with stopped("2099-12-31"):
        lifecycle.commit_plan(one.home, "d2", LATER)
        lifecycle.void_draw(one.home, "d2", "wrong plan", LATER)
    assert not [
        name
        for name in bundle.gather_bundle(one.home, "d2")
        if external_evidence.parse_evidence_name(name)
    ]
