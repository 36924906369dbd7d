"""Files that were read before (读过的文件): the same bytes, read by the same rules, bring nothing new.

A run notes by which rules it has read its files. The note stands in its release, so what was undone, or restored from
a backup, is asked of the release that is there. It follows from the program, not from the bureau: it is no part of a
release's hash.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from intake.reasons import DATE_IN_FUTURE, DECIDED_IN_FUTURE
from store.undo import standing

if TYPE_CHECKING:
    import duckdb

    from intake.layouts import Layout
    from registry.report import File
    from store.releases import Release

OF_THE_DAY = (DATE_IN_FUTURE, DECIDED_IN_FUTURE)  # such a row may be read otherwise tomorrow
SOURCES = (
    "intake/*.py",
    "credit/records.py",
    "credit/load.py",
    "registry/names.py",
    "registry/suspensions.py",
)


def rules(layouts: Sequence[Layout]) -> str:
    """By what files are read, as one SHA-256: the layouts with their facts, and this program's own sources."""
    shapes = json.dumps([asdict(one) for one in layouts], default=sorted, ensure_ascii=False)
    digest = hashlib.sha256(shapes.encode())
    house = Path(__file__).parent.parent
    for file in sorted(file for some in SOURCES for file in house.glob(some)):
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def note(connection: duckdb.DuckDBPyConnection, run: int, files: Sequence[File], by: str) -> None:
    """Remember by which rules a run has read its files."""
    read = sorted({(run, file.sha256, by) for file in files if file.sha256})
    if read:
        connection.executemany("INSERT INTO readings VALUES (?, ?, ?)", read)


def known(release: Release, kind: Literal["sync", "load"], by: str) -> dict[str, int]:
    """SHA-256 → rows of the files that a sync or load need not read again by these rules.

    For a sync these are files that hold nothing of its own: a register's list is always read whole.
    """
    if not release.has("readings"):
        return {}
    question = KNOWN.format(standing=standing(release), days=", ".join(["?"] * len(OF_THE_DAY)))
    parameters: list[Any] = [kind, by, kind == "load", *OF_THE_DAY]
    return dict(release.frame(question, parameters).iter_rows())


# A ZIP's files have one SHA-256, the archive's: it is known where all of them are.
KNOWN = """
SELECT n.sha256, CAST(max(n.rows) AS BIGINT) AS rows
FROM (
    SELECT n.run, n.sha256, sum(f.rows) AS rows
    FROM (SELECT DISTINCT run, sha256, rules FROM readings WHERE {standing}) n
    JOIN runs r ON r.run = n.run AND r.kind = ?
    JOIN files f ON f.run = n.run AND f.sha256 = n.sha256
    WHERE n.rules = ?
    GROUP BY n.run, n.sha256
    HAVING bool_and(f.result = 'other' OR f.result = 'read' AND ?)
) n
WHERE n.sha256 NOT IN (SELECT sha256 FROM issues WHERE reason IN ({days}))
GROUP BY n.sha256
"""
