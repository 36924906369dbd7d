"""Strict reading of a JSON object: missing, unknown and mistyped fields are refused by name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _, join_words
from double_random.inspection.protocol.text import is_day, is_hex, is_short_id, is_time


class StrictObject:
    """One object of a file, at a path such as `team` or `strata[2]`, with exactly the named fields."""

    def __init__(self, file: str, value: Any, names: Collection[str], path: str = "") -> None:
        self.file, self.path = file, path
        if type(value) is not dict:
            raise self.refuse("", _("an object was expected"))
        for name in names:
            if name not in value:
                raise self.refuse(name, _("this field is missing"))
        for name in value:
            if name not in names:
                raise self.refuse(name, _("this field is unknown"))
        self._value: dict[str, Any] = value

    def refuse(self, name: str, expected: str) -> BadFile:
        """The error for one field: file, path of the field, and what was expected."""
        where = ".".join(part for part in (self.path, name) if part) or _("the whole file")
        return BadFile(
            self.file,
            f"{where}: {expected}",
            _("The fields are listed in docs/reference: draw-protocol.md and draw-protocol-2.md."),
        )

    def text(self, name: str, empty: bool = False) -> str:
        """Text; it may be empty only if `empty` is true."""
        value = self._value[name]
        if type(value) is not str or not (value or empty):
            raise self.refuse(name, _("text was expected"))
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        """Text from a closed list."""
        value = self._value[name]
        if type(value) is not str or value not in allowed:
            expected = _("one of {allowed} was expected").format(allowed=join_words(allowed))
            raise self.refuse(name, expected)
        return value

    def hex(self, name: str, digits: int = 64) -> str:
        """Exactly `digits` lower-case hex digits."""
        value = self._value[name]
        if type(value) is not str or not is_hex(value, digits):
            expected = _("{digits} lower-case hex digits were expected").format(digits=digits)
            raise self.refuse(name, expected)
        return value

    def id(self, name: str) -> str:
        """The id of an inspector, item or draw."""
        value = self._value[name]
        if type(value) is not str or not is_short_id(value):
            raise self.refuse(name, _("an id of 0-9, A-Z, a-z, _ and - was expected"))
        return value

    def day(self, name: str) -> str:
        """YYYY-MM-DD."""
        value = self._value[name]
        if type(value) is not str or not is_day(value):
            raise self.refuse(name, _("a day YYYY-MM-DD was expected"))
        return value

    def time(self, name: str) -> str:
        """YYYY-MM-DDThh:mm:ssZ."""
        value = self._value[name]
        if type(value) is not str or not is_time(value):
            raise self.refuse(name, _("a time YYYY-MM-DDThh:mm:ssZ was expected"))
        return value

    def number(self, name: str, least: int = 0) -> int:
        """A whole number, not smaller than `least`."""
        value = self._value[name]
        if type(value) is not int or value < least:
            expected = _("a whole number from {least} was expected").format(least=least)
            raise self.refuse(name, expected)
        return value

    def flag(self, name: str) -> bool:
        """true or false."""
        value = self._value[name]
        if type(value) is not bool:
            raise self.refuse(name, _("true or false was expected"))
        return value

    def ratio(self, name: str) -> tuple[int, int]:
        """[a, b] with 0 <= a <= b and b >= 1."""
        value = self._value[name]
        if type(value) is list and [type(part) for part in value] == [int, int]:
            a, b = value
            if 0 <= a <= b and b >= 1:
                return a, b
        raise self.refuse(name, _("a share [a, b] with 0 <= a <= b and b >= 1 was expected"))

    def list(self, name: str) -> list[Any]:
        """A list of any values."""
        value = self._value[name]
        if type(value) is not list:
            raise self.refuse(name, _("a list was expected"))
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of distinct, non-empty texts."""
        value = self.list(name)
        if any(type(part) is not str or not part for part in value):
            raise self.refuse(name, _("a list of texts was expected"))
        if len(set(value)) != len(value):
            raise self.refuse(name, _("the same text stands twice"))
        return tuple(value)

    def object(self, name: str, names: Collection[str]) -> StrictObject:
        """An object inside this one."""
        return StrictObject(self.file, self._value[name], names, self._path_of(name))

    def objects(self, name: str, names: Collection[str]) -> tuple[StrictObject, ...]:
        """A list of objects with the same fields."""
        return tuple(
            StrictObject(self.file, part, names, f"{self._path_of(name)}[{number}]")
            for number, part in enumerate(self.list(name))
        )

    def has_key(self, name: str, key: str) -> bool:
        """Is this field an object with that key? It tells the forms of a field apart."""
        value = self._value[name]
        return type(value) is dict and key in value

    def is_null(self, name: str) -> bool:
        """Is this field null?"""
        return self._value[name] is None

    def _path_of(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def read_texts(fields: StrictObject, name: str, value: object) -> tuple[str, ...]:
    """A list of texts, in any order and with repeats; BadFile names the field `name` for anything else."""
    if type(value) is not list or any(type(part) is not str for part in value):
        raise fields.refuse(name, _("a list of texts was expected"))
    return tuple(value)


def read_text_map(fields: StrictObject, name: str, value: object) -> dict[str, str]:
    """An object whose values are texts; BadFile names the field `name` for anything else."""
    if type(value) is not dict or any(type(part) is not str for part in value.values()):
        raise fields.refuse(name, _("an object of texts was expected"))
    return dict(value)
