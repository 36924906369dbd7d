"""Releases as somebody with write access to the home could change them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb

from double_random.store.database import quote_text
from double_random.store.home import Home
from double_random.store.inputs import file_sha256
from double_random.store.manifest import Half, Manifest, Segment, write_manifest
from double_random.store.segments import ENDS
from double_random.store.soundness import load_manifest, read_record, recompute_history
from double_random.store.tables import name_columns


def alter_release(home: Home, table: str, *statements: str, half: Half = "begun") -> None:
    """Change the rows of a table in the current release, and the manifest with them; its record stays.

    `statements` work on the table `rows`: `place`, and the stored columns.
    """
    name = home.releases.current()
    assert name is not None
    altered = _alter_manifest(home, load_manifest(home.releases, name), table, statements, half)
    home.releases.manifest_file(name).write_bytes(write_manifest(altered))


def reseal_release(home: Home, table: str, *statements: str) -> str:
    """As somebody does who knows how: rows changed, every hash, name and record made to fit; its name."""
    before = home.releases.current()
    assert before is not None
    made = read_record(home.releases, before)
    assert made is not None
    manifest = _alter_manifest(
        home, load_manifest(home.releases, before), table, statements, "begun"
    )
    histories = {
        name: recompute_history(home.releases, manifest, name, {}) for name in manifest.tables
    }
    return _rename_release(home, before, replace(manifest, histories=histories), made)


def _alter_manifest(
    home: Home, manifest: Manifest, table: str, statements: Sequence[str], half: Half
) -> Manifest:
    old = [one for one in manifest.segments if (one.table, one.half) == (table, half)]
    with duckdb.connect() as connection:
        files = ", ".join(quote_text(home.releases.segments.file(segment)) for segment in old)
        connection.execute(
            f"CREATE TABLE rows AS SELECT * FROM read_parquet([{files}], union_by_name=true)"
        )
        for statement in statements:
            connection.execute(statement)
        columns = ENDS if half == "ended" else old[-1].columns
        listed = name_columns(columns if half == "ended" else ["place", *columns])
        file = home.releases.segments.path / f"altered-{table}-{half}.parquet"
        connection.execute(
            f"COPY (SELECT {listed} FROM rows ORDER BY place) TO {quote_text(file)} (FORMAT parquet)"
        )
        ((count,),) = connection.execute("SELECT count(*) FROM rows").fetchall()
    new = replace(
        old[-1],
        file=file.name,
        first=0,
        rows=count,
        size=file.stat().st_size,
        sha256=file_sha256(file),
    )
    rest = [one for one in manifest.segments if one not in old]
    return replace(manifest, segments=(*rest, new))


def list_segments(home: Home) -> list[Path]:
    """The files of the current release's segments."""
    name = home.releases.current()
    assert name is not None
    found: tuple[Segment, ...] = load_manifest(home.releases, name).segments
    return [home.releases.segments.file(segment) for segment in found]


def forget_tables(home: Home, *names: str) -> str:
    """Make the current release one of a version that did not know these tables yet; its name."""
    before = home.releases.current()
    assert before is not None
    manifest = load_manifest(home.releases, before)
    manifest = replace(
        manifest,
        tables={name: one for name, one in manifest.tables.items() if name not in names},
        histories={name: one for name, one in manifest.histories.items() if name not in names},
        segments=tuple(one for one in manifest.segments if one.table not in names),
    )
    return _rename_release(home, before, manifest, read_record(home.releases, before) or {})


def _rename_release(home: Home, before: str, manifest: Manifest, made: dict[str, Any]) -> str:
    """Make a manifest the current release, under the name that its hash gives."""
    manifest = replace(manifest, hash=manifest.compute_hash())
    name = f"{before.partition('-')[0]}-{manifest.hash[:12]}"
    home.releases.manifest_file(before).unlink()
    home.releases.record_file(before).unlink(missing_ok=True)
    home.releases.keep_manifest(name, manifest, made)
    home.releases.set_current(name)
    return name
