"""Reuse of the previous edition: only pages with the same key are linked, and keys go with their edition."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from double_random.publish.site.page_cache import PageCache, forget_keys, look_fingerprint
from tests.publish import editions

LISTING = "SHA256SUMS"
PAGE = b"<html>"
HASH = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An edition of one page, with its key."""
    made = tmp_path / "000001-2017-01-21"
    made.mkdir()
    (made / "a.html").write_bytes(PAGE)
    (made / LISTING).write_text(f"{HASH}  a.html\n")
    first = PageCache()
    assert not first.is_unchanged("a.html", "key")
    first.write_keys(made)
    return made


def test_a_page_with_the_same_key_is_linked(folder: Path, tmp_path: Path) -> None:
    former = PageCache.read(folder, LISTING)
    assert former.is_unchanged("a.html", "key")
    (tmp_path / "new").mkdir()
    assert former.link_page("a.html", tmp_path / "new") == HASH
    assert (tmp_path / "new" / "a.html").samefile(folder / "a.html")
    assert former.taken == {"a.html"}


def test_another_key_or_path_is_not_the_same_page(folder: Path) -> None:
    former = PageCache.read(folder, LISTING)
    assert not former.is_unchanged("a.html", "other")
    assert not former.is_unchanged("b.html", "key")
    assert former.made == {"a.html": "other", "b.html": "key"}


def test_where_no_link_can_be_made_the_page_is_copied(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_paths: Path) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "new").mkdir()
    assert PageCache.read(folder, LISTING).link_page("a.html", tmp_path / "new") == HASH
    copy = tmp_path / "new" / "a.html"
    assert copy.read_bytes() == PAGE and not copy.samefile(folder / "a.html")


def test_nothing_is_taken_over_without_a_listing_or_keys(folder: Path) -> None:
    assert PageCache.read(None, LISTING) == PageCache()
    assert PageCache.read(folder, "no listing") == PageCache()
    forget_keys(folder)
    forget_keys(folder)  # a second time it does nothing
    assert PageCache.read(folder, LISTING) == PageCache()
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_the_look_follows_what_every_page_shares() -> None:
    edition = editions.edition()
    same = look_fingerprint(edition)
    assert look_fingerprint(editions.edition()) == same
    later = replace(edition, as_of=editions.DAY.replace(day=2), emptied=3)
    assert look_fingerprint(later) == same  # the day is in edition.css alone
    others = [
        replace(edition, authority="示例区司法局"),
        replace(edition, complain="示例"),
        replace(edition, words=editions.words("en")),
        replace(edition, allowed=replace(editions.LIST, classes={})),
    ]
    assert len({same, *map(look_fingerprint, others)}) == 1 + len(others)
