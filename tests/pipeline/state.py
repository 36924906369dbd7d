"""What can be seen of a home, the night as a timer runs it, and homes to disturb."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from double_random.publish.site import build as site
from double_random.store.home import Home
from tests import forked

ROOT = Path(__file__).parent.parent.parent
FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 3)


@dataclass(frozen=True)
class State:
    """What anybody can see of a home: its release with the rows of every table, its site, its log."""

    release: str
    rows: dict[str, int]
    site: str
    log: tuple[tuple[str, str], ...]


def look(home: Path) -> State:
    """Look at everything; whatever is not whole raises."""
    opened = Home.open(home)
    assert site.check_site(opened).pages > 100
    opened.log.verify()
    name = opened.releases.current()
    assert name is not None
    with opened.releases.read() as release:
        connection = release.connection
        tables = [row[0] for row in connection.execute("SHOW TABLES").fetchall()]
        rows = {
            table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchall()[0][0]
            for table in tables
        }
    listed = (opened.public / "SHA256SUMS").read_text().splitlines()
    pages = "\n".join(line for line in listed if not line[66:].startswith("log/"))
    entries = tuple((one["kind"], one.get("release", "")[:12]) for one in opened.log.entries())
    return State(name, rows, hashlib.sha256(pages.encode()).hexdigest(), entries)


def run(home: Path, drop: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The night as a timer runs it."""
    return forked.run(night_words(home, drop, *words))


def night_words(home: Path, drop: Path, *words: str) -> list[str]:
    """The command line of the second night."""
    return [
        *("--home", str(home), "--lang", "en"),
        "nightly",
        str(drop),
        "--as-of",
        str(SECOND),
        *words,
    ]


@dataclass(frozen=True)
class Nights:
    """Homes to disturb: each is a copy of the one after the first night."""

    model: Path
    drop: Path
    before: State
    after: State
    again: State  # after the second night was run twice
    undisturbed: Home  # that home

    def copy(self, path: Path) -> Path:
        """A home of one's own, the same byte for byte."""
        shutil.copytree(self.model, path, symlinks=True)
        return path

    def whole(self, home: Path) -> State:
        """The home as it stands: the old state or the new one, part by part."""
        state = look(home)
        for part, old, new in (
            (state.release, self.before.release, self.after.release),
            (state.rows, self.before.rows, self.after.rows),
            (state.site, self.before.site, self.after.site),
        ):
            assert part in (old, new)
        assert state.log == self.after.log[: len(state.log)] and len(state.log) >= len(
            self.before.log
        )
        return state
