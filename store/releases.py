"""Releases: the results of batch runs. A manifest of immutable segments each; `current` names one and is replaced
atomically.

An earlier version made one DuckDB file each. Such a release is read as it is; the first run after it writes its rows
as segments (store/upgrade.py).
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, join_words
from double_random.store import durable_files, memory_limit, tables
from double_random.store.database import open_database
from double_random.store.frames import has_column, has_table, query_frame
from double_random.store.locks import hold_lock
from double_random.store.manifest import Manifest, write_manifest
from double_random.store.release_files import OLDER_ENDING, ReleaseFiles
from double_random.store.release_hash import FORM
from double_random.store.soundness import (
    DamagedRelease,
    load_manifest,
    refuse_changed,
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
SCHEMA = files("double_random.store").joinpath("schema.sql")
RULED = ("placings", "readings", "score_days")  # the rules of a run follow from the program

_announce: ContextVar[Callable[[Draft], None] | None] = ContextVar("announce", default=None)


@contextmanager
def announce_releases(announce: Callable[[Draft], None]) -> Iterator[None]:
    """Report each release made in this context, with its hash, before the release becomes the current one.

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
    files: tuple[Path, ...] = ()  # its segments

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
    """A release being written, under the writer's lock: its tables are those of store/tables.py."""

    connection: duckdb.DuckDBPyConnection
    run: int
    before: str
    manifest: Manifest = field(default_factory=Manifest)  # of the release before
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
        release_name = name or self.current()
        if release_name is None:
            raise Misuse(
                _("this home holds no release yet"),
                _("read a drop first: double-random registry sync DROP --as-of DATE"),
            )
        manifest = self.require_bytes(release_name)
        spill = self.home.path / f".spill-{os.getpid()}"  # the same for every reader of a file
        with self._explain_damage(release_name):
            release = self._connect(release_name, manifest, spill)
        try:
            with self._explain_damage(release_name):
                yield release
        finally:
            release.connection.close()
            with suppress(OSError):  # it does not exist, or another reader uses it
                spill.rmdir()

    def require_bytes(self, name: str) -> Manifest | None:
        """Damaged if a release's files are not those that were written (`refuse_changed_bytes`); its manifest."""
        if not self.file(name).exists():
            if name == self.current():
                raise DamagedRelease(name, _("its file is missing"))
            raise Misuse(
                _("there is no release {name}").format(name=name),
                _("these are here: {names}").format(names=join_words(self.names())),
            )
        return refuse_changed_bytes(self, name)

    def _connect(self, name: str, manifest: Manifest | None, spill: Path) -> Release:
        """A release with its tables by name; one of an earlier version has no manifest."""
        config = memory_limit.database_config(self.home, spill)
        if manifest is None:
            connection = open_database(self.file(name), True, config)
            ((hash_,),) = connection.execute("SELECT hash FROM seal").fetchall()
            return Release(connection, name, hash_)
        connection = open_database(config=config)
        self.segments.open_views(connection, manifest)
        paths = tuple(self.segments.file(segment) for segment in manifest.segments)
        return Release(connection, name, manifest.hash, paths)

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
        """Make the next release: open a draft over the newest one, write what it adds and ends, switch.

        On an error nothing has changed. `kind` is what the run is: sync, load, score, undo.
        """
        with self._hold_for_run(kind, as_of):
            self._clear_leftovers()
            before = self.current()
            if before is not None:
                self._refuse_damaged(before)
            run = self._next_run()
            spill = self.folder / ".writing.spill"
            limit = memory_limit.database_config(self.home, spill)
            with open_draft(self, run, before or "", spill, limit) as draft:
                draft.connection.execute(
                    "INSERT INTO added.runs VALUES (?, ?, ?)", [run, kind, as_of]
                )
                yield draft
                if draft.discarded:
                    draft.name = before or ""
                    return
                self._note_rules(draft)
                manifest = self._write_segments(draft)
            draft.hash = manifest.hash
            draft.name = f"{run:06d}-{draft.hash[:12]}"
            made = {"run": run, "kind": kind, "as_of": as_of.isoformat(), "before": before}
            made["acts"] = {
                act_file.name: act_file.stat().st_size
                for act_file in sorted((self.home.path / "acts").glob("*.jsonl"))
            }
            self.keep_manifest(draft.name, manifest, {**made, **draft.made})
            self._announce_draft(draft)
            self.set_current(draft.name)
            self._prune()

    def _clear_leftovers(self) -> None:
        """Remove what a killed run has left."""
        for leftover in (*self.folder.glob(".writing*"), *self.segments.path.glob(".writing*")):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()

    def _write_segments(self, draft: Draft) -> Manifest:
        """Write the draft's rows to the disk; the manifest of the new release."""
        manifest = self.segments.write_run(draft.connection, draft.manifest, draft.run)
        manifest = self.segments.merge_segments(draft.connection, manifest, draft.run)
        durable_files.sync_path(self.segments.path)
        if draft.form == FORM:
            return replace(manifest, form=FORM, hash=manifest.compute_hash())
        from double_random.store.older_release_hash import compute_older_hash

        # a rebuild makes a release of an earlier version again
        hash_ = compute_older_hash(draft.connection, draft.form)
        return replace(manifest, form=draft.form, hash=hash_)

    def keep_manifest(self, name: str, manifest: Manifest, made: dict[str, Any]) -> None:
        """Write a new release's manifest, and the record of how it was made (store/soundness.py)."""
        content = write_manifest(manifest)
        write_record(self, name, content, made)
        durable_files.replace_file(self.manifest_file(name), content)

    @contextmanager
    def _hold_for_run(self, kind: str, as_of: date) -> Iterator[None]:
        """One batch writer at a time."""
        with self.hold_writer_lock(f"{kind} {as_of}"):
            yield

    def _refuse_damaged(self, name: str) -> None:
        """No release is built on a damaged one: of a large one the files that were not read for long are checked."""
        refuse_changed(self, name)

    def _announce_draft(self, draft: Draft) -> None:
        """Report the new release to the registered callback; if that fails, the release is removed."""
        announce = _announce.get()
        if announce is None:
            return
        try:
            announce(draft)
        except BaseException:
            self.manifest_file(draft.name).unlink(missing_ok=True)
            self.record_file(draft.name).unlink(missing_ok=True)
            raise

    def _note_rules(self, draft: Draft) -> None:
        """Record what follows from the program and is hashed: the form, and the rules of reading.

        A later program makes the release again with these, to the same hash (credit/rebuilding.py).
        """
        draft.form = draft.made["form"] = draft.form or FORM
        draft.made["rules"] = {
            table: rules
            for table in RULED
            if has_column(draft.connection, table, "rules")
            for (rules,) in draft.connection.execute(
                f"SELECT max(rules) FROM {table} WHERE run = ?", [draft.run]
            ).fetchall()
            if rules is not None
        }

    def _next_run(self) -> int:
        """One more than the number of every existing release, also an undone one."""
        return max((int(name.partition("-")[0]) for name in self.names()), default=0) + 1

    def set_current(self, name: str) -> None:
        """Make a release the current one, atomically."""
        beside = self.folder / ".current"
        beside.write_text(name + "\n", encoding="ascii")
        durable_files.sync_path(beside)
        os.replace(beside, self.folder / "current")
        durable_files.sync_path(self.folder)

    def _prune(self) -> None:
        keep = int(self.home.settings.get("keep_releases", 20))
        named = {hash_[:12] for hash_ in self._named_by_plans()}
        for name in self.names()[:-keep]:
            if name != self.current() and name.partition("-")[2] not in named:
                self.file(name).unlink()
        self.segments.remove_unused(
            {
                segment.file
                for name in self.names()
                if self.manifest_file(name).exists()
                for segment in load_manifest(self, name).segments
            }
        )

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
def open_draft(
    releases: Releases, run: int, before: str, spill: Path, limit: dict[str, Any]
) -> Iterator[Draft]:
    """A draft over a release: its tables are made, nothing is written to the disk but what does not fit in memory."""
    from double_random.store.upgrade import convert_release

    connection = open_database(
        config={"memory_limit": MEMORY, "temp_directory": str(spill), **ARROW, **limit}
    )
    try:
        manifest = Manifest()
        if before:
            older = releases.file(before).suffix == OLDER_ENDING
            read = convert_release if older else load_manifest
            manifest = read(releases, before)
        releases.segments.open_kept(connection, manifest)
        connection.execute("BEGIN")
        tables.create_tables(connection, SCHEMA.read_text("utf-8"))
        yield Draft(connection=connection, run=run, before=before, manifest=manifest)
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)
