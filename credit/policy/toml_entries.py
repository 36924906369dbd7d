"""Reads a policy's TOML entry by entry: errors name file and line, unknown keys are refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from double_random.core import toml_reader
from double_random.core.errors import BadFile
from double_random.core.toml_reader import Place, shorten_value
from double_random.core.translation import _, join_words


@dataclass
class TomlEntry:
    """One table of a TOML file. Keys are read one by one; `refuse_unknown_keys` refuses those that are left."""

    file: str
    values: dict[str, Any]
    lines: dict[Place, int]
    place: Place = ()
    taken: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path) -> TomlEntry:
        """The file's top table; BadFile with the line if it is not TOML, has a key twice or a decimal number."""
        decimals: list[str] = []
        try:
            raw = toml_reader.load_fact_bytes(path)
        except BadFile as error:
            raise BadFile(path.name, error.reason, str(path)) from None
        values, lines = toml_reader.parse_toml(
            path.name,
            raw,
            decimals.append,
            _("the form is described in docs/reference/policy-format.md"),
        )
        entry = cls(path.name, values, lines)
        if decimals:
            text = toml_reader.decode_toml_text(path.name, raw)
            number = next(n for n, line in enumerate(text.split("\n"), 1) if decimals[0] in line)
            entry.refuse_line(
                number,
                _("{number} is a decimal number").format(number=decimals[0]),
                _("write hundredths of a point as a whole number: 2.50 points are 2_50"),
            )
        return entry

    def line(self, key: str | None = None) -> int:
        """The line of this table, or of one of its keys; 1 if it is unknown."""
        key_place = self.place if key is None else (*self.place, key)
        return self.lines.get(key_place, self.lines.get(self.place, 1))

    def refuse(self, message: str, hint: str = "", key: str | None = None) -> NoReturn:
        """Raise BadFile with this table's (or key's) line."""
        self.refuse_line(self.line(key), message, hint)

    def refuse_line(self, line: int, message: str, hint: str = "") -> NoReturn:
        """Raise BadFile with a line number."""
        raise BadFile(
            self.file, _("line {line}: {message}").format(line=line, message=message), hint
        )

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty; required if there is no default."""
        value = self._take_value(key, default)
        if not isinstance(value, str) or (not value and default is None):
            self._refuse_value(key, _("a text in quotes"))
        return str(value)

    def choice(self, key: str, among: Sequence[str], default: str | None = None) -> str:
        """A text that is one of a closed list."""
        value = self.text(key, default)
        if value not in among:
            self._refuse_value(key, _("one of {choices}").format(choices=join_words(among)))
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts without duplicates."""
        value = self._take_value(key, default)
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            self._refuse_value(key, _("a list of texts"))
        if len(set(value)) != len(value):
            self.refuse(_("{key} names the same thing twice").format(key=key), key=key)
        return tuple(value)

    def integer(self, key: str, default: int | None = None, needed: bool = False) -> int | None:
        """A whole number."""
        value = self._take_value(key, default, needed)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            self._refuse_value(key, _("a whole number"))
        return value

    def boolean(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._take_value(key, default)
        if not isinstance(value, bool):
            self._refuse_value(key, "true / false")
        return bool(value)

    def day(self, key: str, needed: bool = False) -> date | None:
        """A TOML date, without quotes."""
        value = self._take_value(key, None, needed)
        if value is not None and (not isinstance(value, date) or isinstance(value, datetime)):
            self._refuse_value(key, _("a date without quotes, such as 2026-04-01"))
        return value

    def entries(self, key: str) -> Iterator[TomlEntry]:
        """The tables of a list of tables; none if the key is missing."""
        value = self._take_value(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            self._refuse_value(key, _("tables [[{key}]] or {{ … }}").format(key=key))
        for number, table in enumerate(value):
            table_place = (*self.place, key, number)
            known_lines = {table_place: self.line(key), **self.lines}
            yield TomlEntry(self.file, table, known_lines, table_place)

    def entry(self, key: str) -> TomlEntry | None:
        """One inner table { … }; None if the key is missing."""
        value = self._take_value(key, None)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._refuse_value(key, _("a table {{ … }}").format())
        table_place = (*self.place, key)
        return TomlEntry(self.file, value, {table_place: self.line(key), **self.lines}, table_place)

    def refuse_unknown_keys(self) -> None:
        """Refuse a key that was not read: usually it is a typing error."""
        for key in self.values:
            if key not in self.taken:
                self.refuse(
                    _("{key} is not known here").format(key=key),
                    _("known here: {keys}").format(keys=join_words(sorted(self.taken))),
                    key,
                )

    def _take_value(self, key: str, default: Any, needed: bool = False) -> Any:
        self.taken.add(key)
        if key not in self.values and needed:
            self.refuse(_("{key} is missing").format(key=key))
        return self.values.get(key, default)

    def _refuse_value(self, key: str, what: str) -> NoReturn:
        if key not in self.values:
            self.refuse(_("{key} is missing").format(key=key), what)
        self.refuse(
            _("{key}: expected {what}, got {value}").format(
                key=key, what=what, value=shorten_value(self.values[key])
            ),
            key=key,
        )
