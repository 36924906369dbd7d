"""A layout describes one kind of sheet (headers, meanings, forms). Layouts are data, one TOML file each."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from double_random import data
from double_random.core import toml_reader
from double_random.core.errors import BadFile, Misuse
from double_random.core.toml_reader import (
    FLAG,
    TEXT,
    TEXTS,
    WORD,
    WORDS,
    List,
    Map,
    Pattern,
    Table,
    Text,
)
from double_random.core.translation import _
from double_random.intake.code_lists import CodeKind, load_code_list
from double_random.intake.dates import ORDERS
from double_random.intake.footers import Footers, load_footers
from double_random.intake.headings import bare_heading, plain_heading
from double_random.intake.headings import fold_header as fold_header
from double_random.intake.identifiers import Identifiers, load_identifiers
from double_random.intake.money import FEN_DIGITS, AmountBounds, load_bounds
from double_random.intake.record_types import CODES, INSTEAD, KINDS_FILES, NEEDED, NOUNS

FORMS = {  # form → the type of the noun's column that it gives
    "text": "text",
    "name": "text",
    "document": "text",
    "identifier": "text",
    "uscc": "text",
    "choice": "text",
    "date": "date",
    "end": "date",
    "year": "integer",
    "number": "integer",
    "money": "integer",
    "flag": "flag",
    "words": "list",
    "kinds": "list",
}
EMPTY = ("-", "--", "—", "/", "\\", "无", "null", "NULL", "None", "N/A")
TOTALS = ("合计", "总计", "小计", "共计", "本页小计", "本页合计", "本页共计", "累计")
HELP = ("表格说明", "填表说明", "填报说明", "说明", "注", "备注")

COLUMN = Table(
    {"to": WORD, "form": Text(choices=tuple(FORMS)), "headers": List(WORD, least=1)},
    {
        "required": FLAG,
        "past": FLAG,
        "lenient": FLAG,
        "unit": Text(choices=tuple(FEN_DIGITS)),
        "values": Map(TEXT),
        "default": TEXT,
        "joins": FLAG,
        "kinds_file": WORD,
    },
)
FILE = Table(
    {
        "id": WORD,
        "title": WORD,
        "noun": Text(choices=tuple(NOUNS)),
        "reference": WORD,
        "signature": List(WORD, least=1),
        "column": List(COLUMN, least=1),
    },
    {
        "ignore": List(Table({"headers": WORDS}, {"why": TEXT})),
        "one_of": List(List(WORD, least=1)),
        "derived": List(Table({"to": WORD, "from": WORD, "pattern": Pattern()})),
        "empty": TEXTS,
        "totals": List(WORD, least=1),
        "help": List(WORD, least=1),
        "constants": Map(WORD),
        "default_day": Text(choices=("as-of",)),
        "encoding": WORD,
        "date_order": Text(choices=ORDERS),
        "decimal_mark": Text(choices=(".", ",")),
    },
)


Constant = str | int | bool | date | tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class LayoutColumn:
    """One column of a layout: its meaning (`to`, a column of the noun) and its written form."""

    to: str
    form: str
    headers: tuple[str, ...]  # folded
    required: bool = False
    past: bool = False  # a date that may not lie after the as-of day
    lenient: bool = False  # a bad value is left out and noted, the row stays
    unit: str = "元"
    values: tuple[tuple[str, str], ...] = ()  # of a choice or flag: word → code
    default: str | None = None  # of a choice or flag: the value of an empty cell
    joins: bool = False  # several cells of the header may mean it: together they are one list
    kinds: tuple[CodeKind, ...] = ()  # of the form kinds: the list that it goes by
    bounds: AmountBounds | None = None  # of money: what is plausible


@dataclass(frozen=True)
class DerivedColumn:
    """A column that has no header of its own: the first group of a pattern in another column."""

    to: str
    source: str
    pattern: str


@dataclass(frozen=True, kw_only=True)
class Layout:
    """One kind of sheet: its noun, its columns, the columns that are never read, and its signature."""

    id: str
    title: str
    noun: str
    reference: str
    columns: tuple[LayoutColumn, ...]
    signature: tuple[str, ...]  # the header must contain these meanings
    ignored: frozenset[str]  # folded headers: ID numbers, phones, and unneeded columns
    one_of: tuple[tuple[str, ...], ...] = ()  # of each group at least one cell must be filled
    derived: tuple[DerivedColumn, ...] = ()
    empty: tuple[str, ...] = EMPTY  # words that mean an empty cell
    totals: tuple[str, ...] = TOTALS
    help: tuple[str, ...] = HELP
    identifiers: Identifiers | None = None  # the rules for identifiers and names
    footers: Footers | None = None  # the rules for lines that are not rows
    constants: tuple[tuple[str, Constant], ...] = ()  # meaning → the value of every row
    default_day: str = ""  # "as-of": a row without a decision day counts from the as-of day
    encoding: str = ""  # of text that is not UTF-8; "" is GB18030
    date_order: str = "ymd"
    decimal_mark: str = "."

    @cached_property
    def needed(self) -> tuple[str, ...]:
        """The columns that every row must fill."""
        by_default = ("decided",) if self.default_day else ()
        return tuple(to for to in NEEDED[self.noun] if to not in by_default)

    @cached_property
    def meanings(self) -> dict[str, LayoutColumn]:
        """Each folded header's column."""
        return {header: column for column in self.columns for header in column.headers}

    @cached_property
    def known_headings(self) -> dict[str, LayoutColumn | None]:
        """Each folded header's column, None for those that are ignored."""
        return dict.fromkeys(self.ignored) | self.meanings

    @cached_property
    def _bare_headings(self) -> dict[str, LayoutColumn | None]:
        """The same without units and marks, but for those that two meanings share."""
        columns_by_heading: dict[str, LayoutColumn | None] = {}
        shared: set[str] = set()
        for header, column in self.known_headings.items():
            short = bare_heading(header)
            other = columns_by_heading.setdefault(short, column)
            if (other and other.to) != (column and column.to):
                shared.add(short)
        return {
            short: column
            for short, column in columns_by_heading.items()
            if short and short not in shared
        }

    def look_up(self, heading: str) -> tuple[bool, LayoutColumn | None]:
        """Whether a folded heading is known, and its column, None if it is ignored.

        First as it is, then without marks of required fields, instructions and numbering (必填, ★, 格式:YYYY-MM-DD),
        then without its unit; and 处罚机关名称 is 处罚机关.
        """
        for short in dict.fromkeys((heading, plain_heading(heading))):
            if short in self.known_headings:
                return True, self.known_headings[short]
        short = bare_heading(heading)
        if short in self._bare_headings:
            return True, self._bare_headings[short]
        named = self._bare_headings.get(short.removesuffix("名称"))
        if named and named.form == "name":
            return True, named
        return False, None


