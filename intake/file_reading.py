"""The result of reading one file: its rows as typed tables, its issues, and the counts, which must add up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, kw_only=True)
class FileReading:
    """One file of a drop, read or refused.

    rows = accepted + duplicates + quarantined, always. A quarantined row has one issue for each of its faults
    (severity "quarantined"); an accepted one may have remarks (severity "noted"). Tables are keyed by noun
    (`intake/record_types.py`); missing text, dates and numbers are null. `reason` is an English sentence of
    `intake/reasons.py` if the file was refused, or ignored ("other": by its name not a table, such as a letter or a
    picture), else "". `source` is the delivered file: for a file in an archive, the archive (then `file` is
    archive/name), whose SHA-256 is `sha256`. `aside` has the quarantined rows by noun, as far as they could be read
    (`intake/row_parser.py`).
    """

    file: str
    sha256: str
    result: Literal["read", "refused", "other"]
    reason: str
    layout: str
    rows: int
    accepted: int
    duplicates: int
    quarantined: int
    tables: dict[str, pl.DataFrame] = field(compare=False)
    issues: pl.DataFrame = field(compare=False)
    source: Path = field(default=Path(), compare=False)
    aside: dict[str, pl.DataFrame] = field(default_factory=dict, compare=False)


def issue_schema() -> dict[str, pl.DataType]:
    """The columns of an issues table; row is null for an issue of a whole file or sheet."""
    import polars as pl

    text = pl.String()
    return {
        "file": text,
        "sha256": text,
        "sheet": text,
        "row": pl.Int64(),
        "column": text,
        "value": text,
        "reason": text,
        "name": text,
        "severity": text,
    }


def empty_reading(
    file: str,
    sha256: str,
    source: Path,
    reason: str,
    result: Literal["refused", "other"] = "refused",
) -> FileReading:
    """A file that was not read at all."""
    import polars as pl

    issues = pl.DataFrame(schema=issue_schema())
    return FileReading(
        file=file,
        sha256=sha256,
        result=result,
        reason=reason,
        layout="",
        rows=0,
        accepted=0,
        duplicates=0,
        quarantined=0,
        tables={},
        issues=issues,
        source=source,
    )
