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
class DropFile:
    """One file of a drop: its name in the drop, its path, its SHA-256."""

    name: str
    path: Path
    sha256: str


@dataclass(frozen=True)
class NewInputs:
    """The files that a stage has to read; and the number of files and rows that it knows already."""

    sources: tuple[Path, ...]
    known_files: int = 0
    known_rows: int = 0


@contextmanager
def open_new_inputs(
    home: Home, inputs: Sequence[DropFile], kind: Literal["sync", "load"]
) -> Iterator[NewInputs]:
    """Provide temporary folders with links to the files to read, each with its name in the drop.

    If no file is new, the smallest one is read again: a stage does more than reading.
    """
    from double_random.intake.drop_reader import follow_links
    from double_random.registry.institutions import confirmed_codes
    from double_random.registry.sync import processed_files

    rows_by_hash: dict[str, int] = {}
    if home.releases.current() is not None:
        rules = processed_files.hash_reading_rules(
            confirmed_codes.load_home_layouts(home), home.fact_file
        )
        with home.releases.read() as release:
            rows_by_hash = processed_files.find_known_files(release, kind, rules)
    new = [file for file in inputs if file.sha256 not in rows_by_hash]
    old = [file for file in inputs if file.sha256 in rows_by_hash]
    if old and not new:
        new = [min(old, key=lambda file: file.path.stat().st_size)]
        old.remove(new[0])
    with tempfile.TemporaryDirectory(prefix="double-random-") as folder:
        rows = sum(rows_by_hash[file.sha256] for file in old)
        with follow_links():
            yield NewInputs(tuple(_link_inputs(Path(folder), new)), len(old), rows)


def _link_inputs(folder: Path, inputs: Sequence[DropFile]) -> list[Path]:
    """Create links to the files; files of the same name, from several sources, get a folder each."""
    made: list[Path] = []
    for file in inputs:
        target = next(
            (candidate for candidate in made if not (candidate / file.name).is_symlink()),
            folder / str(len(made)),
        )
        if target not in made:
            made.append(target)
        (target / file.name).parent.mkdir(parents=True, exist_ok=True)
        (target / file.name).symlink_to(os.path.realpath(file.path))
    return made
