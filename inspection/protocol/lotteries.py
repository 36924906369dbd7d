"""Public lotteries as sources of randomness: the format of their numbers and the bits that these carry."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from double_random import data
from double_random.core.errors import Misuse
from double_random.core.translation import _


@dataclass(frozen=True)
class NumberGroup:
    """One group of a lottery's numbers: balls without repetition, or digits by position."""

    kind: str
    count: int
    low: int
    high: int
    rest: bool = False

    @property
    def size(self) -> int:
        """The number of different values from `low` to `high`."""
        return self.high - self.low + 1


@dataclass(frozen=True)
class Lottery:
    """One lottery: its name, the length of an issue number, and its groups, the main group first."""

    name: str
    issue: int
    groups: tuple[NumberGroup, ...]
    days: tuple[int, ...] = ()  # weekdays of the drawing, 1 = Monday; not a rule of the protocol

    @property
    def outcomes(self) -> int:
        """The exact number of possible results."""
        total, drawn = 1, 0
        for group in self.groups:
            if group.kind == "digits":
                total *= group.size**group.count
            else:
                left = group.size - (drawn if group.rest else 0)
                total *= math.comb(left, group.count)
            drawn = group.count
        return total

    def check_issue(self, issue: str) -> None:
        """Refuse an issue number of another length: each drawing has exactly one spelling."""
        if not re.fullmatch(f"[0-9]{{{self.issue}}}", issue, re.ASCII):
            raise Misuse(
                _("{issue} is no issue number of {lottery}").format(issue=issue, lottery=self.name),
                _("It has {digits} digits, as in the notice.").format(digits=self.issue),
            )

    def check_value(self, value: str) -> None:
        """Refuse numbers that this lottery cannot draw, and numbers in another order or spelling."""
        hint = _("Right spelling: {example}").format(example=self.example())
        parts = value.split(".")
        if not all(re.fullmatch(r"[0-9]{2}", part, re.ASCII) for part in parts):
            raise Misuse(_("Numbers have two digits each, joined by a full stop."), hint)
        if len(parts) != sum(group.count for group in self.groups):
            raise Misuse(
                _("{lottery} draws {wanted} numbers, here are {found}.").format(
                    lottery=self.name,
                    wanted=sum(group.count for group in self.groups),
                    found=len(parts),
                ),
                hint,
            )
        numbers = [int(part) for part in parts]
        before: list[int] = []
        for group in self.groups:
            drawn, numbers = numbers[: group.count], numbers[group.count :]
            for number in drawn:
                if not group.low <= number <= group.high:
                    raise Misuse(
                        _("{number} is not among {low} to {high}.").format(
                            number=number, low=group.low, high=group.high
                        ),
                        hint,
                    )
            if group.kind == "balls" and drawn != sorted(set(drawn)):
                raise Misuse(_("The balls of a group differ and stand in ascending order."), hint)
            if group.rest and set(drawn) & set(before):
                raise Misuse(_("The special ball is none of the main ones."), hint)
            before = drawn

    def example(self) -> str:
        """A valid value in the right spelling: the lowest numbers."""
        numbers: list[int] = []
        for group in self.groups:
            if group.kind == "digits":
                numbers += [group.low] * group.count
            else:
                first = group.low + (len(numbers) if group.rest else 0)
                numbers += range(first, first + group.count)
        return ".".join(f"{number:02d}" for number in numbers)


def read_lotteries(table: Mapping[str, Any]) -> dict[str, Lottery]:
    """The lotteries of a table with the format of `data/lotteries.toml`, by name."""
    return {
        name: Lottery(
            name,
            row["issue"],
            tuple(NumberGroup(**group) for group in row["groups"]),
            tuple(row.get("days", ())),
        )
        for name, row in table["lottery"].items()
    }


@cache
def shipped_lotteries() -> Mapping[str, Lottery]:
    """The lotteries of the program's own `data/lotteries.toml`."""
    return read_lotteries(data.table("lotteries.toml"))
