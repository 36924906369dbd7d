"""Facts and settings (TOML), read strictly: a file has a shape, and a fault is one sentence with file, line and key."""

from __future__ import annotations

import codecs
import json
import pickle
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn, Protocol

from double_random import data
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _, join_words

Place = tuple[str | int, ...]

LARGEST = 16 << 20  # bytes of one file
KEPT = 1 << 18  # texts shorter than this many characters are cached with their values
MOST_FITTING = 256  # texts remembered with the shape that they fit
LONGEST = 60  # characters of a value that a message quotes
_PART = r"""(?:[A-Za-z0-9_\-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = re.compile(rf"^\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_HEADER = re.compile(rf"^\s*\[\[?\s*{_PART}(?:\s*\.\s*{_PART})*\s*\]\]?\s*(?:#.*)?$")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_DAY = re.compile(r"(?<![\w-])(\d{1,4})-(\d{1,2})-(\d{1,2})(?![\w-])")
_HAN = re.compile(
    r"[\u3000-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2010-\u2026\u00b7\u00d7]"
)


CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # line feeds and tabs are allowed


def read_toml(path: Path, shape: Table, misuse: bool = False) -> dict[str, Any]:
    """A file's values, checked by a shape. BadFile (or Misuse) with file, line, key, expected and found value."""
    try:
        raw = load_fact_bytes(path)
        values, lines = parse_toml(str(path), raw)
        if _fitting.get((raw, id(shape))) is not shape:
            shape.check(values, CheckedToml(str(path), lines), ())
            _remember_fit(raw, shape)
    except BadFile as error:
        if not misuse:
            raise
        raise Misuse(error.message, error.hint) from None
    return values


_fitting: dict[tuple[bytes, int], Table] = {}  # the texts found to fit a shape, with that shape


def _remember_fit(raw: bytes, shape: Table) -> None:
    """A process reads a fact often: the same text is checked by the same shape once."""
    if len(_fitting) >= MOST_FITTING:
        _fitting.clear()
    if len(raw) < KEPT:
        _fitting[raw, id(shape)] = shape


def read_text_key(path: Path, key: str) -> str:
    """One text of a file; "" if the key is missing or the file cannot be read (reading the whole file reports the
    error).
    """
    try:
        return str(parse_toml(str(path), load_fact_bytes(path))[0].get(key, ""))
    except BadFile:
        return ""


def load_fact_bytes(path: Path) -> bytes:
    """The bytes of a file of facts; BadFile if it does not exist, is not a regular file or is too large."""
    try:
        if not path.exists():
            raise BadFile(str(path), _("there is no such file"))
        if not path.is_file():
            raise BadFile(str(path), _("this is no file"))
        if path.stat().st_size > LARGEST:
            raise BadFile(str(path), _("larger than any file of facts or settings"))
        return path.read_bytes()
    except OSError as error:
        raise BadFile(
            str(path), _("cannot be opened: {why}").format(why=error.strerror or error)
        ) from None


