"""Queries on the register: the institutions of a day, one institution, and the run that --known-at means (D-051)."""

from __future__ import annotations

import json
from datetime import date

import pytest

from double_random.commands import credit_options
from double_random.core.errors import Misuse
from double_random.registry.institutions import queries
from double_random.registry.institutions.queries import resolve_run
from double_random.registry.sync.sync_run import sync_registers


def test_a_run_or_a_day_and_nothing_else(home, drop):
    sync_registers(home, [drop], date(2016, 12, 31))
    (drop / "二.csv").write_text(
        (drop / "许可.csv").read_text("utf-8").replace("第1号", "第2号"), "utf-8"
    )
    sync_registers(home, [drop], date(2017, 1, 31))
    with home.releases.read() as release:
        for resolve in (resolve_run, credit_options.find_known_run):
            assert resolve(release, "1") == resolve(release, "01") == 1
            assert resolve(release, "2017-01-30") == 1
            assert resolve(release, "2017-01-31") == 2
            for wrong in ("0", "99", "-1", "²", "２", "x", "2016-12-30", "2016-13-01"):
                with pytest.raises(Misuse):
                    resolve(release, wrong)


A, B = "31310000XXXX00001A", "31310000XXXX00002B"
DAY = date(2016, 1, 1)


@pytest.fixture
def two_firms(register, permit):
    """甲, and 乙 that was called 丙 until 2010."""
    other = permit("上海示例丙律师事务所", uscc=B, licence="2", document="第9号")
    renamed = permit(
        "上海示例乙律师事务所",
        uscc=B,
        licence="2",
        document="第10号",
        title="关于准予律师事务所变更名称的决定",
        decided=date(2010, 3, 1),
    )
    register.night(permits=[permit(), other, renamed])
    return register


def test_the_institutions_of_a_day_have_their_former_names(two_firms):
    found = queries.institutions_as_of(two_firms.draft, DAY)
    assert found.select("id", "name", "former").rows() == [
        (A, "上海示例甲律师事务所", []),
        (B, "上海示例乙律师事务所", ["上海示例丙律师事务所"]),
    ]
    assert queries.institutions_as_of(two_firms.draft, date(1999, 12, 31)).height == 0
    assert queries.institutions_as_of(two_firms.draft, DAY, known_at=0).height == 0


def test_lines_of_json_are_chosen_by_kind_district_or_status(two_firms):
    lines = queries.institutions_as_json(
        two_firms.draft, DAY, only={"kind": "law_firm", "name": "示例"}
    )
    assert [json.loads(line)["id"] for line in lines.splitlines()] == [A, B]
    assert queries.institutions_as_json(two_firms.draft, DAY, only={"status": "revoked"}) == b""


@pytest.mark.parametrize(
    ("asked", "id_"),
    [(A, A), ("上海示例甲律师事务所", A), (" 2 ", B), ("示例丙", B), ("上海示例乙律师事务所", B)],
)
def test_an_institution_is_identified_by_what_it_alone_has(two_firms, asked, id_):
    assert queries.identify_institution(two_firms.draft, asked) == id_


@pytest.mark.parametrize(
    ("asked", "why"),
    [("上海示例", "may mean several: 2"), ("无此机构", "no institution is known as")],
)
def test_what_several_have_or_nobody_is_refused(two_firms, asked, why):
    with pytest.raises(Misuse, match=why):
        queries.identify_institution(two_firms.draft, asked)


def test_everybody_has_numbers_and_former_names(two_firms):
    assert [
        (each.id, each.name, each.former) for each in queries.list_institutions(two_firms.draft)
    ] == [
        (A, "上海示例甲律师事务所", ()),
        (B, "上海示例乙律师事务所", ("上海示例丙律师事务所",)),
    ]


def test_one_institution_has_its_names_and_the_decisions_behind_them(two_firms):
    shown = queries.describe_institution(two_firms.draft, B, DAY)
    assert shown["as_of"] == DAY and shown["name"] == "上海示例乙律师事务所"
    assert [name["to"] for name in shown["names"]] == [date(2010, 3, 1), None]
    assert [decision["event"] for decision in shown["decisions"]] == ["founded", "changed"]
    with pytest.raises(Misuse, match="was not yet in the register on 1999-12-31"):
        queries.describe_institution(two_firms.draft, B, date(1999, 12, 31))


def test_the_day_of_the_data_is_that_of_the_newest_run(two_firms):
    with pytest.raises(Misuse, match="register is empty"):
        queries.latest_data_day(two_firms.draft)
    two_firms.connection.execute(
        "INSERT INTO added.runs VALUES (1, 'sync', '2016-01-02'), (2, 'load', '2016-01-03'), (3, 'link', '2017-01-01')"
    )
    assert queries.latest_data_day(two_firms.draft) == date(2016, 1, 3)
    two_firms.connection.execute("INSERT INTO added.undone VALUES (2, 4)")
    assert queries.latest_data_day(two_firms.draft) == date(2016, 1, 2)


def test_the_history_says_when_each_version_was_learnt_and_given_up(two_firms):
    two_firms.connection.execute("INSERT INTO added.runs VALUES (1, 'sync', '2016-01-02')")
    versions = queries.institution_history(two_firms.draft, B)
    assert [(v["name"], v["learnt"], v["given_up"]) for v in versions] == [
        ("上海示例丙律师事务所", date(2016, 1, 2), None),
        ("上海示例乙律师事务所", date(2016, 1, 2), None),
    ]


def test_institutions_are_counted_as_they_are_listed(two_firms):
    for day in (date(2000, 1, 1), date(2017, 6, 1), date(2030, 1, 1)):
        listed = queries.institutions_as_of(two_firms.draft, day)
        counted = listed.group_by("kind", "status").len().sort("kind", "status")
        assert queries.count_by_status(two_firms.draft, day) == counted.rows()
    assert queries.count_by_status(two_firms.draft, day)
