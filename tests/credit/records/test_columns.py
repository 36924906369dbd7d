"""What a bureau's sheets become as records: sanctions, annual checks, commendations, past inspections."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.credit.records.load import load_records
from double_random.store.home import Home

DAY = date(2016, 12, 31)
SHEETS = {
    "行业处分.csv": (
        "被处分机构,统一社会信用代码,处分决定书文号,处分种类,违规行为,处分决定日期,处分期满日期,处分机构\n"
        "示例甲律师事务所,,示律处字〔2016〕第1号,通报批评、训诫,利益冲突,2016-03-01,,示例市律师协会\n"
    ),
    "年度考核.csv": (
        "机构名称,考核年度,考核结果,考核日期\n"
        "示例甲律师事务所,2015,不合格,2016-05-31\n"
        "示例乙律师事务所,2015,合格,\n"
    ),
    "表彰.csv": (
        "受表彰机构,表彰文号,表彰名称,表彰级别,表彰日期,证明材料\n"
        "示例甲律师事务所,示司奖1号,示例先进集体,市级,2016-02-01,示司奖1号文件\n"
        "示例乙律师事务所,示司奖2号,示例先进集体,,2016-02-01,\n"
    ),
    "历次检查.csv": (
        "年度,任务编号,被检查机构,检查事项,检查日期,检查结果\n"
        "2016,SL1,示例甲律师事务所,收案,2016-06-01,发现问题已责令改正\n"
        "2016,SL1,示例乙律师事务所,收案,2016-06-02,\n"
    ),
}


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    for name, text in SHEETS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_sheet_becomes_records_of_its_class(home: Home, drop: Path) -> None:
    report = load_records(home, [drop], DAY)
    assert [(f.file, f.result, f.rows, f.quarantined) for f in report.files] == [
        ("历次检查.csv", "read", 2, 2),
        ("年度考核.csv", "read", 2, 2),
        ("行业处分.csv", "read", 1, 1),
        ("表彰.csv", "read", 2, 2),
    ]
    with home.releases.read() as release:
        found = release.frame(
            "SELECT class, kinds, state, decided FROM records ORDER BY ALL"
        ).rows()
    assert found == [
        ("annual_check", "failed", "decided", date(2016, 5, 31)),
        ("annual_check", "passed", "decided", None),
        ("commendation", "city", "decided", date(2016, 2, 1)),
        ("commendation", "other", "without_evidence", date(2016, 2, 1)),
        ("inspection", "", "open", date(2016, 6, 2)),
        ("inspection", "corrected", "decided", date(2016, 6, 1)),
        ("sanction", "admonition circulated_criticism", "decided", date(2016, 3, 1)),
    ]


def test_the_same_row_in_two_files_is_a_duplicate(home: Home, drop: Path) -> None:
    (drop / "表彰二.csv").write_text(SHEETS["表彰.csv"], encoding="utf-8")
    report = load_records(home, [drop], DAY)
    (second,) = [f for f in report.files if f.file == "表彰二.csv"]
    assert (second.rows, second.duplicates) == (2, 2)


def test_the_same_file_name_in_two_folders_is_counted_apart(
    home: Home, drop: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    text = SHEETS["表彰.csv"].replace("示司奖2号", "示司奖3号")
    (other / "表彰.csv").write_text(text, encoding="utf-8")
    report = load_records(home, [drop, other], DAY)
    counts = [(f.rows, f.duplicates, f.quarantined) for f in report.files if f.file == "表彰.csv"]
    assert sorted(counts) == [(2, 0, 2), (2, 1, 1)]
