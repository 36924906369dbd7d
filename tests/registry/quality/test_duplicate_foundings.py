"""Two foundings of different names under one id are never one firm without a word."""

from __future__ import annotations

from datetime import date

from double_random.registry import reasons
from double_random.registry.quality.duplicate_foundings import find_duplicate_foundings
from double_random.registry.quality.quarantined_approvals import list_unplaced


def two(permit, name, **said):
    return permit(name, document="沪司许决字〔2003〕第9号", decided=date(2003, 1, 1), **said)


def test_two_firms_under_one_licence_number_are_told(register, permit):  # D-006
    register.night(permits=[permit(uscc=None), two(permit, "上海示例乙律师事务所", uscc=None)])
    (issue,) = find_duplicate_foundings(register.draft)
    assert issue["column"] == "L:23100000000000001"
    assert issue["reason"] == reasons.FOUNDED_TWICE
    assert "上海示例甲律师事务所" in issue["value"] and "上海示例乙律师事务所" in issue["value"]


def test_two_firms_under_one_code_are_told(register, permit):  # D-006
    register.night(permits=[permit()])
    register.night(permits=[two(permit, "上海示例乙律师事务所", licence="2")])
    (issue,) = find_duplicate_foundings(register.draft)
    assert issue["column"] == "31310000XXXX00001A"


def test_one_firm_is_not_told(register, permit):
    again = permit("示例甲律师事务所(普通合伙)", document="沪司许决字〔2003〕第9号")
    renamed = permit(
        "上海示例乙律师事务所", title="关于准予律师事务所变更名称的决定", content="变更名称",
        document="沪司许决字〔2004〕第3号", decided=date(2004, 1, 1),
    )  # fmt: skip
    anew = permit(
        "上海示例乙律师事务所", document="沪司许决字〔2005〕第4号", decided=date(2005, 1, 1)
    )
    register.night(permits=[permit(), again, renamed, anew])
    assert find_duplicate_foundings(register.draft) == []


LATER = "上海示例乙律师事务所"


def test_the_later_founding_waits_and_is_counted(register, permit):
    """D-006"""
    files, issues = register.night(
        permits=[permit(uscc=None), two(permit, LATER, uscc=None)],
    )
    assert [(one.rows, one.accepted, one.quarantined) for one in files] == [(2, 1, 1)]
    (row,) = [one for one in issues if one["severity"] == "quarantined"]
    assert (row["row"], row["name"], row["reason"]) == (3, LATER, reasons.FOUNDED_TWICE)
    assert register.history("L:23100000000000001") == [
        (date(2000, 1, 1), "active", "上海示例甲律师事务所")
    ]
    aside = register.rows("SELECT row, claim FROM set_aside WHERE known_to IS NULL")
    assert [one["row"] for one in aside] == [3] and aside[0]["claim"]


def test_the_earlier_founding_has_the_number_whichever_is_read_first(register, permit):
    """D-006: the later one is no institution then, an approval that is not covered, and told"""
    later = two(permit, LATER, uscc=None)
    files, _issues = register.night(permits=[later])
    assert files[0].accepted == 1
    register.night(permits=[permit(uscc=None)])
    assert {one["name"] for one in register.versions()} == {"上海示例甲律师事务所"}
    (told,) = find_duplicate_foundings(register.draft)
    assert LATER in told["value"]
    waiting = list_unplaced(register.draft, date(2016, 12, 31)).to_dicts()
    assert [(one["name"], one["reason"]) for one in waiting] == [(LATER, reasons.FOUNDED_TWICE)]
    files, _issues = register.night(permits=[later])
    assert (files[0].accepted, files[0].quarantined) == (0, 1)
    assert len(list_unplaced(register.draft, date(2016, 12, 31))) == 1


def test_a_name_without_a_number_is_not_known_by_one_that_is_anothers(register, permit):
    """D-006"""
    later = two(permit, LATER, uscc=None)
    alone = permit(LATER, uscc=None, licence=None, document="第8号", decided=date(2004, 1, 1))
    files, _issues = register.night(permits=[permit(uscc=None), later, alone])
    assert [(one.rows, one.accepted, one.quarantined) for one in files] == [(3, 1, 2)]


DAY = ("--as-of", "2016-12-31")
FIRST, SECOND = "上海示例甲律师事务所", "上海示例丙律师事务所"


def open_rows(ask):
    return [row for row in ask("issues")[0] if row["severity"] == "quarantined"]


def test_a_person_says_whose_a_contested_number_is(ask, drop):
    """D-006: listed as it is counted, an approval that is not covered, until a person links or closes it"""
    path = drop / "许可.csv"
    path.write_text(path.read_text("utf-8").replace("31310000XXXX30015D", ""), "utf-8")
    line = path.read_text("utf-8").splitlines()[1]
    later = line.replace(FIRST, SECOND).replace("第1号", "第2号").replace("1992-", "1993-")
    path.write_text(path.read_text("utf-8") + later + "\n", "utf-8")
    report, error = ask("sync", drop, *DAY)
    assert error is None
    (file,) = report["files"]
    assert (file["rows"], file["accepted"], file["quarantined"]) == (2, 1, 1)
    (row,) = open_rows(ask)
    assert (row["row"], row["name"], row["reason"]) == (3, SECOND, reasons.FOUNDED_TWICE)
    assert [one["name"] for one in ask("list")[0]] == [FIRST]
    coverage, _error = ask("coverage", *DAY)
    assert (coverage["approvals"], coverage["covered"]) == (2, 1)
    assert [one["name"] for one in coverage["differences"]] == [SECOND]
    (told,) = [
        one for one in ask("issues")[0] if one["reason"] == reasons.FOUNDED_TWICE and not one["row"]
    ]
    assert FIRST in told["value"] and SECOND in told["value"]

    by = ("--by", "示例某", "--reason", "同一机构更名", *DAY)
    assert ask("link", SECOND, told["column"], *by)[1] is None
    assert [one for one in ask("issues")[0] if one["reason"] == reasons.FOUNDED_TWICE] == []
    assert [one["name"] for one in ask("list")[0]] == [SECOND]
    coverage, _error = ask("coverage", *DAY)
    assert (coverage["approvals"], coverage["covered"]) == (1, 1)
    ask("sync", drop, *DAY)
    assert open_rows(ask) == []
