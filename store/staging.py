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
from double_random.store.locks import only_writer
from double_random.store.releases import Releases

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True)
class Staging(Releases):
    """HOME/releases/night/: the current release is the night's newest, else the one that everybody sees.

    Whoever uses it holds the writer's lock (`alone`) from the first stage to the last.
    """

    @property
    def base(self) -> Releases:
        """The releases that everybody sees."""
        return Releases(self.home)

    @property
    def folder(self) -> Path:
        """The night's own folder."""
        return self.base.folder / "night"

    @contextmanager
    def alone(self, doing: str) -> Iterator[None]:
        """Hold the lock of all batch writers; Busy where it is not free in time."""
        seconds = float(self.home.settings.get("lock_seconds", 10))
        with only_writer(self.base.folder / "writer.lock", doing, seconds):
            self.folder.mkdir(exist_ok=True)
            yield

    def names(self) -> list[str]:
        """All releases that the night may name, its own last."""
        return sorted({*self.base.names(), *super().names()})

    def current(self) -> str | None:
        """The night's newest release, else the one that everybody sees."""
        name = super().current()
        return name if name and super().file(name).exists() else self.base.current()

    def file(self, name: str) -> Path:
        """A release's file: the night's own, else that of the home."""
        own = super().file(name)
        return own if own.exists() else self.base.file(name)

    def adopt(self, name: str) -> None:
        """Make a release of the night the one that everybody sees; once more does no harm.

        The file is moved first, then `current`: what was killed in between is done again.
        """
        own = super().file(name)
        if own.exists():
            kept = soundness.record_file(self, name)
            made = json.loads(kept.read_bytes()) if kept.exists() else {}
            for other in self.folder.glob(
                "[0-9]*.json"
            ):  # how the night's steps in between were made
                os.replace(other, self.base.folder / other.name)
            soundness.keep_record(self.base, name, own, made)
            os.replace(own, self.base.file(name))
            durable_files.sync(self.base.folder)
        if self.base.current() != name:
            self.base.point(name)
        self.abandon()
        self.base._prune()

    def recover(self) -> None:
        """Take up the release that a killed stage was writing on: as it was before that stage, or not at all."""
        import duckdb

        name, aside = super().current(), self.folder / ".writing.duckdb"
        if name is None or super().file(name).exists() or not aside.exists():
            return
        try:
            with duckdb.connect(
                str(aside)
            ) as database:  # what was not committed is taken back here
                ((hash_,),) = database.execute("SELECT hash FROM seal").fetchall()
        except duckdb.Error:
            return
        if name.partition("-")[2] == hash_[:12]:
            os.replace(aside, super().file(name))

    def abandon(self) -> None:
        """Forget the night's releases: everything is as it was."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(exist_ok=True)

    @contextmanager
    def _writing(self, kind: str, as_of: date) -> Iterator[None]:
        """The lock is held by the whole night already."""
        yield

    def _refuse_damaged(self, name: str | None) -> None:
        """The release that everybody sees is looked at when the night begins, its own never."""

    def _keep_record(self, name: str, file: Path, made: dict[str, Any]) -> None:
        """How it was made; its bytes change once more while the night goes on."""
        text = json.dumps(made, ensure_ascii=False, sort_keys=True, indent=1)
        durable_files.replace(soundness.record_file(self, name), text.encode())

    def _lay_aside(self, before: Path, aside: Path) -> None:
        """The night's own release is written on itself, uncopied: nobody sees it yet, and a kill is taken back."""
        for there in (before if before.parent == self.folder else None, self._spare(before)):
            if there is not None and there.exists():
                os.replace(there, aside)
                return
        super()._lay_aside(before, aside)

    def _put_back(self, before: Path, aside: Path) -> None:
        """A stage without news leaves its copy to the next one."""
        os.replace(aside, before if before.parent == self.folder else self._spare(before))

    def _spare(self, before: Path) -> Path:
        return self.folder / f".of-{before.name}"

    def _prune(self) -> None:
        """A night's steps in between have served once the next one stands."""
        for name in super().names():
            if name != self.current():
                super().file(name).unlink()


@dataclass(frozen=True)
class StagedHome(Home):
    """A home as the night sees it: the same folder, its releases those of the night."""

    @cached_property
    def releases(self) -> Staging:
        """The releases, with those that this night has made."""
        return Staging(self)
