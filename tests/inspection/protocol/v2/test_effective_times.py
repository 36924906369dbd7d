"""A false time of the future is brought back to a time at which the entry could have been dated, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol.v2.effective_times import compute_effective_times


def at(minute: int) -> str:
    return f"2026-03-02T12:{minute:02d}:00Z"


def act(minute: int) -> dict[str, Any]:
    return {"kind": "sync", "time": at(minute)}


def correct(minute: int, entry: int, right: int) -> dict[str, Any]:
    return {"kind": "correct", "time": at(minute), "entry": entry, "is": at(right)}


def test_without_corrections_times_are_as_written() -> None:
    assert compute_effective_times([]) == []
    assert compute_effective_times([act(3), act(1)]) == [at(3), at(1)]


def test_a_time_of_the_future_is_brought_back() -> None:
    entries = [act(1), act(50), correct(5, 1, 3), act(6)]
    assert compute_effective_times(entries) == [at(1), at(3), at(5), at(6)]


def test_several_are_corrected_from_the_top_down() -> None:
    entries = [act(1), act(50), act(51), correct(5, 1, 2), correct(6, 2, 3)]
    assert compute_effective_times(entries) == [at(1), at(2), at(3), at(5), at(6)]


def test_from_the_bottom_up_the_upper_one_stands_in_the_way() -> None:
    with pytest.raises(BadFile, match="line 4"):
        compute_effective_times([act(1), act(50), act(51), correct(5, 2, 3)])


@pytest.mark.parametrize(
    "entries",
    [
        [correct(5, 0, 3)],
        [act(50), correct(5, 1, 3)],
        [act(50), correct(5, 2, 3), act(60)],
        [act(50), correct(5, -1, 3)],
        [act(50), correct(5, 0, 3), correct(6, 0, 4)],
        [act(5), correct(5, 0, 3)],
        [act(4), correct(5, 0, 3)],
        [act(50), correct(5, 0, 6)],
        [act(4), act(50), correct(5, 1, 3)],
        [act(50), act(4), correct(5, 0, 5)],
    ],
    ids=[
        "itself",
        "itself again",
        "below",
        "nowhere",
        "twice",
        "of now",
        "of the past",
        "into the future",
        "before an entry above",
        "after an entry between",
    ],
)
def test_a_correction_that_would_give_an_operator_more_is_refused(
    entries: list[dict[str, Any]],
) -> None:
    with pytest.raises(BadFile) as refused:
        compute_effective_times(entries)
    assert refused.value.file == "log.jsonl"
