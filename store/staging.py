"""Releases of one nightly run (夜间版本): each on top of the one before, invisible until the last is adopted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.store import durable_files
from double_random.store.home import Home
from double_random.store.locks import hold_lock
from double_random.store.releases import Releases
from double_random.store.segments import SegmentFolder

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Staging(Releases):
    """HOME/releases/night/: the current release is the newest one of the nightly run, else the adopted one.

    The caller holds the writer's lock (`hold_night_lock`) from the first stage to the last.
    """

    @property
    def base(self) -> Releases:
        """The adopted releases, which all readers see."""
        return Releases(self.home)

    @property
    def folder(self) -> Path:
        """The folder of the nightly run."""
        return self.base.folder / "night"

    @contextmanager
    def hold_night_lock(self, doing: str) -> Iterator[None]:
        """Hold the lock of all batch writers; Busy if it is not free in time."""
        seconds = float(self.home.settings.get("lock_seconds", 10))
        with hold_lock(self.base.folder / "writer.lock", doing, seconds):
            self.folder.mkdir(exist_ok=True)
            yield

    def names(self) -> list[str]:
        """All releases that the nightly run may name, its own last."""
        return sorted({*self.base.names(), *super().names()})

    def current(self) -> str | None:
        """The newest release of the nightly run, else the adopted one."""
        name = super().current()
        return name if name and super().manifest_file(name).exists() else self.base.current()

    def manifest_file(self, name: str) -> Path:
        """A release's manifest: that of the nightly run, else that of the home."""
        return _find_own_first(super().manifest_file(name), self.base.manifest_file(name))

    def record_file(self, name: str) -> Path:
        """A release's record: that of the nightly run, else that of the home."""
        return _find_own_first(super().record_file(name), self.base.record_file(name))

    def file(self, name: str) -> Path:
        """A release's file: that of the nightly run, else that of the home."""
        own = super().manifest_file(name)
        return own if own.exists() else self.base.file(name)

    @property
    def segments(self) -> SegmentFolder:
        """The folder of the segments: the home's own, whose releases share them."""
        return self.base.segments

    def adopt(self, name: str) -> None:
        """Make a release of the nightly run the current one for all readers; may be repeated.

        The manifest is moved first, then `current`: an interrupted adoption is done again.
        """
        own = super().manifest_file(name)
        if own.exists():
            for record in self.folder.glob("[0-9]*.json"):  # also of the intermediate releases
                os.replace(record, self.base.folder / record.name)
            os.replace(own, self.base.manifest_file(name))
            durable_files.sync_path(self.base.folder)
        if self.base.current() != name:
            self.base.set_current(name)
        self.abandon()
        self.base._prune()

    def abandon(self) -> None:
        """Delete the releases of the nightly run: the state before it is restored."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(exist_ok=True)

    @contextmanager
    def _hold_for_run(self, kind: str, as_of: date) -> Iterator[None]:
        """The nightly run holds the lock already."""
        yield

    def _refuse_damaged(self, name: str) -> None:
        """The adopted release is checked when the nightly run begins, its own releases never."""

    def _prune(self) -> None:
        """Intermediate releases of the nightly run are removed once the next one exists."""
        for name in super().names():
            if name != self.current():
                super().manifest_file(name).unlink()


def _find_own_first(own: Path, adopted: Path) -> Path:
    """The nightly run's own file; the home's if only that is there."""
    return adopted if adopted.exists() and not own.exists() else own


@dataclass(frozen=True)
class StagedHome(Home):
    """A home during the nightly run: the same folder with the releases of the run."""

    @cached_property
    def releases(self) -> Staging:
        """The releases, with those of this nightly run."""
        return Staging(self)
