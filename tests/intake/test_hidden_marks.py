"""A mark that turns the reading direction stays in the name and is noted; it is not lost, and nobody is set aside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import shipped

SHEET = (
    "行政相对人名称,统一社会信用代码,行政许可决定文书号,许可内容,许可决定日期\n"
    "示例\u202e所务事师律\u202c,31990000XXXX00967X,示例〔2020〕1号,设立,2020-01-06\n"
    "示例甲律师事务所,31990000XXXX00203K,示例〔2020〕2号,设\u202e立,2020-01-06\n"
)


def test_a_turned_name_is_kept_and_noted(tmp_path: Path) -> None:
    (tmp_path / "许可.csv").write_text(SHEET, encoding="utf-8")
    (reading,) = read_drop([tmp_path], date(2020, 12, 31), shipped())
    assert (reading.accepted, reading.quarantined) == (2, 0)
    assert "示例\u202e所务事师律\u202c" in reading.tables["permits"]["name"].to_list()
    noted = reading.issues.select("row", "reason", "severity").rows()
    assert noted == [(2, reasons.HIDDEN_MARK, "noted")]