def decode_toml_text(file: str, raw: bytes) -> str:
    """The text of a file as editors save it: UTF-8 or UTF-16 with or without its mark, or GB18030.

    BadFile names the line and the byte that fits none of them.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return raw.decode("utf-16").replace("\r\n", "\n")
        except UnicodeDecodeError:
            raise BadFile(file, _("this is UTF-16 text that is cut off"), _save_hint()) from None
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        return raw.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        fault = error
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and all(letter.isascii() or _HAN.match(letter) for letter in text):
        return text.replace("\r\n", "\n")
    raise BadFile(
        file,
        _("line {line}: {message}").format(
            line=raw.count(b"\n", 0, fault.start) + 1,
            message=_("byte 0x{byte:02X} is neither UTF-8 nor Chinese GB18030 text").format(
                byte=raw[fault.start]
            ),
        ),
        _save_hint(),
    )


def _save_hint() -> str:
    return _("save the file as UTF-8")


def parse_toml(
    file: str, raw: bytes, parse_float: Callable[[str], Any] = float, hint: str = ""
) -> tuple[dict[str, Any], dict[Place, int]]:
    """The values of a TOML text and the line of each table and key; BadFile with the line if it is not valid TOML."""
    text = decode_toml_text(file, raw)
    try:
        if parse_float is float and len(text) < KEPT:
            pickled, key_lines = _parse_cached(text)
            return pickle.loads(pickled), dict(key_lines)
        return tomllib.loads(text, parse_float=parse_float), locate_keys(text)
    except RecursionError:
        raise BadFile(file, _("brackets within brackets, too deep to be read")) from None
    except ValueError as error:  # a number of thousands of digits is one, too
        match = re.search(r"at line (\d+)", str(error))
        number = int(match.group(1)) if match else text.rstrip("\n").count("\n") + 1
        raise BadFile(
            file,
            _("line {line}: {message}").format(
                line=number, message=_explain_syntax(str(error), text.split("\n")[number - 1])
            ),
            hint or _("correct that line, or take the shipped file as a model"),
        ) from None


@lru_cache(maxsize=128)
def _parse_cached(text: str) -> tuple[bytes, dict[Place, int]]:
    """The values of a text, pickled so that every caller has its own copy, and its lines: a process reads a fact
    often.
    """
    return pickle.dumps(tomllib.loads(text)), locate_keys(text)


def _explain_syntax(why: str, line: str) -> str:
    """The error of a line, in words; `why` is the TOML parser's message."""
    bare = _STRING.sub("", line).partition("#")[0]
    for match in _DAY.finditer(bare):
        if not _is_day(*map(int, match.groups())) or len(match.group()) != 10:
            return _("{day}: no such day; a day is written 2026-04-01").format(day=match.group())
    if re.search("overwrite|twice|redefine|Duplicate|mutate", why):
        return _("a key stands here twice")
    if re.search(r"[“”‘’＝［］｛｝，]", bare):
        return _("a Chinese mark where an ASCII one is expected: {line}").format(
            line=shorten_value(line)
        )
    if re.search(r"hex value|scalar|Unescaped", why):
        return _("a backslash in double quotes is written twice, or the text in single quotes")
    if re.search('Unterminated|Expected "\'"|Illegal character', why):
        return _("a quotation mark is not closed")
    if re.search("Unclosed", why):
        return _("a bracket is not closed")
    if re.search("Invalid date", why):
        return _("no such day or time")
    if re.search("Expected '='|Invalid statement|key part|table declaration", why):
        return _("expected [table], or a key, = and a value; got {line}").format(
            line=shorten_value(line)
        )
    if re.search("Invalid value|Expected newline", why):
        return _("a value is not written as TOML wants it (texts stand in quotes): {line}").format(
            line=shorten_value(line)
        )
    return _("this is no TOML: {line}").format(line=shorten_value(line))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def shorten_value(value: object) -> str:
    """A value as a message quotes it: as TOML writes it, in one line, shortened."""
    match value:
        case bool():
            text = "true" if value else "false"
        case dict():
            text = _("a table")
        case list():
            text = _("a list")
        case str():
            text = json.dumps(value.strip(), ensure_ascii=False)
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def locate_keys(text: str) -> dict[Place, int]:
    """The line of every table and key that starts a line. Tables in lists are counted from 0."""
    key_lines: dict[Place, int] = {(): 1}
    counts: dict[Place, int] = {}
    key_path: Place = ()
    depth = 0  # inside a list that goes over several lines
    quotes = ""  # the marks of a text that goes over several lines
    for number, line in enumerate(text.split("\n"), 1):
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        if depth == 0 and _HEADER.match(line):
            key_path = _locate_header(line, counts)
            key_lines[key_path] = number
            continue
        key = _KEY.match(line) if depth == 0 else None
        if key:
            inner = key_path
            for name in _split_dotted_key(key.group(1) + " = 0"):
                inner = (*inner, name)
                key_lines.setdefault(inner, number)
        for marks in ('"""', "'''"):
            if line.count(marks) % 2:
                quotes = marks
        bare = _STRING.sub("", line).partition("#")[0]
        depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")
    return key_lines


