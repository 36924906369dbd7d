"""A run's report on its files: each own row is accepted, a duplicate or quarantined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from double_random.core.translation import N_
from double_random.intake import reasons

if TYPE_CHECKING:
    import duckdb
    import polars

    from double_random.intake.file_reading import FileReading


RESULTS = (N_("read"), N_("refused"), N_("other"))


@dataclass(frozen=True, kw_only=True)
class FileReport:
    """One file of a drop as a command read it; `other`: its rows belong to another command."""

    file: str
    sha256: str
    layout: str
    result: Literal["read", "refused", "other"]
    rows: int
    accepted: int
    duplicates: int
    quarantined: int
    reason: str

    @classmethod
    def from_reading(
        cls,
        reading: FileReading,
        nouns: Iterable[str],
        *,
        copies: int = 0,
        waiting: int = 0,
        tell_other: bool = True,
    ) -> FileReport:
        """A reading from the view of the command that is responsible for rows of these nouns.

        `copies`, `waiting`: how many of its accepted rows are duplicates or quarantined after all. `tell_other`:
        whether the reason is given for a table that contains none of these nouns.
        """
        result: Literal["read", "refused", "other"] = "read"
        if reading.result == "refused":
            result = "refused"
        elif not set(reading.tables) & set(nouns):
            result = "other"
        taken = result == "read"
        return cls(
            file=reading.file,
            sha256=reading.sha256,
            layout="" if result == "refused" else reading.layout,
            result=result,
            rows=reading.rows if taken else 0,
            accepted=reading.accepted - copies - waiting if taken else 0,
            duplicates=reading.duplicates + copies if taken else 0,
            quarantined=reading.quarantined + waiting if taken else 0,
            reason=reading.reason
            if result != "other" or tell_other or reading.reason == reasons.NO_TABLE
            else "",
        )

    def __post_init__(self) -> None:
        if self.rows != self.accepted + self.duplicates + self.quarantined:
            raise AssertionError(f"{self.file}: rows were lost or counted twice: {self}")


def has_no_table(files: Sequence[FileReport]) -> bool:
    """Whether no file was given, or no table by its name: such a run makes no release."""
    return all(file.reason == reasons.NO_TABLE for file in files)


@dataclass(frozen=True)
class KindChange:
    """The effect of a run on one kind: those in practice before and after, and how many of them open and close."""

    kind: str
    before: int
    after: int
    opened: int
    closed: int


@dataclass(frozen=True)
class RunEffect:
    """The effect of a run on the register, and the reasons for a check by a person (none: it may continue)."""

    changes: tuple[KindChange, ...]
    doubts: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        """{"kinds": [{kind, before, after, opened, closed}], "doubts": [sentence]}."""
        return {"kinds": [vars(change) for change in self.changes], "doubts": list(self.doubts)}


@dataclass(frozen=True)
class RunReport:
    """The files of a run, and its resulting release."""

    release: str
    files: tuple[FileReport, ...]
    effect: RunEffect | None = None  # of a dry or stopped run

    @property
    def refused(self) -> tuple[FileReport, ...]:
        """The files that could not be read; the others were."""
        return tuple(file for file in self.files if file.result == "refused")

    def json(self) -> dict[str, Any]:
        """The answer of `sync` and `load`: {"release", "files": [{file, result, rows, accepted, …, reason}]}."""
        hidden = ("sha256", "layout")
        files = [
            {key: value for key, value in asdict(file).items() if key not in hidden}
            for file in self.files
        ]
        answer = {"release": self.release, "files": files}
        return answer if self.effect is None else answer | {"effect": self.effect.json()}


def insert_report(
    connection: duckdb.DuckDBPyConnection,
    run: int,
    files: tuple[FileReport, ...],
    issues: polars.DataFrame,
) -> None:
    """Write a run's files and issues into the release."""
    for file in files:
        connection.execute(
            "INSERT INTO added.files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                run,
                file.file,
                file.sha256,
                file.layout,
                file.result,
                file.rows,
                file.accepted,
                file.duplicates,
                file.quarantined,
                file.reason,
            ],
        )
    connection.register("issues_found", issues.to_arrow())
    connection.execute(ISSUES, {"run": run})
    connection.unregister("issues_found")


def was_reported(
    connection: duckdb.DuckDBPyConnection, kind: str, files: tuple[FileReport, ...]
) -> bool:
    """Whether the last run of this kind that read these files reported exactly the same on each of them."""
    rows = connection.execute(
        """SELECT file, sha256, layout, result, f.rows, accepted, duplicates, quarantined, reason
           FROM files f JOIN runs r ON r.run = f.run
           WHERE r.kind = ? AND f.run NOT IN (SELECT run FROM undone)
           QUALIFY rank() OVER (PARTITION BY file ORDER BY f.run DESC) = 1""",
        [kind],
    ).fetchall()
    reported = set(rows)
    return all(tuple(asdict(file).values()) in reported for file in files)


ISSUES = """
INSERT INTO added.issues
SELECT $run, file, sha256, coalesce(sheet, ''), coalesce(row, 0), coalesce("column", ''), coalesce(value, ''),
    reason, coalesce(name, ''), severity
FROM issues_found ORDER BY ALL
"""
