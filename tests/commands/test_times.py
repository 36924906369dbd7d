"""A time without a zone is Beijing's; what was understood is said; the log has UTC."""

from __future__ import annotations

import pytest

from double_random.commands.times import parse_utc
from double_random.core.errors import Misuse


@pytest.mark.parametrize(
    ("given", "utc"),
    [
        ("2026-11-22 16:00", "2026-11-22T08:00:00Z"),
        ("2026-11-22T16:00", "2026-11-22T08:00:00Z"),
        ("2026-11-23 07:59:59", "2026-11-22T23:59:59Z"),
        ("2026-11-22T16:00+08:00", "2026-11-22T08:00:00Z"),
        ("2026-11-22T08:00+00:00", "2026-11-22T08:00:00Z"),
    ],
)
def test_a_time_is_kept_as_utc_and_told_as_it_was_understood(
    given: str, utc: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert parse_utc(given) == utc
    assert utc in capsys.readouterr().err


def test_utc_in_the_logs_own_spelling_and_no_time_at_all_stay(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert parse_utc("2026-11-22T08:00:00Z") == "2026-11-22T08:00:00Z"
    assert parse_utc(None) is None
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("given", ["tomorrow", "2026-11-22", "2026-02-30 10:00", "20:00", ""])
def test_what_is_no_time_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(Misuse) as told:
        parse_utc(given)
    assert "2026-11-22 16:00" in told.value.hint
