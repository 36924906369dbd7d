"""Sheets of penalties for tests of what a workbook or page says beside its values."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

DAY = date(2016, 12, 31)
HEADER = [
    "行政相对人名称",
    "行政处罚决定书文号",
    "处罚类别",
    "处罚决定日期",
    "处罚机关",
    "罚款金额",
]
ROW = ["示例甲律师事务所", "示例1号", "罚款", "2015-05-03", "示例区司法局"]
FORMATS = [
    ('#,##0.00"元"', "5000", 500_000),
    ('0.00"万元"', "0.5", 500_000),
    ("[$￥-804]#,##0.00", "5000", 500_000),
    ("0", "5", 5_000_000),
    ('0"千元"', "5", 500_000),
]


def read(path: Path) -> FileReading:
    (reading,) = read_drop(path, DAY, load_shipped_layouts())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


def told(reading: FileReading, *why: str) -> list[tuple[str, str]]:
    found = reading.issues.filter(reading.issues["reason"].is_in(why))
    return found.select("sheet", "value").rows()


def page(folder: Path, text: str) -> FileReading:
    path = folder / "处罚.xls"
    path.write_text(text, "utf-8")
    return read(path)
