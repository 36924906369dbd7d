"""Tables as Parquet files on storage shared with a cluster: those of existing releases, and a session's own."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.store.database import quote_text

if TYPE_CHECKING:
    import duckdb
    import polars

RELEASE = re.compile(r"\d{6}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Warehouse:
    """A folder that this process and the cluster both see; one a home. `there` is its name on the cluster."""

    here: Path
    there: str

    def keep(
        self, connection: duckdb.DuckDBPyConnection, name: str, columns: str, folder: str
    ) -> str:
        """Write a table's columns as FOLDER/NAME-….parquet unless the file exists; return its path on the cluster."""
        digest = hashlib.sha256(columns.encode()).hexdigest()[:8]
        file = self.here / folder / f"{name}-{digest}.parquet"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            beside = file.with_name(f".{file.name}.{os.getpid()}")
            try:
                connection.execute(
                    f"COPY (SELECT {columns} FROM {name}) TO {quote_text(beside)} (FORMAT parquet)"
                )
                os.replace(beside, file)
            finally:
                beside.unlink(missing_ok=True)
        return f"{self.there}/{folder}/{file.name}"

    def put(self, table: polars.DataFrame, name: str, folder: str) -> str:
        """Write a table to a new file in FOLDER/given; its path on the cluster."""
        target_folder = self.here / folder / "given"
        target_folder.mkdir(parents=True, exist_ok=True)
        file = target_folder / f"{name}-{len(list(target_folder.iterdir()))}.parquet"
        table.write_parquet(file)
        return f"{self.there}/{folder}/given/{file.name}"

    def read(self, connection: duckdb.DuckDBPyConnection, name: str, folder: str) -> bool:
        """Make what the cluster wrote to FOLDER/NAME a temporary table here; False if it wrote nothing."""
        if not any((self.here / folder / name).rglob("*.parquet")):
            return False
        files = quote_text(self.here / folder / name / "**" / "*.parquet")
        connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM read_parquet({files})"
        )
        return True

    def drop(self, folder: str) -> None:
        """Remove a session's own folder."""
        shutil.rmtree(self.here / folder, ignore_errors=True)

    def prune(self, releases: Collection[str]) -> None:
        """Remove the tables of releases that do not exist any more; only folders with a release's name."""
        if not self.here.is_dir():
            return
        for folder in self.here.iterdir():
            if RELEASE.fullmatch(folder.name) and folder.name not in releases:
                shutil.rmtree(folder, ignore_errors=True)
