"""拒读文件: the issue of a refused file has a number and an end; a run that read nothing makes no release (D-028)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.credit.records.load import load_records
from double_random.registry.quality import resolutions
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

DAY = date(2016, 12, 31)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "drop"
    folder.mkdir()
    header = "投诉编号,被投诉机构名称,投诉日期,受理情况,处理结果\n"
    (folder / "投诉.csv").write_text(f"{header}示投1号,示例所,2016-01-05,受理,不实\n", "utf-8")
    (folder / "坏.xlsx").write_bytes(b"no workbook")
    return folder


def refused(home: Home) -> list[dict]:
    with home.releases.read() as release:
        return list_issues(release).filter(severity="refused").to_dicts()


def test_the_issue_ends_when_the_file_is_gone_and_is_there_again_with_it(home, folder):
    load_records(home, [folder], DAY)
    (row,) = refused(home)
    assert row["file"] == "坏.xlsx" and len(row["id"]) == 12
    content = (folder / "坏.xlsx").read_bytes()
    (folder / "坏.xlsx").unlink()
    load_records(home, [folder], DAY)
    assert refused(home) == []
    (folder / "坏.xlsx").write_bytes(content)
    load_records(home, [folder], DAY)
    assert len(refused(home)) == 1


def test_a_file_that_lies_where_it_lay_stays_an_issue_when_another_drop_is_read(
    home, folder, tmp_path
):
    load_records(home, [folder], DAY)
    load_records(home, [folder / "投诉.csv"], DAY)
    assert len(refused(home)) == 1


def test_a_person_closes_it_and_the_word_holds(home, folder):
    load_records(home, [folder], DAY)
    (row,) = refused(home)
    resolutions.close_issue(home, row["id"], "示例某", "锁定文件", DAY, "2017-01-03T01:00:00Z")
    assert refused(home) == []
    load_records(home, [folder], DAY)
    assert refused(home) == []


@pytest.mark.parametrize("run", [load_records, sync_registers])
def test_a_run_that_could_read_no_file_makes_no_release(home, folder, run):
    report = run(home, [folder / "坏.xlsx"], DAY)
    assert report.refused and home.releases.current() is None
    load_records(home, [folder / "投诉.csv"], DAY)
    before = home.releases.current()
    assert run(home, [folder / "坏.xlsx"], DAY).release == before


def test_a_link_to_itself_is_named_and_ends_like_any_refused_file(home, folder):
    """D-034: resolving its path ended in a traceback, so the whole drop was lost."""
    (folder / "圈.csv").symlink_to("圈.csv")
    load_records(home, [folder], DAY)
    assert {row["file"] for row in refused(home)} == {"坏.xlsx", "圈.csv"}
    (folder / "圈.csv").unlink()
    load_records(home, [folder], DAY)
    assert {row["file"] for row in refused(home)} == {"坏.xlsx"}
