"""Classes of credit records and their kinds: a policy must have a rule for each, or ignore it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from double_random import data
from double_random.core import toml_reader
from double_random.core.errors import BadFile
from double_random.core.toml_reader import WORD, WORDS, List, Table, Text
from double_random.core.translation import _
from double_random.intake.code_lists import LIST

CLASS = Table(
    {
        "id": WORD,
        "name": WORD,
        "sign": Text(choices=("minus", "plus", "both")),
        "states": List(WORD, least=1, once=True),
    },
    {"kinds": WORDS, "kinds_file": WORD, "of": Text(choices=("persons", "institutions"))},
)
FILE = Table({"class": List(CLASS, least=1)}, {"reference": WORD})


@dataclass(frozen=True, kw_only=True)
class RecordClass:
    """A class of records: the sign of its points, the states in which it can count, its kinds."""

    id: str
    name: str
    sign: str  # minus | plus | both
    states: tuple[str, ...]
    kinds: tuple[str, ...]
    of: str = ""  # persons | institutions: only such subjects have these records; "": both

    def concerns(self, parties: Collection[str]) -> bool:
        """Whether a policy whose subjects are such parties must know the class."""
        return not self.of or self.of in parties

    def cases(self) -> list[tuple[str, str]]:
        """Every (kind, state) that a policy must cover; the kind is '' if the class has none."""
        return [(kind, state) for kind in self.kinds or ("",) for state in self.states]


def load_record_classes(facts: Path | None = None) -> dict[str, RecordClass]:
    """The classes of record_kinds.toml by id, in file order.

    `facts`: a bureau's folder, whose own lists of kinds take precedence over the shipped ones.
    """
    return _load_shipped() if facts is None else _read_classes(facts)


@cache
def _load_shipped() -> dict[str, RecordClass]:
    return _read_classes(None)


def _read_classes(facts: Path | None) -> dict[str, RecordClass]:
    return {
        item["id"]: RecordClass(
            id=item["id"],
            name=item["name"],
            sign=item["sign"],
            states=tuple(item["states"]),
            kinds=_read_kinds(item, facts),
            of=item.get("of", ""),
        )
        for item in _read_table("record_kinds.toml", facts, FILE)["class"]
    }


def _read_kinds(item: dict[str, Any], facts: Path | None) -> tuple[str, ...]:
    if "kinds_file" in item:
        return tuple(kind["code"] for kind in _read_table(item["kinds_file"], facts, LIST)["kind"])
    if "kinds" in item:
        return tuple(item["kinds"])
    raise BadFile(
        "record_kinds.toml",
        _("class {id}: kinds or kinds_file is missing").format(id=item["id"]),
        _("take the shipped file as a model"),
    )


def _read_table(name: str, facts: Path | None, shape: Table) -> dict[str, Any]:
    own = facts.joinpath(name) if facts else None
    return toml_reader.read_toml(
        own if own is not None and own.exists() else data.path(name), shape
    )
