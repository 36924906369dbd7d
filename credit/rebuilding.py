"""Rebuilds a damaged release (重建) from the kept inputs and acts, run by run, to the same hash.

Each release has a record of how it was made (store/soundness.py). Starting from the newest sound release before the
damaged one, the runs are repeated in a temporary folder with the files, the day and the acts of that time. The result
must have the name of the lost release; otherwise facts or program have changed since, and nothing is replaced.

If the signed log names releases but not this one, it counts as damaged too: somebody may have put it there. If the
rebuilt release has the same name, it is correct (its run was killed before it wrote to the log), and the missing log
entry is added. If the log names the rebuilt release, it replaces the damaged one. Otherwise the newest release here
that the log names becomes the current one.
"""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, join_words
from double_random.store import soundness
from double_random.store.home import Home
from double_random.store.home_folder import MARK
from double_random.store.inputs import file_sha256
from double_random.store.manifest import Segment
from double_random.store.release_files import OLDER_ENDING
from double_random.store.releases import RULED, Draft, Releases

DAMAGED = "damaged"  # HOME/releases/damaged/: the replaced files, kept for inspection


@dataclass(frozen=True)
class _RebuiltReleases(Releases):
    """Rebuilt releases: values that depended on the program of that time are taken from the record."""

    then: dict[str, Any] = field(default_factory=dict)  # the record of the run that is repeated

    def _next_run(self) -> int:
        """The number from the record: a killed run leaves a gap in the numbers."""
        return int(self.then.get("run") or super()._next_run())

    def _note_rules(self, draft: Draft) -> None:
        draft.form = self.then.get("form", 1)
        for table, rules in self.then.get("rules", {}).items():
            if table in RULED:
                draft.connection.execute(
                    f"UPDATE added.{table} SET rules = ? WHERE run = ?", [rules, draft.run]
                )
        super()._note_rules(draft)


@dataclass(frozen=True)
class _HomeAgain(Home):
    """The temporary home in which runs are repeated."""

    @cached_property
    def releases(self) -> _RebuiltReleases:
        return _RebuiltReleases(self)


@dataclass(frozen=True)
class Rebuilt:
    """The current release after a rebuild, its base, and the runs that were repeated."""

    release: str
    base: str  # "" if all runs were repeated from the first one
    runs: tuple[str, ...]
    aside: str = ""  # a release that cannot be rebuilt, moved aside


def rebuild_release(home: Home, name: str | None = None) -> Rebuilt:
    """Rebuild a damaged release: the named one, else the current one, which then stays current.

    Misuse if it is sound; DoubleRandomError if it cannot be rebuilt; then nothing has changed.
    """
    releases = home.releases
    with releases.hold_writer_lock("rebuild"):
        pointed, target = _choose_release(releases, name)
        if not _find_fault(releases, target):
            if pointed:
                raise Misuse(_("the release {name} is sound").format(name=target))
            releases.set_current(target)
            return Rebuilt(target, target, ())
        try:
            made = _rebuild_in_place(home, target)
        except DoubleRandomError:
            if not _is_missing_from_log(home, target):
                raise
            return _return_to_logged_release(home, target)
        _append_missing_log_entry(home, made.release)
        if name is None:
            releases.set_current(made.release)
    return made


def _rebuild_in_place(home: Home, target: str) -> Rebuilt:
    """Rebuild the release and put it in its place."""
    base, lost = _plan_rebuild(home.releases, target)
    aside = home.path / ".rebuild"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        made = _redo_runs(home, aside, base, lost)
        _replace_damaged(home.releases, Home(aside).releases, lost, made)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return Rebuilt(made[-1], base, tuple(made), target if made[-1] != target else "")


def _return_to_logged_release(home: Home, wrong: str) -> Rebuilt:
    """Make the newest release that the log names current, rebuilt if necessary; move the wrong one aside."""
    releases = home.releases
    hashes = _logged_hash_prefixes(home)
    logged = [
        name for name in sorted(_find_release_names(releases)) if name.partition("-")[2] in hashes
    ]
    if not logged:
        raise DoubleRandomError(
            _("no release that the log names is here"),
            _("restore the folder releases/ from the backup"),
        )
    fault = _find_fault(releases, logged[-1])
    made = _rebuild_in_place(home, logged[-1]) if fault else Rebuilt(logged[-1], logged[-1], ())
    _move_aside(releases, wrong)
    releases.record_file(wrong).unlink(missing_ok=True)
    releases.set_current(made.release)
    return Rebuilt(made.release, made.base, made.runs, wrong)


