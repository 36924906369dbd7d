"""The map: tiles, table and districts' pages have the same numbers as the register."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from double_random.publish.content import urls
from double_random.publish.content.snapshot import Edition
from double_random.publish.site.map_pages import MapPages
from double_random.publish.site.templates import Templates
from double_random.store.home import Home
from tests.publish import editions

DAY = date(2017, 1, 21)
NOTARY = {"id": "示例2", "kind": "notary_office", "name": "示例公证处", "status": "suspended"}
ROWS = [
    editions.FIRM,
    editions.FIRM | {"id": "示例1", "status": "revoked"},
    editions.FIRM | {"id": "示例4"},
    NOTARY | {"district": None},
    NOTARY | {"id": "示例3", "district": "990101"},
]


@pytest.fixture(scope="module")
def edition(district_home: Home) -> Edition:
    return Edition.gather(district_home, DAY)


def made(*rows: dict[str, object]) -> dict[str, str]:
    """The pages of a map of these institutions, by path."""
    small = editions.edition({"institution": rows})
    pages = MapPages(small, Templates(small)).pages()
    return {path: (content or b"").decode() for path, content in pages}


def cells(page: str) -> list[list[str]]:
    """The rows of a page's table as text."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.DOTALL)
    return [
        [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in rows
    ]


def test_the_map_agrees_with_its_table_and_with_the_register(
    edition: Edition, district_site: Path
) -> None:
    page = (district_site / "map" / "index.html").read_text(encoding="utf-8")
    first = page.split("<section")[1]
    tiles = {
        name: int(number) for name, number in re.findall(r"<title>([^：]*)：(\d+)</title>", first)
    }
    counted = edition.tables["institution"]["district"].value_counts().iter_rows()
    assert tiles == {edition.words.district(code): number for code, number in counted}
    for link in re.findall(r'<a href="\.\./(map/district[^"]*)"', first):
        assert (district_site / link).exists()


def test_every_district_has_a_row_a_page_and_its_sums() -> None:
    pages = made(*ROWS)
    assert set(pages) == {
        "map/index.html",
        *(urls.district_path(code) for code in ("310101", "310104", "990101", None)),
    }
    table = cells(pages["map/index.html"])
    assert table == [
        ["黄浦区", "0", "0", "0"],
        ["徐汇区", "3", "0", "3"],
        ["990101", "0", "1", "1"],
        [editions.words().district(None), "0", "1", "1"],
        ["合计", "3", "2", "5"],
    ]


def test_a_districts_page_has_its_kinds_by_status() -> None:
    pages = made(*ROWS)
    assert cells(pages[urls.district_path("310104")]) == [["律师事务所", "2", "1", "3"]]
    page = pages[urls.district_path("310101")]
    assert "<table>" not in page and "（0）" in page


def test_a_number_leads_to_its_list_and_zero_leads_nowhere() -> None:
    page = made(*ROWS)["map/index.html"]
    assert (
        page.count(f'href="../{urls.register_path("310104", "law_firm", 1)}"') == 2
    )  # tile and cell
    assert urls.register_path("310101", "law_firm", 1) not in page
    assert urls.district_path("310101") not in page


def test_an_empty_register_has_a_map_of_zeros() -> None:
    pages = made()
    assert cells(pages["map/index.html"])[-1] == ["合计", "0"]
    assert pages["map/index.html"].count("<svg") == 1
