"""An explanation names the record, the rule and the clause of each line; the lines add up."""

from __future__ import annotations

from datetime import date

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.loader import read_policy
from double_random.credit.scoring.explanation import FORMAT, explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord

DAY = date(2020, 6, 30)
RISK = read_policy(data.path("policies", "risk-100.toml"))
FIRM = "示例甲所"


def penalty(kind: str, document: str, decided: date) -> MadeUpRecord:
    return MadeUpRecord(
        institution=FIRM,
        record_class="penalty",
        decided=decided,
        kinds=(kind,),
        document=document,
    )


def test_each_line_has_its_record_its_rule_and_the_running_sum() -> None:
    fine = penalty("fine", "罚1号", date(2019, 3, 1))
    warning = penalty("warning", "罚2号", date(2020, 2, 1))
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases([fine, warning])
        found = explain_score(book, FIRM, DAY, RISK)
    rows = [
        (line.part, line.rule, line.document, line.points, line.running) for line in found.lines
    ]
    assert rows == [
        ("base", "base", None, 100_00, 100_00),
        ("record", "fine", "罚1号", -8_00, 92_00),
        ("record", "warning", "罚2号", -8_00, 84_00),
        ("repeat", "warning", "罚2号", -5_00, 79_00),
    ]
    assert (found.points, found.grade, found.kind) == (79_00, "C", "law_firm")
    assert found.lines[1].record == fine.id and "律师法" in found.lines[1].reference


def test_a_veto_is_a_line_without_points_that_names_its_grade() -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases([penalty("revocation", "罚1号", date(2020, 1, 1))])
        found = explain_score(book, FIRM, DAY, RISK)
    vetoes = [line for line in found.lines if line.part == "veto"]
    assert vetoes and all(line.points == 0 and line.grade == "D" for line in vetoes)
    assert found.grade == "D" and sum(line.points for line in found.lines) == found.points


def test_the_json_has_the_lines_and_grades_with_dates_as_text() -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases([penalty("fine", "罚1号", date(2020, 1, 1))])
        found = explain_score(book, FIRM, DAY, RISK).json()
    assert (found["format"], found["as_of"]) == (FORMAT, "2020-06-30")
    assert found["grades"][0] == {"grade": "A", "from": 95_00}
    assert found["grades"][-1] == {"grade": "D", "from": None}
    line = found["lines"][1]
    assert (line["class"], line["kinds"], line["decided"]) == ("penalty", ("fine",), "2020-01-01")
    assert "record_class" not in line


def test_what_became_known_later_is_not_in_it() -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.add_cases([penalty("fine", "罚1号", date(2020, 1, 1))])
        book.connection.execute("INSERT INTO runs VALUES (2, 'load', DATE '2020-07-01')")
        book.connection.execute("UPDATE records SET known_from = 2")
        assert len(explain_score(book, FIRM, DAY, RISK, known_at=1).lines) == 1
        assert len(explain_score(book, FIRM, DAY, RISK).lines) == 2


def test_an_unknown_institution_is_misuse() -> None:
    with (
        Casebook() as book,
        pytest.raises(Misuse, match="nobody is known as 示例乙所 on 2020-06-30"),
    ):
        explain_score(book, "示例乙所", DAY, RISK)


def test_one_that_is_not_graded_says_its_kind_and_status() -> None:
    with Casebook() as book:
        book.add_institution(FIRM)
        book.connection.execute("UPDATE institutions SET status = 'cancelled'")
        with pytest.raises(Misuse, match="law_firm, cancelled") as caught:
            explain_score(book, FIRM, DAY, RISK)
    assert "notary_office" in caught.value.hint
