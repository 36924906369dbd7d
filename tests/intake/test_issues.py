"""Issues have a place and a value, and no personal number."""

from __future__ import annotations

import polars as pl
import pytest

from double_random.intake import reasons
from double_random.intake.error_cells import UNCOMPUTED
from double_random.intake.file_reading import issue_schema
from double_random.intake.issues import SHOWN, Origin, combine_issues, mask_value

ORIGIN = Origin("许可.csv", "表")


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("示例", "示例"),
        ("身份证310101199003070012", "身份证310101************"),
        ("电话13800000000。", "电话138********。"),
        ("示例〔2015〕1号", "示例〔2015〕1号"),
        ("x" * 500, "x" * SHOWN),
    ],
)
def test_personal_numbers_are_cut_from_what_is_shown(value: str, shown: str) -> None:
    assert pl.select(mask_value(pl.lit(value))).item() == shown


def test_a_remark_is_on_a_sheet_or_a_column() -> None:
    (row,) = ORIGIN.issue(1, f"{UNCOMPUTED}F1", "示例", reasons.UNKNOWN_COLUMN).to_dicts()
    assert row == {
        "file": "许可.csv", "sheet": "表", "row": 1, "column": "F1", "value": "示例",
        "reason": reasons.UNKNOWN_COLUMN, "name": "", "severity": "noted",
    }  # fmt: skip


def test_a_personal_number_is_shown_by_its_first_six_digits() -> None:
    found = pl.DataFrame(
        {"row": [2, 3], "value": ["3101 0119 9003 0700 12", "示例"], "name": ["示例甲", None],
         "reason": [reasons.PERSONAL_NUMBER, reasons.CHECK_DIGIT]}
    )  # fmt: skip
    issues = ORIGIN.issues(found, "统一社会信用代码", "quarantined")
    assert issues["value"].to_list() == ["310101************", "示例"]
    assert issues["name"].to_list() == ["示例甲", ""]
    assert set(issues["column"]) == {"统一社会信用代码"}


def test_the_issues_of_a_file_are_in_order_of_their_place() -> None:
    parts = [ORIGIN.issue(row, "", "", reasons.UNKNOWN_COLUMN) for row in (3, None, 2)]
    whole = combine_issues(parts, "a" * 64)
    assert whole.columns == list(issue_schema())
    assert whole["row"].to_list() == [None, 2, 3] and set(whole["sha256"]) == {"a" * 64}
    assert combine_issues([], "").schema == pl.Schema(issue_schema())