def _split_dotted_key(statement: str) -> list[str]:
    """The parts of a dotted key."""
    names = []
    values: Any = tomllib.loads(statement)
    while isinstance(values, dict) and values:
        ((name, values),) = values.items()
        names.append(name)
    return names


def _locate_header(header: str, counts: dict[Place, int]) -> Place:
    """The place of a [table] or [[table]], counting the list entries before it."""
    values: Any = tomllib.loads(header)
    key_path: Place = ()
    while values:
        ((name, values),) = values.items()
        key_path = (*key_path, name)
        if isinstance(values, list):
            counts[key_path] = counts.get(key_path, -1) + 1
            values = values[0]
        if key_path in counts:
            key_path = (*key_path, counts[key_path])
    return key_path


@dataclass(frozen=True)
class CheckedToml:
    """A file whose values are being checked, with the line of each key."""

    file: str
    lines: Mapping[Place, int]

    def refuse(self, key_path: Place, message: str, hint: str = "") -> NoReturn:
        """Raise BadFile with the line of a place, or of the nearest one around it that is known."""
        nearest = next(
            key_path[:n] for n in range(len(key_path), -1, -1) if key_path[:n] in self.lines
        )
        raise BadFile(
            self.file,
            _("line {line}: {message}").format(line=self.lines[nearest], message=message),
            hint or _("take the shipped file as a model"),
        )

    def expected(self, key_path: Place, what: str, value: object) -> NoReturn:
        """Raise BadFile: another value was expected at a place."""
        message = _("{key}: expected {what}, got {value}")
        self.refuse(
            key_path,
            message.format(key=spell_place(key_path), what=what, value=shorten_value(value)),
        )


def is_shipped(file: str) -> bool:
    """Whether a file of facts is one of the program's own, not a bureau's."""
    return Path(file).is_relative_to(data.path())


def spell_place(key_path: Place) -> str:
    """A place as users read it: class[2].fields[1].name, counted from 1."""
    text = ""
    for part in key_path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class Shape(Protocol):
    """What a value must be."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """Raise BadFile with the place if the value is something else."""


@dataclass(frozen=True)
class Text:
    """A text in quotes; `empty`: it may be ""; `choices`: one of a closed list."""

    empty: bool = True
    choices: tuple[str, ...] = ()

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a text, is empty and must not be, or is not one of the list."""
        if not isinstance(value, str):
            reading.expected(key_path, _("a text in quotes"), value)
        if CONTROL.search(value):
            reading.expected(key_path, _("a text without control characters"), value)
        if not self.empty and not value.strip():
            reading.expected(key_path, _("a text that is not empty"), value)
        if self.choices and value not in self.choices:
            among = join_words(choice or '""' for choice in self.choices)
            reading.expected(key_path, _("one of {choices}").format(choices=among), value)


@dataclass(frozen=True)
class FileName:
    """A text that names a file on every system."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if no file can bear this name."""
        WORD.check(value, reading, key_path)
        if re.search(r'[/\\:*?"<>|]|^\.|[. ]$', str(value)):
            reading.expected(key_path, _("a text that can be a file's name"), value)


