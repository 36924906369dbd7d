"""The rows of a sheet: which lines are rows, what their cells hold, and which are quarantined."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from double_random.intake import header, reasons, row_parser
from double_random.intake.delimited import DelimitedSheet
from double_random.intake.issues import Origin
from double_random.intake.layouts import load_shipped_layouts
from double_random.intake.row_parser import SheetRows
from tests.intake.penalty_sheets import DAY, HEADER, ROW

LAYOUTS = load_shipped_layouts()
SOUND = ",".join([*ROW, "0.5"])  # 万元, as the layout has it


def parse(*lines: str, headings: str = ",".join(HEADER)) -> SheetRows:
    """A text of these lines, read as one sheet."""
    sheet = DelimitedSheet("处罚.csv", "\n".join([headings, *lines, ""]).encode())
    found = header.find_header(sheet.top, LAYOUTS, "处罚.csv")
    assert found is not None
    return row_parser.read_rows(sheet, found, Origin("处罚.csv", ""), DAY)


def noted(rows: SheetRows, reason: str) -> list[tuple[int, str, str]]:
    issues = pl.concat(rows.issues).filter(reason=reason)
    return [
        (row, value, severity)
        for row, value, severity in issues.select("row", "value", "severity").rows()
    ]


def test_a_sound_row_is_typed_and_has_its_place() -> None:
    rows = parse(SOUND)
    assert (rows.noun, rows.rows, rows.quarantined, rows.issues) == ("penalties", 1, 0, [])
    (row,) = rows.accepted.to_dicts()
    assert (row["name"], row["kinds"], row["decided"]) == (ROW[0], ["fine"], date(2015, 5, 3))
    assert row["fine_fen"] == 500_000
    assert (row["file"], row["sheet"], row["row"]) == ("处罚.csv", "", 2)


def test_a_faulty_cell_sets_its_row_aside_with_what_it_holds() -> None:
    rows = parse(SOUND, SOUND.replace("2015-05-03", "2015-02-30"))
    assert (rows.rows, rows.accepted.height, rows.quarantined) == (2, 1, 1)
    (aside,) = rows.aside.to_dicts()
    assert (aside["row"], aside["faulty"], aside["raw"]) == (3, ["decided"], ["2015-02-30"])
    assert noted(rows, reasons.NO_SUCH_DATE) == [(3, "2015-02-30", "quarantined")]


@pytest.mark.parametrize(
    "line", ["合计,,,,,5000", " 合 计：,,,,,", "说明：示例,,,,,", ",,,,,", ",".join(HEADER)]
)
def test_totals_help_blanks_and_repeated_headers_are_no_rows(line: str) -> None:
    assert parse(SOUND, line, SOUND.replace("示例1号", "示例2号")).rows == 2


def test_a_total_with_a_code_is_a_row() -> None:
    headings = ",".join([*HEADER, "统一社会信用代码"])
    rows = parse(
        "合计,示例1号,罚款,2015-05-03,示例区司法局,5000,31990000XXXX000214", headings=headings
    )
    assert rows.rows == 1


def test_a_signature_below_the_table_is_passed_over_and_noted() -> None:
    rows = parse(SOUND, "填表人：示例某,,,,,")
    assert rows.rows == 1
    ((row, value, severity),) = noted(rows, reasons.PASSED_OVER)
    assert (row, severity) == (3, "noted") and value.startswith("填表人")


def test_an_unknown_column_is_noted_at_the_header() -> None:
    rows = parse(f"{SOUND},示例", headings=",".join([*HEADER, "示例列"]))
    assert noted(rows, reasons.UNKNOWN_COLUMN) == [(1, "", "noted")]


def test_a_cell_too_many_sets_the_row_aside(tmp_path: Path) -> None:
    rows = parse(SOUND, f"{SOUND},示例")
    assert (rows.quarantined, rows.aside["beyond"].to_list()) == (1, [True])
    assert noted(rows, reasons.MORE_CELLS) == [(3, "", "quarantined")]
