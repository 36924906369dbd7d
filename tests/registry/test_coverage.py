"""Coverage: every approval in force is in the register, or the difference has a cause; so has a list from outside."""

from __future__ import annotations

from datetime import date

import pytest

from errors import BadFile
from registry.coverage import coverage
from registry.sync import sync

DAY = ("--as-of", "2016-12-31")
ID = "31310000XXXX30015D"


def test_the_district_is_covered_and_every_row_that_is_not_has_its_cause(home, shared):
    sync(home, [shared / "inputs" / "district"], date(2016, 12, 31))
    with home.releases.read() as release:
        found = coverage(release, date(2016, 12, 31))
    told = found.json()
    assert told["approvals"] == told["covered"] > 50
    assert {row["kind"] for row in told["counts"]} == {
        "law_firm", "law_firm_branch", "notary_office", "forensic_institution",
    }  # fmt: skip
    assert len(told["differences"]) == 6
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
