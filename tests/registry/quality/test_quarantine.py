"""隔离行: a quarantined row stays listed until it comes mended or a person closes it, and counts once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import Misuse
from double_random.credit.records.load import load_records
from double_random.registry.quality import resolutions
from double_random.registry.quality.issues import count_open_issues, list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.undo import restore_release
from tests.registry.conftest import HEADER, ROW
from tests.releases import forget_tables

DAY = date(2016, 12, 31)
LATER = date(2017, 1, 31)
BAD = ROW.replace("31310000XXXX30015D", "31310000XXXX30015A").replace("第1号", "第2号")
MENDED = BAD.replace("31310000XXXX30015A", "31310000XXXX30015D")
PENALTIES = "行政相对人名称,行政处罚决定书文号,违法事实,处罚类别,处罚决定日期,处罚机关"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.create(tmp_path / "bureau", "示例市司法局", "11310000XXXX00071R")


@pytest.fixture
def night(home: Home, tmp_path: Path):
    """A night's sync: files by name, each with its rows; what it says of them."""
    count = iter(range(100))

    def run(accept: bool = True, **files: list[str]):
        folder = tmp_path / f"drop{next(count)}"
        folder.mkdir()
        for name, rows in files.items():
            (folder / f"{name}.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")
        return sync_registers(home, [folder], DAY, accept=accept)

    return run


def listed(home: Home) -> list[dict]:
    with home.releases.read() as release:
        found = list_issues(release).to_dicts()
        open_ = [row for row in found if row["severity"] == "quarantined"]
        assert count_open_issues(release)["quarantined"] == len({row["id"] for row in open_})
    return open_


def test_a_row_stays_listed_when_the_next_file_has_it_no_more(home, night):
    night(许可=[ROW, BAD])
    night(许可=[ROW])
    (row,) = listed(home)
    assert (row["file"], row["row"], row["reason"]) == ("许可.csv", 3, "check digit")
    assert row["id"] and row["files"] == ["许可.csv"]


def test_the_same_row_in_several_files_counts_once_where_it_was_counted_last(home, night):
    night(许可=[ROW, BAD])
    night(许可2017=[BAD])
    night(许可2017=[BAD, ROW], 许可2018=[BAD])
    (row,) = listed(home)
    assert row["file"] == "许可2017.csv" and row["row"] == 2  # in 许可2018 it is a duplicate
    assert row["files"] == ["许可.csv", "许可2017.csv", "许可2018.csv"]


def test_a_row_said_twice_in_a_drop_is_one_quarantined_and_one_duplicate(home, night):  # D-015
    report = night(甲=[BAD, ROW, BAD], 乙=[BAD])
    assert [(file.quarantined, file.duplicates) for file in report.files] == [(1, 0), (0, 2)]
    (row,) = listed(home)
    assert (row["file"], row["row"], row["files"]) == (
        report.files[0].file,
        2,
        ["乙.csv", "甲.csv"],
    )


def test_rows_with_a_cell_too_many_are_no_duplicates_of_each_other(home, night):  # D-015
    report = night(许可=[f"{BAD},多", f"{BAD},少", f"{ROW},多", f"{ROW},多"])
    assert [(file.quarantined, file.duplicates) for file in report.files] == [(4, 0)]
    assert len({row["id"] for row in listed(home)}) == 4


def test_a_row_that_comes_mended_is_no_issue_any_more(home, night):
    night(许可=[ROW, BAD])
    night(许可=[ROW, MENDED])
    assert listed(home) == []
    night(旧许可=[BAD])  # the old file once more
    assert listed(home) == []


def test_another_row_does_not_mend_it(home, night):
    night(许可=[ROW, BAD])
    night(许可=[MENDED.replace("第2号", "第3号"), MENDED.replace("1992-12-09", "1992-12-10")])
    assert len(listed(home)) == 1


