"""Releases: the results of batch runs. One immutable DuckDB file each; `current` names one and is replaced
atomically.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, join_words
from double_random.store import memory_limit
from double_random.store.frames import has_table, query_frame
from double_random.store.locks import hold_lock
from double_random.store.release_files import ReleaseFiles
from double_random.store.soundness import (
    DamagedRelease,
    record_path,
    refuse_changed_bytes,
    refuse_damaged,
    refuse_unlogged,
    write_record,
)

if TYPE_CHECKING:
    import duckdb
    import polars


MEMORY = "1GB"  # of a writer's database, unless another limit is given; the rest is stored on disk
ARROW: dict[str, str | int | float | list[str]] = {
    "arrow_output_version": "1.5",
    "produce_arrow_string_view": True,
}  # the text type of Polars: no copy
RULED = ("placings", "readings")  # the rules of a run follow from the program

_announce: ContextVar[Callable[[str], None] | None] = ContextVar("announce", default=None)


@contextmanager
def announce_releases(announce: Callable[[str], None]) -> Iterator[None]:
    """Report the hash of each release made in this context before the release becomes the current one.

    If the process is killed in between, the previous release stays the current one; a repetition makes another
    release.
    """
    token = _announce.set(announce)
    try:
        yield
    finally:
        _announce.reset(token)


@dataclass(frozen=True)
class Release:
    """An open release: a connection, its name and its hash."""

    connection: duckdb.DuckDBPyConnection
    name: str
    hash: str

    def frame(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> polars.DataFrame:
        """The answer to a query."""
        return query_frame(self.connection, sql, parameters)

    def has(self, table: str) -> bool:
        """Whether the release holds a table of this name."""
        return has_table(self.connection, table)


@dataclass(kw_only=True)
class Draft:
    """A release being written: inside one transaction, under the writer's lock."""

    connection: duckdb.DuckDBPyConnection
    run: int
    before: str
    name: str = ""
    hash: str = ""
    discarded: bool = field(default=False)
    made: dict[str, Any] = field(default_factory=dict)  # the data needed to make the release again
    form: int = 0  # of its hash; 0: the newest

    def discard(self) -> None:
        """Make no release: the previous one stays the current one."""
        self.discarded = True

    def has(self, table: str) -> bool:
        """Whether the release being written has a table of this name."""
        return has_table(self.connection, table)

    def frame(
        self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
    ) -> polars.DataFrame:
        """The answer to a query."""
        return query_frame(self.connection, sql, parameters)


