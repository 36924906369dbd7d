"""Kinds of institution (机构类别) and what permits do to them (许可事项): rows of data, not an enum."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from double_random import data
from double_random.core import toml_reader
from double_random.core.errors import Misuse
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
    WholeNumber,
)
from double_random.core.translation import _
from double_random.intake.code_lists import LIST

if TYPE_CHECKING:
    from double_random.store.home import Home

KINDS = Table(
    {
        "kind": List(
            Table(
                {
                    "code": WORD,
                    "zh": WORD,
                    "en": WORD,
                    "uscc": WORDS,
                    "certificates": WORDS,
                    "words": List(WORD, least=1),
                    "speciality": TEXT,
                    "id": List(Text(choices=("uscc", "licence")), least=1, once=True),
                    "reference": WORD,
                },
                {"branch_of": TEXT, "head_office": List(Pattern())},
            ),
            least=1,
        )
    },
    {"reference": WORD},
)
EVENTS = Table(
    {
        "event": List(
            Table(
                {"code": WORD, "zh": WORD, "words": List(WORD, least=1), "order": WHOLE},
                {"status": TEXT, "branch": FLAG},
            ),
            least=1,
        )
    },
    {"reference": WORD},
)
TILE = List(WholeNumber(0, 29), 2, 2)
DISTRICTS = Table(
    {
        "district": List(
            Table({"code": WORD, "name": WORD}, {"former": WORDS, "tile": TILE, "reference": TEXT}),
            least=1,
        )
    },
    {"reference": WORD},
)
FORMER = Table(
    {
        "former": List(
            Table({"name": WORD, "until": WHOLE, "now": WORD, "district": WORD, "city": WORD})
        ),
        "reference": WORD,
    }
)
FORBIDDEN = Table(
    {
        "forbidden": List(
            Table(
                {
                    "kinds": WORDS,
                    "state": WORD,
                    "what": List(Text(choices=("name", "cancelled", "branch"))),
                    "reference": WORD,
                }
            )
        )
    }
)
SHAPES = {  # the shape of each file of facts, by its name
    "kinds.toml": KINDS,
    "events.toml": EVENTS,
    "districts.toml": DISTRICTS,
    "former_districts.toml": FORMER,
    "forbidden.toml": FORBIDDEN,
    "penalty_kinds.toml": LIST,
    "inspection_results.toml": LIST,
}


@dataclass(frozen=True, kw_only=True)
class InstitutionKind:
    """One kind (机构类别), as in data/kinds.toml; `reference` is the law that licenses it."""

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


@dataclass(frozen=True, kw_only=True)
class PermitEvent:
    """The effect of a permit (许可事项); `status` empty: the status stays unchanged."""

    code: str
    zh: str
    words: tuple[str, ...]
    order: int
    status: str = ""
    branch: bool = False


T = TypeVar("T", InstitutionKind, PermitEvent)


def load_kinds(home: Home) -> tuple[InstitutionKind, ...]:
    """All kinds, in the file's order; Misuse with the file and the row if a row is wrong."""
    return _read_kinds(home.fact_file("kinds.toml"))


def load_shipped_kinds() -> tuple[InstitutionKind, ...]:
    """The shipped kinds, for use without a home."""
    return _read_kinds(data.path("kinds.toml"))


def _read_kinds(file: Path) -> tuple[InstitutionKind, ...]:
    return tuple(
        _build_row(InstitutionKind, row, file) for row in read_fact_file(file).get("kind", [])
    )


def load_events(home: Home) -> tuple[PermitEvent, ...]:
    """All events, in the order in which their words are looked for; Misuse if a row is wrong."""
    file = home.fact_file("events.toml")
    return tuple(
        _build_row(PermitEvent, row, file) for row in _fact_rows(home, "event", "events.toml")
    )


def _fact_rows(home: Home, noun: str, name: str) -> list[dict[str, Any]]:
    return list(read_fact_file(home.fact_file(name)).get(noun, []))


def read_fact_file(file: Path, shape: Table | None = None) -> dict[str, Any]:
    """A file of facts, by this shape or the one for its name; Misuse with file, line and key if it is invalid."""
    table = toml_reader.read_toml(file, shape or SHAPES[file.name], misuse=True)
    for noun in ("kind", "event", "district", "category"):
        codes = [row["code"] for row in table.get(noun, [])]
        for code in codes:
            if codes.count(code) > 1:
                raise Misuse(
                    _("{file}: the code {code} stands there twice").format(file=file, code=code),
                    _("take the shipped file as a model"),
                )
    return table


def freeze_lists(row: dict[str, Any]) -> dict[str, Any]:
    """A row of facts with its lists as tuples."""
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _build_row(type_: type[T], row: dict[str, Any], file: Path) -> T:
    try:
        return type_(**freeze_lists(row))
    except TypeError as error:
        raise Misuse(
            _("{file}: the row {row} is not as expected: {why}").format(
                file=file, row=row.get("code", "?"), why=error
            ),
            _("take a row of the shipped file as a model"),
        ) from None