def _is_logged(home: Home, name: str) -> bool:
    """Whether the log names this release."""
    return name.partition("-")[2] in _logged_hash_prefixes(home)


def _is_missing_from_log(home: Home, name: str) -> bool:
    """Whether the log names releases, but not this one."""
    hashes = _logged_hash_prefixes(home)
    return bool(hashes) and name.partition("-")[2] not in hashes


def _logged_hash_prefixes(home: Home) -> set[str]:
    """The 12 hash digits that a release's name contains, for all releases that the log names."""
    return {hash_[:12] for hash_ in home.log.releases()}


def _append_missing_log_entry(home: Home, name: str) -> None:
    """Append the log entry that a killed run did not write."""
    if _is_missing_from_log(home, name):
        with home.releases.read(name) as release:
            hash_ = release.hash
        kind = (soundness.read_record(home.releases, name) or {}).get("kind")
        entry_kind = kind if kind in ("score", "undo") else "sync"
        with home.log.hold() as pen:
            pen.append({"kind": entry_kind, "time": pen.next_time(), "release": hash_})


def _find_release_names(releases: Releases) -> set[str]:
    """The names of all releases whose file or record exists."""
    return {file.stem for file in releases.folder.glob("[0-9]*.json")} | set(releases.names())


def _choose_release(releases: Releases, name: str | None) -> tuple[bool, str]:
    """Whether `current` needs no change, and the requested release; the newest one if `current` is damaged."""
    names = _find_release_names(releases)
    if name is not None:
        if name not in names:
            raise Misuse(
                _("there is no release {name}").format(name=name),
                _("these are here: {names}").format(names=join_words(sorted(names))),
            )
        return True, name
    try:
        current = releases.current()
    except DoubleRandomError:
        current = None
    if current is not None and current in names:
        return True, current
    if not names:
        raise Misuse(_("this home holds no release yet"))
    return False, max(names)


def _find_fault(releases: Releases, name: str) -> str:
    try:
        soundness.refuse_unlogged(releases, name, soundness.refuse_damaged(releases, name))
    except soundness.DamagedRelease as error:
        return error.message
    return ""


def _plan_rebuild(releases: Releases, target: str) -> tuple[str, list[str]]:
    """The newest sound release before the requested one, and the releases made after it, in order."""
    lost: list[str] = []
    name = target
    while name and _find_fault(releases, name):
        record = soundness.read_record(releases, name)
        if record is None or "kind" not in record:
            raise DoubleRandomError(
                _("how the release {name} was made is not known: it has no record").format(
                    name=name
                ),
                _("restore the folder releases/ from the backup"),
            )
        lost.insert(0, name)
        name = record.get("before") or ""
    return name, lost


def _redo_runs(home: Home, aside: Path, base: str, lost: list[str]) -> list[str]:
    """Repeat the runs in a temporary home with this home's facts and inputs; returns the releases made."""
    rebuilt = []
    for folder in ("releases", "acts", "draws", "log", "keys"):
        (aside / folder).mkdir(parents=True)
    shutil.copyfile(home.path / MARK, aside / MARK)
    for name in ("facts", "inputs"):
        (aside / name).symlink_to(home.path / name)
    scratch = _HomeAgain(aside)
    if base:
        _copy_release(home.releases, scratch.releases, base)
        scratch.releases.set_current(base)
    for name in lost:
        record = soundness.read_record(home.releases, name) or {}
        _copy_acts(home, aside, record)
        scratch.releases.then.clear()
        scratch.releases.then.update(record)
        made = _redo_run(scratch, record, aside / "drop")
        if made is None or (made != name and not _is_logged(home, made)):
            raise DoubleRandomError(
                _(
                    "{name} came out as {made}: facts, policies or program have changed since"
                ).format(name=name, made=made or "—"),
                _("nothing was changed; restore the folder releases/ from the backup"),
            )
        rebuilt.append(made)
    return rebuilt


def _copy_release(releases: Releases, scratch: Releases, name: str) -> None:
    """Copy a sound release to the temporary home."""
    shutil.copyfile(releases.file(name), scratch.folder / releases.file(name).name)
    if releases.file(name).suffix == OLDER_ENDING:
        return
    shutil.copyfile(releases.record_file(name), scratch.record_file(name))
    scratch.segments.path.mkdir(parents=True, exist_ok=True)
    for segment in soundness.load_manifest(releases, name).segments:
        shutil.copyfile(releases.segments.file(segment), scratch.segments.file(segment))


