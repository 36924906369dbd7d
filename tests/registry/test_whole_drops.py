"""Whole drops with random dirt: no row lost or counted twice; one register, in whatever order and nights they come.

The files are made here from known decisions: each in some dress that must not matter, beside rows that must be
quarantined for a known reason, exact duplicates, and lines that are no rows. So every count is known beforehand.
"""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.credit_codes import check_character
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts
from double_random.registry.sync.sync_run import merge_readings
from double_random.store.releases import Draft
from tests.thorough import examples

AS_OF = date(2016, 12, 31)
HEADINGS = {
    "name": ("行政相对人名称", "XK_XDR_MC"),
    "uscc": ("行政相对人代码_1（统一社会信用代码）", "XK_XDR_SHXYM"),
    "licence": ("许可编号", "XK_XKBH"),
    "certificate": ("许可证书名称", "XK_XKZS"),
    "document": ("行政许可决定\n文书号", "XK_WSH"),
    "title": ("行政许可决定文书名称", "XK_XKWS"),
    "content": ("许可内容", "XK_NR"),
    "decided": ("*许可决定日期", "XK_JDRQ"),
    "ends": ("有效期至", "XK_YXQZI"),
    "head": ("法定代表人", "XK_FRDB"),
    "secret": ("法定代表人证件号码", "XK_FR_ZJHM"),
    "strange": ("本局内部列", "NBL"),
}
TITLES = (
    "关于准予律师事务所变更名称的决定",
    "关于准予律师事务所变更住所的决定",
    "关于注销律师事务所的决定",
)
WIDE = str.maketrans({chr(c): chr(c + 0xFEE0) for c in range(0x30, 0x5B)})
Row = dict[str, str]


@dataclass
class Drop:
    """Rows to be written, each with what must become of it: "" or the reason of its quarantine."""

    rows: list[tuple[Row, str]]
    distinct: int


def code(number: int) -> str:
    body = f"31310000XXXX3{number:04}"
    return body + check_character(body)


def decisions(dice: Random) -> list[Row]:
    """Some institutions, each with its founding and what came after; every decision has a number of its own."""
    rows: list[Row] = []
    for number in range(dice.randint(1, 5)):
        day = date(2000, 1, 1) + timedelta(days=dice.randint(0, 3000))
        name = f"上海示例{number}（甲）律师事务所"
        for step in range(dice.randint(1, 3)):
            title = "关于准予律师事务所设立的决定" if step == 0 else dice.choice(TITLES)
            if "名称" in title:
                name = f"上海示例{number}（{step}）律师事务所"
            place = dice.choice(("闵行区", "黄浦区", "徐汇区"))
            rows.append(
                {
                    "name": name,
                    "uscc": code(number),
                    "licence": f"2310020001000{number:04}",
                    "certificate": "律师事务所执业许可证",
                    "document": f"示例许〔{day.year}〕第{len(rows)}号",
                    "title": title,
                    "content": f"住所:上海市{place}示例路{len(rows)}号",
                    "decided": day.isoformat(),
                    "ends": "长期",
                    "head": dice.choice(("示例一", "示例二")),
                    "secret": "31010119590101032X",
                    "strange": "示例",
                }
            )
            day += timedelta(days=dice.randint(1, 500))
    return rows


def dressed(row: Row, dice: Random) -> Row:
    """The same row as another clerk would have typed it."""
    day = date.fromisoformat(row["decided"])
    forms = ("{y}-{m:02}-{d:02}", "{y}/{m}/{d}", "{y}.{m:02}.{d:02}", "{y}年{m}月{d}日")
    forms += ("{y}{m:02}{d:02}", "{y}/{m}/{d} 0:00")
    uscc = row["uscc"]
    return row | {
        "name": dice.choice(("{}", " {}", "{}　", "{}\u200b", "{}\n")).format(row["name"]),
        "uscc": dice.choice(
            (uscc, uscc.lower(), uscc.translate(WIDE), f"{uscc[:4]} {uscc[4:]}", f"{uscc}\t")
        ),
        "licence": dice.choice((row["licence"], row["licence"].translate(WIDE))),
        "decided": dice.choice(forms).format(y=day.year, m=day.month, d=day.day),
        "ends": dice.choice(("长期", "2099-12-31", "", "无", "9999/12/31")),
        "secret": dice.choice((row["secret"], "")),
        "strange": dice.choice(("示例", "", "=1+1")),
    }


def spoilt(row: Row, dice: Random) -> tuple[Row, str]:
    """A row that must be quarantined, and why."""
    uscc = row["uscc"]
    wrong = "0" if uscc[17] != "0" else "1"
    change, reason = dice.choice(
        (
            ({"name": dice.choice(("", "无", " "))}, reasons.NAME_MISSING),
            ({"uscc": uscc[:17] + wrong}, reasons.CHECK_DIGIT),
            ({"uscc": uscc[:16]}, reasons.CODE_LENGTH),
            ({"uscc": "0" * 17 + "X"}, reasons.PLACEHOLDER_CODE),
            ({"decided": "2015-02-30"}, reasons.NO_SUCH_DATE),
            ({"decided": "2017年1月1日"}, reasons.DECIDED_IN_FUTURE),
            ({"decided": ""}, reasons.CELL_MISSING),
            ({"uscc": "", "licence": "/"}, reasons.ONE_OF_MISSING),
            ({"ends": "很久"}, reasons.NO_SUCH_DATE),
        )
    )
    return dressed(row, dice) | change, reason


