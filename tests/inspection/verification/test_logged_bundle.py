"""A bundle with its log is judged from the head down; an outside list and a code from outside are looked at too."""

from __future__ import annotations

from pathlib import Path

import pytest

from double_random.inspection.verification.logged_bundle import verify_logged_bundle
from double_random.inspection.verification.verify import verify_files
from tests.verifiers.corpus import KEY
from tests.verifiers.logged import carry_out, cosign, make_changes, whole_logs


@pytest.mark.parametrize("name", whole_logs())
def test_each_draw_is_intact_and_tells_its_code(name: str) -> None:
    bureau = whole_logs()[name]
    code = bureau.case.plan.code
    for auditor in (True, False):
        verdict = verify_logged_bundle(bureau.bundle(auditor), KEY, code)
        assert verdict.intact, verdict.first_line
        assert (verdict.code, verdict.draw) == (code, bureau.case.plan.draw)
        assert "顺序未证明" not in verdict.first_line


def test_another_code_is_wrong() -> None:
    verdict = verify_logged_bundle(carry_out().bundle(), KEY, "2345" * 8)
    assert verdict.fault is not None and verdict.fault[0] == "plan.json"


def test_what_the_log_tells_is_noted() -> None:
    notes = " ".join(verify_logged_bundle(make_changes(carry_out()).bundle(), KEY).notes)
    assert notes.count("changed after the draw") == 3
    notes = " ".join(verify_logged_bundle(whole_logs()["attested"].bundle(), KEY).notes)
    assert "示例公证处" in notes and "public entropy 44 bits" in notes


def test_a_list_from_outside_is_compared(tmp_path: Path) -> None:
    register = tmp_path / "list.csv"
    register.write_text("统一社会信用代码,名称\n31310000XXXX99998A,示例漏所\n", encoding="utf-8")
    bundle = carry_out().bundle()
    verdict = verify_files(bundle, KEY, register=register)
    assert verdict.fault is not None and verdict.fault[0] == "pool.csv"
    assert "示例漏所" in verdict.fault[1]


def test_an_evidence_file_upon_another_head_is_named() -> None:
    bundle = cosign(carry_out().bundle(), 2, "2026-03-01T02:00:00Z")
    moved = {**bundle, "cosigned-00000003": bundle["cosigned-00000002"]}
    verdict = verify_logged_bundle(moved, KEY)
    assert verdict.fault is not None and verdict.fault[0] == "cosigned-00000003"
