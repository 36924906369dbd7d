"""Files as offices hand them in, one trouble each: the value that a person sees, or a reason for each row set aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

HEADER = "行政相对人名称,行政处罚决定书文号,处罚类别,处罚决定日期,罚款金额(元),处罚机关\n"
NAME, FEN, DAY = "示例甲律师事务所", 500_000, date(2015, 5, 3)


def row(
    document: str = "示例1号",
    day: str = "2015-05-03",
    money: str = "5000",
    kind: str = "罚款",
    name: str = NAME,
) -> str:
    return f"{name},{document},{kind},{day},{money},示例区司法局\n"


def read(path: Path) -> FileReading:
    (reading,) = read_drop(path, date(2016, 12, 31), load_shipped_layouts())
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading


TEXT = HEADER + row()
WHOLE: dict[str, str | bytes] = {
    "a unit above the table": "单位：万元,,,,,\n" + HEADER.replace("(元)", "") + row(money="0.5"),
    "tabs in UTF-16": ("\ufeff" + TEXT.replace(",", "\t")).encode("utf-16-le"),
    "UTF-16 the other way round": ("\ufeff" + TEXT).encode("utf-16-be"),
    "UTF-16 without its mark": TEXT.encode("utf-16-le"),
    "UTF-16 without its mark, the other way round": TEXT.encode("utf-16-be"),
    "two byte order marks": "\ufeff\ufeff" + TEXT,
    "semicolons": TEXT.replace(",", ";"),
    "bars around the rows": "".join(f"|{line.replace(',', '|')}|\n" for line in TEXT.split()),
    "a line that names the separator": "sep=;\n" + TEXT.replace(",", ";"),
    "line ends of an old Macintosh": TEXT.replace("\n", "\r"),
    "full-width digits": HEADER + row(day="２０１５－０５－０３", money="５０００．００"),
    "a full-width comma within a number": HEADER + row(money="５，０００"),
    "cells dressed as formulas": HEADER + row('="示例1号"', '="2015-05-03"', '="5000"', name=f'="{NAME}"'),
    "cells dressed by an apostrophe": HEADER + row("'示例1号", "'2015-05-03", "'5000", name=f"'{NAME}"),
    "invisible marks": HEADER + row("示例1号\u200b", "2015-05-03\u200b", "5\u00a0000", name="示例甲\u200b律师事务所"),
    "a line break within a name": HEADER + row(name='"示例甲\n律师事务所"'),
    "an empty first column, empty lines": "," + HEADER + "\n\n," + row(),
    "a day with its midnight": HEADER + row(day="2015/05/03 00:00:00.000"),
    "a day of eight digits": HEADER + row(day="20150503"),
    "the yuan sign": HEADER + row(money="¥5000.00"),
    "the currency in words": HEADER + row(money="人民币5000元整"),
    "thousands in quotes": HEADER + row(money='"5,000.00"'),
    "totals and signatures": TEXT + "本页小计,,,,5000,\n总 计：1家,,,,5000,\n制表人：示例,,,,,\n审核：,,,,2016年,\n",
    "totals after a running number": "序号," + HEADER + "1," + row() + "合计,,,,,5000,\n,本页合计,,,,5000,\n",
    "headings over two rows": "行政相对人,,处罚,,,\n名称,统一社会信用代码,决定书文号,处罚类别,处罚决定日期,"
    f"罚款金额(元)\n{NAME},,示例1号,罚款,2015-05-03,5000\n",
    "a title, a note and a blank line": "示例区处罚情况表,,,,,\n说明：以决定书为准,,,,,\n,,,,,\n" + TEXT,
    "the heading on every page": TEXT + HEADER,
}  # fmt: skip


@pytest.mark.parametrize("trouble", WHOLE)
def test_a_row_is_read_as_a_person_reads_it(tmp_path: Path, trouble: str) -> None:
    text = WHOLE[trouble]
    path = tmp_path / "处罚.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    reading = read(path)
    assert (reading.reason, reading.rows, reading.accepted) == ("", 1, 1)
    (said,) = reading.tables["penalties"].to_dicts()
    shown = (said["name"], said["document"], said["decided"], said["fine_fen"], said["kinds"])
    assert shown == (NAME, "示例1号", DAY, FEN, ["fine"])


ASIDE: dict[str, tuple[str, str, str]] = {
    "negative money": (row(money="-5000"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "negative money in brackets": (row(money="(5000)"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "a minus of printers": (row(money="−5000"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "a minus behind": (row(money="5000-"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "about so much": (row(money="约5000"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "from to": (row(money="1000-5000"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "for each": (row(money="5000元/人"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "another currency": (row(money="$5000"), "罚款金额(元)", reasons.NO_SUCH_AMOUNT),
    "half a fen": (row(money="5000.005"), "罚款金额(元)", reasons.NOT_WHOLE_FEN),
    "another unit": (row(money="0.5万元"), "罚款金额(元)", reasons.UNITS_DIFFER),
    "thousands without quotes": (row(money="5,000"), "", reasons.MORE_CELLS),
    "the day first": (row(day="03/05/2015"), "处罚决定日期", reasons.NO_SUCH_DATE),
    "a year of two digits": (row(day="15-05-03"), "处罚决定日期", reasons.NO_SUCH_DATE),
    "a day that Excel counted": (row(day="42127"), "处罚决定日期", reasons.NO_SUCH_DATE),
    "half a day": (row(day="2015.5"), "处罚决定日期", reasons.NO_SUCH_DATE),
    "a year of the Republic": (row(day="民国104年5月3日"), "处罚决定日期", reasons.NO_SUCH_DATE),
    "a NUL": (row("示例\x001号"), "行政处罚决定书文号", reasons.CONTROL_CHARACTER),
    "an unknown kind": (row(kind="罚金"), "处罚类别", reasons.UNKNOWN_KIND),
    "a word for nothing as a name": (row(name="暂无"), "行政相对人名称", reasons.NAME_MISSING),
}


@pytest.mark.parametrize("trouble", ASIDE)
def test_what_a_person_would_have_to_guess_is_set_aside(tmp_path: Path, trouble: str) -> None:
    line, column, reason = ASIDE[trouble]
    path = tmp_path / "处罚.csv"
    path.write_text(HEADER + row("示例0号") + line, "utf-8")
    reading = read(path)
    assert (reading.rows, reading.accepted) == (2, 1)
    aside = reading.issues.filter(severity="quarantined").select("row", "column", "reason").rows()
    assert (3, column, reason) in aside


def workbook(path: Path, *sheets: tuple[str, Sequence[Sequence[object]]]) -> FileReading:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    book.save(path)
    return read(path)


def test_a_sheet_of_notes_first_and_a_list_of_words_last(tmp_path: Path) -> None:
    table: list[list[object]] = [
        [*HEADER.strip().split(",")],
        [NAME, "示例1号", "罚款", DAY, 5000, "示例区司法局"],
    ]
    notes = [["填报说明"], ["一、本表由各区填报"], ["二、金额以元为单位"]]
    reading = workbook(
        tmp_path / "处罚.xlsx", ("填报说明", notes), ("处罚", table), ("码表", [["罚款"], ["警告"]])
    )
    assert reading.tables["penalties"]["fine_fen"].to_list() == [FEN]
    unread = reading.issues.filter(reason=reasons.UNKNOWN_SHEET)
    assert unread["sheet"].to_list() == ["填报说明", "码表"]
