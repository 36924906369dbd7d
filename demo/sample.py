"""Writes the sample drop, raw files of a fictitious bureau: `python -m double_random.demo.sample FOLDER`."""

from __future__ import annotations

import csv
import datetime
import io
import sys
from pathlib import Path

from double_random.demo import sheets
from double_random.demo.bureau import BRANCH, FORENSIC, NOTARY, SampleBureau
from double_random.demo.years import sample_bureau

FIRMS = "许可_律师事务所.csv"
OTHERS = "许可_分所和公证机构.csv"
FORENSICS = "许可_司法鉴定机构.xlsx"
PENALTIES = "处罚.csv"
COMPLAINTS = "投诉.csv"
INSPECTORS = "检查人员.csv"
RECUSALS = "回避.csv"

# The workbook's creation time: fixed, so that the same sample gives the same file.
MADE = datetime.datetime(2026, 11, 2, 9, 0, 0)


def _to_csv(rows: list[list[str]], encoding: str) -> bytes:
    """Rows as a Windows CSV file: CRLF, quotes only if needed."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode(encoding)


def _forensic_workbook(filled_bureau: SampleBureau) -> bytes:
    """The forensic institutions as a typical workbook: merged title, real dates, one number corrupted by Excel."""
    from xlsxwriter import Workbook

    rows = sheets.titled_permit_sheet(filled_bureau, FORENSIC)
    header = rows[0]
    dates = {header.index(name) for name in ("许可决定日期", "有效期自")}
    licence = header.index("许可编号")
    spoilt = sheets.spoilt_permit_row(rows[1], header)
    rows.append(spoilt)
    target = io.BytesIO()
    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": "示例数据", "created": MADE})
    sheet = book.add_worksheet("行政许可")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.merge_range(0, 0, 0, len(header) - 1, "司法鉴定机构行政许可公示表(示例数据)")
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if row is spoilt and column == licence:
                sheet.write_number(number, column, int(value))
            elif number > 1 and column in dates:
                sheet.write_datetime(number, column, datetime.datetime.fromisoformat(value), day)
            elif value:
                sheet.write_string(number, column, value)
    book.close()
    return target.getvalue()


def sample_files(filled_bureau: SampleBureau | None = None) -> dict[str, bytes]:
    """The drop's files by their names."""
    filled_bureau = filled_bureau or sample_bureau()
    return {
        FIRMS: _to_csv(sheets.firm_permit_sheet(filled_bureau), "gb18030"),
        OTHERS: _to_csv(sheets.coded_permit_sheet(filled_bureau, BRANCH, NOTARY), "utf-8-sig"),
        FORENSICS: _forensic_workbook(filled_bureau),
        PENALTIES: _to_csv(sheets.penalty_sheet(filled_bureau), "gb18030"),
        COMPLAINTS: _to_csv(sheets.complaint_sheet(filled_bureau), "utf-8"),
        INSPECTORS: _to_csv(sheets.inspector_sheet(filled_bureau), "utf-8-sig"),
        RECUSALS: _to_csv(sheets.recusal_sheet(filled_bureau), "utf-8"),
    }


def write_sample(folder: Path) -> list[Path]:
    """Write the drop into a folder, created if missing; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in sample_files().items():
        (folder / name).write_bytes(content)
        written.append(folder / name)
    return written


if __name__ == "__main__":
    for path in write_sample(Path(sys.argv[1] if len(sys.argv) > 1 else "data/sample")):
        print(path)