def random_drop(dice: Random) -> Drop:
    facts = decisions(dice)
    rows = [(dressed(row, dice), "") for row in facts]
    rows += [(dressed(dice.choice(facts), dice), "") for _ in range(dice.randint(0, 4))]
    # each of another decision: an equal bad row would be a duplicate
    rows += [spoilt(row, dice) for row in dice.sample(facts, dice.randint(0, min(4, len(facts))))]
    return Drop(rows, len(facts))


def grid(rows: list[Row], dice: Random) -> list[list[str]]:
    """A sheet: title and help lines, a header in some order, rows, and between them lines that are none."""
    columns = list(HEADINGS)
    dice.shuffle(columns)
    spelling = dice.randint(0, 1)
    header = [HEADINGS[column][spelling] for column in columns]
    blank = [""] * len(columns)
    lines = [["示例市行政许可公示表", *blank[1:]], ["表格说明：带*为必填", *blank[1:]]]
    lines = [*lines[: dice.randint(0, 2)], header]
    for row in rows:
        lines.append([row[column] for column in columns])
        if dice.random() < 0.2:
            lines.append(dice.choice((blank, header, [f"合计：{len(lines)}", *blank[1:]])))
    return lines


def written(rows: list[Row], dice: Random, workbooks: bool) -> tuple[str, bytes]:
    """A file in some dress: its suffix and bytes."""
    lines = grid(rows, dice)
    dress = dice.choice(("csv", "csv", "csv", "zip", "xlsx" if workbooks else "csv"))
    if dress == "xlsx":
        raw = io.BytesIO()
        with xlsxwriter.Workbook(raw, {"strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("许可")
            for place, line in enumerate(lines):
                sheet.write_row(place, 0, line)
            book.add_worksheet("码表").write_row(0, 0, ["示例"])
        return dress, raw.getvalue()
    text = io.StringIO()
    end = dice.choice(("\n", "\r\n"))
    csv.writer(text, delimiter=dice.choice(",\t;"), lineterminator=end).writerows(lines)
    encoded = text.getvalue().encode(dice.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16")))
    if dress == "csv":
        return dress, encoded
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("里面/许可.csv", encoded)
    return dress, raw.getvalue()


def readings(
    rows: list[Row], files: int, dice: Random, workbooks: bool = False
) -> list[FileReading]:
    """The rows spread over files in some order, read."""
    shuffled = dice.sample(rows, len(rows))
    with tempfile.TemporaryDirectory() as folder:
        for number in range(files):
            suffix, raw = written(shuffled[number::files], dice, workbooks)
            Path(folder, f"{dice.randint(0, 9)}_{number}.{suffix}").write_bytes(raw)
        return read_drop(Path(folder), AS_OF, load_shipped_layouts())


def counted(found: list[FileReading]) -> Counter[str]:
    total: Counter[str] = Counter()
    for reading in found:
        assert reading.result == "read", reading.reason
        assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
        assert reading.accepted == sum(table.height for table in reading.tables.values())
        for part in ("rows", "accepted", "duplicates", "quarantined"):
            total[part] += getattr(reading, part)
    return total


@settings(max_examples=examples(8, 100), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32), st.integers(1, 3), st.booleans())
def test_no_row_is_lost_or_counted_twice(seed: int, files: int, workbooks: bool) -> None:
    dice = Random(seed)
    drop = random_drop(dice)
    wanted = Counter(reason for _row, reason in drop.rows if reason)
    for _order in range(2):
        found = readings([row for row, _reason in drop.rows], files, dice, workbooks)
        assert counted(found) == {
            "rows": len(drop.rows),
            "accepted": drop.distinct,
            "duplicates": len(drop.rows) - drop.distinct - wanted.total(),
            "quarantined": wanted.total(),
        }
        issues = [issue for reading in found for issue in reading.issues.to_dicts()]
        bad = Counter(row["reason"] for row in issues if row["severity"] == "quarantined")
        assert bad == wanted
        documents = [
            document
            for reading in found
            for document in reading.tables["permits"]["document"].to_list()
        ]
        assert len(set(documents)) == len(documents) == drop.distinct
        unknown = [row for row in issues if row["reason"] == reasons.UNKNOWN_COLUMN]
        assert len(unknown) == len(found)
        assert "31010119590101032X" not in str(issues)


def night(register, found: list[FileReading]) -> None:
    """One run of the register over a drop's readings."""
    register.run += 1
    register.draft = Draft(connection=register.connection, run=register.run, before="")
    merge_readings(register.draft, found, register.facts, load_shipped_layouts())


@settings(max_examples=examples(3, 40), deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**32))
def test_one_drop_or_ten_nights_end_in_the_same_register(new_register, seed):
    dice = Random(seed)
    rows = [row for row, _reason in random_drop(dice).rows]
    at_once, by_night = new_register(), new_register()
    night(at_once, readings(rows, 2, dice))
    shuffled = dice.sample(rows, len(rows))
    for number in range(10):
        if some := shuffled[number::10]:
            night(by_night, readings(some, 1, dice))
    assert at_once.versions()
    assert by_night.versions() == at_once.versions()
    kept = "SELECT decision, institution FROM decisions WHERE known_to IS NULL ORDER BY ALL"
    assert by_night.rows(kept) == at_once.rows(kept)
