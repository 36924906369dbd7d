"""Coverage: every approval in force is in the register, or the difference has a cause; so has a list from outside."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core.errors import BadFile
from double_random.registry.quality.coverage import compute_coverage, format_share
from double_random.registry.sync.sync_run import sync_registers

DAY = ("--as-of", "2016-12-31")
ID = "31310000XXXX30015D"


def test_the_district_is_covered_and_every_row_that_is_not_has_its_cause(home, shared):
    sync_registers(home, [shared / "inputs" / "district"], date(2016, 12, 31))
    with home.releases.read() as release:
        found = compute_coverage(release, date(2016, 12, 31))
    told = found.json()
    assert told["approvals"] - 5 == told["covered"] > 50
    assert {row["kind"] for row in told["counts"]} == {
        "law_firm", "law_firm_branch", "notary_office", "forensic_institution",
    }  # fmt: skip
    assert len(told["differences"]) == 5  # the sixth row names nobody
    assert all(
        row["cause"].startswith("the approval's row was quarantined: ")
        for row in told["differences"]
    )
    assert {row["age_days"] for row in told["sources"]} == {0}


def test_the_sources_grow_old(ask, drop):
    ask("sync", drop, *DAY)
    (source,) = ask("coverage", "--as-of", "2017-01-30")[0]["sources"]
    assert (source["file"], source["age_days"]) == ("许可.csv", 30)


def test_a_list_from_outside_is_compared_both_ways(ask, drop, tmp_path):
    header, row = (drop / "许可.csv").read_text("utf-8").splitlines()
    other = (
        row.replace(ID, "31310000XXXX300238").replace("示例甲", "示例乙").replace("第1号", "第9号")
    )
    (drop / "许可二.csv").write_text(f"{header}\n{other.replace('103001', '103002')}\n", "utf-8")
    ask("sync", drop, *DAY)
    listed = tmp_path / "名单.csv"
    listed.write_text(
        f"机构名称,统一社会信用代码\n上海示例别名律师事务所,{ID}\n上海示例丙律师事务所,\n", "utf-8"
    )
    rows, error = ask("coverage", "--against", listed)
    assert error is None
    assert [(row["name"], row["cause"]) for row in rows] == [
        ("上海示例别名律师事务所", "in the register under another name"),
        ("上海示例丙律师事务所", "not in the register"),
        ("上海示例乙律师事务所", "not in the list"),
    ]


@pytest.mark.parametrize("content", ["a,b\n1,2\n", ""])
def test_a_file_that_is_no_list_is_refused(ask, drop, tmp_path, content):
    ask("sync", drop, *DAY)
    listed = tmp_path / "名单.csv"
    listed.write_text(content, "utf-8")
    assert isinstance(ask("coverage", "--against", listed)[1], BadFile)


def test_approvals_that_are_set_aside_are_not_covered(ask, drop):  # D-019
    header, row = (drop / "许可.csv").read_text("utf-8").splitlines()
    rows = [
        row,
        row.replace(ID, "31310000XXXX30015A").replace("示例甲", "示例乙").replace("第1号", "第2号"),
        row.replace("1992-12-09", "1992-13-09")
        .replace("示例甲", "示例丙")
        .replace("第1号", "第3号"),
        row.replace(ID, "").replace("23100002009103001", "").replace("示例甲", "示例丁"),
        row.replace(ID, "31310000XXXX30015A")[:-1].replace("示例甲", "示例戊") + "2",  # invalid
        row.replace("上海示例甲律师事务所", "").replace("第1号", "第4号"),  # names nobody
    ]
    (drop / "许可.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    ask("sync", drop, *DAY)
    found = ask("coverage", *DAY)[0]
    assert (found["approvals"], found["covered"], found["percent"]) == (4, 1, "25.0")
    assert [row["name"][2:5] for row in found["differences"]] == ["示例丁", "示例丙", "示例乙"]
    assert {row["kind"] for row in found["counts"]} == {"law_firm"}


def test_a_source_says_how_late_its_decisions_came(ask, drop):  # D-019
    ask("sync", drop, *DAY)
    header, row = (drop / "许可.csv").read_text("utf-8").splitlines()
    new = [
        row.replace("第1号", f"第{number}号").replace("1992-12-09", day)
        for number, day in ((2, "2017-01-10"), (3, "2017-01-21"), (4, "2017-01-30"))
    ]
    (drop / "许可.csv").write_text("\n".join([header, row, *new, ""]), "utf-8")
    ask("sync", drop, "--as-of", "2017-01-31")
    (source,) = ask("coverage", "--as-of", "2017-01-31")[0]["sources"]
    assert (source["brought"], source["lag_days"], source["longest_lag_days"]) == (3, 10, 21)


def test_of_no_approvals_nothing_is_said_to_be_covered(ask, drop):  # D-019
    """A first drop with a roster alone is no full coverage."""
    ask("sync", drop, *DAY)
    found = ask("coverage", "--as-of", "1990-01-01")[0]
    assert (found["approvals"], found["covered"], found["percent"]) == (0, 0, None)
    assert (
        format_share(0, 0) is None and format_share(0, 3) == "0.0" and format_share(3, 3) == "100.0"
    )
