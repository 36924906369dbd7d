"""Who a record speaks of: by code, else licence number, else the name in force on that day. Never guessed."""

from __future__ import annotations

import random
from datetime import date

import pytest

from double_random.registry.institutions.linking import link_records
from double_random.registry.institutions.names import normalize_name
from double_random.store.tables import end_where
from double_random.store.undo import restore_knowledge

A, B = "31310000XXXX00001A", "31310000XXXX00002B"
OLD, NEW = "上海示例甲律师事务所", "上海示例乙律师事务所"


@pytest.fixture
def claim(register):
    """Writes a claim as credit does, and says whom it is linked to."""

    def ask(name=None, day=date(2015, 6, 1), code=None, licence=None, number="1"):
        register.connection.execute(
            "INSERT INTO added.claims VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                number,
                code,
                licence,
                name,
                normalize_name(name) if name else None,
                day,
                register.run,
            ],
        )
        link_records(register.connection, register.run)
        return linked(register, number)

    return ask


def linked(register, number="1"):
    rows = register.rows(
        f"SELECT institution, how FROM links WHERE known_to IS NULL AND claim = '{number}'"
    )
    assert len(rows) < 2
    return tuple(rows[0].values()) if rows else None


@pytest.fixture
def renamed(register, permit):
    """A firm that had another name until 2010-03-01."""
    title = "关于准予律师事务所变更名称的决定"
    change = permit(NEW, document="第2号", title=title, decided=date(2010, 3, 1))
    register.night(permits=[permit(OLD), change])


def test_a_code_links_whatever_the_name_says(renamed, claim):
    assert claim("上海示例别的律师事务所", code=A) == (A, "code")


def test_a_licence_number_links_where_there_is_no_code(renamed, claim):
    assert claim(licence="23100000000000001") == (A, "licence")


def test_a_former_name_links_in_the_time_in_which_it_was_in_force(renamed, claim):
    assert claim(OLD, day=date(2009, 12, 31)) == (A, "name")


def test_a_former_name_does_not_link_after_its_time(renamed, claim):
    assert claim(OLD, day=date(2010, 3, 1)) is None


def test_a_name_does_not_link_before_its_time(renamed, claim):
    assert claim(NEW, day=date(2010, 2, 28)) is None


def test_brackets_width_and_blanks_do_not_matter(register, permit, claim):
    register.night(permits=[permit("上海示例(浦东)甲律师事务所")])
    assert claim("上海示例（浦东）甲 律师事务所　") == (A, "name")


def test_a_name_that_two_bear_links_to_neither(register, permit, claim):
    register.night(permits=[permit(), permit(uscc=B, licence="2", document="第9号")])
    assert claim(OLD) is None


def test_a_name_under_another_code_is_another_institution(renamed, claim):
    assert claim(NEW, code=B) is None


def test_a_name_links_to_one_of_whom_no_code_is_known(register, permit, claim):
    register.night(permits=[permit(uscc=None)])
    assert claim(OLD, code=B) == ("L:23100000000000001", "name")


def test_what_nobody_is_known_by_links_itself_once_somebody_is(register, permit, claim):
    register.night()
    assert claim(OLD) is None
    register.night(permits=[permit()])
    assert linked(register) == (A, "name")


def test_a_second_bearer_of_the_name_takes_the_link_back(register, permit, claim):
    register.night(permits=[permit()])
    assert claim(OLD) == (A, "name")
    register.night(permits=[permit(uscc=B, licence="2", document="第9号")])
    assert linked(register) is None
    ended = register.rows("SELECT institution, known_from, known_to FROM links")
    assert ended == [{"institution": A, "known_from": 1, "known_to": 2}], "it stays known"


def test_a_person_decides_for_good(register, permit, claim):
    register.night(permits=[permit()])
    register.connection.execute("INSERT INTO added.links VALUES ('1', ?, 'person', 1, NULL)", [B])
    assert claim(OLD) == (B, "person")
    register.night(permits=[permit(uscc=B, licence="2", document="第9号")])
    assert linked(register) == (B, "person")


def test_a_link_that_still_holds_is_not_written_again(register, permit, claim):
    register.night(permits=[permit()])
    claim(OLD)
    register.night(
        permits=[permit(document="第9号", title="关于变更负责人的决定", decided=date(2011, 1, 1))]
    )
    assert register.rows("SELECT known_from, known_to FROM links") == [
        {"known_from": 1, "known_to": None}
    ]


