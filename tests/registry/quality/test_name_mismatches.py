"""A code links whatever the name says; a name that the code's institution never bore is told as an issue."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.credit.records.load import load_records
from double_random.registry.institutions.linking import link_records
from double_random.registry.institutions.names import normalize_name
from double_random.registry.quality.issues import list_issues
from double_random.registry.quality.name_mismatches import find_name_mismatches
from double_random.registry.sync import sync_run
from double_random.store.home import Home

A, B, HOST = "31310000XXXX00001A", "31310000XXXX00002B", "12310000XXXX00009H"
OLD, NEW, OTHER = "上海示例甲律师事务所", "上海示例乙律师事务所", "上海示例丙律师事务所"
DAY = date(2015, 6, 1)


@pytest.fixture
def said(register):
    """Writes claims of these names under a code, as credit does, and says what is told then."""

    def ask(*names, code=A, day=DAY):
        for name in names:
            ((number,),) = register.connection.execute("SELECT count(*) FROM claims").fetchall()
            row = [
                str(number),
                code,
                None,
                name,
                normalize_name(name) if name else name,
                day,
                register.run,
            ]
            register.connection.execute(
                "INSERT INTO added.claims VALUES (?, ?, ?, ?, ?, ?, ?)", row
            )
        link_records(register.connection, register.run)
        return find_name_mismatches(register.draft)

    return ask


@pytest.fixture
def renamed(register, permit):
    """A firm that had another name until 2010-03-01."""
    title = "关于准予律师事务所变更名称的决定"
    change = permit(NEW, document="第2号", title=title, decided=date(2010, 3, 1))
    register.night(permits=[permit(OLD), change])


@pytest.fixture
def hosted(register, permit):
    """A forensic institution under its host's code."""
    founding = permit(
        "上海示例医院司法鉴定所",
        uscc=HOST,
        certificate="司法鉴定许可证",
        title="关于准予司法鉴定机构登记的决定",
    )
    register.night(permits=[founding])


def test_a_name_never_borne_is_told_with_both_names_and_the_code(renamed, said):
    (issue,) = said(OTHER)
    assert issue == {
        "name": NEW,
        "column": A,
        "value": f"2015-06-01 {OTHER} ≠ {NEW} {A}",
        "reason": "a name that the institution of this code never bore",
    }


def test_it_stands_against_the_name_of_its_own_day(renamed, said):
    assert said(OTHER, day=date(2009, 1, 1))[0]["name"] == OLD
    assert said(OTHER, day=date(1999, 1, 1))[0]["name"] == OLD, "before the founding: the first"


def test_a_name_said_often_is_told_once(renamed, said):
    (issue,) = said(OTHER, OTHER, "上海示例丙 律师事务所")
    assert issue["value"].endswith("×3")


@pytest.mark.parametrize("day", [date(2005, 1, 1), DAY])
def test_former_and_later_names_are_its_own_on_any_day(renamed, said, day):
    assert said(OLD, NEW, day=day) == []


@pytest.mark.parametrize(
    "name",
    [
        "上海 示例乙律师事务所　",
        "示例乙律师事务所",
        "上海市示例乙律师事务所",
        "上海示例乙律师事务所浦东分所",
        "上海示例乙（浦东）律师事务所",
        "",
        None,
    ],
)
def test_another_spelling_a_branch_and_no_name_are_no_contradiction(renamed, said, name):
    assert said(name) == []


@pytest.mark.parametrize("name", ["北京示例乙律师事务所", "上海市", "上海示例乙公证处"])
def test_another_region_no_more_than_a_region_and_another_kind_are(renamed, said, name):
    assert len(said(name)) == 1


@pytest.mark.parametrize("branch", ["上海示例甲律师事务所浦东分所", "上海示例甲（浦东）律师事务所"])
def test_the_head_offices_name_under_a_branchs_code_is_none_another_branchs_is(
    register, permit, said, branch
):
    register.night(permits=[permit(branch, certificate="律师事务所分所执业许可证")])
    assert said(OLD) == []
    assert len(said(branch.replace("浦东", "徐汇"))) == 1


def test_the_hosts_name_under_the_hosts_code_is_none(hosted, said):
    assert said("上海示例医院", code=HOST) == []
    assert len(said("上海示例大学", code=HOST)) == 1


