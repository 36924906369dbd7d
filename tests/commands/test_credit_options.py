"""Shared parts of the credit commands: points as scores, records and their standing in words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars

from double_random.commands.credit_options import (
    add_record_words,
    add_score,
    day_or_last,
    describe_standing,
    find_known_run,
    replace_codes_for_people,
)
from double_random.commands.render.format_writers import Format
from double_random.store.home import Home
from double_random.store.releases import Release


def test_hundredths_become_a_number_with_two_places() -> None:
    rows = polars.DataFrame({"points": [9250, -5, None]})
    shown = add_score(rows)["score"]
    assert shown.to_list() == [Decimal("92.50"), Decimal("-0.05"), None]
    other = add_score(rows.rename({"points": "points_a"}), "points_a", "score_a")
    assert other["score_a"][0] == Decimal("92.50")


def record(**other: Any) -> dict[str, Any]:
    """A record that counts, with anything said otherwise."""
    plain = {
        "class": "penalty",
        "kinds": "fine",
        "state": "decided",
        "branch": None,
        "standing": "counts",
        "replaced_by": None,
        "ruled": None,
    }
    return plain | other


def test_a_standing_names_what_replaced_the_record_or_its_last_day() -> None:
    assert describe_standing(record()) == "counts"
    replaced = record(replaced_by="a" * 64, ruled=date(2026, 5, 1))
    assert describe_standing(replaced) == f"replaced by {'a' * 12} on 2026-05-01"
    waiting = record(
        standing="objection in progress", answer_by=date(2026, 11, 20), answer_waits_for=None
    )
    assert describe_standing(waiting) == "objection in progress, until 2026-11-20"
    assert "2027" in describe_standing(waiting | {"answer_waits_for": 2027})


def test_records_say_in_words_what_they_are_and_whose() -> None:
    shown = add_record_words(polars.DataFrame([record(), record(branch="示例分所")]))
    own, branches = shown["what"].to_list()
    assert " · " in own and "fine" in own
    assert branches == f"{own} · branch 示例分所"
    assert shown["standing"].to_list() == ["counts", "counts"]


def test_programs_get_codes_and_people_words(home: Home) -> None:
    rows = polars.DataFrame({"kind": ["law_firm"], "district": ["310112"]})
    assert replace_codes_for_people(rows, home, Format.json, None).equals(rows)
    shown = replace_codes_for_people(rows, home, Format.table, None)
    assert shown["kind"][0] != "law_firm" and shown["district"][0] != "310112"


def test_a_given_day_needs_no_release_and_no_run_is_no_run() -> None:
    unread = Release.__new__(Release)
    assert day_or_last(unread, datetime(2016, 12, 31)) == date(2016, 12, 31)
    assert find_known_run(unread, None) is None
