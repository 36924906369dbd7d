"""Kinds of institution (机构类别) and what permits do to them (许可事项): rows of data, not an enum."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from errors import Misuse
from language import _

if TYPE_CHECKING:
    from store.home import Home


@dataclass(frozen=True)
class Kind:
    """One kind (机构类别), as data/kinds.toml says it; `reference` is the law that licenses it."""

    code: str
    zh: str
    en: str
    uscc: tuple[str, ...]
    certificates: tuple[str, ...]
    words: tuple[str, ...]
    speciality: str
    id: tuple[str, ...]
    reference: str
    branch_of: str = ""
    head_office: tuple[str, ...] = ()

    def name(self, language: str) -> str:
        """The kind's name, Chinese for zh_CN, else English."""
        return self.zh if language == "zh_CN" else self.en


@dataclass(frozen=True)
class Event:
    """What a permit does (许可事项); `status` empty: the status stays as it was."""

    code: str
    zh: str
    words: tuple[str, ...]
    order: int
    status: str = ""
    branch: bool = False


T = TypeVar("T", Kind, Event)


def kinds(home: Home) -> tuple[Kind, ...]:
    """All kinds, in the file's order; Misuse names the file and the row where a row is wrong."""
    return tuple(
        _row(Kind, row, home.fact("kinds.toml")) for row in _rows(home, "kind", "kinds.toml")
    )


def events(home: Home) -> tuple[Event, ...]:
    """All events, in the order in which their words are looked for; Misuse where a row is wrong."""
    file = home.fact("events.toml")
    return tuple(_row(Event, row, file) for row in _rows(home, "event", "events.toml"))


def _rows(home: Home, noun: str, name: str) -> list[dict[str, Any]]:
    return list(read(home.fact(name)).get(noun, []))


def read(file: Path) -> dict[str, Any]:
    """A TOML file of facts; Misuse with file and line where it is no TOML."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misuse(
            _("{file} cannot be read: {why}").format(file=file, why=error),
            _("correct that line, or take the shipped file as a model"),
        ) from None


def _row(type_: type[T], row: dict[str, Any], file: Path) -> T:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
    }
    try:
        return type_(**values)
    except TypeError as error:
        raise Misuse(
            _("{file}: the row {row} is not as expected: {why}").format(
                file=file, row=row.get("code", "?"), why=error
            ),
            _("take a row of the shipped file as a model"),
        ) from None
