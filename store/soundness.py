"""Whether a release is unchanged: its bytes against their SHA-256, its rows against the hash in its name.

Each release has a record, HOME/releases/NAME.json: the SHA-256 of its manifest, and how it was made (the run, its day,
the input files, the acts that counted), so that it can be made again (credit/rebuilding.py). The manifest has the
SHA-256 of each segment. The bytes of a file are compared whenever it is newer than the record; the rows are checked
before the release is used for a plan, a commitment or publication.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError, is_out_of_memory
from double_random.core.translation import _, join_words
from double_random.store import durable_files
from double_random.store.database import open_database, quote_text
from double_random.store.inputs import file_sha256
from double_random.store.manifest import HALVES, Manifest, Segment, read_manifest
from double_random.store.release_files import OLDER_ENDING
from double_random.store.release_hash import FORM, Chain, TableHistory
from double_random.store.segments import extend_chain, has_wrong_key, iterate_rows

if TYPE_CHECKING:
    from double_random.store import older_release_hash
    from double_random.store.release_files import ReleaseFiles

# Table, half, the SHA-256 of segments in order → their chain; a segment's file alone: its bytes were compared.
KnownChains = dict[tuple[str, ...], Chain]
CHECKED = 64 << 20  # bytes of segments that are read before each run


class DamagedRelease(DoubleRandomError):
    """A release was changed after it was made."""

    def __init__(self, name: str, why: str, hint: str = "") -> None:
        super().__init__(
            _("the release {name} is damaged: {why}").format(name=name, why=why),
            hint
            or _(
                "see what else is: double-random store check; make it again from the kept files: "
                "double-random store rebuild"
            ),
        )


def write_record(releases: ReleaseFiles, name: str, content: bytes, made: dict[str, Any]) -> None:
    """Write the record of a release: the SHA-256 of its manifest, and how it was made."""
    record = {**made, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1)
    durable_files.replace_file(releases.record_file(name), text.encode() + b"\n")


def read_record(releases: ReleaseFiles, name: str) -> dict[str, Any] | None:
    """The record of a release; None if it is missing, as for older releases, or damaged."""
    try:
        content = json.loads(releases.record_file(name).read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def load_manifest(releases: ReleaseFiles, name: str) -> Manifest:
    """The manifest of a release; Damaged if it is not the one that was written."""
    file, stored = releases.manifest_file(name), read_record(releases, name)
    if not file.exists():
        raise DamagedRelease(name, _("its file is missing"))
    content = file.read_bytes()
    if stored is not None and hashlib.sha256(content).hexdigest() != stored.get("sha256"):
        raise DamagedRelease(name, _("its file was changed after it was written"))
    try:
        return read_manifest(content)
    except ValueError as error:
        raise DamagedRelease(name, _("it cannot be read")) from error


def refuse_changed_bytes(releases: ReleaseFiles, name: str) -> Manifest | None:
    """Damaged if a release's files are not those that were written; else its manifest, None for an earlier version's.

    Of a file that nothing has touched since the release's record was written only the size is compared. The system's
    own time of the last change counts, which no user sets.
    """
    if releases.file(name).suffix == OLDER_ENDING:
        _refuse_changed_database(releases, name, always=False)
        return None
    manifest = load_manifest(releases, name)
    _refuse_touched_segments(releases, name, manifest)
    return manifest


def _refuse_touched_segments(releases: ReleaseFiles, name: str, manifest: Manifest) -> None:
    written = _time_of_record(releases, name)
    for segment in manifest.segments:
        _refuse_changed_segment(releases, name, segment, written)


def _time_of_record(releases: ReleaseFiles, name: str) -> int:
    """When a release was known to be right, in nanoseconds; without a record nothing is known to be newer."""
    try:
        return releases.record_file(name).stat().st_ctime_ns
    except FileNotFoundError:
        return time.time_ns()


def _refuse_changed_segment(
    releases: ReleaseFiles, name: str, segment: Segment, written: int
) -> None:
    """Damaged if a segment is missing, or not the one that was written; `written`: when it was known to be right."""
    file = releases.segments.file(segment)
    try:
        status = file.stat()
    except FileNotFoundError:
        raise DamagedRelease(name, _("{file} is missing").format(file=segment.file)) from None
    if status.st_size != segment.size:
        raise DamagedRelease(
            name, _("{file} has another size than when it was written").format(file=segment.file)
        )
    if status.st_ctime_ns > written and file_sha256(file) != segment.sha256:
        raise DamagedRelease(
            name, _("{file} was changed after it was written").format(file=segment.file)
        )


def _refuse_changed_database(releases: ReleaseFiles, name: str, always: bool) -> None:
    """Damaged if the database of an earlier version's release is not the one that was written."""
    file, stored = releases.file(name), read_record(releases, name)
    if stored is None or "sha256" not in stored:
        return
    status = file.stat()
    if status.st_size != stored.get("size"):
        raise DamagedRelease(name, _("its file has another size than when it was written"))
    written = releases.record_file(name).stat()
    if (always or status.st_mtime_ns > written.st_mtime_ns) and file_sha256(file) != stored.get(
        "sha256"
    ):
        raise DamagedRelease(name, _("its file was changed after it was written"))


