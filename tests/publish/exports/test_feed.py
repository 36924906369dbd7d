"""The feed of draws and the CSV for Excel: read as programs and people read them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

ATOM = "{http://www.w3.org/2005/Atom}"


def test_every_draw_is_an_entry_that_leads_to_its_page(district_site: Path) -> None:
    root = ElementTree.parse(district_site / "draws" / "feed.atom").getroot()
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 3
    for one in (root, *entries):
        for name in ("id", "title", "updated"):
            assert one.findtext(f"{ATOM}{name}")
    links = [entry.find(f"{ATOM}link").get("href") for entry in entries]  # type: ignore[union-attr]
    assert all((district_site / "draws" / str(link)).is_file() for link in links)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 3


def test_the_csv_for_excel_is_the_same_table_behind_a_mark(district_site: Path) -> None:
    for file in (district_site / "data").glob("*.csv"):
        excel = (district_site / "data" / "excel" / file.name).read_bytes()
        assert excel == b"\xef\xbb\xbf" + file.read_bytes()


def test_the_feed_is_as_new_as_its_newest_entry_and_says_where_it_is(district_site: Path) -> None:
    """D-069."""
    root = ElementTree.parse(district_site / "draws" / "feed.atom").getroot()
    newest = max(str(one.findtext(f"{ATOM}updated")) for one in root.findall(f"{ATOM}entry"))
    updated = str(root.findtext(f"{ATOM}updated"))
    assert updated >= newest and updated.endswith("Z")
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"self": "feed.atom", "alternate": "index.html"}
    assert root.get("{http://www.w3.org/XML/1998/namespace}base") == "feed.atom"
    for entry in root.findall(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None and link.get("rel") == "alternate"
