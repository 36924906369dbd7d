"""The site: whole, harmless, the same every time, and the old one until the new one has passed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from multiprocessing import forkserver
from pathlib import Path

import pytest

from double_random.core.errors import Busy, DoubleRandomError, Misuse, Stopped
from double_random.publish.disclosure import output_checks, verdict_cache
from double_random.publish.exports import open_data
from double_random.publish.site import build, institution_rendering
from double_random.store.home import Home
from double_random.store.locks import hold_lock

DAY = date(2017, 1, 21)
VOID = {"meta", "link", "br", "wbr", "input"}


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a site, by path."""
    real = folder.resolve()
    return {
        file.relative_to(real).as_posix(): file.read_bytes()
        for file in sorted(real.rglob("*"))
        if file.is_file()
    }


class Outline(HTMLParser):
    """Checks that tags are closed in order, and keeps headings, links' and tables' marks."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_whole_site_is_there(district_site: Path) -> None:
    there = content(district_site)
    for path in (
        "index.html",
        "draws/index.html",
        "draws/published/bundle.zip",
        "draws/published/list.xlsx",
        "draws/waiting/index.html",
        "institutions/index.html",
        "log/log.jsonl",
        "log/checkpoint",
        "data/datapackage.json",
        "about/index.html",
    ):
        assert path in there


def test_every_page_is_well_formed_and_says_its_language(district_site: Path) -> None:
    for path, page in content(district_site).items():
        if not path.endswith(".html") or path == "verify.html":
            continue
        outline = Outline()
        outline.feed(page.decode())
        assert outline.open == [], path
        assert ("html", {"lang": "zh-CN"}) in outline.tags
        assert outline.headings[0] == 1 and outline.headings.count(1) == 1, path
        steps = zip(outline.headings, outline.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), path
        ids = [attrs["id"] for _, attrs in outline.tags if "id" in attrs]
        assert len(ids) == len(set(ids)), path
        assert all("scope" in attrs for tag, attrs in outline.tags if tag == "th"), path


def test_the_pages_say_what_they_must(district_site: Path) -> None:
    for path, page in content(district_site).items():
        if path.endswith(".html") and path != "verify.html":
            assert "没有公示信息不等于没有违法记录" in page.decode(), path
            assert "被抽中不代表存在问题" in page.decode(), path
            age = page.decode()
            if "edition.css" in age:  # a page that stays as it is while nothing on it changes
                age = (district_site / "edition.css").read_text(encoding="utf-8")
            assert "2017-01-21" in age, path
            assert "2016-12-31" in age, f"{path}: the age of the data"


def test_nothing_leads_out_of_the_site(district_site: Path) -> None:
    for path, page in content(district_site).items():
        if path.endswith((".html", ".css")) and path != "verify.html":
            assert b"://" not in page, path
            assert b"url(" not in page and b"@import" not in page, path
            scripts = re.findall(rb"<script.*", page)
            assert all(one == b'<script src="../search.js"></script>' for one in scripts), path
            assert not re.search(rb"<iframe|\son\w+=", page), path


def test_names_that_attack_are_only_text(district_site: Path) -> None:
    pages = [page for path, page in content(district_site).items() if path.endswith(".html")]
    hostile = [page for page in pages if b"alert(1)" in page]
    assert hostile
    assert all(b"&lt;script&gt;alert(1)&lt;/script&gt;" in page for page in hostile)


def test_the_listing_is_what_sha256sum_reads(district_site: Path) -> None:
    subprocess.run(
        ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"],
        cwd=district_site,
        check=True,
    )
    listed = (district_site / "SHA256SUMS").read_text().splitlines()
    assert {line[66:] for line in listed} | {"SHA256SUMS"} == set(content(district_site))


def test_two_builds_are_the_same_byte_for_byte(district_home: Home, district_site: Path) -> None:
    before = content(district_site)
    again = build.build_site(district_home, DAY)
    assert content(again) == before


@pytest.fixture
def many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers begin for any number of pages, texts and files."""
    for module in (institution_rendering, verdict_cache, output_checks):
        monkeypatch.setattr(module, "LEAST", 1)
        monkeypatch.setattr(module, "BATCH", 5)


def copied(home: Home, folder: Path) -> Home:
    """A copy of a home without anything built."""
    for part in ("editions", "kept", "public"):
        assert (home.path / part).exists()
    names = shutil.ignore_patterns("editions", "kept", "public")
    return Home.open(shutil.copytree(home.path, folder / "home", ignore=names))


def test_two_processes_build_what_one_builds(
    district_home: Home, district_site: Path, many_pages: None, tmp_path: Path
) -> None:
    listings = []
    for processes in (1, 2):
        home = copied(district_home, tmp_path / str(processes))
        public = build.build_site(home, DAY, processes=processes)
        modes = {file.stat().st_mode for file in public.resolve().rglob("*.html")}
        first = (public / "SHA256SUMS").read_bytes()
        later = build.build_site(home, date(2017, 1, 22), processes=processes)
        listings.append((first, modes, (later / "SHA256SUMS").read_bytes()))
    assert listings[0] == listings[1]


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="finds processes in /proc")
def test_a_killed_worker_leaves_the_shown_edition(
    district_home: Home, district_site: Path, many_pages: None, tmp_path: Path
) -> None:
    home = copied(district_home, tmp_path)
    build.build_site(home, DAY, processes=1)
    place, before = home.public.resolve(), content(home.public)
    done = threading.Event()
    killer = threading.Thread(target=kill_workers, args=(done,))
    killer.start()
    try:
        with pytest.raises(DoubleRandomError, match="worker process"):
            build.build_site(home, date(2026, 11, 1), processes=2)
    finally:
        done.set()
        killer.join()
    assert home.public.resolve() == place and content(home.public) == before
    assert not list((home.path / "editions").glob(".building*"))
    assert content(build.build_site(home, DAY, processes=2)) == before