def refuse_changed(releases: ReleaseFiles, name: str) -> None:
    """Damaged if a release is not sound; the check before each run, whose cost does not grow with the release.

    A release of up to CHECKED bytes is checked completely. Of a larger one every file is checked that was touched, and
    CHECKED bytes of the others, each time the next ones.
    """
    if releases.file(name).suffix == OLDER_ENDING:
        refuse_damaged(releases, name)
        return
    manifest = load_manifest(releases, name)
    if manifest.size <= CHECKED:
        refuse_damaged(releases, name)
        return
    _refuse_touched_segments(releases, name, manifest)
    segments = manifest.segments
    start, left = int(name.partition("-")[0]) % len(segments), CHECKED
    for segment in (*segments[start:], *segments[:start]):
        _refuse_changed_segment(releases, name, segment, 0)
        left -= segment.size
        if left <= 0:
            return


def refuse_damaged(releases: ReleaseFiles, name: str, known: KnownChains | None = None) -> str:
    """Damaged if a release's bytes, rows or name do not fit one another; else its hash, computed from its rows.

    `known`: what was computed for other releases, whose segments this one shares; it is added to.
    """
    known = {} if known is None else known
    if not releases.file(name).exists():
        raise DamagedRelease(name, _("its file is missing"))
    if releases.file(name).suffix == OLDER_ENDING:
        _refuse_changed_database(releases, name, always=True)
        return _refuse_damaged_database(releases, name)
    manifest = load_manifest(releases, name)
    for segment in manifest.segments:
        if (segment.file,) not in known:
            _refuse_changed_segment(releases, name, segment, 0)
            known[segment.file,] = Chain()
    try:
        differing = [
            table
            for table in manifest.tables
            if recompute_history(releases, manifest, table, known) != manifest.history(table)
        ]
        computed = _recompute_manifest_hash(releases, manifest)
    except Exception as error:  # any exception that a damaged file causes in the libraries
        if is_out_of_memory(error):
            raise
        raise DamagedRelease(name, _("it cannot be read")) from error
    right = computed == manifest.hash and name.endswith(f"-{computed[:12]}")
    if differing or not right:
        _refuse_rows(name, differing or ("manifest",))
    _mark_sound(releases, manifest, name)
    return computed


def _mark_sound(releases: ReleaseFiles, manifest: Manifest, name: str) -> None:
    """Move the time from which a touched segment is compared again, as after a home was copied or restored."""
    written = _time_of_record(releases, name)
    if all(
        releases.segments.file(segment).stat().st_ctime_ns <= written
        for segment in manifest.segments
    ):
        return
    with suppress(OSError):  # a reader may not write; then the bytes are compared at every use
        record = releases.record_file(name)
        status = record.stat()
        os.utime(record, ns=(status.st_atime_ns, status.st_mtime_ns))


def _refuse_rows(name: str, named: Sequence[str]) -> None:
    raise DamagedRelease(
        name,
        _("its rows are not those that its hash was made of (tables: {names})").format(
            names=join_words(named)
        ),
    )


def recompute_history(
    releases: ReleaseFiles, manifest: Manifest, table: str, known: KnownChains
) -> TableHistory:
    """The history of a table, from the rows of its segments; those that `known` has are not read again."""
    chains = []
    for half in HALVES:
        result = Chain()
        key: tuple[str, ...] = (table, half)
        for segment in manifest.segments_of(table, half):
            key = (*key, segment.sha256)
            if key not in known:
                first = segment.first if half == "begun" else None
                file = releases.segments.file(segment)
                rows = iterate_rows(file, segment.columns, first)
                known[key] = extend_chain(result, table, half, rows)
                if has_wrong_key(file, segment):
                    known[key] = Chain(head="a wrong key")
            result = known[key]
        chains.append(result)
    return TableHistory(*chains)


