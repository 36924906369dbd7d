"""The site in Debian's Chromium: found by two characters, opened, checked, printed, by keyboard, on a phone, by axe."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from double_random.store.home import Home

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PARTS = (
    *("index", "draws/index", "institutions/index", "map/index", "statistics/index", "log/index"),
    *("data/index", "about/index"),
)


@dataclass
class Opened:
    """The site in a browser, and everything that the browser complained of or asked others for."""

    page: Page
    root: str
    errors: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_words: object) -> None:
        """Nothing on the terminal."""


@pytest.fixture(scope="module", params=["folder", "http"])
def root(request: pytest.FixtureRequest, district_site: Path) -> Iterator[str]:
    """The site opened from its folder, and from a plain web server on this machine."""
    if request.param == "folder":
        yield district_site.resolve().as_uri()
        return
    handler = functools.partial(_Quiet, directory=str(district_site.resolve()))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def site(browser: Browser, root: str) -> Iterator[Opened]:
    """A fresh window; at its end: no console error, no request to another host."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1280, "height": 900})
    opened = Opened(context.new_page(), root)
    page = opened.page
    page.on("pageerror", lambda error: opened.errors.append(str(error)))
    page.on(
        "console",
        lambda said: opened.errors.append(said.text) if said.type in ("error", "warning") else None,
    )
    page.on("request", lambda asked: opened.fetched.append(asked.url))
    yield opened
    away = [url for url in opened.fetched if not url.startswith((root, "data:", "blob:"))]
    assert away == []
    assert opened.errors == []
    context.close()


def find(site: Opened, words: str) -> list[str]:
    """Type into the search; the names that come."""
    site.page.goto(f"{site.root}/institutions/index.html")
    site.page.fill("#query", words)
    site.page.locator("#said:not(:empty)").wait_for()
    return site.page.locator("#hits a").all_inner_texts()


def test_an_institution_is_found_by_two_characters_and_opens(site: Opened) -> None:
    names = find(site, "衡立")
    assert names and all("衡立" in name for name in names)
    site.page.click("#hits a >> nth=0")
    site.page.wait_for_url(re.compile(r"institutions/[0-9a-f]{2}/"))
    assert site.page.inner_text("h1") == names[0]
    age = site.page.evaluate(
        "getComputedStyle(document.querySelector('.edition'), '::after').content"
    )
    assert "2017-01-21" in age


@pytest.mark.parametrize("words", ["HL01", "hl", "31310000XXXX3", "示例衡立0", "示例 衡立"])
def test_initials_codes_and_longer_parts_are_found(site: Opened, words: str) -> None:
    assert find(site, words)


@pytest.mark.parametrize("part", ["index", "about/index", "draws/published/index"])
def test_every_page_finds_and_a_found_list_can_be_sent(site: Opened, part: str) -> None:
    site.page.goto(f"{site.root}/{part}.html")
    site.page.fill("#find", "衡立")
    site.page.press("#find", "Enter")
    site.page.locator("#hits a").first.wait_for()
    names = site.page.locator("#hits a").all_inner_texts()
    assert names and all("衡立" in name for name in names)
    site.page.goto(site.page.url)  # as who receives the address
    site.page.locator("#hits a").first.wait_for()
    assert site.page.locator("#hits a").all_inner_texts() == names
    assert "律师事务所 · " in site.page.inner_text("#hits li >> nth=0")


def test_nobody_is_found_where_nobody_is(site: Opened) -> None:
    assert find(site, "鑫鑫") == []
    assert "没有找到" in site.page.inner_text("#said")


def test_a_query_fetches_at_most_150_kilobytes(site: Opened, district_site: Path) -> None:
    site.fetched.clear()
    find(site, "律师事务所")
    asked = {url.rpartition("/search/")[2] for url in site.fetched if "/search/" in url}
    assert asked
    assert sum((district_site / "search" / name).stat().st_size for name in asked) <= 150_000


def test_a_draw_is_checked_in_the_browser(site: Opened, district_site: Path) -> None:
    site.page.goto(f"{site.root}/draws/index.html")
    site.page.click("a[href$='draws/published/index.html']")
    assert site.page.locator("#list").count() == 1
    site.page.click("a[href$='verify.html']")
    site.page.set_input_files("#files", str(district_site / "draws" / "published" / "bundle.zip"))
    site.page.fill("#key", (district_site / "log" / "log.pub").read_text().strip())
    site.page.click("#run")
    site.page.locator("#verdict:not(:empty)").wait_for()
    assert "bad" not in (site.page.get_attribute("#verdict", "class") or "")


def test_by_keyboard_alone(site: Opened) -> None:
    page = site.page
    page.goto(f"{site.root}/index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.goto(f"{site.root}/institutions/index.html")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "query":
            break
    page.keyboard.type("衡立")
    page.locator("#hits a").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"institutions/[0-9a-f]{2}/"))


@pytest.mark.parametrize("part", PARTS)
def test_a_phone_shows_every_part_without_scrolling_sideways(site: Opened, part: str) -> None:
    site.page.set_viewport_size({"width": 390, "height": 844})
    site.page.goto(f"{site.root}/{part}.html")
    assert site.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_in_print_the_navigation_is_gone(site: Opened) -> None:
    site.page.goto(f"{site.root}/draws/published/index.html")
    assert site.page.locator("header nav").is_visible()
    site.page.emulate_media(media="print")
    assert not site.page.locator("header nav").is_visible()
    assert site.page.locator("#list").is_visible()
    assert site.page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.parametrize("part", PARTS)
def test_nothing_is_wider_than_the_paper(site: Opened, part: str) -> None:
    site.page.emulate_media(media="print")
    site.page.set_viewport_size({"width": 720, "height": 1000})  # A4 between its margins
    site.page.goto(f"{site.root}/{part}.html")
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not site.page.evaluate(wide)


@pytest.mark.parametrize("part", [*PARTS, "draws/published/index", "draws/waiting/index"])
def test_axe_finds_nothing_serious(site: Opened, part: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    site.page.goto(f"{site.root}/{part}.html")
    found = Axe().run(site.page, options={"preload": False}).response["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"] for node in one["nodes"]][:3]) for one in serious] == []


def test_a_tile_of_the_map_leads_to_its_district_by_keyboard(site: Opened) -> None:
    page = site.page
    page.goto(f"{site.root}/map/index.html")
    page.locator("svg.tiles a").first.focus()
    name = page.locator("svg.tiles a text").first.text_content() or "?"
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"map/district-"))
    assert page.inner_text("h1").startswith(name)


def test_the_lists_do_without_scripts(browser: Browser, root: str, district_home: Home) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{root}/institutions/index.html")
    assert not page.locator("#search").is_visible()
    page.click("tbody a >> nth=0")
    page.click("tbody a >> nth=0")
    assert page.locator("h1").count() == 1
    context.close()
