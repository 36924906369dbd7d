"""Every file of a bundle is public, discloses grades, or is internal; nothing is two of these."""

from __future__ import annotations

from double_random.inspection.draw import bundle_files
from double_random.inspection.protocol.plan import FILES
from tests.inspection.protocol.conftest import make_case


def test_each_file_has_exactly_one_audience() -> None:
    together = [*bundle_files.PUBLIC, *bundle_files.GRADED, *bundle_files.INTERNAL]
    assert len(set(together)) == len(together)
    assert set(together) == bundle_files.NAMES


def test_the_files_of_plan_and_draw_have_an_audience() -> None:
    assert {*FILES, "plan.json"} <= bundle_files.NAMES
    assert {*make_case().draw().result_files, "result.json"} == set(bundle_files.RESULT)
    assert {*bundle_files.RECOUNTED, *bundle_files.LOG} <= bundle_files.NAMES
    assert bundle_files.MARKS <= bundle_files.NAMES


def test_what_could_disclose_a_recusal_is_not_public() -> None:
    hidden = {"inner", "recusals.csv", "certificate.json", "inspectors_left_out.csv"}
    assert not hidden & {*bundle_files.PUBLIC, *bundle_files.GRADED}