def test_a_name_without_its_region_or_with_its_city_is_the_one_that_has_the_rest(
    register, permit, claim
):
    register.night(permits=[permit(OLD)])
    assert claim("示例甲律师事务所") == (A, "near")
    assert claim("上海市示例甲律师事务所", number="2") == (A, "near")


def test_a_name_of_another_region_is_another_institution(register, permit, claim):
    register.night(permits=[permit(OLD)])
    assert claim("北京市示例甲律师事务所") is None


def test_a_short_name_that_two_may_bear_links_to_neither(register, permit, claim):
    other = permit("北京示例甲律师事务所", uscc=B, licence="2", document="第9号")
    register.night(permits=[permit(OLD), other])
    assert claim("示例甲律师事务所") is None
    assert claim("上海市示例甲律师事务所", number="2") == (A, "near")


def test_a_second_bearer_of_the_rest_takes_a_near_link_back(register, permit, claim):
    register.night(permits=[permit(OLD)])
    assert claim("示例甲律师事务所") == (A, "near")
    register.night(permits=[permit("北京示例甲律师事务所", uscc=B, licence="2", document="第9号")])
    assert linked(register) is None


def random_nights(permit, chance):
    """Nights of permits and claims that share few names, numbers and codes; some decisions of a person; an undo."""
    names = [
        "上海示例甲律师事务所",
        "上海市示例甲律师事务所",
        "示例甲律师事务所",
        "上海示例乙律师事务所",
    ]
    codes, licences = [A, B, None], ["1", "2", None]
    for night in range(1, 9):
        yield (
            [
                permit(
                    chance.choice(names),
                    uscc=chance.choice(codes),
                    licence=chance.choice(licences),
                    document=f"第{night}-{number}号",
                    title=chance.choice(
                        ["关于准予律师事务所设立的决定", "关于准予律师事务所变更名称的决定"]
                    ),
                    decided=date(2000 + night, 1 + number, 1),
                )
                for number in range(chance.choice([0, 1, 2]))
            ],
            [
                (
                    f"{night}-{number}",
                    chance.choice(codes),
                    chance.choice(licences),
                    chance.choice([*names, None]),
                    date(1999 + chance.randrange(12), 6, 1),
                )
                for number in range(chance.choice([0, 1, 4]))
            ],
            chance.choice([None, None, (normalize_name(names[2]), ""), ("", f"{night - 1}-0")]),
            chance.choice(codes[:2]),
            night == 5 and chance.random() < 0.5,
        )


def take_night(register, permits, claims, decided, institution, undo):
    register.night(permits=permits)
    connection, run = register.connection, register.run
    for number, code, licence, name, day in claims:
        folded = normalize_name(name) if name else None
        connection.execute(
            "INSERT INTO added.claims VALUES (?, ?, ?, ?, ?, ?, ?)",
            [number, code, licence, name, folded, day, run],
        )
    if decided:
        end_where(connection, "decided_links", "true", run)
        connection.execute(
            "INSERT INTO added.decided_links VALUES (?, ?, ?, ?, NULL)",
            [*decided, institution, run],
        )
    link_records(connection, run)
    if undo:
        register.run += 1
        connection.execute(
            "INSERT INTO added.runs SELECT range, 'sync', DATE '2016-01-01' FROM range(1, ?)",
            [run + 1],
        )
        restore_knowledge(connection, run - 2, register.run)


@pytest.mark.parametrize("seed", range(6))
def test_asking_some_claims_gives_the_links_of_asking_all(new_register, permit, seed):
    """In random histories: what waits, what changed and what is new is all that can be linked otherwise."""
    some, all_of_them = new_register(), new_register()
    for night in random_nights(permit, random.Random(seed)):
        take_night(some, *night)
        all_of_them.connection.execute("DELETE FROM added.linkings")  # so it asks every claim
        take_night(all_of_them, *night)
        for table in ("links", "waiting_claims"):
            known = f"FROM {table} WHERE known_to IS NULL ORDER BY ALL"
            assert some.rows(known) == all_of_them.rows(known), (night, table)
    ((asked_all),) = some.rows("SELECT count(*) AS runs FROM linkings")
    assert asked_all["runs"] <= 2  # the first run, and the one after an undo