def _copy_acts(home: Home, aside: Path, record: dict[str, Any]) -> None:
    """Copy the acts that existed when the run was made: the files are append-only, so a prefix."""
    for name, size in record.get("acts", {}).items():
        source = home.path / "acts" / name
        content = source.read_bytes() if source.exists() else b""
        if len(content) < size:
            raise DoubleRandomError(
                _("{file} is shorter than it was").format(file=source),
                _("restore it from the backup"),
            )
        (aside / "acts" / name).write_bytes(content[:size])


def _redo_run(home: Home, record: dict[str, Any], drop: Path) -> str | None:
    """Repeat one run; returns the name of the release made."""
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.records.load import load_records
    from double_random.credit.records.rulings import fold_rulings
    from double_random.credit.scoring.score_run import score_institutions
    from double_random.registry.quality import manual_links, resolutions
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.undo import restore_knowledge

    kind, day = record["kind"], date.fromisoformat(record["as_of"])
    if record.get("live"):
        raise DoubleRandomError(
            _("run {run} read a live source, which is not kept").format(run=record["run"]),
            _("restore the folder releases/ from the backup"),
        )
    if kind == "sync":
        sync_registers(home, _restore_inputs(home, record, drop), day, accept=True)
    elif kind == "load":
        load_records(home, _restore_inputs(home, record, drop), day)
    elif kind == "score":
        score_institutions(home, day, load_policy(home, record["policy"]))
    elif kind == "undo":
        with home.releases.write(kind, day) as release:
            restore_knowledge(release.connection, record["to"], release.run)
    elif kind == "ruling":
        with home.releases.write(kind, day) as release:
            fold_rulings(home, release)
    elif kind == "link":
        with home.releases.write(kind, day) as release:
            manual_links.apply_and_rebuild(home, release)
    elif kind == "close":
        with home.releases.write(kind, day) as release:
            resolutions.apply_resolutions(home, release.connection, release.run)
    else:
        raise DoubleRandomError(_("unknown run: {kind}").format(kind=kind))
    return home.releases.current()


def _restore_inputs(home: Home, record: dict[str, Any], drop: Path) -> list[Path]:
    """The files of a run under their former names; each in its own folder, because names may repeat."""
    shutil.rmtree(drop, ignore_errors=True)
    folders = []
    for number, (name, digest) in enumerate(record["given"]):
        stored = home.inputs.path(digest)
        if not stored.exists() or file_sha256(stored) != digest:
            raise DoubleRandomError(
                _("the kept input {name} is missing or damaged: {file}").format(
                    name=name, file=stored
                ),
                _("restore it from the backup; its SHA-256 is its name"),
            )
        file = drop / f"{number:06d}" / name
        file.parent.mkdir(parents=True)
        shutil.copyfile(stored, file)
        folders.append(drop / f"{number:06d}")
    return folders


def _replace_damaged(
    releases: Releases, rebuilt: Releases, lost: list[str], made: list[str]
) -> None:
    """Replace the damaged releases by the rebuilt ones; the damaged files are moved aside."""
    for name, right in zip(lost, made, strict=True):
        _move_aside(releases, name)
        record = soundness.read_record(releases, name) or {}
        manifest = soundness.load_manifest(rebuilt, right)
        for segment in manifest.segments:
            if not releases.segments.file(segment).exists():
                os.replace(rebuilt.segments.file(segment), releases.segments.file(segment))
        releases.keep_manifest(right, manifest, record)
        if right != name:
            releases.record_file(name).unlink(missing_ok=True)


def _move_aside(releases: Releases, name: str) -> None:
    """Move a release's file to the folder of damaged releases, for inspection."""
    file, damaged = releases.file(name), releases.folder / DAMAGED
    if file.exists():
        damaged.mkdir(exist_ok=True)
        number = len(list(damaged.iterdir()))
        if file.suffix != OLDER_ENDING:
            with suppress(soundness.DamagedRelease):
                for segment in soundness.load_manifest(releases, name).segments:
                    _move_damaged_segment(releases, segment, damaged)
        os.replace(file, damaged / f"{name}-{number}{file.suffix}")


def _move_damaged_segment(releases: Releases, segment: Segment, damaged: Path) -> None:
    """Move a segment aside that is not the one that was written; a sound one serves other releases."""
    file = releases.segments.file(segment)
    if file.exists() and file_sha256(file) != segment.sha256:
        os.replace(file, damaged / f"{len(list(damaged.iterdir()))}-{segment.file}")
