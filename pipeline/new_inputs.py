"""New inputs of a drop (未读文件): files that were read before, byte for byte, are skipped.

A bureau delivers its files of all years every night; old ones contain nothing new (registry/sync/processed_files.py).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from double_random.store.home import Home


@dataclass(frozen=True)
class Input:
    """One file of a drop: its name in the drop, its path, its SHA-256."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class Unread:
    """The files that a stage has to read; and the number of files and rows that it knows already."""

    sources: tuple[Path, ...]
    known_files: int = 0
    known_rows: int = 0


@contextmanager
def unread(home: Home, inputs: Sequence[Input], kind: Literal["sync", "load"]) -> Iterator[Unread]:
    """Provide temporary folders with links to the files to read, each with its name in the drop.

    If no file is new, the smallest one is read again: a stage does more than reading.
    """
    from double_random.intake.drop_reader import links_followed
    from double_random.registry.institutions import confirmed_codes
    from double_random.registry.sync import processed_files

    known: dict[str, int] = {}
    if home.releases.current() is not None:
        rules = processed_files.rules(confirmed_codes.shapes(home), home.fact)
        with home.releases.read() as release:
            known = processed_files.known(release, kind, rules)
    new = [one for one in inputs if one.sha256 not in known]
    old = [one for one in inputs if one.sha256 in known]
    if old and not new:
        new = [min(old, key=lambda one: one.path.stat().st_size)]
        old.remove(new[0])
    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        rows = sum(known[one.sha256] for one in old)
        with links_followed():
            yield Unread(tuple(_folders(Path(folder), new)), len(old), rows)


def _folders(folder: Path, inputs: Sequence[Input]) -> list[Path]:
    """Create links to the files; files of the same name, from several sources, get a folder each."""
    made: list[Path] = []
    for one in inputs:
        place = next(
            (there for there in made if not (there / one.name).is_symlink()),
            folder / str(len(made)),
        )
        if place not in made:
            made.append(place)
        (place / one.name).parent.mkdir(parents=True, exist_ok=True)
        (place / one.name).symlink_to(os.path.realpath(one.path))
    return made