def kill_workers(done: threading.Event) -> None:
    """Kill every process that this process's server of workers begins, until `done`; the browser's are not its."""
    while not done.wait(0.01):
        server = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
        for worker in children(server) if server else ():
            with suppress(OSError):
                os.kill(worker, signal.SIGKILL)


def children(process: int) -> list[int]:
    with suppress(OSError):
        return [*map(int, Path(f"/proc/{process}/task/{process}/children").read_text().split())]
    return []


def test_another_day_shows_other_penalties(district_home: Home, district_site: Path) -> None:
    def shown() -> int:
        return (district_home.public / "data" / "penalty.csv").read_text().count("\n") - 1

    now = shown()
    try:
        build.build_site(district_home, date(2016, 12, 31))
        assert shown() > now
        build.build_site(district_home, date(2026, 11, 1))
        assert shown() == 0
    finally:
        build.build_site(district_home, DAY)


def test_readers_see_the_old_site_until_the_new_one_has_passed(
    district_home: Home, district_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = content(district_site)
    place = district_site.resolve()

    def breaks(*_given: object) -> object:
        yield "half.html", b"half"
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(build, open_data.build_open_data.__name__, breaks)
        with pytest.raises(OSError):
            build.build_site(district_home, DAY)
    assert district_site.resolve() == place
    assert content(district_site) == before
    assert not list((district_home.path / "editions").glob(".building*"))


def test_a_build_that_holds_a_phone_number_is_stopped(
    district_home: Home, district_site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = district_site.resolve()
    real = build.SitePages.pages

    def leaks(self: build.SitePages) -> object:
        yield from real(self)
        yield "leak.txt", "电话13800138000".encode()

    with monkeypatch.context() as patched:
        patched.setattr(build.SitePages, "pages", leaks)
        with pytest.raises(Stopped, match=r"leak\.txt"):
            build.build_site(district_home, DAY)
    assert district_site.resolve() == before


def test_a_killed_build_leaves_nothing_that_hinders(
    district_home: Home, district_site: Path
) -> None:
    left = district_home.path / "editions" / ".building"
    left.mkdir()
    (left / "index.html").write_text("half")
    before = content(district_site)
    assert content(build.build_site(district_home, DAY)) == before
    assert not left.exists()


def test_two_builds_do_not_meet(district_home: Home, district_site: Path) -> None:
    quick = Home.open(district_home.path)
    quick.settings["lock_seconds"] = 0
    with (
        hold_lock(district_home.path / "editions" / "writer.lock", "publish", 0),
        pytest.raises(Busy),
    ):
        build.build_site(quick, DAY)


def test_only_two_editions_stay(district_home: Home, district_site: Path) -> None:
    for _ in range(3):
        build.build_site(district_home, DAY)
    kept = sorted(one.name for one in (district_home.path / "editions").glob("[0-9]*"))
    assert len(kept) == 2
    assert district_home.public.resolve().name == kept[-1]


def test_without_a_release_or_a_site_the_hint_says_what_to_type(home: Home) -> None:
    with pytest.raises(Misuse) as none:
        build.build_site(home, DAY)
    assert "registry sync" in none.value.hint
    with pytest.raises(Misuse) as nothing:
        build.check_site(home)
    assert "publish build" in nothing.value.hint


def test_check_finds_what_was_changed_later(district_home: Home, district_site: Path) -> None:
    proof = build.check_site(district_home)
    assert proof.files == len(content(district_site))
    page = district_site / "about" / "index.html"
    was = page.read_bytes()
    try:
        page.write_bytes(was + b" ")
        with pytest.raises(Stopped, match="about/index"):
            build.check_site(district_home)
    finally:
        page.write_bytes(was)


def test_no_file_names_the_home_folder(district_site: Path) -> None:
    whole = b"".join(content(district_site).values())
    assert str(district_site.parent).encode() not in whole


def test_pages_that_show_what_they_showed_are_not_made_again(
    district_home: Home, district_site: Path
) -> None:
    before = {path.name: path.stat().st_ino for path in district_site.glob("institutions/*/*.html")}
    try:
        build.build_site(district_home, date(2017, 1, 22))
        after = {p.name: p.stat().st_ino for p in district_site.glob("institutions/*/*.html")}
        assert after == before
        assert "2017-01-22" in (district_site / "edition.css").read_text(encoding="utf-8")
        build.build_site(district_home, date(2026, 11, 1))  # every penalty's term has ended
        later = {p.name: p.stat().st_ino for p in district_site.glob("institutions/*/*.html")}
        made = {name for name in later if later[name] != before[name]}
        fined = {
            path.name
            for path in (district_home.path / "editions").glob("*-2017-01-22/institutions/*/*.html")
            if b"noindex" in path.read_bytes()
        }
        assert fined <= made and len(made) < len(later) / 2  # others: a suspension has ended
    finally:
        build.build_site(district_home, DAY)


def test_a_page_taken_over_is_what_a_new_one_would_be(
    district_home: Home, district_site: Path
) -> None:
    build.build_site(district_home, date(2017, 1, 20))
    taken = content(build.build_site(district_home, DAY))
    for keys in (district_home.path / "editions").glob("keys-*"):
        keys.unlink()
    assert content(build.build_site(district_home, DAY)) == taken


def test_the_site_speaks_english_when_asked(district_home: Home, district_site: Path) -> None:
    try:
        page = content(build.build_site(district_home, DAY, "en"))["index.html"].decode()
        assert '<html lang="en">' in page
        assert "Being drawn does not mean that anything is wrong." in page
    finally:
        build.build_site(district_home, DAY)