def test_a_hosts_code_that_two_share_links_only_whom_the_name_means(register, permit, said):
    names = ("上海示例医院司法鉴定所", "上海示例临床司法鉴定所")
    register.night(
        permits=[
            permit(
                name, uscc=HOST, licence=str(number), document=f"第{number}号",
                certificate="司法鉴定许可证", title="关于准予司法鉴定机构登记的决定",
            )
            for number, name in enumerate(names)
        ]
    )  # fmt: skip
    assert said(*names, "上海示例大学", code=HOST) == []
    assert len(register.rows("FROM links WHERE how = 'code'")) == 2


def test_what_was_not_linked_by_code_is_not_asked(renamed, register, said):
    register.connection.execute(
        "INSERT INTO added.claims VALUES ('0', NULL, '23100000000000001', $name, $name, $day, $run)",
        {"name": OTHER, "day": DAY, "run": register.run},
    )
    assert said() == [] and register.rows("SELECT how FROM links") == [{"how": "licence"}]


def test_a_person_who_says_whom_a_name_means_ends_it(renamed, register, said):
    assert len(said(OTHER)) == 1
    register.connection.execute(
        "INSERT INTO added.decided_links VALUES (?, '', ?, 1, NULL)", [normalize_name(OTHER), A]
    )
    assert said() == []


def test_it_ends_when_the_name_turns_out_to_be_its_own(renamed, register, permit, said):
    assert len(said(OTHER)) == 1
    title = "关于准予律师事务所变更名称的决定"
    change = permit(OTHER, document="第3号", title=title, decided=date(2014, 1, 1))
    register.night(permits=[change])
    assert find_name_mismatches(register.draft) == []


def test_a_decision_without_effect_is_told_with_its_document(register, permit):
    title = "关于变更负责人的决定"
    wrong = permit(OTHER, document="第2号", title=title, decided=DAY, state="invalid")
    register.night(permits=[permit(OLD), wrong])
    (issue,) = find_name_mismatches(register.draft)
    assert issue["value"] == f"2015-06-01 {OTHER} ≠ {OLD} {A} 第2号"


def test_a_change_of_name_that_was_taken_back_is_no_contradiction(register, permit):
    title = "关于准予律师事务所变更名称的决定"
    back = permit(OTHER, document="第2号", title=title, decided=DAY, state="invalid")
    register.night(permits=[permit(OLD), back])
    assert find_name_mismatches(register.draft) == []


def test_a_wrong_row_that_came_mended_is_no_contradiction(register, permit):
    title = "关于变更负责人的决定"
    register.night(permits=[permit(OLD), permit(OTHER, document="第2号", title=title, decided=DAY)])
    register.night(permits=[permit(OLD, document="第2号", title=title, decided=DAY)])
    assert {one["name"] for one in register.versions()} == {OLD}
    assert find_name_mismatches(register.draft) == []


PENALTY = """\
CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_JDRQ,CF_CFJG
上海示例丙律师事务所,法人及非法人组织,31310000XXXX30015D,沪示罚〔2015〕7号,利益冲突,事实清楚,《律师法》第五十条,警告,警告,2015-06-01,示例局
"""


def test_issues_note_it_with_the_records_document(home, drop):
    day = date(2016, 12, 31)
    (drop / "处罚.csv").write_text(PENALTY, "utf-8")
    sync_run.sync_registers(home, [drop], day)
    load_records(home, [drop], day)
    with home.releases.read() as release:
        found = list_issues(release).to_dicts()
    (issue,) = [one for one in found if one["reason"].startswith("a name that")]
    assert issue["value"] == f"2015-06-01 {OTHER} ≠ {OLD} 31310000XXXX30015D 沪示罚〔2015〕7号"
    assert issue["severity"] == "noted" and issue["file"] == ""
    assert (issue["name"], issue["column"]) == (OLD, "31310000XXXX30015D")


def test_a_bureaus_drop_gives_no_false_alarm(shared, tmp_path):
    home, drop = Home.create(tmp_path / "home"), shared / "inputs" / "district"
    sync_run.sync_registers(home, [drop], date(2016, 12, 31))
    load_records(home, [drop], date(2016, 12, 31))
    with home.releases.read() as release:
        assert release.frame("FROM links WHERE how = 'code' AND known_to IS NULL").height > 0
        assert find_name_mismatches(release) == []
