"""Records about persons are linked whenever it becomes clear whom they mean, and unlinked when it no longer is."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.core.errors import Misuse
from double_random.credit.records.load import load_records
from double_random.registry.practitioners.claims import list_waiting
from double_random.registry.quality.issues import list_issues
from double_random.registry.quality.manual_links import decide_link
from double_random.registry.sync.sync_run import sync_registers

DAY = date(2016, 12, 31)
PERMITS = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,行政许可决定文书号,"
    "许可证书名称,许可编号,许可内容,许可决定日期,许可机关,当前状态\n"
)
FIRM = (
    "上海示例甲律师事务所,31310000XXXX30015D,关于准予律师事务所设立的决定,第1号,律师事务所执业许可证,"
    "23100002009103001,住所:上海市闵行区示例路1号,1992-12-09,示例市司法局,1\n"
)


def permit(name, number, document="第2号"):
    content = "专职律师执业;执业机构:上海示例甲律师事务所"
    title = f"关于准予{name}律师执业的决定"
    return f"{name},,{title},{document},律师执业证,{number},{content},2010-01-01,示例市司法局,1\n"


def sanction(name, number="", firm="上海示例甲律师事务所"):
    header = "被处分会员,执业证号,所在律师事务所,处分决定书文号,处分种类,处分决定日期"
    return f"{header}\n{name},{number},{firm},示律处字〔2016〕第1号,训诫,2016-02-01\n"


@pytest.fixture
def night(home, tmp_path):
    """Syncs permits, or loads sanctions, and tells whose the records are."""

    def run(permits="", sanctions=""):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        if permits:
            (folder / "许可.csv").write_text(PERMITS + permits, "utf-8")
            sync_registers(home, [folder], DAY)
        if sanctions:
            (folder / "处分.csv").write_text(sanctions, "utf-8")
            load_records(home, [folder], DAY)
        with home.releases.read() as release:
            return [
                owner[-1]
                for (owner,) in release.connection.execute(
                    "SELECT institution FROM links WHERE known_to IS NULL ORDER BY ALL"
                ).fetchall()
            ]

    return run


def test_a_record_waits_until_its_person_comes(home, night):
    assert night(FIRM, sanction("示例张三", "13100201010000001")) == []
    assert night(FIRM + permit("示例张三", "13100201010000001")) == ["1"]
    with home.releases.read() as release:
        assert (
            not list_issues(release)
            .filter(list_issues(release)["severity"] == "quarantined")
            .height
        )


def test_a_link_by_name_ends_when_a_namesake_was_there_too(home, night):
    assert night(FIRM + permit("示例张三", "13100201010000001"), sanction("示例张三")) == ["1"]
    second = permit("示例张三", "13100201010000002", "第3号")
    assert night(FIRM + permit("示例张三", "13100201010000001") + second) == []
    with home.releases.read() as release:
        ((_why, candidates),) = list_waiting(release).values()
    assert candidates == ["P:13100201010000001", "P:13100201010000002"]


def test_a_person_decides_by_the_issues_number(home, night):
    permits = (
        FIRM
        + permit("示例张三", "13100201010000001")
        + permit("示例李四", "13100201010000002", "第3号")
    )
    assert night(permits, sanction("示例张三", firm="")) == []
    with home.releases.read() as release:
        (issue,) = (
            list_issues(release)
            .filter(list_issues(release)["severity"] == "quarantined")
            .to_dicts()
        )
    assert issue["candidates"] == ["P:13100201010000001"]
    with pytest.raises(Misuse):
        decide_link(
            home, issue["id"], "上海示例甲律师事务所", "甲", "查实", DAY, "2016-12-31T00:00:00Z"
        )
    decide_link(home, issue["id"], "13100201010000001", "甲", "查实", DAY, "2016-12-31T00:00:00Z")
    assert night(permits) == ["1"]
