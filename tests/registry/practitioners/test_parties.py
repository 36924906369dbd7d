"""Whom a row is about: a person by the sheet's column, the list's word or what it says of practice, or nobody."""

from __future__ import annotations

from datetime import date

import polars
import pytest

from double_random.intake.record_types import table_schema
from double_random.registry.institutions.kinds import load_shipped_kinds
from double_random.registry.practitioners.kinds import load_shipped_practitioner_facts
from double_random.registry.practitioners.parties import describe_parties

NUMBER = "13100201010000001"
FIRM = "上海示例甲律师事务所"
CODE = "31310000XXXX00001A"


def described(noun, known=(), **said):
    table = polars.DataFrame([said], schema=table_schema(noun))
    facts, kinds = load_shipped_practitioner_facts(), load_shipped_kinds()
    (row,) = describe_parties(table, facts, kinds, known).to_dicts()
    return row


@pytest.mark.parametrize(
    ("personal", "said"),
    [
        (True, {"party": "person"}),
        (True, {"practice": FIRM}),
        (True, {"conducted": date(2015, 1, 1)}),
        (True, {"certificate": f"律师执业证({NUMBER})"}),
        (True, {"facts": f"当事人示例张三,律师执业证号{NUMBER},存在上述行为。"}),
        (True, {"licence": NUMBER, "known": [NUMBER]}),
        (False, {"licence": NUMBER}),  # an institution without a word of its kind may have it
        (False, {}),
        (False, {"party": "organisation", "practice": FIRM}),
        (False, {"uscc": CODE, "practice": FIRM}),
        (False, {"name": FIRM, "party": "person"}),
    ],
)
def test_a_penalty_is_a_persons_by_what_it_says(personal, said):
    assert described("penalties", **{"name": "示例张三"} | said)["personal"] == personal


def test_a_persons_number_and_institution_are_its_own():
    number, firm = "１３１００２０１０１０００００01", "上海示例甲 律师事务所"
    row = described(
        "penalties", name="示例张三", party="person", licence=number, practice=firm, uscc=CODE
    )
    assert (row["licence"], row["practice"]) == (NUMBER, FIRM)
    assert (row["practice_code"], row["uscc"]) == (CODE, None)


def test_two_parties_of_one_row_are_two_fields():
    both = described("complaints", person="示例张三", name=FIRM, licence=NUMBER)
    assert (both["personal"], both["name"], both["practice"]) == (True, "示例张三", FIRM)
    firm = described("complaints", name=FIRM, uscc=CODE, number="1")
    assert (firm["personal"], firm["name"], firm["practice"], firm["uscc"]) == (
        False,
        FIRM,
        None,
        CODE,
    )
    assert firm["number"] == "1"


def test_an_institution_in_the_column_of_persons_stays_one():
    row = described("sanctions", person=FIRM, kinds=["admonition"])
    assert (row["personal"], row["name"]) == (False, FIRM)
