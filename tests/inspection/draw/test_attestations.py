"""Witnesses are recorded with their office; nobody witnesses a draw in which the own office can be drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.inspection.draw import attestations, lifecycle
from double_random.inspection.planning.plan_builder import FrozenPlan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.verification import bundle
from double_random.inspection.verification.verify import verify_files
from double_random.store.home import Home

AT = "2026-11-03T06:20:00Z"
NOTARY = "公证员示例，示例市公证处"


@pytest.fixture
def ready(
    bureau: Callable[..., Home], wish: Callable[..., DrawRequest], run: Callable[..., FrozenPlan]
) -> Home:
    home = bureau()
    run(home, wish(), until="draw")
    return home


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    path = tmp_path / "记录.pdf"
    path.write_bytes("抽取记录，见证人签名（示例）".encode())
    return path


def test_the_record_is_logged_by_its_hash_and_kept_inside(ready: Home, scan: Path) -> None:
    entry = attestations.log_attestation(
        ready, "d1", scan, [NOTARY, "纪检员示例,示例市纪委监委派驻组"], AT
    )
    digest = hashlib.sha256(scan.read_bytes()).hexdigest()
    assert entry["sha256"] == digest and entry["witnesses"][1] == "纪检员示例，示例市纪委监委派驻组"
    assert (ready.draws / "d1" / "attestations" / f"{digest}.pdf").stat().st_mode & 0o777 == 0o600
    lifecycle.publish_draw(ready, "d1", "2026-11-06T08:00:00Z")
    verdict = verify_files(bundle.gather_bundle(ready, "d1"), ready.log.public)
    assert verdict.intact
    assert any("公证员示例" in note and digest in note for note in verdict.notes)


@pytest.mark.parametrize("office", ["上海示例003律师事务所", "上海示例００３律师事务所", "code"])
def test_a_witness_whose_office_can_be_drawn_is_refused(
    ready: Home, scan: Path, office: str, firm: Callable[[int], str]
) -> None:
    named = f"见证人示例，{firm(3) if office == 'code' else office}"
    with pytest.raises(Misuse, match="can be drawn itself"):
        attestations.log_attestation(ready, "d1", scan, [NOTARY, named], AT)
    assert len(ready.log.entries()) == 3


@pytest.mark.parametrize("named", [[], ["见证人示例"], ["，示例市公证处"], ["见证人示例，"]])
def test_a_witness_has_a_name_and_an_office(ready: Home, scan: Path, named: list[str]) -> None:
    with pytest.raises(Misuse):
        attestations.log_attestation(ready, "d1", scan, named, AT)


def test_a_witness_of_the_frame_that_stands_in_a_log_all_the_same_is_told(ready: Home) -> None:
    ready.log.append(
        {
            "kind": "attest",
            "time": AT,
            "draw": "d1",
            "sha256": "0" * 64,
            "witnesses": ["见证人示例，上海示例003律师事务所"],
        }
    )
    lifecycle.publish_draw(ready, "d1", "2026-11-06T08:00:00Z")
    notes = verify_files(bundle.gather_bundle(ready, "d1"), ready.log.public).notes
    assert any("can be drawn itself" in note for note in notes)
