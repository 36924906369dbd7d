"""A record may name its institution by a licence number: below a host's code, or without any code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.credit.records.load import load_records
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

DAY = date(2016, 12, 31)
PERMITS = "行政相对人名称,统一社会信用代码,许可编号,行政许可决定文书名称,行政许可决定文书号,许可证书名称,许可决定日期"
HOST = "12990000XXXX00097W"
FORENSIC = "司法鉴定许可证"


def permit(name: str, code: str, licence: str, certificate: str = FORENSIC) -> str:
    return f"{name},{code},{licence},关于准予设立的决定,示例许〔2010〕{licence[-3:]}号,{certificate},2010-03-01"


@pytest.fixture
def bureau(home: Home, tmp_path: Path) -> Home:
    """Two forensic institutions of one host, and two that have no code."""
    rows = [
        permit("示例大学司法鉴定中心", HOST, "990020101"),
        permit("示例大学医学院司法鉴定所", HOST, "990020102"),
        permit("示例甲司法鉴定所", "", "990020103"),
        permit("示例乙司法鉴定所", "", "990020104"),
    ]
    file = tmp_path / "许可.csv"
    file.write_text("\n".join([PERMITS, *rows]) + "\n", "utf-8")
    sync_registers(home, [file], DAY)
    return home


# Noun → its columns and a row's other cells.
SHEETS = {
    "处罚": ("行政处罚决定书文号,处罚类别,处罚决定日期,违法行为类型", "示例罚〔2015〕1号,警告,2015-05-03,示例"),
    "投诉": ("登记编号,登记日期,来源,投诉事项,受理情况,办理结果,办结日期", "示例投1,2015-06-01,,,受理,查实,2015-07-01"),
}  # fmt: skip
NAMES = {"处罚": "行政相对人名称", "投诉": "被投诉机构"}


def linked(home: Home) -> list[tuple[str, str]]:
    with home.releases.read() as release:
        found = release.connection.execute(
            "SELECT institution, how FROM links WHERE known_to IS NULL ORDER BY ALL"
        )
        return found.fetchall()


@pytest.mark.parametrize("noun", SHEETS)
def test_a_licence_number_tells_institutions_under_one_hosts_code_apart(
    bureau: Home, tmp_path: Path, noun: str
) -> None:
    """D-011"""
    heads, cells = SHEETS[noun]
    file = tmp_path / f"{noun}.csv"
    file.write_text(
        f"{NAMES[noun]},统一社会信用代码,许可证号,{heads}\n"
        f"示例大学,{HOST},990020102,{cells}\n示例甲所,,990020103,{cells}\n",
        "utf-8",
    )
    report = load_records(bureau, [file], DAY)
    assert [(one.accepted, one.quarantined) for one in report.files] == [(2, 0)]
    assert linked(bureau) == [("L:990020102", "code"), ("L:990020103", "licence")]
    assert load_records(bureau, [file], DAY).files[0].duplicates in (0, 2)
    assert len(linked(bureau)) == 2


def test_two_licence_numbers_make_two_records_of_one_content(bureau: Home, tmp_path: Path) -> None:
    heads, cells = SHEETS["投诉"]
    file = tmp_path / "投诉.csv"
    rows = "".join(f"示例大学,{HOST},99002010{end},{cells}\n" for end in (1, 2))
    file.write_text(f"被投诉机构,统一社会信用代码,许可证号,{heads}\n{rows}", "utf-8")
    load_records(bureau, [file], DAY)
    assert linked(bureau) == [("L:990020101", "code"), ("L:990020102", "code")]


def test_a_licence_number_beside_another_ones_name_waits(bureau: Home, tmp_path: Path) -> None:
    heads, cells = SHEETS["投诉"]
    file = tmp_path / "投诉.csv"
    file.write_text(f"被投诉机构,许可证号,{heads}\n示例乙司法鉴定所,990020103,{cells}\n", "utf-8")
    report = load_records(bureau, [file], DAY)
    assert [(one.accepted, one.quarantined) for one in report.files] == [(0, 1)]
    assert linked(bureau) == []


def test_a_recusal_and_a_suspension_find_their_institution_by_licence_number(
    bureau: Home, tmp_path: Path
) -> None:
    """D-011"""
    drop = tmp_path / "drop"
    drop.mkdir()
    (drop / "回避.csv").write_text("执法证号,许可证号,事由\nZF99XXXX01,990020104,曾任职\n", "utf-8")
    (drop / "处罚.csv").write_text(
        "行政相对人名称,许可证号,行政处罚决定书文号,处罚类别,处罚决定日期,处罚有效期,违法行为类型\n"
        "示例甲所,990020103,示例罚〔2015〕2号,责令停产停业,2015-05-03,2015-08-02,示例\n",
        "utf-8",
    )
    sync_registers(bureau, [drop], DAY)
    with bureau.releases.read() as release:
        ask = release.connection.execute
        assert ask("SELECT target FROM recusals WHERE known_to IS NULL").fetchall() == [
            ("L:990020104",)
        ]
        assert ask("SELECT institution FROM suspensions WHERE known_to IS NULL").fetchall() == [
            ("L:990020103",)
        ]
