"""The files of HOME/releases/: 000001-3f9a….duckdb …, and `current`, which names one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _, join_words
from double_random.store.home_folder import HomeFolder

NAME = re.compile(r"[0-9]{6,}-[0-9a-f]{12}")


@dataclass(frozen=True)
class ReleaseFiles:
    """The releases of a home, and their paths."""

    home: HomeFolder

    @property
    def folder(self) -> Path:
        """The folder of the releases."""
        return self.home.path / "releases"

    def names(self) -> list[str]:
        """All existing releases, oldest first."""
        return sorted(file.stem for file in self.folder.glob("[0-9]*.duckdb"))

    def file(self, name: str) -> Path:
        """The path of the release of this name."""
        return self.folder / f"{name}.duckdb"

    def current(self) -> str | None:
        """The current release's name; None before the first run."""
        pointer = self.folder / "current"
        if not pointer.exists():
            return None
        name = pointer.read_bytes().decode("ascii", "replace").strip()
        if not NAME.fullmatch(name):
            raise DoubleRandomError(
                _("{file} is damaged: it names no release").format(file=pointer),
                _("these are here: {names}; set it right with: double-random store rebuild").format(
                    names=join_words(self.names()) or "—"
                ),
            )
        return name
