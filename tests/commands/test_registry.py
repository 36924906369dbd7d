"""`double-random registry …`: what the commands answer, and how they fail."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from double_random.commands.registry import app
from double_random.core.errors import Misuse

DAY = ["--as-of", "2016-12-31"]
HEADER = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,行政许可决定文书号,"
    "许可证书名称,许可编号,许可内容,许可决定日期,许可机关,当前状态"
)
ROW = (
    "上海示例甲律师事务所,31310000XXXX30015D,关于准予律师事务所设立的决定,第1号,"
    "律师事务所执业许可证,23100002009103001,住所:上海市闵行区示例路1号,1992-12-09,示例市司法局,1"
)


def test_sync_says_of_every_file_what_became_of_its_rows(ask, drop, home):
    said, error = ask("sync", drop, *DAY, "--format", "json")
    assert error is None
    assert said == {
        "release": home.releases.current(),
        "files": [
            {
                "file": "许可.csv",
                "result": "read",
                "rows": 1,
                "accepted": 1,
                "duplicates": 0,
                "quarantined": 0,
                "reason": "",
            }
        ],
    }


def test_a_refused_file_fails_the_command_after_the_others_were_read(ask, drop):
    (drop / "空.csv").write_bytes(b"")
    said, error = ask("sync", drop, *DAY, "--format", "json")
    assert error.exit_code == 1
    assert "空.csv" in error.message
    assert error.hint
    assert {file["file"]: file["result"] for file in said["files"]} == {
        "空.csv": "refused",
        "许可.csv": "read",
    }
    listed, _ = ask("list", "--format", "json")
    assert len(listed) == 1
    issues, _ = ask("issues", "--format", "json")
    assert [(i["file"], i["severity"], i["reason"]) for i in issues] == [
        ("空.csv", "refused", "the file is empty")
    ]


def test_list_is_an_array_of_institutions(ask, drop):
    ask("sync", drop, *DAY)
    (row,), _ = ask("list", "--format", "json")
    assert row["id"] == row["uscc"] == "31310000XXXX30015D"
    assert (row["kind"], row["name"], row["status"]) == (
        "law_firm",
        "上海示例甲律师事务所",
        "active",
    )
    assert (row["district"], row["founded"], row["former"]) == ("310112", "1992-12-09", [])
    assert ask("list", "--status", "cancelled")[0] == []
    assert ask("list", "--as-of", "1990-01-01")[0] == []


@pytest.mark.parametrize(
    "asked",
    ["31310000XXXX30015D", " 31310000xxxx30015d ", "23100002009103001", "上海示例甲律师事务所"],
)
def test_show_finds_an_institution_by_code_licence_or_name(ask, drop, asked):
    ask("sync", drop, *DAY)
    shown, error = ask("show", asked)
    assert error is None
    assert shown["names"] == [{"name": "上海示例甲律师事务所", "from": "1992-12-09", "to": None}]
    assert [decision["event"] for decision in shown["decisions"]] == ["founded"]


def test_show_on_a_terminal_tells_the_history_a_line_a_version(ask, drop):
    ask("sync", drop, *DAY)
    told = CliRunner().invoke(app, ["show", "上海示例甲律师事务所", "--format", "table"]).stdout
    for word in ("闵行区", "1992-12-09 to …", "1992-12-09 第1号", "关于准予律师事务所设立的决定"):
        assert word in told


def test_what_is_not_there_is_said_with_a_hint(ask, drop, tmp_path):
    for words in (
        ["list"],
        ["sync", tmp_path / "none", *DAY],
        ["show", "31310000XXXX30015D"],
    ):
        _, error = ask(*words)
        assert isinstance(error, Misuse), words
        assert error.hint, words
    ask("sync", drop, *DAY)
    _, error = ask("show", "上海示例查无此所律师事务所")
    assert isinstance(error, Misuse)
    _, error = ask("show", "31310000XXXX30015D", "--as-of", "1990-01-01")
    assert isinstance(error, Misuse)
    for option, wrong in (("--kind", "law office"), ("--status", "open")):
        _, error = ask("list", option, wrong)
        assert isinstance(error, Misuse)
        assert wrong in error.message


def test_a_night_that_closes_a_firm_makes_the_next_release_and_keeps_the_first(ask, drop, home):
    first = ask("sync", drop, *DAY)[0]["release"]
    closing = ROW.replace("关于准予律师事务所设立的决定", "关于注销律师事务所的决定")
    closing = closing.replace("第1号", "第2号").replace("1992-12-09", "2016-05-01")
    (drop / "许可二.csv").write_text(f"{HEADER}\n{closing}\n", "utf-8")
    second = ask("sync", drop, *DAY)[0]["release"]
    assert home.releases.names() == [first, second]
    assert [row["status"] for row in ask("list")[0]] == ["cancelled"]
    assert [row["status"] for row in ask("list", "--release", first)[0]] == ["active"]


def test_two_sources_may_use_the_same_file_name(ask, drop, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    person = ROW.replace("上海示例甲律师事务所", "示例某").replace(
        "律师事务所执业许可证", "律师执业证"
    )
    (other / "许可.csv").write_text(f"{HEADER}\n{person}\n", "utf-8")
    said, _ = ask("sync", drop, other, *DAY)
    counts = sorted((file["accepted"], file["quarantined"]) for file in said["files"])
    assert counts == [(0, 1), (1, 0)]
    (issue,), _ = ask("issues")
    assert (issue["name"], issue["column"]) == ("示例某", "许可证书名称")


def test_a_recusal_that_keeps_nobody_away_is_an_issue(ask, drop):
    (drop / "检查人员.csv").write_text(
        "姓名,执法证号,所属单位,专业,是否主办,状态\n检查员甲,ZF31XXXX01,闵行区司法局,律师,是,在岗\n",
        "utf-8",
    )
    (drop / "回避.csv").write_text(
        "执法证号,统一社会信用代码,事由\n"
        "ZF31XXXX01,31310000XXXX30015D,近亲属任职\n"
        "ZF31XXXX99,31310000XXXX30015D,近亲属任职\n"
        "ZF31XXXX01,31310000XXXX300238,近亲属任职\n",
        "utf-8",
    )
    ask("sync", drop, *DAY)
    issues, _ = ask("issues", "--format", "json")
    assert [(i["column"], i["value"], i["severity"]) for i in issues] == [
        ("inspector", "ZF31XXXX99", "noted"),
        ("target", "31310000XXXX300238", "noted"),
    ]


def test_recusals_are_listed_as_of_a_day(ask, drop):
    (drop / "回避.csv").write_text(
        "执法证号,统一社会信用代码,事由,起始日期,终止日期\n"
        "ZF31XXXX01,31310000XXXX30015D,曾任职,2015年1月1日,2016/6/30\n"
        "ZF31XXXX02,31310000XXXX30015D,近亲属任职,,长期\n",
        "utf-8",
    )
    ask("sync", drop, *DAY)
    rows, _ = ask("recusals", "--as-of", "2016-06-30")
    assert [(row["inspector"], row["until"], row["name"]) for row in rows] == [
        ("ZF31XXXX01", "2016-06-30", "上海示例甲律师事务所"),
        ("ZF31XXXX02", None, "上海示例甲律师事务所"),
    ]
    rows, _ = ask("recusals", "--as-of", "2016-07-01")
    assert [row["inspector"] for row in rows] == ["ZF31XXXX02"]
    assert len(ask("recusals", "--all")[0]) == 2


@pytest.fixture
def lawyers(ask, drop):
    """A register of one firm and two lawyers of one name, one of whom has ended."""
    firm = "专职律师执业;执业机构:上海示例甲律师事务所"
    row = "示例张三,,{title},第{at}号,律师执业证,1310020101000000{number},{content},{day},示例市司法局,1"
    first = "关于准予示例张三律师执业的决定"
    rows = [
        row.format(title=first, at=2, number=1, content=firm, day="2010-01-01"),
        row.format(title=first, at=3, number=2, content=firm, day="2012-01-01"),
        row.format(
            title="关于注销示例张三律师执业证的决定",
            at=4,
            number=2,
            content="注销",
            day="2014-01-01",
        ),
    ]
    (drop / "许可_律师.csv").write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    return ask("sync", drop, *DAY)[0]


def test_list_of_a_kind_of_practitioner_and_show_of_one(ask, lawyers):
    assert [(f["rows"], f["accepted"]) for f in lawyers["files"]] == [(1, 1), (3, 3)]
    rows, _error = ask("list", "--kind", "lawyer")
    assert [(row["id"][-1], row["status"]) for row in rows] == [("1", "active"), ("2", "cancelled")]
    assert len(ask("list", "--kind", "lawyer", "--status", "active")[0]) == 1
    assert [row["kind"] for row in ask("list")[0]] == ["law_firm"]
    told, _error = ask("show", "P:13100201010000002")
    assert told["employment"][0] | {"known_from": 1} == {
        "institution": "31310000XXXX30015D",
        "name": "上海示例甲律师事务所",
        "from": "2012-01-01",
        "to": "2014-01-01",
        "why": "cancelled",
        "known_from": 1,
        "known_to": None,
    }


def test_an_institution_lists_who_was_there_on_the_day(ask, lawyers):
    def there(day):
        data, _error = ask("show", "31310000XXXX30015D", "--as-of", day)
        return [row["id"][-1] for row in data.get("practitioners", ())]

    assert [there(day) for day in ("2009-01-01", "2013-01-01", "2015-01-01")] == [
        [],
        ["1", "2"],
        ["1"],
    ]


def test_a_name_that_two_practitioners_bear_asks_which(ask, lawyers):
    _, error = ask("show", "示例张三")
    assert isinstance(error, Misuse)
    assert "P:13100201010000001" in error.hint and "P:13100201010000002" in error.hint


def test_practitioners_are_shown_to_people_in_words(ask, lawyers, monkeypatch):
    for words in (
        ("list", "--kind", "lawyer", "--format", "table"),
        ("show", "P:13100201010000001", "--format", "table"),
        ("show", "上海示例甲律师事务所", "--format", "table"),
    ):
        result = CliRunner().invoke(app, list(words))
        assert result.exit_code == 0, result.output
        assert "示例" in result.output
