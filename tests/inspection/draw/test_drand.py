"""drand's signature under a round is checked without a network, and every other one is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import lifecycle
from double_random.inspection.draw.drand import is_round_signature
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol.sources import round_seconds
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_files
from double_random.store.home import Home
from double_random.store.log.external_evidence import seconds_to_log_time

ROUND = 12040883


@pytest.fixture
def vectors(shared: Path) -> dict[str, list[dict[str, object]]]:
    found = json.loads((shared / "reference" / "drand_vectors.json").read_text("utf-8"))
    return found["quicknet"]  # type: ignore[no-any-return]


def test_three_real_rounds_are_signed_and_three_others_not(
    vectors: dict[str, list[dict[str, object]]],
) -> None:
    for one in vectors["valid"]:
        assert is_round_signature(int(str(one["round"])), str(one["signature"]))
    for one in vectors["invalid"]:
        if one["bls_here"] is not True:  # the third has a right signature and a wrong hash
            assert not is_round_signature(int(str(one["round"])), str(one["signature"]))


@pytest.mark.parametrize("signature", ["", "00" * 48, "c0" + "00" * 47, "ff" * 48, "zz" * 48])
def test_what_is_no_signature_is_none(signature: str) -> None:
    assert not is_round_signature(1000, signature)


def test_the_library_does_not_lift_the_guard_against_deep_texts() -> None:
    before = sys.getrecursionlimit()
    is_round_signature(1000, "b" * 96)
    assert sys.getrecursionlimit() == before


def test_a_draw_from_a_real_round_is_checked_to_the_signature(
    bureau: Callable[..., Home],
    wish: Callable[..., DrawRequest],
    vectors: dict[str, list[dict[str, object]]],
) -> None:
    one = next(row for row in vectors["valid"] if row["round"] == ROUND)
    value, signature = str(one["randomness_computed_here"]), str(one["signature"])
    source, at = f"drand:quicknet:{ROUND}", seconds_to_log_time(round_seconds(ROUND))
    home = bureau()
    freeze_plan(
        home,
        wish(
            as_of=date(2020, 1, 1),
            sources=(source,),
            not_before=at,
            publish_by=date.fromisoformat(at[:10]),
        ),
    )
    lifecycle.commit_plan(home, "d1", "2020-01-01T00:00:00Z")
    with pytest.raises(Misuse):
        lifecycle.log_entropy(home, "d1", f"{source}={value}", at, signature[:-2] + "00")
    lifecycle.log_entropy(home, "d1", f"{source}={value}", at, signature)
    lifecycle.run_draw(home, "d1", at)
    lifecycle.publish_draw(home, "d1", at)
    verdict = verify_files(bundle.gather_bundle(home, "d1"), home.log.public)
    assert verdict.intact and "drand" not in verdict.first_line
    assert any("drand signed round" in note for note in verdict.notes)


def test_a_round_whose_signature_was_not_kept_is_named_as_unchecked(
    bureau: Callable[..., Home],
    wish: Callable[..., DrawRequest],
) -> None:
    source, at = f"drand:quicknet:{ROUND}", seconds_to_log_time(round_seconds(ROUND))
    home = bureau()
    freeze_plan(
        home,
        wish(
            as_of=date(2020, 1, 1),
            sources=(source,),
            not_before=at,
            publish_by=date.fromisoformat(at[:10]),
        ),
    )
    lifecycle.commit_plan(home, "d1", "2020-01-01T00:00:00Z")
    lifecycle.log_entropy(home, "d1", f"{source}={'ab' * 32}", at)
    lifecycle.run_draw(home, "d1", at)
    lifecycle.publish_draw(home, "d1", at)
    assert "drand's own signature" in verify_files(bundle.gather_bundle(home, "d1")).first_line
