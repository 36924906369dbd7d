"""Classes of credit records and their kinds: what a policy must have a rule for, or say that it ignores."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import data


@dataclass(frozen=True)
class RecordClass:
    """A class of records: what it may do to a score, the states in which it can count, its kinds."""

    id: str
    name: str
    sign: str  # minus | plus | both
    states: tuple[str, ...]
    kinds: tuple[str, ...]

    def cases(self) -> list[tuple[str, str]]:
        """Every (kind, state) that a policy must know; the kind is '' where the class has none."""
        return [(kind, state) for kind in self.kinds or ("",) for state in self.states]


def record_classes(facts: Path | None = None) -> dict[str, RecordClass]:
    """The classes of record_kinds.toml by their id, in its order.

    `facts`: a bureau's folder, whose own lists of kinds come before the shipped ones.
    """
    return _shipped() if facts is None else _read(facts)


@cache
def _shipped() -> dict[str, RecordClass]:
    return _read(None)


def _read(facts: Path | None) -> dict[str, RecordClass]:
    return {
        item["id"]: RecordClass(
            item["id"], item["name"], item["sign"], tuple(item["states"]), _kinds(item, facts)
        )
        for item in _table("record_kinds.toml", facts)["class"]
    }


def _kinds(item: dict[str, Any], facts: Path | None) -> tuple[str, ...]:
    if "kinds_file" in item:
        return tuple(kind["code"] for kind in _table(item["kinds_file"], facts)["kind"])
    return tuple(item["kinds"])


def _table(name: str, facts: Path | None) -> dict[str, Any]:
    own = facts.joinpath(name) if facts else None
    if own is not None and own.exists():
        return tomllib.loads(own.read_text(encoding="utf-8"))
    return data.table(name)