@dataclass(frozen=True)
class Pattern:
    """A regular expression of the register's engine, with at least one group if one is taken from it."""

    groups: int = 1

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not an expression that Polars can read; shipped files are checked by the tests."""
        TEXT.check(value, reading, key_path)
        if is_shipped(reading.file):  # Polars is not loaded for what cannot be wrong
            return
        import polars as pl

        try:
            pl.Series([""]).str.contains(str(value))
            groups = len(pl.Series([""]).str.extract_groups(str(value)).dtype.to_schema())  # type: ignore[attr-defined]
        except pl.exceptions.PolarsError:
            reading.expected(key_path, _("a regular expression"), value)
        if groups < self.groups:
            reading.expected(key_path, _("a regular expression with a group in ( )"), value)


@dataclass(frozen=True)
class WholeNumber:
    """A whole number within bounds."""

    least: int = 0
    most: int = 10**9

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a whole number within the range."""
        if type(value) is not int or not self.least <= value <= self.most:
            what = _("a whole number from {least} to {most}")
            reading.expected(key_path, what.format(least=self.least, most=self.most), value)


@dataclass(frozen=True)
class Number:
    """A number, whole or decimal, within bounds."""

    least: int
    most: int

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a number within the range."""
        if type(value) not in (int, float) or not self.least <= value <= self.most:  # type: ignore[operator]
            what = _("a number from {least} to {most}")
            reading.expected(key_path, what.format(least=self.least, most=self.most), value)


@dataclass(frozen=True)
class Flag:
    """true or false."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is neither true nor false."""
        if not isinstance(value, bool):
            reading.expected(key_path, "true / false", value)


@dataclass(frozen=True)
class Day:
    """A date without quotes."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a day."""
        if not isinstance(value, date) or isinstance(value, datetime):
            reading.expected(key_path, _("a date without quotes, such as 2026-04-01"), value)


@dataclass(frozen=True)
class List:
    """A list [ … ] of one shape, or tables [[…]]; `once`: no entry occurs twice."""

    of: Shape
    least: int = 0
    most: int = 10**6
    once: bool = False

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a list, or one of its items does not fit."""
        if not isinstance(value, list):
            tables = isinstance(self.of, Table)
            what = _("tables [[{key}]]").format(key=key_path[-1]) if tables else _("a list [ … ]")
            reading.expected(key_path, what, value)
        if not self.least <= len(value) <= self.most:
            exact = self.least == self.most
            what = _("{count} entries") if exact else _("at least {count} entries")
            reading.expected(key_path, what.format(count=self.least), len(value))
        for number, each in enumerate(value):
            self.of.check(each, reading, (*key_path, number))
        if self.once:
            for number, each in enumerate(value):
                if each in value[:number]:
                    message = _("{key}: {value} stands there twice")
                    reading.refuse(
                        key_path,
                        message.format(key=spell_place(key_path), value=shorten_value(each)),
                    )


@dataclass(frozen=True)
class Map:
    """A table whose keys are free, all its values of one shape."""

    of: Shape

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a table, or one of its values does not fit."""
        if not isinstance(value, dict):
            reading.expected(key_path, _("a table"), value)
        for key, each in value.items():
            self.of.check(each, reading, (*key_path, key))


@dataclass(frozen=True)
class Table:
    """A table: required keys, optional keys, and no other."""

    needed: Mapping[str, Shape]
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if the value is not a table, lacks a key, has an unknown one, or has a value that does not fit."""
        if not isinstance(value, dict):
            reading.expected(key_path, _("a table"), value)
        shapes = {**self.needed, **self.optional}
        for key in value:
            if key not in shapes:
                reading.refuse(
                    (*key_path, key),
                    _("{key} is not known here").format(key=spell_place((*key_path, key))),
                    _("known here: {keys}").format(keys=join_words(sorted(shapes))),
                )
        for key in self.needed:
            if key not in value:
                reading.refuse(
                    key_path, _("{key} is missing").format(key=spell_place((*key_path, key)))
                )
        for key, each in value.items():
            shapes[key].check(each, reading, (*key_path, key))


TEXT = Text()
WORD = Text(empty=False)
FLAG = Flag()
DAY = Day()
WHOLE = WholeNumber()
TEXTS = List(TEXT)
WORDS = List(WORD)


def as_bad_file(path: Path, fault: DoubleRandomError) -> BadFile:
    """A fault of a file's content as BadFile with its name."""
    return BadFile(str(path), fault.message, fault.hint)
