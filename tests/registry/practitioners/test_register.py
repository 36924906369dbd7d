"""The register of practitioners: one run after another, in any order, each with the same result."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.registry import reasons
from double_random.registry.practitioners import queries
from tests.thorough import examples

DAY = date(2016, 12, 31)
KNOWN = {
    "practitioners": "id, valid_from",
    "employment": "practitioner, since",
    "practitioner_notes": "practitioner, reason, day",
    "practitioner_links": "penalty, practitioner",
}


def known(register):
    """All that is known now of persons."""
    return {
        table: register.rows(
            f"SELECT * EXCLUDE (known_from, known_to) FROM {table} WHERE known_to IS NULL ORDER BY ALL"
        )
        for table in KNOWN
    } | {
        "decisions": register.rows(
            "SELECT decision, practitioner, held FROM practitioner_decisions WHERE known_to IS NULL ORDER BY ALL"
        )
    }


def posts(register, id_="P:13100201010000001"):
    rows = register.rows(
        f"FROM employment WHERE known_to IS NULL AND practitioner = '{id_}' ORDER BY since"
    )
    return [
        (
            row["institution"][-2],
            row["since"] and row["since"].year,
            row["until"] and row["until"].year,
        )
        for row in rows
    ]


def test_a_register_without_persons_has_no_table_of_them(register, firms):
    register.night(permits=firms)
    assert not register.draft.has("practitioners")


def test_a_move_ends_the_old_post_and_begins_the_new(register, firms, person):
    register.night(permits=[*firms, person()])
    assert posts(register) == [("1", 2010, None)]
    (file,), issues = register.night(permits=[person(moves="甲乙", decided=date(2012, 5, 1))])
    assert (file.accepted, file.quarantined, issues) == (1, 0, [])
    assert posts(register) == [("1", 2010, 2012), ("2", 2012, None)]
    assert known(register)["practitioner_notes"] == []


def test_what_was_known_before_a_run_stays(register, firms, person):
    register.night(permits=[*firms, person()])
    register.night(permits=[person(moves="甲乙", decided=date(2012, 5, 1))])
    (then,) = queries.practitioners_as_of(register.draft, DAY, known_at=1).to_dicts()
    (now,) = queries.practitioners_as_of(register.draft, DAY).to_dicts()
    assert (then["institution_name"], now["institution_name"]) == (
        firms[0]["name"],
        firms[1]["name"],
    )
    assert queries.list_members(register.draft, firms[0]["uscc"], DAY) == []
    assert len(queries.list_members(register.draft, firms[0]["uscc"], date(2011, 1, 1))) == 1


def test_a_move_to_another_province_ends_and_from_one_begins(register, firms, person):
    register.night(
        permits=[
            *firms,
            person(),
            person(moves="甲远", decided=date(2012, 5, 1)),
            person("示例李四", "13300200710000002", moves="远乙", decided=date(2013, 1, 1)),
        ]
    )
    rows = {row["name"]: row for row in queries.practitioners_as_of(register.draft, DAY).to_dicts()}
    assert (rows["示例张三"]["status"], rows["示例张三"]["institution"]) == ("moved_out", None)
    assert (rows["示例李四"]["status"], rows["示例李四"]["institution"]) == (
        "active",
        firms[1]["uscc"],
    )
    assert posts(register, "P:13300200710000002") == [("2", 2013, None)]


def test_an_unknown_firm_waits_and_is_taken_once_the_firm_is_known(register, firms, person):
    register.night(permits=firms[:1])
    (file,), (issue,) = register.night(permits=[person(at="乙")])
    assert (file.accepted, file.quarantined) == (0, 1)
    assert (issue["reason"], issue["value"]) == (reasons.PRACTICE_UNKNOWN, firms[1]["name"])
    assert known(register)["practitioners"] == []
    register.night(permits=firms[1:2])
    assert posts(register) == [("2", 2010, None)]


def test_the_number_of_another_person_cancels_nobody(register, firms, person, ends):
    register.night(permits=[*firms, person()])
    wrong = person("示例李四", **ends("示例李四"), decided=date(2014, 1, 1))
    (file,), (issue,) = register.night(permits=[wrong])
    assert (file.quarantined, issue["reason"]) == (1, reasons.OTHER_PERSON)
    (row,) = queries.practitioners_as_of(register.draft, DAY).to_dicts()
    assert (row["name"], row["status"]) == ("示例张三", "active")


def test_a_permit_that_was_taken_and_waits_now_is_told(register, firms, person):
    register.night(permits=[*firms, person("示例李四", decided=date(2014, 1, 1))])
    register.night(permits=[person()])
    (row,) = queries.practitioners_as_of(register.draft, DAY).to_dicts()
    assert row["name"] == "示例张三"
    (note,) = queries.find_practitioner_notes(register.draft)
    assert (note["name"], note["reason"]) == ("示例李四", reasons.OTHER_PERSON)


def test_a_firm_that_ends_leaves_its_lawyers_licensed_and_told(register, firms, person, permit):
    register.night(permits=[*firms, person()])
    end = firms[0] | {
        "title": "关于注销律师事务所的决定",
        "content": "律师事务所注销",
        "decided": date(2015, 1, 1),
    }
    register.night(permits=[end])
    assert posts(register) == [("1", 2010, 2015)]
    (row,) = queries.practitioners_as_of(register.draft, DAY).to_dicts()
    assert (row["status"], row["institution"]) == ("active", None)
    (note,) = queries.find_practitioner_notes(register.draft)
    assert note["reason"] == reasons.WITHOUT_INSTITUTION


def test_a_number_changes_by_a_decision_and_the_id_stays(register, firms, person):
    register.night(permits=[*firms, person(licence="099980919838")])
    renewed = person(
        at="换发律师执业证书;原执业证号:099980919838;现执业证号:13100201010000001",
        title="关于准予示例张三换发律师执业证的决定",
        decided=date(2012, 1, 1),
    )
    register.night(permits=[renewed])
    (row,) = queries.practitioners_as_of(register.draft, DAY).to_dicts()
    assert (row["id"], row["licence"]) == ("P:099980919838", "13100201010000001")
    assert {
        queries.identify_practitioner(register.draft, n) for n in (row["licence"], row["id"])
    } == {row["id"]}


@pytest.fixture(scope="session")
def histories(firms, person, ends):
    """Rows of a few persons in a few firms, many of them contradictory."""
    names, numbers = (
        ("示例张三", "示例李四"),
        ("13100201010000001", "13100201010000002", "099980919838"),
    )
    days = st.dates(date(2005, 1, 1), date(2016, 1, 1))
    who = st.tuples(st.sampled_from(names), st.sampled_from(numbers))

    def build(draw):
        (name, licence), day = draw(who), draw(days)
        what = draw(st.integers(0, 5))
        said = {
            "decided": day,
            "document": f"沪司许决字〔{day.year}〕第{draw(st.integers(1, 99))}号",
        }
        if what == 0:
            return person(name, licence, **ends(name), **said)
        if what == 1:
            return person(
                name,
                licence,
                moves=draw(st.sampled_from(("甲乙", "乙丙", "丙甲", "甲远", "远乙"))),
                **said,
            )
        if what == 2:
            return person(name, licence, at=f"变更姓名;原姓名:{names[0]};现姓名:{name}", **said)
        if what == 3:
            old = draw(st.sampled_from(numbers))
            return person(name, licence, at=f"换发;原执业证号:{old};现执业证号:{licence}", **said)
        return person(name, licence, at=draw(st.sampled_from("甲乙丙")), **said)

    return st.lists(st.composite(build)(), min_size=1, max_size=12)


@settings(max_examples=examples(4, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_the_order_of_rows_and_runs_does_not_matter(new_register, firms, histories, penalty, data):
    rows = [*firms, *data.draw(histories)]
    orders = [
        penalty("示例张三", kinds=["practice_suspension"], licence="13100201010000001"),
        penalty(
            "示例李四",
            kinds=["revocation"],
            practice="上海示例乙律师事务所",
            decided=date(2011, 1, 1),
        ),
    ]
    at_once = new_register()
    (file, _), issues = at_once.night(permits=rows, penalties=orders)
    assert len([i for i in issues if i["severity"] == "quarantined"]) == file.quarantined
    assert file.rows == file.accepted + file.duplicates + file.quarantined
    shuffled, nights = data.draw(st.permutations(rows)), data.draw(st.integers(2, 4))
    by_night = new_register()
    for night in range(nights):
        by_night.night(permits=shuffled[night::nights], penalties=orders[night::nights])
    if by_night.draft.has("practitioners"):
        assert known(by_night) == known(at_once)


@settings(max_examples=examples(4, 60), deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_nobody_is_at_two_institutions_at_once(new_register, firms, histories, data):
    register = new_register()
    register.night(permits=[*firms, *data.draw(histories)])
    both = """
        SELECT a.practitioner FROM placed.employment a JOIN placed.employment b USING (practitioner)
        WHERE a.known_to IS NULL AND b.known_to IS NULL AND a.place < b.place
            AND coalesce(a.since, DATE '0001-01-01') < coalesce(b.until, DATE '9999-12-31')
            AND coalesce(b.since, DATE '0001-01-01') < coalesce(a.until, DATE '9999-12-31')
    """
    assert register.rows(both) == []
