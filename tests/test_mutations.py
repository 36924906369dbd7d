"""Damaged drops, facts and settings end in words, and rows add up; the long run is `python -m tests.mutations all`."""

from __future__ import annotations

import pytest

from tests.mutations import run


@pytest.mark.parametrize(("what", "count"), [("drops", 40), ("facts", 150), ("settings", 100)])
def test_whatever_is_damaged_ends_in_words(what: str, count: int) -> None:
    failed, said = run(what, count, seed=12)
    assert not failed, said
