"""What may be shown follows the list: fields, terms, repair, stages and the policy's own word."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars
import pytest
from hypothesis import given
from hypothesis import strategies as some

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.policy.loader import read_policy
from double_random.credit.reports import publication_end
from double_random.publish.disclosure import allow_list as rules
from double_random.publish.disclosure.allow_list import AllowList
from double_random.store.home import Home

LIST = AllowList.read(data.path("publishing.toml"))
EVALUATION = read_policy(data.path("policies", "evaluation-1000.toml"))
SCHEMA = {
    "decided": polars.Date,
    "publish_until": polars.Date,
    "kinds": polars.String,
    "repaired": polars.Boolean,
}


def shown(as_of: date, **values: Any) -> date | None:
    """Until when one penalty is shown; None where it is not."""
    row = {"decided": date(2015, 3, 10), "publish_until": None, "kinds": "fine", "repaired": False}
    frame = polars.DataFrame([row | values], schema=SCHEMA)
    ends = rules.filter_shown_penalties(frame, as_of, LIST)["shown_until"].to_list()
    return ends[0] if ends else None


def test_a_penalty_is_shown_until_the_authoritys_own_date() -> None:
    end = date(2016, 3, 10)
    assert shown(date(2016, 3, 9), publish_until=end) == end
    assert shown(end, publish_until=end) is None


def test_before_any_rule_a_penalty_without_an_end_is_not_shown() -> None:
    assert shown(date(2015, 4, 1)) is None


def test_the_longest_term_of_the_rule_in_force_ends_it_earlier() -> None:
    values = {"decided": date(2026, 1, 31), "publish_until": date(2030, 1, 1)}
    assert shown(date(2026, 5, 1), kinds="fine", **values) == date(2027, 1, 31)
    assert shown(date(2026, 5, 1), kinds="fine suspension", **values) == date(2029, 1, 31)


def test_a_warning_is_no_longer_shown_under_the_rule_of_2026() -> None:
    values = {"decided": date(2026, 3, 1), "publish_until": date(2027, 3, 1), "kinds": "warning"}
    assert shown(date(2026, 3, 31), **values) == date(2027, 3, 1)
    assert shown(date(2026, 4, 1), **values) is None


def test_a_repaired_penalty_is_not_shown() -> None:
    assert shown(date(2015, 4, 1), publish_until=date(2016, 1, 1)) is not None
    assert shown(date(2015, 4, 1), publish_until=date(2016, 1, 1), repaired=True) is None


def test_a_kind_that_the_list_does_not_know_is_not_shown() -> None:
    assert shown(date(2015, 4, 1), publish_until=date(2016, 1, 1), kinds="detention fine") is None
    assert shown(date(2015, 4, 1), publish_until=date(2016, 1, 1), kinds="") is None


def test_a_decision_of_the_future_is_not_shown() -> None:
    assert shown(date(2015, 3, 9), publish_until=date(2016, 1, 1)) is None


def test_only_listed_fields_go_out_and_doubtful_text_is_emptied() -> None:
    which = LIST.classes["penalty"]
    row: dict[str, Any] = {field.name: None for field in which.fields}
    row |= {
        "institution": "31310000XXXX30015D",
        "record": "9" * 64,
        "document": "沪司罚决字〔2015〕第1号",
        "conduct": "违规收费,联系138-0013-8000",
        "facts": "投诉人张三",
        "content": "罚款",
        "name": "示例",
    }
    before = polars.DataFrame([row], infer_schema_length=None)
    after = rules.select_allowed_fields(before, which)
    assert after.columns == [field.name for field in which.fields]
    assert after["conduct"].to_list() == [None]
    assert after["document"].to_list() == ["沪司罚决字〔2015〕第1号"]
    assert after["record"].to_list() == ["9" * 64]
    assert rules.count_emptied_values(before, after) == 1


def test_no_class_lets_out_contents_heads_papers_or_complaints() -> None:
    assert set(LIST.classes) == {
        "institution",
        "approval",
        "penalty",
        "grade",
        "draw",
        "drawn",
        "inspection",
        "result",
        "past_inspection",
    }
    names = {field.name for one in LIST.classes.values() for field in one.fields}
    assert not names & {
        "content",
        "remark",
        "secret",
        "inner",
        "salt",
        "ticket",
        "stratum",
        "reason_of_recusal",
    }


def test_before_publication_a_draw_shows_what_the_log_says() -> None:
    which = LIST.classes["draw"]
    row = {field.name: "x" for field in which.fields}
    waiting = rules.select_draw_fields(row, which, published=False)
    assert {name for name, value in waiting.items() if value} == set(which.before_publication)
    assert not set(which.before_publication) & {
        "seed",
        "entropy",
        "drawn",
        "population",
        "left_out",
    }
    assert rules.select_draw_fields(row, which, published=True) == row


def test_a_grade_goes_out_only_where_the_policy_says_so() -> None:
    assert rules.public_grade_columns("no") == ()
    assert rules.public_grade_columns("grade") == ("grade",)
    assert rules.public_grade_columns("all") == ("grade", "points")
    assert rules.public_grade_columns("perhaps") == ()


def test_a_list_that_is_none_names_its_file(tmp_path: Any) -> None:
    (tmp_path / "publishing.toml").write_text("class = 1", encoding="utf-8")
    with pytest.raises(Misuse, match=r"publishing\.toml"):
        AllowList.read(tmp_path / "publishing.toml")


@given(
    some.lists(
        some.sampled_from(["warning", "fine", "revocation", "confiscation"]),
        min_size=1,
        unique=True,
    ),
    some.sampled_from([None, 0, 1999_99, 2000_00, 100000_00]),
    some.dates(date(2022, 1, 1), date(2026, 11, 1)),
    some.none() | some.dates(date(2023, 1, 1), date(2029, 1, 1)),
    some.dates(date(2023, 5, 1), date(2029, 12, 31)),
)
def test_a_policys_own_terms_take_the_place_of_the_lists(
    kinds: list[str], fine: int | None, decided: date, own: date | None, as_of: date
) -> None:
    """The site and the credit file agree, but for the last day itself, on which the site shows it no more."""
    in_force = EVALUATION.in_force_on(as_of)
    row = {"decided": decided, "publish_until": own, "kinds": " ".join(sorted(kinds))}
    frame = polars.DataFrame(
        [row | {"repaired": False, "fine_fen": fine}], schema=SCHEMA | {"fine_fen": polars.Int64}
    )
    found = rules.filter_shown_penalties(frame, as_of, LIST, in_force.publication)[
        "shown_until"
    ].to_list()
    told = publication_end.find_publication_end(in_force, sorted(kinds), fine or 0, decided, own)
    assert told is not None
    expected = told.until is not None and decided <= as_of < told.until
    assert found == ([told.until] if expected else [])


def test_an_example_policy_has_no_say_about_terms(home: Home) -> None:
    home.settings["policy"] = "evaluation-1000"
    assert rules.find_publication_rule(home, date(2026, 11, 1)) is None
    folder = home.path / "facts" / "policies"
    folder.mkdir(parents=True)
    text = data.path("policies", "evaluation-1000.toml").read_text(encoding="utf-8")
    own = text.replace("example = true", "example = false")
    assert own != text
    (folder / "evaluation-1000.toml").write_text(own, encoding="utf-8")
    rule = rules.find_publication_rule(home, date(2026, 11, 1))
    assert rule is not None and dict(rule.months)["minor"] == 0
