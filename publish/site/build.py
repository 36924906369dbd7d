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
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.core.worker_processes import WorkerProcesses
from double_random.publish.content.page_setting import PageSetting
from double_random.publish.content.snapshot import Edition
from double_random.publish.disclosure.output_checks import (
    LISTING,
    OutputCounts,
    format_listing,
    proofread_folder,
)
from double_random.publish.disclosure.verdict_cache import VerdictCache
from double_random.publish.exports.open_data import build_open_data
from double_random.publish.site import atomic_switch
from double_random.publish.site.institution_rendering import PageWriting
from double_random.publish.site.page_cache import PageCache, forget_keys, look_fingerprint
from double_random.publish.site.pages import SitePages
from double_random.store.locks import hold_lock
from double_random.store.permissions import PUBLIC_FOLDER, public_umask
from double_random.store.staging import StagedHome

if TYPE_CHECKING:
    from double_random.publish.site.templates import Page
    from double_random.store.home import Home

BESIDE = ".building"
WORKING = (  # what workers import
    "jinja2",
    "double_random.publish.site.institution_rendering",
    "double_random.publish.disclosure.output_checks",
    "double_random.publish.disclosure.review",
)


def build_site(
    home: Home, as_of: date, language: str | None = None, processes: int | None = None
) -> Path:
    """Build HOME/public/ as of a day from the current release, the draws and the log; return its path.

    Same release, acts and day, after the same edition: the same bytes in every file, by whatever number of processes.
    Stopped if the new site fails the checks, with nothing changed; Busy if another build runs.
    """
    switch_edition(home, prepare_edition(home, as_of, language, processes).name)
    return home.public


def prepare_edition(
    home: Home, as_of: date, language: str | None = None, processes: int | None = None
) -> Path:
    """Build and check an edition beside the shown one, which stays; return the new folder.

    Unchanged pages are hard links to the shown edition. `language`: by default `site_lang` of the settings, else
    Chinese. `processes`: by default one for each core; a site of few pages is built by this process alone.
    """
    if not isinstance(home, StagedHome):  # the nightly run checked it at its start
        home.releases.require_sound()
    with (
        _lock_editions(home, f"publish {as_of}"),
        public_umask(),
        WorkerProcesses(processes, WORKING) as workers,
    ):
        editions = home.path / "editions"
        beside = editions / BESIDE
        try:
            edition = Edition.gather(
                home, as_of, language or _site_language(home), keep=True, workers=workers
            )
            before = editions / shown_edition(home) if shown_edition(home) else None
            former = PageCache.read(before, LISTING)
            beside.mkdir()
            writing = PageWriting(
                folder=beside, setting=PageSetting.of_edition(edition), workers=workers
            )
            look = look_fingerprint(edition)
            cache = VerdictCache(home.path / "kept", True, workers)
            pages = chain(
                SitePages(edition, former, cache, writing).pages(),
                build_open_data(edition, before, partial(_is_table_unchanged, former, look)),
            )
            hashes = _write_files(beside, pages, former, writing)
            (beside / LISTING).write_bytes(format_listing(hashes))
            proofread_folder(beside, former.taken, workers)
            os.sync()
            folder = editions / f"{_next_number(editions):06d}-{as_of}"
            former.write_keys(folder)
            os.rename(beside, folder)
        finally:
            shutil.rmtree(beside, ignore_errors=True)
        return folder


def switch_edition(home: Home, edition: str) -> None:
    """Show this edition. The previous one is kept unless it shows ended penalties; all others are deleted."""
    with _lock_editions(home, f"switch {edition}"):
        before, editions = shown_edition(home), home.path / "editions"
        if before != edition:
            atomic_switch.switch_link(home.public, editions / edition)
        if before and atomic_switch.shows_ended_penalty(editions / before, editions / edition):
            before = ""
        _remove_editions(home, {edition, before})


def discard_editions(home: Home) -> None:
    """Delete every edition except the shown one and the newest before it."""
    with _lock_editions(home, "discard"):
        now = shown_edition(home)
        older = [name for name in _list_editions(home) if name < now]
        _remove_editions(home, {now, *older[-1:]})


def shown_edition(home: Home) -> str:
    """The name of the edition that is shown; "" if there is none."""
    return atomic_switch.shown_folder(home.public)


def check_site(home: Home) -> OutputCounts:
    """Check the site that is shown. Misuse if there is none."""
    if not home.public.exists():
        raise Misuse(
            _("there is no site at {path}").format(path=home.public),
            _("build one with: double-random publish build --as-of DATE"),
        )
    return proofread_folder(home.public.resolve())


def _is_table_unchanged(former: PageCache, look: str, path: str, rows: str) -> bool:
    return former.is_unchanged(path, hashlib.sha256(f"{look}{rows}".encode()).hexdigest())


def _write_files(
    folder: Path, pages: Iterable[Page], former: PageCache, writing: PageWriting | None = None
) -> dict[str, str]:
    """Write files; return their SHA-256 by path, with those that `writing` writes.

    Two pages with one path are an error in urls.py.
    """
    hashes: dict[str, str] = {}
    made: set[str] = set()
    root = str(folder)
    for path, content in pages:
        if path in hashes:
            raise ValueError(f"two pages at {path}")
        parent = path.rpartition("/")[0]
        if parent not in made:
            (folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        if content is None:
            hashes[path] = former.link_page(path, root)
            continue
        hashes[path] = hashlib.sha256(content).hexdigest()
        if former.hashes.get(path) == hashes[path] and not path.endswith(".html"):
            former.link_page(path, root)  # pages are checked again: their link targets may be gone
        else:
            (folder / path).write_bytes(content)
    written = writing.finish_pages() if writing else {}
    for path in written.keys() & hashes.keys():
        raise ValueError(f"two pages at {path}")
    return hashes | written


def _site_language(home: Home) -> str:
    return str(home.settings.get("site_lang") or "zh_CN")


@contextmanager
def _lock_editions(home: Home, doing: str) -> Iterator[None]:
    """Hold the lock of the editions; remove partial builds of a killed process."""
    editions = home.path / "editions"
    editions.mkdir(mode=PUBLIC_FOLDER, exist_ok=True)
    editions.chmod(PUBLIC_FOLDER)
    seconds = float(home.settings.get("lock_seconds", 10))
    with hold_lock(editions / "writer.lock", doing, seconds):
        for left in editions.glob(f"{BESIDE}*"):
            shutil.rmtree(left)
        yield


def _list_editions(home: Home) -> list[str]:
    return sorted(folder.name for folder in (home.path / "editions").glob("[0-9]*"))


def _remove_editions(home: Home, keep: set[str]) -> None:
    for name in _list_editions(home):
        if name not in keep:
            shutil.rmtree(home.path / "editions" / name)
            forget_keys(home.path / "editions" / name)


def _next_number(editions: Path) -> int:
    return (
        max((int(folder.name.partition("-")[0]) for folder in editions.glob("[0-9]*")), default=0)
        + 1
    )
