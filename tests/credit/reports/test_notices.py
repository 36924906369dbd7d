"""Notices before a bad grade: who gets one, the terms, and the penalties that must wait."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import BadFile, Misuse
from double_random.core.working_days import LastDay
from double_random.credit.policy.catalog import load_policy
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.reports import notices
from double_random.credit.scoring.explanation import explain_score
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord
from double_random.store.home import Home
from double_random.store.releases import Release

DAY = date(2016, 12, 31)
FIRM = "31310000XXXX300238"
RISK = read_policy(data.path("policies", "risk-100.toml"))


def test_only_who_newly_has_a_bad_grade_is_told(scored: Home, release: Release) -> None:
    rule = load_policy(scored)
    everybody = notices.institutions_to_notify(release, DAY, rule, ["B", "C", "D"], None)
    newly = notices.institutions_to_notify(release, DAY, rule, ["B", "C", "D"], date(2016, 6, 30))
    assert FIRM in newly["institution"].to_list()
    assert 0 < newly.height < everybody.height
    for letter in notices.explain_letters(release, newly, DAY, rule):
        assert letter.grade in ("B", "C", "D")
    with pytest.raises(Misuse, match="no grade"):
        notices.institutions_to_notify(release, DAY, rule, ["E"], None)


TERM = """
[[term]]
step = "check"
from = 2010-01-01
until = 2020-01-01
days = 10
reference = "示例"
confirmed = true

[[term]]
step = "check"
from = 2020-01-01
days = 2
working = true
reference = "示例"
"""


def own_terms(home: Home, text: str) -> Path:
    file = home.path / "facts" / "credit_terms.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_terms_of_a_day_are_those_in_force(home: Home) -> None:
    own_terms(home, TERM)
    assert notices.load_terms(home, date(2009, 12, 31)) == {}
    assert notices.load_terms(home, date(2019, 12, 31))["check"].days == 10
    assert notices.load_terms(home, date(2020, 1, 1))["check"].days == 2


def test_a_term_counts_days_or_working_days_from_the_day_after(home: Home) -> None:
    own_terms(home, TERM)
    assert notices.check_deadline(home, date(2016, 12, 1)) == LastDay(date(2016, 12, 11))
    friday = date(2026, 11, 20)
    assert notices.check_deadline(home, friday) == LastDay(date(2026, 11, 24))
    assert notices.check_deadline(home, date(2009, 1, 1)) is None


def test_a_term_says_its_days_in_words(home: Home) -> None:
    old, new = notices.read_terms(own_terms(home, TERM))
    assert (old.words(), new.words()) == ("10 days", "2 working days")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('step = "check"', 'step = "示例"'), "line 3: step: expected one of statement"),
        (("days = 10", ""), "line 2: days is missing"),
        (("days = 10", "days = 10\nhours = 3"), "hours is not known here"),
    ],
)
def test_a_list_of_terms_that_cannot_be_is_refused(
    home: Home, change: tuple[str, str], said: str
) -> None:
    file = own_terms(home, TERM.replace(*change, 1))
    with pytest.raises(BadFile, match=said):
        notices.read_terms(file)


def test_a_penalty_that_must_wait_is_named_with_its_first_day(home: Home) -> None:
    day = date(2026, 6, 20)
    with Casebook() as book:
        book.add_institution("示例甲所")
        book.add_cases(
            [
                MadeUpRecord(
                    institution="示例甲所",
                    record_class="penalty",
                    decided=date(2026, month, 14),
                    kinds=(kind,),
                    document=f"罚{month}号",
                )
                for month, kind in ((1, "fine"), (5, "warning"), (6, "fine"))
            ]
        )
        found = notices.list_blocked_repairs(
            book,  # type: ignore[arg-type]
            explain_score(book, "示例甲所", day, RISK),
            PublicationTerms.from_home(home),
        )
    assert found == [
        ("罚6号", date(2026, 9, 15))
    ]  # the first one can be repaired, a warning at once


def test_a_letter_on_an_unconfirmed_term_is_a_draft(home: Home) -> None:
    old, new = notices.read_terms(own_terms(home, TERM))
    with Casebook() as book:
        book.add_institution("示例甲所")
        found = explain_score(book, "示例甲所", DAY, RISK)
    assert notices.is_draft(found, {})  # the shipped policy is not confirmed
    sure = [type(line)(**{**vars(line), "confirmed": True}) for line in found.lines]
    confirmed = type(found)(**{**vars(found), "lines": tuple(sure)})
    assert not notices.is_draft(confirmed, {"check": old})
    assert notices.is_draft(confirmed, {"check": new})