@dataclass(frozen=True)
class KnownHeadings:
    """The headings that any of several layouts knows: most cells of a sheet are none, and need no look-up in each."""

    headings: frozenset[str]
    bare: frozenset[str]

    @classmethod
    def of(cls, layouts: Iterable[Layout]) -> KnownHeadings:
        """Of these layouts."""
        given = tuple(layouts)
        return cls(
            frozenset().union(*(layout.known_headings for layout in given)),
            frozenset().union(*(layout._bare_headings for layout in given)),
        )

    def __contains__(self, heading: str) -> bool:
        """Whether some layout may know a folded heading; none does if not (`Layout.look_up`)."""
        short = bare_heading(heading)
        return (
            heading in self.headings
            or plain_heading(heading) in self.headings
            or short in self.bare
            or short.removesuffix("名称") in self.bare
        )


def find_heading(shapes: Iterable[Layout], used: str, to: str) -> str:
    """The first heading of the column that means `to`, in the layouts used for a file; "" if none has it."""
    ids = used.split(", ")
    headers = (c.headers[0] for s in shapes if s.id in ids for c in s.columns if c.to == to)
    return next(headers, "")


def load_layouts(
    paths: Iterable[Path],
    fact: Callable[[str], Path] = data.path,
    confirmed: Collection[str] = (),
) -> tuple[Layout, ...]:
    """The layouts of these TOML files, in order of id. Misuse, naming the file, if one is invalid.

    `fact` finds the lists of kinds and the rules of identifiers: `home.fact` if a bureau may have its own.
    `confirmed`: codes that are accepted although their check character is wrong.
    """
    rules = load_identifiers(fact("identifiers.toml"), confirmed)
    ends = load_footers(fact("footers.toml"))
    layouts_by_id: dict[str, Layout] = {}
    for path in paths:
        layout = replace(_read_layout(path, fact), identifiers=rules, footers=ends)
        if layout.id in layouts_by_id:
            raise _unsound_layout(path, _("the id {id} stands in two files").format(id=layout.id))
        layouts_by_id[layout.id] = layout
    return tuple(layouts_by_id[key] for key in sorted(layouts_by_id))


