"""Refused files (拒读文件): each is an issue with a number until it is read, is gone, or a person closes it.

A release contains no path. The path of a refused file is in HOME/acts/refused.jsonl; the next run that does not find
it there closes it as a person would (resolutions.py), in HOME/acts/closed.jsonl.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.registry import manual_decisions
from double_random.registry.quality.issues import REFUSED
from double_random.registry.quality.resolutions import ClosingDecision, read_resolutions
from double_random.store.undo import effective_runs_condition

if TYPE_CHECKING:
    from double_random.intake.file_reading import FileReading
    from double_random.registry.quality.file_report import FileReport
    from double_random.store.home import Home
    from double_random.store.releases import Draft

BY = "double-random"
GONE = "the file is gone"
BACK = "the file is here again"


@dataclass(frozen=True)
class RefusedPath:
    """The path of a refused file; `content` is its number."""

    content: str
    path: str


def has_only_refusals(files: Sequence[FileReport]) -> bool:
    """Whether a run read no file and refused at least one: it makes no release."""
    return any(file.result == "refused" for file in files) and all(
        file.result != "read" for file in files
    )


def remember_refused(home: Home, release: Draft, readings: Sequence[FileReading]) -> None:
    """Store the paths of the refused files of a run that makes a release."""
    recorded = {
        (location.content, location.path)
        for location in manual_decisions.read_decisions(home, "refused", RefusedPath)
    }
    for content, path in _list_refused(release, readings).items():
        if (content, str(path)) not in recorded:
            manual_decisions.append_decision(
                home, "refused", "refused", RefusedPath(content, str(path))
            )


def recheck_refused(
    home: Home, release: Draft, readings: Sequence[FileReading], as_of: date
) -> None:
    """Close open refused files that do not exist any more, and reopen those that exist again."""
    latest = {word.content: word for word in read_resolutions(home)}
    now = _list_refused(release, readings)
    paths: dict[str, list[Path]] = {}
    for location in manual_decisions.read_decisions(home, "refused", RefusedPath):
        paths.setdefault(location.content, []).append(Path(location.path))
    for (content,) in release.connection.execute(
        OPEN.format(standing=effective_runs_condition(release))
    ).fetchall():
        lay = paths.get(content, [])
        closed = content in latest and latest[content].closed
        if content not in now and not closed and lay and not any(map(_may_exist, lay)):
            manual_decisions.append_decision(
                home,
                "closed",
                "close",
                ClosingDecision(
                    content=content, closed=True, who=BY, why=GONE, day=str(as_of), at=""
                ),
            )
    for content in now:
        word = latest.get(content)
        if word is not None and word.closed and word.who == BY:
            manual_decisions.append_decision(
                home,
                "closed",
                "close",
                ClosingDecision(
                    content=content, closed=False, who=BY, why=BACK, day=str(as_of), at=""
                ),
            )


def _may_exist(path: Path) -> bool:
    """Whether the path exists, or cannot be checked."""
    try:
        return path.exists()
    except OSError:
        return True


def _list_refused(release: Draft, readings: Sequence[FileReading]) -> dict[str, Path]:
    """The refused files of this run: number → path (of a file in an archive, the archive's)."""
    question = f"SELECT {REFUSED} FROM (SELECT $1 AS file, $2 AS sha256) f"
    refused: dict[str, Path] = {}
    for reading in readings:
        if reading.result == "refused":
            ((content,),) = release.connection.execute(
                question, [reading.file, reading.sha256]
            ).fetchall()
            refused[content] = Path(os.path.realpath(reading.source))  # also of a link to itself
    return refused


OPEN = f"""
SELECT DISTINCT {REFUSED} FROM (SELECT * FROM files WHERE {{standing}}) f JOIN runs r ON r.run = f.run
WHERE f.result = 'refused'
QUALIFY rank() OVER (PARTITION BY f.file, r.kind ORDER BY f.run DESC) = 1
ORDER BY ALL
"""
