"""The edition before (上一期): pages that show what they showed need not be made again; they are linked, not copied.

A page's key is a SHA-256 over all that goes into it: its rows, and the `look` that all pages share (templates, words,
tables of codes, this program's own sources). Keys lie beside the editions and are never published.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from double_random import data
from double_random.store import durable_files

if TYPE_CHECKING:
    from double_random.publish.content.snapshot import Edition


@dataclass
class Former:
    """What an earlier edition holds, and the keys of the one in the making."""

    folder: Path | None = None
    keys: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path | None, listing: str) -> Former:
        """An edition with its keys; nothing to take over where either is missing."""
        if folder is None or not (folder / listing).exists() or not _keys(folder).exists():
            return cls()
        lines = (folder / listing).read_text(encoding="utf-8").splitlines()
        keys = json.loads(_keys(folder).read_text(encoding="utf-8"))
        return cls(folder, keys, {line[66:]: line[:64] for line in lines})

    def same(self, path: str, key: str) -> bool:
        """Whether the page at a path showed exactly this before; the key is remembered for the next edition."""
        self.made[path] = key
        return self.keys.get(path) == key and path in self.hashes

    def take(self, path: str, to: Path) -> str:
        """Link a page over; its SHA-256. Where links are not possible it is copied."""
        assert self.folder is not None
        try:
            os.link(self.folder / path, to / path)
        except OSError:
            (to / path).write_bytes((self.folder / path).read_bytes())
        self.taken.add(path)
        return self.hashes[path]

    def keep(self, folder: Path) -> None:
        """Write the new edition's keys beside it."""
        durable_files.replace(_keys(folder), json.dumps(self.made).encode())


def forget(folder: Path) -> None:
    """An edition that goes takes its keys with it."""
    _keys(folder).unlink(missing_ok=True)


def look(edition: Edition) -> str:
    """What every page of an edition shares, as one SHA-256."""
    words = edition.words
    shared = repr(
        (
            edition.authority,
            edition.complain,
            words.language,
            words.kinds,
            words.districts,
            words.events,
            words.penalties,
            words.results,
            edition.allowed.classes,
        )
    )
    digest = hashlib.sha256(shared.encode())
    sources = [*Path(__file__).parents[1].rglob("*.py"), *data.path("site").iterdir()]
    catalogues = data.path("locale").rglob("*.mo")
    for file in sorted([*sources, *catalogues]):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _keys(folder: Path) -> Path:
    return folder.with_name(f"keys-{folder.name}.json")
