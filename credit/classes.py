"""Classes of credit records and their kinds: what a policy must have a rule for, or say that it ignores."""

from __future__ import annotations

from dataclasses import dataclass
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


def record_classes() -> dict[str, RecordClass]:
    """The classes of data/record_kinds.toml by their id, in its order."""
    return {
        item["id"]: RecordClass(
            item["id"], item["name"], item["sign"], tuple(item["states"]), _kinds(item)
        )
        for item in data.table("record_kinds.toml")["class"]
    }


def _kinds(item: dict[str, Any]) -> tuple[str, ...]:
    if "kinds_file" in item:
        return tuple(kind["code"] for kind in data.table(item["kinds_file"])["kind"])
    return tuple(item["kinds"])
