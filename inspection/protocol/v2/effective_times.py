"""The effective time of each entry of a log: its own time, or the one that a `correct` entry has given it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _

FILE = "log.jsonl"
CORRECT = "correct"


def compute_effective_times(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """The effective times of entries with `kind` and `time`, and `entry` and `is` where the kind is `correct`.

    BadFile if a correction is not allowed: it may only bring an entry of the future back to a time at which it could
    have been dated at first, so a correction gives an operator nothing that a plain date would not give.
    """
    times: list[str] = []
    corrected: set[int] = set()
    for number, entry in enumerate(entries):
        if entry["kind"] == CORRECT:
            _check_correction(entries, times, corrected, number)
            times[entry["entry"]] = entry["is"]
            corrected.add(entry["entry"])
        times.append(entry["time"])
    return times


def _check_correction(
    entries: Sequence[Mapping[str, Any]],
    times: Sequence[str],
    corrected: set[int],
    number: int,
) -> None:
    """The entry stands above, is dated after the correction, and fits between its neighbours at its new time."""
    correction = entries[number]
    index, right, now = correction["entry"], correction["is"], correction["time"]
    wrong = (
        not 0 <= index < number
        or index in corrected
        or entries[index]["time"] <= now
        or right > now
        or any(time > right for time in times[:index])
        or any(time < right for time in times[index + 1 : number])
    )
    if wrong:
        raise BadFile(
            FILE,
            _("line {number}: this correction of a time is not allowed").format(number=number + 1),
        )
