"""Builds the public site beside the old one, checks it, then replaces the old one in one atomic step.

HOME/editions/ contains the editions, one folder each; HOME/public is a symbolic link to one of them, and replacing a
link is atomic for every reader (docs/decisions/). Until that step readers see the old edition unchanged.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.content.snapshot import Edition
from double_random.publish.disclosure.output_checks import LISTING, Proof, listing, proofread
from double_random.publish.disclosure.verdict_cache import Kept
from double_random.publish.exports.open_data import files
from double_random.publish.site import atomic_switch
from double_random.publish.site.page_cache import Former, forget
from double_random.publish.site.pages import Site
from double_random.store.locks import only_writer
from double_random.store.permissions import PUBLIC_FOLDER, for_everybody
from double_random.store.staging import StagedHome

if TYPE_CHECKING:
    from double_random.publish.site.templates import Page
    from double_random.store.home import Home

BESIDE = ".building"


def build(home: Home, as_of: date, language: str | None = None) -> Path:
    """Build HOME/public/ as of a day from the current release, the draws and the log; return its path.

    Same release, acts and day, after the same edition: the same bytes in every file. Stopped if the new site fails the
    checks, with nothing changed; Busy if another build runs.
    """
    switch(home, prepare(home, as_of, language).name)
    return home.public


def prepare(home: Home, as_of: date, language: str | None = None) -> Path:
    """Build and check an edition beside the shown one, which stays; return the new folder.

    Unchanged pages are hard links to the shown edition. `language`: by default `site_lang` of the settings, else
    Chinese.
    """
    if not isinstance(home, StagedHome):  # the nightly run checked it at its start
        home.releases.require_sound()
    with _alone(home, f"publish {as_of}"), for_everybody():
        editions = home.path / "editions"
        beside = editions / BESIDE
        try:
            edition = Edition.gather(home, as_of, language or _language(home), keep=True)
            before = editions / shown(home) if shown(home) else None
            former = Former.read(before, LISTING)
            beside.mkdir()
            pages = chain(
                Site(edition, former, Kept(home.path / "kept", True)).pages(),
                files(edition, before),
            )
            hashes = _write(beside, pages, former)
            (beside / LISTING).write_bytes(listing(hashes))
            proofread(beside, former.taken)
            os.sync()
            folder = editions / f"{_next(editions):06d}-{as_of}"
            former.keep(folder)
            os.rename(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return folder


def switch(home: Home, edition: str) -> None:
    """Show this edition. The previous one is kept unless it shows ended penalties; all others are deleted."""
    with _alone(home, f"switch {edition}"):
        before, editions = shown(home), home.path / "editions"
        if before != edition:
            atomic_switch.switch(home.public, editions / edition)
        if before and atomic_switch.shows_ended(editions / before, editions / edition):
            before = ""
        _clear(home, {edition, before})


def discard(home: Home) -> None:
    """Delete every edition except the shown one and the newest before it."""
    with _alone(home, "discard"):
        now = shown(home)
        older = [name for name in _editions(home) if name < now]
        _clear(home, {now, *older[-1:]})


def shown(home: Home) -> str:
    """The name of the edition that is shown; "" if there is none."""
    return atomic_switch.shown(home.public)


def check(home: Home) -> Proof:
    """Check the site that is shown. Misuse if there is none."""
    if not home.public.exists():
        raise Misuse(
            _("there is no site at {path}").format(path=home.public),
            _("build one with: double-random publish build --as-of DATE"),
        )
    return proofread(home.public.resolve())


def _write(folder: Path, pages: Iterable[Page], former: Former) -> dict[str, str]:
    """Write files; return their SHA-256 by path. Two pages with one path are an error in urls.py."""
    hashes: dict[str, str] = {}
    made: set[Path] = set()
    for path, content in pages:
        file = folder / path
        if path in hashes:
            raise ValueError(f"two pages at {path}")
        if file.parent not in made:
            file.parent.mkdir(parents=True, exist_ok=True)
            made.add(file.parent)
        if content is None:
            hashes[path] = former.take(path, folder)
            continue
        hashes[path] = hashlib.sha256(content).hexdigest()
        if former.hashes.get(path) == hashes[path] and not path.endswith(".html"):
            former.take(path, folder)  # pages are checked again: their link targets may be gone
        else:
            file.write_bytes(content)
    return hashes


def _language(home: Home) -> str:
    return str(home.settings.get("site_lang") or "zh_CN")


@contextmanager
def _alone(home: Home, doing: str) -> Iterator[None]:
    """Hold the lock of the editions; remove partial builds of a killed process."""
    editions = home.path / "editions"
    editions.mkdir(mode=PUBLIC_FOLDER, exist_ok=True)
    editions.chmod(PUBLIC_FOLDER)
    seconds = float(home.settings.get("lock_seconds", 10))
    with only_writer(editions / "writer.lock", doing, seconds):
        for left in editions.glob(f"{BESIDE}*"):
            shutil.rmtree(left)
        yield


def _editions(home: Home) -> list[str]:
    return sorted(one.name for one in (home.path / "editions").glob("[0-9]*"))


def _clear(home: Home, keep: set[str]) -> None:
    for name in _editions(home):
        if name not in keep:
            shutil.rmtree(home.path / "editions" / name)
            forget(home.path / "editions" / name)


def _next(editions: Path) -> int:
    return max((int(one.name.partition("-")[0]) for one in editions.glob("[0-9]*")), default=0) + 1
