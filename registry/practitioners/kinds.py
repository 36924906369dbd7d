"""Kinds of practitioner (执业类别), what permits do to a person, and how their content is read: data, not an enum."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from double_random import data
from double_random.core.toml_reader import (
    FLAG,
    TEXT,
    WHOLE,
    WORD,
    WORDS,
    List,
    Pattern,
    Table,
    Text,
)
from double_random.registry.institutions.kinds import freeze_lists, read_fact_file

if TYPE_CHECKING:
    from double_random.store.home import Home

FILE_NAME = "practitioners.toml"
STATEMENTS = (
    "institution", "former_institution", "employer", "former_name", "new_name", "former_licence", "new_licence",
    "category", "number",
)  # fmt: skip
FILE = Table(
    {
        "reference": WORD,
        "kind": List(
            Table(
                {
                    "code": WORD,
                    "zh": WORD,
                    "en": WORD,
                    "certificates": List(WORD, least=1),
                    "words": List(WORD, least=1),
                    "numbers": List(Pattern(groups=0), least=1),
                    "institutions": WORDS,
                    "concurrent": WORDS,
                    "category": TEXT,
                    "reference": WORD,
                }
            ),
            least=1,
        ),
        "event": List(
            Table(
                {
                    "code": WORD,
                    "zh": WORD,
                    "words": List(WORD, least=1),
                    "order": WHOLE,
                    "post": Text(choices=("begins", "moves", "ends", "stays")),
                },
                {"status": TEXT, "final": FLAG},
            ),
            least=1,
        ),
        "category": List(Table({"code": WORD, "words": List(WORD, least=1)})),
        "statement": List(
            Table({"to": Text(choices=STATEMENTS), "patterns": List(Pattern(), least=1)})
        ),
    }
)


@dataclass(frozen=True, kw_only=True)
class PractitionerKind:
    """One kind of practitioner, as in data/practitioners.toml; `reference` is the law that licenses it."""

    code: str
    zh: str
    en: str
    certificates: tuple[str, ...]
    words: tuple[str, ...]
    numbers: tuple[str, ...]
    institutions: tuple[str, ...]
    concurrent: tuple[str, ...]
    category: str
    reference: str

    def name(self, language: str) -> str:
        """The kind's name, Chinese for zh_CN, else English."""
        return self.zh if language == "zh_CN" else self.en


@dataclass(frozen=True, kw_only=True)
class PractitionerEvent:
    """The effect of a permit on a person; `status` empty: the status stays unchanged."""

    code: str
    zh: str
    words: tuple[str, ...]
    order: int
    post: str
    status: str = ""
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class PractitionerFacts:
    """The facts for reading persons' permits (data/practitioners.toml)."""

    kinds: tuple[PractitionerKind, ...]
    events: tuple[PractitionerEvent, ...]
    categories: tuple[tuple[str, tuple[str, ...]], ...] = ()
    statements: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def kind(self, code: str) -> PractitionerKind:
        """The kind of this code."""
        return next(kind for kind in self.kinds if kind.code == code)

    def event(self, code: str) -> PractitionerEvent:
        """The event of this code."""
        return next(event for event in self.events if event.code == code)

    def events_by_code(self) -> dict[str, PractitionerEvent]:
        """The events by their codes."""
        return {event.code: event for event in self.events}


def load_practitioner_facts(home: Home) -> PractitionerFacts:
    """The facts of a home; BadFile with file, line and key if its own file is wrong."""
    return _read_facts(home.fact_file(FILE_NAME))


def load_person_kinds(facts: Path | None = None) -> frozenset[str]:
    """The codes of the kinds of practitioner. `facts`: a bureau's folder; its own file comes before the shipped one."""
    own = facts / FILE_NAME if facts else None
    read = _read_facts(own if own is not None and own.exists() else data.path(FILE_NAME))
    return frozenset(kind.code for kind in read.kinds)


def load_shipped_practitioner_facts() -> PractitionerFacts:
    """The shipped facts, for use without a home."""
    return _read_facts(data.path("practitioners.toml"))


def _read_facts(file: Path) -> PractitionerFacts:
    table = read_fact_file(file, FILE)
    return PractitionerFacts(
        kinds=tuple(PractitionerKind(**freeze_lists(row)) for row in table["kind"]),
        events=tuple(PractitionerEvent(**freeze_lists(row)) for row in table["event"]),
        categories=tuple((row["code"], tuple(row["words"])) for row in table["category"]),
        statements={row["to"]: tuple(row["patterns"]) for row in table["statement"]},
    )
