"""The files of HOME/releases/: 000001-3f9a….manifest …, segments/, and `current`, which names a release."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import _, join_words
from double_random.store.home_folder import HomeFolder
from double_random.store.manifest import ENDING
from double_random.store.segments import SegmentFolder

OLDER_ENDING = ".duckdb"  # of a release that an earlier version made: one database with all of it
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
        endings = (ENDING, OLDER_ENDING)
        return sorted(
            {file.stem for ending in endings for file in self.folder.glob(f"[0-9]*{ending}")}
        )

    def manifest_file(self, name: str) -> Path:
        """The path of a release's manifest."""
        return self.folder / f"{name}{ENDING}"

    def record_file(self, name: str) -> Path:
        """The path of the record of how a release was made (store/soundness.py)."""
        return self.folder / f"{name}.json"

    def file(self, name: str) -> Path:
        """The path of the release of this name: its manifest, or the database that an earlier version made."""
        older = self.folder / f"{name}{OLDER_ENDING}"
        return older if older.exists() else self.manifest_file(name)

    @property
    def segments(self) -> SegmentFolder:
        """The folder of the segments."""
        return SegmentFolder(self.folder / "segments")

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
