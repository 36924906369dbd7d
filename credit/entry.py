"""A TOML file read entry by entry: a complaint names file and line, and what nobody asked for is refused."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from errors import BadFile
from language import _

Place = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*([\w.\-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"^\s*([\w\-]+)\s*=")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')


@dataclass
class Entry:
    """One table of a TOML file. Keys are taken one by one; `done` refuses those that are left."""

    file: str
    values: dict[str, Any]
    lines: dict[Place, int]
    place: Place = ()
    taken: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> Entry:
        """The file's top table; BadFile with the line where it is no TOML, has a key twice or a decimal number."""
        decimals: list[str] = []
        try:
            text = path.read_text(encoding="utf-8")
            values = tomllib.loads(text, parse_float=decimals.append)
        except OSError:
            raise BadFile(path.name, _("there is no such file"), str(path)) from None
        except UnicodeDecodeError:
            raise BadFile(path.name, _("this is no UTF-8 text"), _("save it as UTF-8")) from None
        except tomllib.TOMLDecodeError as error:
            raise _not_toml(path.name, str(error)) from None
        entry = cls(path.name, values, _lines(text))
        if decimals:
            number = next(n for n, line in enumerate(text.split("\n"), 1) if decimals[0] in line)
            entry.refuse_line(
                number,
                _("{number} is a decimal number").format(number=decimals[0]),
                _("write hundredths of a point as a whole number: 2.50 points are 2_50"),
            )
        return entry

    def line(self, key: str | None = None) -> int:
        """The line of this table, or of one of its keys; 1 where it is not known."""
        wanted = self.place if key is None else (*self.place, key)
        return self.lines.get(wanted, self.lines.get(self.place, 1))

    def refuse(self, message: str, hint: str = "", key: str | None = None) -> NoReturn:
        """Raise BadFile with this table's (or key's) line."""
        self.refuse_line(self.line(key), message, hint)

    def refuse_line(self, line: int, message: str, hint: str = "") -> NoReturn:
        """Raise BadFile with a line's number."""
        raise BadFile(
            self.file, _("line {line}: {message}").format(line=line, message=message), hint
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; required where there is no default."""
        value = self._take(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self._expected(key, _("a text in quotes"))
        return str(value)

    def choice(self, key: str, among: Sequence[str], default: str | None = None) -> str:
        """A text that is one of a closed list."""
        value = self.text(key, default)
        if value not in among:
            self._expected(key, _("one of {choices}").format(choices=", ".join(among)))
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts without doubles."""
        value = self._take(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            self._expected(key, _("a list of texts"))
        if len(set(value)) != len(value):
            self.refuse(_("{key} names the same thing twice").format(key=key), key=key)
        return tuple(value)

    def whole(self, key: str, default: int | None = None, needed: bool = False) -> int | None:
        """A whole number."""
        value = self._take(key, default, needed)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self._expected(key, _("a whole number"))
        return value

    def yes(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            self._expected(key, "true / false")
        return bool(value)

    def day(self, key: str, needed: bool = False) -> date | None:
        """A date, without quotes, as TOML has it."""
        value = self._take(key, None, needed)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self._expected(key, _("a date without quotes, such as 2026-04-01"))
        return value

    def entries(self, key: str) -> Iterator[Entry]:
        """The tables of a list of tables; none where the key is missing."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self._expected(key, _("tables [[{key}]] or {{ … }}").format(key=key))
        for number, table in enumerate(value):
            place = (*self.place, key, number)
            known = {place: self.line(key), **self.lines}
            yield Entry(self.file, table, known, place)

    def entry(self, key: str) -> Entry | None:
        """One inner table { … }; None where the key is missing."""
        value = self._take(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._expected(key, _("a table {{ … }}").format())
        place = (*self.place, key)
        return Entry(self.file, value, {place: self.line(key), **self.lines}, place)

    def done(self) -> None:
        """Refuse a key that nobody has asked for: mostly it is a slip of the pen."""
        for key in self.values:
            if key not in self.taken:
                self.refuse(
                    _("{key} is not known here").format(key=key),
                    _("known here: {keys}").format(keys=", ".join(sorted(self.taken))),
                    key,
                )

    def _take(self, key: str, default: Any, needed: bool = False) -> Any:
        self.taken.add(key)
        if key not in self.values and needed:
            self.refuse(_("{key} is missing").format(key=key))
        return self.values.get(key, default)

    def _expected(self, key: str, what: str) -> NoReturn:
        if key not in self.values:
            self.refuse(_("{key} is missing").format(key=key), what)
        self.refuse(
            _("{key}: expected {what}, found {value}").format(
                key=key, what=what, value=repr(self.values[key])
            ),
            key=key,
        )


def _not_toml(file: str, why: str) -> BadFile:
    found = re.search(r"at line (\d+)", why)
    line = found.group(1) if found else "?"
    message = _("a key stands here twice") if "overwrite" in why else why
    return BadFile(
        file,
        _("line {line}: {message}").format(line=line, message=message),
        _("the form is described in docs/policy-format.md"),
    )


def _lines(text: str) -> dict[Place, int]:
    """The line of every table and key that starts a line. Tables in lists are counted from 0."""
    found: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    place: Place = ()
    depth = 0  # inside a list that goes over several lines
    for number, line in enumerate(text.split("\n"), 1):
        bare = _STRING.sub("", line).partition("#")[0]
        header = _HEADER.match(line) if depth == 0 else None
        if header:
            place = _place(header.group(2).split("."), header.group(1) == "[[", counts)
            found[place] = number
            continue
        key = _KEY.match(line) if depth == 0 else None
        if key:
            found[(*place, key.group(1))] = number
        depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
    return found


def _place(names: list[str], listed: bool, counts: dict[Place, int]) -> Place:
    place: Place = ()
    for level, name in enumerate(names):
        place = (*place, name)
        if level == len(names) - 1 and listed:
            counts[place] = counts.get(place, -1) + 1
        if place in counts:
            place = (*place, counts[place])
    return place
