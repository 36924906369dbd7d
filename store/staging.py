"""Releases of one nightly run (夜间版本): each on top of the one before, invisible until the last is adopted."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.store import durable_files, soundness
from double_random.store.home import Home
from double_random.store.locks import hold_lock
from double_random.store.releases import Releases

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
        return name if name and super().file(name).exists() else self.base.current()

    def file(self, name: str) -> Path:
        """A release's file: that of the nightly run, else that of the home."""
        own = super().file(name)
        return own if own.exists() else self.base.file(name)

    def adopt(self, name: str) -> None:
        """Make a release of the nightly run the current one for all readers; may be repeated.

        The file is moved first, then `current`: an interrupted adoption is done again.
        """
        own = super().file(name)
        if own.exists():
            own_record = soundness.record_path(self, name)
            made = json.loads(own_record.read_bytes()) if own_record.exists() else {}
            for other in self.folder.glob(
                "[0-9]*.json"
            ):  # how the intermediate releases of the nightly run were made
                os.replace(other, self.base.folder / other.name)
            soundness.write_record(self.base, name, own, made)
            os.replace(own, self.base.file(name))
            durable_files.sync_folder(self.base.folder)
        if self.base.current() != name:
            self.base.set_current(name)
        self.abandon()
        self.base._prune()

    def recover(self) -> None:
        """Restore the release that a killed stage was writing, to its state before that stage, or not at all."""
        import duckdb

        name, aside = super().current(), self.folder / ".writing.duckdb"
        if name is None or super().file(name).exists() or not aside.exists():
            return
        try:
            with duckdb.connect(str(aside)) as database:  # uncommitted changes are rolled back here
                ((hash_,),) = database.execute("SELECT hash FROM seal").fetchall()
        except duckdb.Error:
            return
        if name.partition("-")[2] == hash_[:12]:
            os.replace(aside, super().file(name))

    def abandon(self) -> None:
        """Delete the releases of the nightly run: the state before it is restored."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(exist_ok=True)

    @contextmanager
    def _hold_for_run(self, kind: str, as_of: date) -> Iterator[None]:
        """The nightly run holds the lock already."""
        yield

    def _refuse_damaged(self, name: str | None) -> None:
        """The adopted release is checked when the nightly run begins, its own releases never."""

    def _keep_record(self, name: str, file: Path, made: dict[str, Any]) -> None:
        """Record how it was made; its bytes change once more during the nightly run."""
        text = json.dumps(made, ensure_ascii=False, sort_keys=True, indent=1)
        durable_files.replace_file(soundness.record_path(self, name), text.encode())

    def _lay_aside(self, before: Path, aside: Path) -> None:
        """The nightly run's own release is changed in place, without a copy: it is not visible yet, and a kill is
        rolled back.
        """
        for source in (before if before.parent == self.folder else None, self._spare_file(before)):
            if source is not None and source.exists():
                os.replace(source, aside)
                return
        super()._lay_aside(before, aside)

    def _put_back(self, before: Path, aside: Path) -> None:
        """A stage without changes leaves its copy to the next one."""
        os.replace(aside, before if before.parent == self.folder else self._spare_file(before))

    def _spare_file(self, before: Path) -> Path:
        return self.folder / f".of-{before.name}"

    def _prune(self) -> None:
        """Intermediate releases of the nightly run are removed once the next one exists."""
        for name in super().names():
            if name != self.current():
                super().file(name).unlink()


@dataclass(frozen=True)
class StagedHome(Home):
    """A home during the nightly run: the same folder with the releases of the run."""

    @cached_property
    def releases(self) -> Staging:
        """The releases, with those of this nightly run."""
        return Staging(self)
