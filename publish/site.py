"""The public site: built beside the old one, proofread, then put in its place by one atomic step.

HOME/editions/ holds the editions, one folder each; HOME/public is a symbolic link to one of them, and replacing a
link is one step for every reader (docs/decisions/). Until that step nothing that anybody sees has changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from errors import DoubleRandomError, Misuse
from language import _
from publish.edition import Edition
from publish.open_data import files
from publish.pages import Site
from publish.proofreading import LISTING, Proof, listing, proofread
from store import acts
from store.locks import only_writer

if TYPE_CHECKING:
    from store.home import Home

KEPT = 2  # the edition that is shown and the one before: who is reading a page can read on


def build(home: Home, as_of: date) -> Path:
    """Build HOME/public/ as of a day from the current release, the draws and the log; returns its path.

    Same release, acts and day: the same bytes in every file. Stopped, with everything as it was, where the new
    site does not pass; Busy where another build runs.
    """
    editions = home.path / "editions"
    editions.mkdir(exist_ok=True)
    with only_writer(
        editions / "writer.lock", f"publish {as_of}", float(home.settings.get("lock_seconds", 10))
    ):
        for left in editions.glob(".building*"):  # of a build that was killed
            shutil.rmtree(left)
        beside = editions / ".building"
        beside.mkdir()
        try:
            edition = Edition.gather(home, as_of)
            hashes = _write(beside, Site(edition).pages()) | _write(beside, files(edition))
            (beside / LISTING).write_bytes(listing(hashes))
            proofread(beside)
            os.sync()
            folder = editions / f"{_next(editions):06d}-{as_of}"
            os.rename(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        _switch(home.public, folder)
        for old in sorted(editions.glob("[0-9]*"))[:-KEPT]:
            shutil.rmtree(old)
    return home.public


def check(home: Home) -> Proof:
    """Proofread the site that is being shown. Misuse where there is none."""
    if not home.public.exists():
        raise Misuse(
            _("there is no site at {path}").format(path=home.public),
            _("build one with: double-random publish build --as-of DATE"),
        )
    return proofread(home.public.resolve())


def _write(folder: Path, pages: Iterable[tuple[str, bytes]]) -> dict[str, str]:
    """Write files; their SHA-256 by path. Two pages of one path would be a mistake in the addresses."""
    hashes: dict[str, str] = {}
    made: set[Path] = set()
    for path, content in pages:
        file = folder / path
        if path in hashes:
            raise ValueError(f"two pages at {path}")
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        file.write_bytes(content)
        hashes[path] = hashlib.sha256(content).hexdigest()
    return hashes


def _next(editions: Path) -> int:
    return max((int(one.name.partition("-")[0]) for one in editions.glob("[0-9]*")), default=0) + 1


def _switch(public: Path, folder: Path) -> None:
    """Let HOME/public lead to this edition, in one step."""
    if public.exists() and not public.is_symlink():
        raise DoubleRandomError(
            _("{path} is a folder that this program did not make").format(path=public),
            _("move it away, then build again"),
        )
    beside = public.with_name(".public")
    beside.unlink(missing_ok=True)
    # relative, so that a home may be moved
    beside.symlink_to(folder.relative_to(public.parent), target_is_directory=True)
    os.replace(beside, public)
    acts.sync(public.parent)
