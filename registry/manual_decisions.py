"""Append-only log of manual decisions about the register (人工决定): HOME/acts/NAME.jsonl."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _
from double_random.store import durable_files
from double_random.store.locks import hold_lock

if TYPE_CHECKING:
    from double_random.store.home import Home

Word = TypeVar("Word")


def append_decision(home: Home, name: str, kind: str, decision: Any) -> None:
    """Append a decision (a dataclass) under the file's lock, which is held as `kind`."""
    file = _decision_file(home, name)
    with hold_lock(file.with_suffix(".lock"), kind, 10):
        line = json.dumps(asdict(decision), ensure_ascii=False, sort_keys=True)
        durable_files.append_line(file, line.encode())


def read_decisions(home: Home, name: str, make: Callable[..., Word]) -> list[Word]:
    """All decisions, in their order; DoubleRandomError if a line is damaged."""
    file = _decision_file(home, name)
    try:
        return [make(**json.loads(line)) for line in durable_files.read_lines(file)]
    except (ValueError, TypeError):
        raise DoubleRandomError(
            _("{file} is damaged").format(file=file), _("restore it from the backup")
        ) from None


def _decision_file(home: Home, name: str) -> Path:
    file = home.path / "acts" / f"{name}.jsonl"
    file.parent.mkdir(exist_ok=True)
    return file
