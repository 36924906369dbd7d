"""The night's report tells the coverage, and whether it fell (D-019)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from double_random.pipeline.nightly import run_nightly
from double_random.store.home import Home

HEADER = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,行政许可决定文书号,"
    "许可证书名称,许可编号,许可内容,许可决定日期,许可机关,当前状态"
)
ROW = (
    "上海示例甲律师事务所,31310000XXXX30015D,关于准予律师事务所设立的决定,第1号,"
    "律师事务所执业许可证,23100002009103001,住所:上海市闵行区示例路1号,1992-12-09,示例市司法局,1"
)
BAD = ROW.replace("30015D", "30015A").replace("示例甲", "示例乙").replace("第1号", "第2号")


def test_a_night_that_sets_an_approval_aside_tells_that_the_coverage_fell(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "bureau", "示例市司法局", "11310000XXXX00071R")
    (tmp_path / "drop").mkdir()
    told = []
    for day, rows in ((3, [ROW]), (4, [ROW, BAD]), (5, [ROW, BAD])):
        (tmp_path / "drop" / "许可.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")
        report = run_nightly(home, [tmp_path / "drop"], date(2016, 12, day))["coverage"]
        told.append((report["approvals"], report["covered"], report["percent"], report["fell"]))
    assert told == [(1, 1, "100.0", False), (2, 1, "50.0", True), (2, 1, "50.0", False)]