def _recompute_manifest_hash(releases: ReleaseFiles, manifest: Manifest) -> str:
    """The hash that follows from a manifest whose histories are right; by an older form from the rows."""
    if manifest.form == FORM:
        return manifest.compute_hash()
    from double_random.store import memory_limit
    from double_random.store.older_release_hash import compute_older_hash

    config = memory_limit.database_config(releases.home, releases.home.path / ".spill-check")
    with closing(open_database(config=config)) as connection:
        releases.segments.open_views(connection, manifest)
        return compute_older_hash(connection, manifest.form)


def _refuse_damaged_database(releases: ReleaseFiles, name: str) -> str:
    """As `refuse_damaged`, for the database of an earlier version's release."""
    file = releases.file(name)
    try:
        foreign = _list_foreign_objects(releases, file)
        computed = None if foreign else _recompute_hash(releases, file)
    except Exception as error:  # any exception that a damaged file causes in the libraries
        if is_out_of_memory(error):
            raise
        raise DamagedRelease(name, _("it cannot be read")) from error
    if foreign:
        raise DamagedRelease(
            name, _("it holds more than tables: {names}").format(names=join_words(foreign))
        )
    if computed is None:
        raise DamagedRelease(
            name,
            _("an early version of the program made it, and its hash cannot be computed again"),
            _("make a new home and read the files there: inputs/ has them all"),
        )
    right = computed.hash == computed.said and name.endswith(f"-{computed.hash[:12]}")
    wrong = ("chapters",) if right else computed.differing or ("seal",)
    if computed.differing or not right:  # if the rows are right, the stored chapters are wrong
        _refuse_rows(name, wrong)
    return computed.hash


def refuse_unlogged(releases: ReleaseFiles, name: str, hash_: str) -> None:
    """Damaged if the signed log names releases of this home, and none of this hash."""
    named = releases.home.log.releases()
    if named and hash_ not in named:
        raise DamagedRelease(
            name,
            _("the signed log does not name it"),
            _(
                "make it again, or go back to the newest that the log names: double-random store rebuild"
            ),
        )


def _recompute_hash(releases: ReleaseFiles, file: Path) -> older_release_hash.HashCheck | None:
    """The hash of a release's rows; None if it was made in another way, as by early versions."""
    from double_random.store import memory_limit, older_release_hash

    config = memory_limit.database_config(releases.home, releases.home.path / ".spill-check")
    with closing(open_database(file, True, config)) as connection:
        return (
            None
            if older_release_hash.has_older_hash(connection)
            else older_release_hash.recompute_hash(connection)
        )


def _list_foreign_objects(releases: ReleaseFiles, file: Path) -> list[str]:
    """The objects in a release's file other than plain tables. A macro could replace one of DuckDB's functions.

    The query runs in an empty database with the file attached, so that no object of the file takes part in it.
    """
    from double_random.store import memory_limit

    config = memory_limit.database_config(releases.home, releases.home.path / ".spill-check")
    with closing(open_database(config=config)) as connection:
        connection.execute(f"ATTACH {quote_text(file)} AS looked_at (READ_ONLY)")
        return [name for (name,) in connection.execute(FOREIGN).fetchall()]


FOREIGN = """
SELECT DISTINCT name FROM (
    SELECT function_name AS name FROM duckdb_functions() WHERE database_name = 'looked_at' AND NOT internal
    UNION ALL
    SELECT view_name FROM duckdb_views() WHERE database_name = 'looked_at' AND NOT internal
    UNION ALL
    SELECT type_name FROM duckdb_types() WHERE database_name = 'looked_at' AND NOT internal
    UNION ALL
    SELECT sequence_name FROM duckdb_sequences() WHERE database_name = 'looked_at'
    UNION ALL
    SELECT schema_name FROM duckdb_schemas() WHERE database_name = 'looked_at' AND NOT internal
    UNION ALL
    SELECT table_name FROM duckdb_tables()
    WHERE database_name = 'looked_at' AND (schema_name <> 'main' OR sql LIKE '% GENERATED ALWAYS %')
) ORDER BY name
"""
