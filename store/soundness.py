"""Whether a release is unchanged: its bytes against their SHA-256, its rows against the hash in its name.

Each release has a record, HOME/releases/NAME.json: the SHA-256 of the file, and how it was made (the run, its day,
the input files, the acts that counted), so that it can be made again (credit/rebuilding.py). The bytes are compared
whenever the file is newer than its record; the rows are checked before the release is used for a plan, a commitment,
publication or another release.
"""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import DoubleRandomError, is_out_of_memory
from double_random.core.translation import _, join_words
from double_random.store import durable_files
from double_random.store.inputs import file_sha256

if TYPE_CHECKING:
    from double_random.store import release_hash
    from double_random.store.release_files import ReleaseFiles


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


def record_path(releases: ReleaseFiles, name: str) -> Path:
    """The path of a release's record."""
    return releases.folder / f"{name}.json"


def write_record(releases: ReleaseFiles, name: str, file: Path, made: dict[str, Any]) -> None:
    """Write the record of a release: its file, and how it was made."""
    record = {**made, "sha256": file_sha256(file), "size": file.stat().st_size}
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, indent=1)
    durable_files.replace_file(record_path(releases, name), text.encode() + b"\n")


def read_record(releases: ReleaseFiles, name: str) -> dict[str, Any] | None:
    """The record of a release; None if it is missing, as for older releases, or damaged."""
    try:
        content = json.loads(record_path(releases, name).read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) else None


def refuse_changed_bytes(releases: ReleaseFiles, name: str, always: bool = False) -> None:
    """Damaged if a release's file is not the one that was written.

    Only the times are compared if nothing has been written since its record was, unless `always`.
    """
    file, stored = releases.file(name), read_record(releases, name)
    if stored is None or "sha256" not in stored:  # a nightly run that is not finished
        return
    status = file.stat()
    if status.st_size != stored.get("size"):
        raise DamagedRelease(name, _("its file has another size than when it was written"))
    written = record_path(releases, name).stat()
    if (always or status.st_mtime_ns > written.st_mtime_ns) and file_sha256(file) != stored.get(
        "sha256"
    ):
        raise DamagedRelease(name, _("its file was changed after it was written"))


def refuse_damaged(releases: ReleaseFiles, name: str) -> str:
    """Damaged if a release's bytes, rows or name do not fit one another; else its hash, computed from its rows."""
    file = releases.file(name)
    if not file.exists():
        raise DamagedRelease(name, _("its file is missing"))
    refuse_changed_bytes(releases, name, always=True)
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
        raise DamagedRelease(
            name,
            _("its rows are not those that its hash was made of (tables: {names})").format(
                names=join_words(wrong)
            ),
        )
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


def _recompute_hash(releases: ReleaseFiles, file: Path) -> release_hash.HashCheck | None:
    """The hash of a release's rows; None if it was made in another way, as by early versions."""
    import duckdb

    from double_random.store import memory_limit, release_hash

    config = memory_limit.database_config(releases.home, releases.home.path / ".spill-check")
    with closing(duckdb.connect(str(file), True, config)) as connection:
        return (
            None
            if release_hash.has_older_hash(connection)
            else release_hash.recompute_hash(connection)
        )


def _list_foreign_objects(releases: ReleaseFiles, file: Path) -> list[str]:
    """The objects in a release's file other than plain tables. A macro could replace one of DuckDB's functions.

    The query runs in an empty database with the file attached, so that no object of the file takes part in it.
    """
    import duckdb

    from double_random.store import memory_limit

    config = memory_limit.database_config(releases.home, releases.home.path / ".spill-check")
    with closing(duckdb.connect(":memory:", config=config)) as connection:
        quoted = str(file).replace("'", "''")
        connection.execute(f"ATTACH '{quoted}' AS looked_at (READ_ONLY)")
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