@dataclass(frozen=True)
class Releases(ReleaseFiles):
    """HOME/releases/, read and written."""

    @contextmanager
    def read(self, name: str | None = None) -> Iterator[Release]:
        """Open the current release, or the named one, read-only. The name is resolved first, so a switch does no
        harm.
        """
        import duckdb

        release_name = name or self.current()
        if release_name is None:
            raise Misuse(
                _("this home holds no release yet"),
                _("read a drop first: double-random registry sync DROP --as-of DATE"),
            )
        file = self.file(release_name)
        if not file.exists():
            if name in (None, self.current()):
                raise DamagedRelease(release_name, _("its file is missing"))
            raise Misuse(
                _("there is no release {name}").format(name=release_name),
                _("these are here: {names}").format(names=join_words(self.names())),
            )
        refuse_changed_bytes(self, release_name)
        spill = self.home.path / f".spill-{os.getpid()}"  # the same for every reader of a file
        with self._explain_damage(release_name):
            connection = duckdb.connect(
                str(file), True, memory_limit.database_config(self.home, spill)
            )
        try:
            with self._explain_damage(release_name):
                ((hash_,),) = connection.execute("SELECT hash FROM seal").fetchall()
                yield Release(connection, release_name, hash_)
        finally:
            connection.close()
            with suppress(OSError):  # it does not exist, or another reader uses it
                spill.rmdir()

    @contextmanager
    def _explain_damage(self, name: str) -> Iterator[None]:
        """Report damage of the release if it is the cause of an unexpected exception in this context."""
        try:
            yield
        except (DoubleRandomError, KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException:  # an exception of DuckDB, a panic of Polars, an invalid text
            refuse_damaged(self, name)
            raise

    @contextmanager
    def hold_writer_lock(self, doing: str) -> Iterator[None]:
        """Hold the lock of all batch writers; Busy if it is not free in time."""
        seconds = float(self.home.settings.get("lock_seconds", 10))
        with hold_lock(self.folder / "writer.lock", doing, seconds):
            yield

    def require_sound(self) -> None:
        """Damaged if the current release is not as it was made: its rows are hashed again.

        Also if the log names other releases of this home but not this one: a person who can change the file can
        change its hash.
        """
        name = self.current()
        if name is not None:
            refuse_unlogged(self, name, refuse_damaged(self, name))

    def require_logged(self) -> None:
        """Damaged if the log names releases of this home but not the current one; rows are not checked."""
        name = self.current()
        if name is not None and self.file(name).exists():
            with self.read(name) as release:
                hash_ = release.hash
            refuse_unlogged(self, name, hash_)

    @contextmanager
    def write(self, kind: str, as_of: date) -> Iterator[Draft]:
        """Make the next release: copy the newest aside, change the copy in one transaction, seal it, switch.

        On an error nothing has changed. `kind` is what the run is: sync, load, score, undo.
        """
        with self._hold_for_run(kind, as_of):
            for leftover in self.folder.glob(".writing*"):  # of a run that was killed
                shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
            before = self.current()
            self._refuse_damaged(before)
            aside, run = self.folder / ".writing.duckdb", self._next_run()
            file = self.file(before) if before is not None else None
            try:
                if file is not None:
                    self._lay_aside(file, aside)
                limit = memory_limit.database_config(self.home, aside.with_suffix(".spill"))
                with _open_transaction(aside, run, before or "", kind, as_of, limit) as draft:
                    yield draft
                    if not draft.discarded:
                        self._note_rules(draft)
                if draft.discarded:
                    if file is not None:
                        self._put_back(file, aside)
                    return
                _sync_path(aside)
                made = {"run": run, "kind": kind, "as_of": as_of.isoformat(), "before": before}
                made["acts"] = {
                    act_file.name: act_file.stat().st_size
                    for act_file in sorted((self.home.path / "acts").glob("*.jsonl"))
                }
                self._keep_record(draft.name, aside, {**made, **draft.made})
                os.replace(aside, self.folder / f"{draft.name}.duckdb")
                self._announce_draft(draft)
            finally:
                for leftover in (aside, aside.with_suffix(".duckdb.wal")):
                    leftover.unlink(missing_ok=True)
            self.set_current(draft.name)
            self._prune()

    @contextmanager
    def _hold_for_run(self, kind: str, as_of: date) -> Iterator[None]:
        """One batch writer at a time."""
        with self.hold_writer_lock(f"{kind} {as_of}"):
            yield

    def _refuse_damaged(self, name: str | None) -> None:
        """No release is built on a damaged one."""
        if name is not None:
            refuse_damaged(self, name)

    def _keep_record(self, name: str, file: Path, made: dict[str, Any]) -> None:
        """Record the new release's file, and how it was made (store/soundness.py)."""
        write_record(self, name, file, made)

    def _announce_draft(self, draft: Draft) -> None:
        """Report the new release to the registered callback; if that fails, the release is removed."""
        announce = _announce.get()
        if announce is None:
            return
        try:
            announce(draft.hash)
        except BaseException:
            self.file(draft.name).unlink(missing_ok=True)
            record_path(self, draft.name).unlink(missing_ok=True)
            raise

    def _note_rules(self, draft: Draft) -> None:
        """Record what follows from the program and is hashed: the form, and the rules of reading.

        A later program makes the release again with these, to the same hash (credit/rebuilding.py).
        """
        from double_random.store.release_hash import FORM

        draft.form = draft.made["form"] = draft.form or FORM
        draft.made["rules"] = {
            table: rules
            for table in RULED
            if draft.has(table)
            for (rules,) in draft.connection.execute(
                f"SELECT max(rules) FROM {table} WHERE run = ?", [draft.run]
            ).fetchall()
            if rules is not None
        }

    def _lay_aside(self, before: Path, aside: Path) -> None:
        """Copy the previous release to the file being written; the original stays unchanged."""
        shutil.copyfile(before, aside)

    def _put_back(self, before: Path, aside: Path) -> None:
        """Without changes: remove the copy."""
        aside.unlink()

    def _next_run(self) -> int:
        """One more than the number of every existing release, also an undone one."""
        return max((int(name.partition("-")[0]) for name in self.names()), default=0) + 1

    def set_current(self, name: str) -> None:
        """Make a release the current one, atomically."""
        beside = self.folder / ".current"
        beside.write_text(name + "\n", encoding="ascii")
        _sync_path(beside)
        os.replace(beside, self.folder / "current")
        _sync_path(self.folder)

    def _prune(self) -> None:
        keep = int(self.home.settings.get("keep_releases", 20))
        named = {hash_[:12] for hash_ in self._named_by_plans()}
        for name in self.names()[:-keep]:
            if name != self.current() and name.partition("-")[2] not in named:
                self.file(name).unlink()

    def _named_by_plans(self) -> Iterator[str]:
        for plan in self.home.draws.glob("*/plan.json"):
            try:
                yield str(json.loads(plan.read_text(encoding="utf-8"))["release"])
            except (ValueError, KeyError, TypeError):
                raise DoubleRandomError(
                    _("{file} is damaged").format(file=plan),
                    _("restore it from the backup; nothing was pruned"),
                ) from None


@contextmanager
def _open_transaction(
    aside: Path, run: int, before: str, kind: str, as_of: date, limit: dict[str, Any]
) -> Iterator[Draft]:
    import duckdb

    from double_random.store.release_hash import seal_release

    spill = str(aside.with_suffix(".spill"))
    connection = duckdb.connect(
        str(aside), config={"memory_limit": MEMORY, "temp_directory": spill, **ARROW, **limit}
    )
    try:
        connection.execute("BEGIN")
        connection.execute(files("double_random.store").joinpath("schema.sql").read_text("utf-8"))
        connection.execute("INSERT INTO runs VALUES (?, ?, ?)", [run, kind, as_of])
        draft = Draft(connection=connection, run=run, before=before)
        yield draft
        if draft.discarded:
            draft.name = before
            return
        draft.hash = seal_release(connection, run, form=draft.form)
        draft.name = f"{run:06d}-{draft.hash[:12]}"
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


def _sync_path(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
