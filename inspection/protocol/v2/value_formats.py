"""The format of a source's value, as data: groups of numbers, or hex digits. It alone says how many outcomes it has."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.text import is_hex

ORDERS = ("ascending", "drawn")
MOST_GROUPS, MOST_NUMBERS, MOST_DIGITS, MOST_HEX = 20, 1000, 15, 1024
_GROUP = ("count", "low", "high", "digits", "distinct", "order", "rest")
# Python converts at most 4300 digits at once.
_CHUNK = 4000


@dataclass(frozen=True, kw_only=True)
class NumberGroup:
    """`count` numbers from `low` to `high`, each written with `digits` digits.

    `rest`: drawn from what the groups before, up to the last one without `rest`, left over.
    """

    count: int
    low: int
    high: int
    digits: int
    distinct: bool
    order: str
    rest: bool

    @property
    def size(self) -> int:
        """The number of different values from `low` to `high`."""
        return self.high - self.low + 1

    def count_outcomes(self, taken: int) -> int:
        """The number of equally likely outcomes when `taken` numbers are gone; 0 if too few are left."""
        left = self.size - taken
        if not self.distinct:
            return int(left**self.count)
        return (math.comb if self.order == "ascending" else math.perm)(left, self.count)


@dataclass(frozen=True)
class ValueFormat:
    """The format of a value: groups of numbers joined by `.`, or, without groups, `hex` lower-case hex digits."""

    groups: tuple[NumberGroup, ...]
    hex: int = 0

    @classmethod
    def read(cls, parent: StrictObject, name: str) -> ValueFormat:
        """The format in one field of a source; BadFile names the part that is wrong."""
        if parent.has_key(name, "hex"):
            fields = parent.object(name, ("hex",))
            digits = _read_number(fields, "hex", 1, MOST_HEX)
            return cls((), digits)
        fields = parent.object(name, ("groups",))
        groups = tuple(_read_group(part) for part in fields.objects("groups", _GROUP))
        if not 1 <= len(groups) <= MOST_GROUPS:
            raise fields.refuse("groups", _("1 to 20 groups were expected"))
        before = None
        for group in groups:
            if group.rest and not _continues(before, group):
                raise fields.refuse(
                    "groups", _("a group of the rest follows one of the same numbers")
                )
            before = group
        made = cls(groups)
        if not made.outcomes:
            raise fields.refuse("groups", _("more numbers were asked for than there are"))
        return made

    @property
    def outcomes(self) -> int:
        """The exact number of equally likely values."""
        if self.hex:
            return int(16**self.hex)
        total, taken = 1, 0
        for group in self.groups:
            taken = taken if group.rest else 0
            total *= group.count_outcomes(taken)
            taken += group.count
        return total

    def check_value(self, value: str) -> None:
        """Refuse a value that this format has not, and another spelling of one: Misuse, with a hint."""
        if self.hex:
            if not is_hex(value, self.hex):
                raise Misuse(
                    _("{digits} lower-case hex digits were expected").format(digits=self.hex)
                )
            return
        hint = _("Write each number with all its digits, joined by a full stop.")
        parts, taken = value.split("."), set[int]()
        if len(parts) != sum(group.count for group in self.groups):
            raise Misuse(
                _("{wanted} numbers were expected, here are {found}").format(
                    wanted=sum(group.count for group in self.groups), found=len(parts)
                ),
                hint,
            )
        for group in self.groups:
            drawn, parts = parts[: group.count], parts[group.count :]
            numbers = [_parse_number(group, part, hint) for part in drawn]
            taken = taken if group.rest else set()
            if group.distinct and (len(set(numbers)) != len(numbers) or taken & set(numbers)):
                raise Misuse(_("a number stands twice"), hint)
            if group.order == "ascending" and numbers != sorted(numbers):
                raise Misuse(_("the numbers of this group stand in ascending order"), hint)
            taken |= set(numbers)


def format_decimal(number: int) -> str:
    """The decimal text of a whole number of any size, from 0."""
    parts = []
    while number >= 10**_CHUNK:
        number, rest = divmod(number, 10**_CHUNK)
        parts.append(f"{rest:0{_CHUNK}d}")
    return str(number) + "".join(reversed(parts))


def _read_number(fields: StrictObject, name: str, least: int, most: int) -> int:
    number = fields.number(name, least)
    if number > most:
        raise fields.refuse(name, _("a whole number up to {most} was expected").format(most=most))
    return number


def _read_group(part: StrictObject) -> NumberGroup:
    low = part.number("low")
    high = part.number("high", low)
    group = NumberGroup(
        count=_read_number(part, "count", 1, MOST_NUMBERS),
        low=low,
        high=high,
        digits=_read_number(part, "digits", len(str(high)), MOST_DIGITS),
        distinct=part.flag("distinct"),
        order=part.one_of("order", ORDERS),
        rest=part.flag("rest"),
    )
    if group.order == "ascending" and not group.distinct:
        # Its outcomes are not equally likely, so their number would overstate the entropy.
        raise part.refuse("order", _("only distinct numbers may stand in ascending order"))
    return group


def _continues(before: NumberGroup | None, group: NumberGroup) -> bool:
    if before is None or not (before.distinct and group.distinct):
        return False
    return (before.low, before.high) == (group.low, group.high)


def _parse_number(group: NumberGroup, text: str, hint: str) -> int:
    if not re.fullmatch(f"[0-9]{{{group.digits}}}", text, re.ASCII):
        raise Misuse(
            _("{digits} digits were expected for each number").format(digits=group.digits), hint
        )
    number = int(text)
    if not group.low <= number <= group.high:
        raise Misuse(
            _("{number} is not among {low} to {high}.").format(
                number=number, low=group.low, high=group.high
            ),
            hint,
        )
    return number
