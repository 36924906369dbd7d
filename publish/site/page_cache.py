"""Reuse of the previous edition (上一期): unchanged pages are hard-linked instead of rendered again.

A page's key is a SHA-256 over all its inputs: its rows, and the `look` that all pages share (templates, labels, tables
of codes, this program's own sources). Keys are stored beside the editions and never published.
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
class PageCache:
    """The files and keys of the previous edition, and the keys of the new one."""

    folder: Path | None = None
    keys: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    made: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, folder: Path | None, listing: str) -> PageCache:
        """Read an edition and its keys; empty if either is missing."""
        if folder is None or not (folder / listing).exists() or not _keys_file(folder).exists():
            return cls()
        lines = (folder / listing).read_text(encoding="utf-8").splitlines()
        keys = json.loads(_keys_file(folder).read_text(encoding="utf-8"))
        return cls(folder, keys, {line[66:]: line[:64] for line in lines})

    def is_unchanged(self, path: str, key: str) -> bool:
        """Whether the page at a path has the same key as before; the key is recorded for the next edition."""
        self.made[path] = key
        return self.keys.get(path) == key and path in self.hashes

    def link_page(self, path: str, to: str) -> str:
        """Link a page into the new edition and return its SHA-256. If links are impossible, copy it."""
        assert self.folder is not None
        before, after = f"{self.folder}/{path}", f"{to}/{path}"
        try:
            os.link(before, after)
        except OSError:
            Path(after).write_bytes(Path(before).read_bytes())
        self.taken.add(path)
        return self.hashes[path]

    def write_keys(self, folder: Path) -> None:
        """Write the new edition's keys beside it."""
        durable_files.replace_file(_keys_file(folder), json.dumps(self.made).encode())


def forget_keys(folder: Path) -> None:
    """Delete the keys of a deleted edition."""
    _keys_file(folder).unlink(missing_ok=True)


def look_fingerprint(edition: Edition) -> str:
    """Hash the inputs that all pages of an edition share."""
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


def _keys_file(folder: Path) -> Path:
    return folder.with_name(f"keys-{folder.name}.json")