def test_a_later_row_of_another_name_or_code_mends_nothing(home, night):  # D-015
    undated = BAD.replace("示例甲", "示例丙").replace("30015A", "30015D").replace("第2号", "第3号")
    night(许可=[ROW, BAD, undated.replace("1992-12-09", "1992-13-09")])
    night(许可二=[MENDED.replace("示例甲", "示例乙"), undated.replace("示例丙", "示例丁")])
    night(许可三=[undated.replace("XXXX30015D", "XXXX40010M")])
    assert len({row["id"] for row in listed(home)}) == 2
    night(许可四=[MENDED, undated])
    assert listed(home) == []


def test_a_row_is_not_mended_in_the_run_that_sets_it_aside(home, night):  # D-015
    first = night(许可=[ROW, BAD], 补正=[MENDED])
    assert len(listed(home)) == 1
    assert night(许可=[ROW, BAD], 补正=[MENDED]).release == first.release
    night(许可=[ROW, BAD], 再次补正=[MENDED])
    assert listed(home) == []


def test_a_row_that_was_refused_for_its_day_is_taken_when_it_has_come(home, tmp_path):
    folder = tmp_path / "drop"
    folder.mkdir()
    early = ROW.replace("1992-12-09", "2017-01-15")
    (folder / "许可.csv").write_text(f"{HEADER}\n{early}\n", "utf-8")
    sync_registers(home, [folder], DAY)
    assert [row["reason"] for row in listed(home)] == ["decision date in the future"]
    sync_registers(home, [folder], LATER)
    assert listed(home) == []


def test_a_kind_that_nobody_knew_stays_until_it_is_known(home, night):
    strange = ROW.replace("律师事务所执业许可证", "示例许可证").replace("律师事务所", "示例所")
    night(许可=[ROW, strange])
    night(许可=[ROW])
    (row,) = listed(home)
    assert row["reason"] == "unknown kind of institution"


def test_who_waits_for_his_institution_stays_until_it_is_known(home, night):
    shipped = home.fact_file("layouts/permits-2018.toml").read_text("utf-8")
    (home.path / "facts" / "layouts").mkdir(parents=True, exist_ok=True)
    own = home.path / "facts" / "layouts" / "permits-2018.toml"
    own.write_text(shipped.replace('one_of = [["uscc", "licence"]]\n', ""), "utf-8")
    nobody = ROW.replace("31310000XXXX30015D", "").replace("23100002009103001", "")
    night(许可=[nobody])
    night(许可2=[ROW.replace("示例甲", "示例乙").replace("第1号", "第9号")])
    (row,) = listed(home)
    assert (row["reason"], row["file"]) == ("no such institution", "许可.csv")
    night(许可3=[ROW])
    assert listed(home) == []


def test_a_record_of_nobody_is_never_mended_by_a_record_of_somebody(home, night, tmp_path):  # D-015
    night(许可=[ROW])
    for name, firm in (("一", "上海示例误律师事务所"), ("二", "上海示例甲律师事务所")):
        file = tmp_path / f"处罚{name}.csv"
        other = f"{firm},示司罚〔2016〕1号,收费,警告,2016-03-01,示例市司法局"
        file.write_text(f"{PENALTIES}\n{other}\n", "utf-8")
    load_records(home, [tmp_path / "处罚一.csv"], DAY)
    (row,) = listed(home)
    assert (row["reason"], row["files"]) == ("no such institution", ["处罚一.csv"])
    load_records(home, [tmp_path / "处罚二.csv"], DAY)
    (row,) = listed(home)
    assert row["name"] == "上海示例误律师事务所"
    known = (
        ROW.replace("示例甲", "示例误")
        .replace("31310000XXXX30015D", "31310000XXXX40010M")
        .replace("103001", "103007")
    )
    night(许可=[ROW], 许可二=[known.replace("第1号", "第7号")])
    assert listed(home) == []


