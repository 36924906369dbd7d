"""The journal of nightly runs (夜间运行日志): HOME/nights/, one folder a run, one line an event.

It is used to resume a run and to inform people; nothing in it is hashed or published. Times are from the clock.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from double_random.store import durable_files

Event = dict[str, Any]
KEPT = 60  # folders of earlier nightly runs


@dataclass
class Journal:
    """The events of one nightly run; `tell` is called with each event after it is written."""

    folder: Path
    tell: Callable[[Event], None] = lambda event: None
    started: float = field(default_factory=time.monotonic)

    @property
    def run_id(self) -> str:
        """The run's id: its number and its day."""
        return self.folder.name

    @property
    def events(self) -> list[Event]:
        """All written events, oldest first; an incomplete last line of a killed process is left out."""
        return [
            json.loads(line) for line in durable_files.read_lines(self.folder / "journal.jsonl")
        ]

    def write(self, event: str, **what: Any) -> Event:
        """Write an event to the disk, then report it. OSError if it cannot be written."""
        written = self._make_event(event, what)
        self.folder.mkdir(parents=True, exist_ok=True)
        durable_files.append_line(
            self.folder / "journal.jsonl", json.dumps(written, ensure_ascii=False).encode()
        )
        self.tell(written)
        return written

    def end(self, report: Event) -> None:
        """Write the end of the run. If the disk is full or read-only, the event is still reported."""
        try:
            self.write("end", **report)
            text = json.dumps(report, ensure_ascii=False, indent=2) + "\n"
            durable_files.replace_file(self.folder / "report.json", text.encode())
        except OSError:
            self.tell(self._make_event("end", report))

    def last_event(self, event: str) -> Event | None:
        """The newest event of this name."""
        return next((entry for entry in reversed(self.events) if entry["event"] == event), None)

    def _make_event(self, event: str, what: Event) -> Event:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"run": self.run_id, "time": now, "event": event, **what}


def list_journals(nights: Path) -> Iterator[Journal]:
    """The journals of all kept nightly runs, the newest first."""
    for folder in sorted(nights.glob("[0-9]*"), reverse=True):
        yield Journal(folder)


def start_journal(nights: Path, day: str, tell: Callable[[Event], None]) -> Journal:
    """The journal of a new nightly run; the oldest folders beyond KEPT are deleted."""
    import shutil

    folders = sorted(nights.glob("[0-9]*"))
    for old in folders[: max(0, len(folders) + 1 - KEPT)]:
        shutil.rmtree(old, ignore_errors=True)
    number = int(folders[-1].name.partition("-")[0]) + 1 if folders else 1
    return Journal(nights / f"{number:06d}-{day}", tell)


def read_night_history(nights: Path) -> dict[str, Any]:
    """The last published nightly run, and the later ones that failed, with the reason."""
    failed: list[Event] = []
    for journal in list_journals(nights):
        events = journal.events
        end = next((event for event in reversed(events) if event["event"] == "end"), None)
        if end and end["end"] == "published":
            return {
                "last_published": {name: end[name] for name in ("run", "as_of", "time", "release")},
                "stopped_since": failed[::-1],
            }
        if events:
            failed.append(
                {
                    "run": journal.run_id,
                    "stage": end["stage"] if end else events[-1].get("stage", ""),
                    "why": end["why"] if end else "it was killed, or is running now",
                }
            )
    return {"last_published": None, "stopped_since": failed[::-1]}
