"""Until when a penalty is shown: by the policy's term, the authority's own end, its repair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from double_random import data
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Publication, Severity
from double_random.credit.reports.publication_end import PublicationEnd, find_publication_end

DECIDED = date(2026, 4, 10)
PUBLICATION = Publication(
    start=date(2010, 1, 1),
    until=None,
    months=(("minor", 0), ("general", 12), ("serious", 36)),
    severities=(Severity("minor", ("warning",), None), Severity("general", ("fine",), None)),
    reference="示例",
    confirmed=False,
)
RULES = replace(
    read_policy(data.path("policies", "risk-100.toml")).in_force_on(DECIDED),
    publication=PUBLICATION,
)


def test_a_penalty_is_shown_to_the_last_day_of_its_term() -> None:
    assert find_publication_end(RULES, ["fine"], 0, DECIDED) == PublicationEnd(
        "general", date(2027, 4, 10)
    )


def test_a_minor_penalty_and_one_without_a_term_are_not_shown() -> None:
    assert find_publication_end(RULES, ["warning"], 0, DECIDED) == PublicationEnd("minor", None)
    assert find_publication_end(RULES, ["示例"], 0, DECIDED) == PublicationEnd(None, None)


def test_the_authoritys_own_end_counts_if_it_is_earlier() -> None:
    early, late = date(2026, 10, 9), date(2030, 1, 1)
    assert find_publication_end(RULES, ["fine"], 0, DECIDED, own_end=early) == PublicationEnd(
        "general", early
    )
    assert find_publication_end(RULES, ["fine"], 0, DECIDED, own_end=late) == PublicationEnd(
        "general", date(2027, 4, 10)
    )


def test_a_repaired_penalty_is_shown_up_to_the_day_before() -> None:
    found = find_publication_end(RULES, ["fine"], 0, DECIDED, taken_out=date(2026, 9, 1))
    assert found == PublicationEnd("general", date(2026, 8, 31))
    assert find_publication_end(RULES, ["fine"], 0, DECIDED, taken_out=DECIDED) == PublicationEnd(
        "general", None
    )


def test_a_policy_without_terms_says_nothing() -> None:
    assert find_publication_end(replace(RULES, publication=None), ["fine"], 0, DECIDED) is None