def test_a_person_closes_a_row_and_may_open_it_again(home, night):
    night(许可=[ROW, BAD])
    (row,) = listed(home)
    at = "2017-01-03T01:00:00Z"
    with pytest.raises(Misuse, match="who decided"):
        resolutions.close_issue(home, row["id"], "示例某", " ", LATER, at)
    with pytest.raises(Misuse, match="no issue has"):
        resolutions.close_issue(home, "0" * 12, "示例某", "重复报送", LATER, at)
    resolutions.close_issue(home, row["id"], "示例某", "重复报送", LATER, at)
    assert listed(home) == []
    night(许可=[ROW, BAD], 又=[BAD])
    assert listed(home) == []
    assert [(word.who, word.why) for word in resolutions.read_resolutions(home)] == [
        ("示例某", "重复报送")
    ]
    resolutions.close_issue(home, row["id"], "示例某", "并非重复", LATER, at, closed=False)
    assert len(listed(home)) == 1


def test_a_rebuilt_release_knows_the_word(home, night, tmp_path):
    night(许可=[ROW, BAD])
    resolutions.close_issue(
        home, listed(home)[0]["id"], "示例某", "重复报送", LATER, "2017-01-03T01:00:00Z"
    )
    again = Home.create(tmp_path / "again", "示例市司法局", "11310000XXXX00071R")
    (again.path / "acts").mkdir(exist_ok=True)
    said = (home.path / "acts" / "closed.jsonl").read_bytes()
    (again.path / "acts" / "closed.jsonl").write_bytes(said)
    folder = tmp_path / "drop0"
    sync_registers(again, [folder], DAY)
    assert listed(again) == []


def test_going_back_takes_back_what_was_mended(home, night):
    first = night(许可=[ROW, BAD])
    night(许可=[ROW, MENDED])
    restore_release(home, first.release, LATER)
    (row,) = listed(home)
    assert row["reason"] == "check digit"


def test_an_older_release_lists_its_rows_as_before(home, night):
    night(许可=[ROW, BAD])
    forget_tables(home, "set_aside", "settled")
    (row,) = listed(home)
    assert (row["reason"], row["id"], row["files"]) == ("check digit", "", [])
    night(许可=[ROW, BAD])  # the same drop: now it is remembered
    night(许可=[ROW])
    (row,) = listed(home)
    assert row["reason"] == "check digit" and row["id"]


def test_a_row_with_several_faults_is_mended_when_all_are(home, night):
    worse = BAD.replace("1992-12-09", "1992-13-09")
    night(许可=[ROW, worse])
    assert len(listed(home)) == 2 and len({row["id"] for row in listed(home)}) == 1
    night(许可=[ROW, BAD])
    assert {row["reason"] for row in listed(home)} == {"check digit", "no such date"}
    night(许可=[ROW, MENDED])
    assert listed(home) == []


def test_rows_that_contradict_each_other_stay_until_one_is_left(home, night, tmp_path):
    night(许可=[ROW])

    def read(*kinds: str) -> None:
        rows = [
            f"上海示例甲律师事务所,示司罚〔2016〕1号,收费,{kind},2016-03-01,示例市司法局"
            for kind in kinds
        ]
        (tmp_path / "处罚.csv").write_text("\n".join([PENALTIES, *rows, ""]), "utf-8")
        load_records(home, [tmp_path / "处罚.csv"], DAY)

    read("警告", "罚款")
    assert len({row["id"] for row in listed(home)}) == 2
    (tmp_path / "处罚.csv").unlink()
    night(许可=[ROW])
    assert len({row["id"] for row in listed(home)}) == 2


def test_a_reason_with_a_colon_of_its_own_is_told_in_chinese() -> None:
    from double_random.commands.render.labels import describe_reason
    from double_random.core import translation
    from double_random.intake import reasons

    translation.choose_language("zh_CN")
    try:
        assert describe_reason(reasons.ERROR_CELL).startswith("该单元格")
        assert describe_reason(f"{reasons.MISSING_COLUMN}: 名称").endswith("：名称")
    finally:
        translation.choose_language("en")