def load_shipped_layouts() -> tuple[Layout, ...]:
    """The shipped layouts."""
    return load_layouts(sorted(data.path("layouts").glob("*.toml")))


def _read_layout(path: Path, fact: Callable[[str], Path]) -> Layout:
    try:
        table = toml_reader.read_toml(path, FILE)
    except BadFile as error:
        raise _unsound_layout(path, error.reason) from None
    try:
        columns = tuple(_read_column(entry, fact) for entry in table["column"])
        layout = Layout(
            id=table["id"],
            title=table["title"],
            noun=table["noun"],
            reference=table["reference"],
            columns=columns,
            signature=tuple(table["signature"]),
            ignored=frozenset(
                fold_header(header)
                for entry in table.get("ignore", [])
                for header in entry["headers"]
            ),
            one_of=tuple(tuple(group) for group in table.get("one_of", [])),
            derived=tuple(
                DerivedColumn(entry["to"], entry["from"], entry["pattern"])
                for entry in table.get("derived", [])
            ),
            empty=tuple(table.get("empty", EMPTY)),
            totals=tuple(table.get("totals", TOTALS)),
            help=tuple(table.get("help", HELP)),
            constants=tuple(
                (to, _read_constant(path, table["noun"], to, text, fact))
                for to, text in table.get("constants", {}).items()
            ),
            default_day=table.get("default_day", ""),
            encoding=table.get("encoding", ""),
            date_order=table.get("date_order", "ymd"),
            decimal_mark=table.get("decimal_mark", "."),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise _unsound_layout(path, _("missing or misplaced: {what}").format(what=error)) from error
    fault = _find_fault(layout)
    if fault:
        raise _unsound_layout(path, fault)
    return layout


def _read_column(entry: dict[str, Any], fact: Callable[[str], Path]) -> LayoutColumn:
    return LayoutColumn(
        to=entry["to"],
        form=entry["form"],
        headers=tuple(fold_header(header) for header in entry["headers"]),
        required=bool(entry.get("required", False)),
        past=bool(entry.get("past", False)),
        lenient=bool(entry.get("lenient", False)),
        unit=entry.get("unit", "元"),
        values=tuple((word, code) for word, code in entry.get("values", {}).items()),
        default=entry.get("default"),
        joins=bool(entry.get("joins", False)),
        kinds=_read_kinds(fact(entry["kinds_file"])) if entry["form"] == "kinds" else (),
        bounds=_read_bounds(fact("money.toml"), entry["to"]) if entry["form"] == "money" else None,
    )


def _read_constant(
    path: Path, noun: str, to: str, text: str, fact: Callable[[str], Path]
) -> Constant:
    """The value for every row of a sheet, in the type of its column."""
    if to not in NOUNS[noun]:
        raise _unsound_layout(path, _("{noun} has no column {column}").format(noun=noun, column=to))
    allowed = CODES.get(noun, {}).get(to, ())
    parts = tuple(part.strip() for part in text.split("、"))
    if to in KINDS_FILES.get(noun, {}):
        known_kinds = _read_kinds(fact(KINDS_FILES[noun][to]))
        words = {word: kind.code for kind in known_kinds for word in (kind.code, *kind.words)}
        if all(part in words for part in parts):
            return tuple(words[part] for part in parts)
        allowed = tuple(kind.code for kind in known_kinds)
    elif not allowed or text in allowed:
        kind = NOUNS[noun][to]
        try:
            if kind == "flag":
                return {"yes": True, "no": False}[text]
            if kind == "date":
                return date.fromisoformat(text)
            return int(text) if kind == "integer" else parts if kind == "list" else text
        except (KeyError, ValueError):
            allowed = {"flag": ("yes", "no"), "date": ("2015-01-02",)}.get(kind, ("12",))
    raise _unsound_layout(
        path,
        _("constant {column}: expected {expected}, got {text}").format(
            column=to, expected=" / ".join(allowed), text=text
        ),
    )


def _read_kinds(path: Path) -> tuple[CodeKind, ...]:
    try:
        return load_code_list(path)
    except BadFile as error:
        raise Misuse(
            _("list of kinds {file}: {fault}").format(file=path, fault=error.reason),
            _("compare it with the list that is shipped in data/"),
        ) from error


def _read_bounds(path: Path, column: str) -> AmountBounds | None:
    try:
        return load_bounds(path).get(column)
    except BadFile as error:
        raise Misuse(
            _("bounds of money {file}: {fault}").format(file=path, fault=error.reason),
            _("compare it with the money.toml that is shipped in data/"),
        ) from error


def _find_fault(layout: Layout) -> str:
    """The fault of a layout, or ""."""
    if layout.noun not in NOUNS:
        return _("no such noun: {noun}").format(noun=layout.noun)
    meanings = {column.to for column in layout.columns}
    used_names = [
        *meanings,
        *layout.signature,
        *(name for group in layout.one_of for name in group),
    ]
    for name in [*used_names, *(derived.to for derived in layout.derived)]:
        if name not in NOUNS[layout.noun]:
            return _("{noun} has no column {column}").format(noun=layout.noun, column=name)
    for name in [*layout.signature, *(derived.source for derived in layout.derived)]:
        if name not in meanings:
            return _("no column of the layout means {column}").format(column=name)
    for name, _value in layout.constants:
        if name in meanings:
            return _("{column} is a constant and a column; keep one").format(column=name)
    if layout.default_day and layout.noun != "permits":
        return _("default_day is for lists of institutions (permits) alone")
    lacking = set(layout.needed) - meanings - {name for name, _value in layout.constants}
    lacking -= {to for to, other in INSTEAD.items() if other in meanings}
    if lacking := lacking - {derived.to for derived in layout.derived}:
        fault = _("no column or constant gives {columns}, which {noun} cannot do without").format(
            columns=" ".join(sorted(lacking)), noun=layout.noun
        )
        if layout.noun == "permits" and "decided" in lacking:
            fault += "; " + _('for a list without decision days write default_day = "as-of"')
        return fault
    if layout.encoding and not _is_text_encoding(layout.encoding):
        return _("unknown encoding: {encoding}").format(encoding=layout.encoding)
    headers: set[str] = set(layout.ignored)
    for column in layout.columns:
        if column.form not in FORMS:
            return _("no such form: {form}").format(form=column.form)
        if FORMS[column.form] != NOUNS[layout.noun][column.to]:
            return _("the form {form} does not give what {column} holds").format(
                form=column.form, column=column.to
            )
        for header in column.headers:
            if header in headers:
                return _("the header {header} stands twice").format(header=header)
            headers.add(header)
    return ""


def _is_text_encoding(name: str) -> bool:
    """Whether Python knows an encoding of text by this name."""
    try:
        return isinstance("".encode(name), bytes) and bool(codecs.getincrementaldecoder(name))
    except (LookupError, ValueError):
        return False


def _unsound_layout(path: Path, fault: str) -> Misuse:
    return Misuse(
        _("layout {file}: {fault}").format(file=path, fault=fault),
        _("compare it with the layouts that are shipped in data/layouts/"),
    )
