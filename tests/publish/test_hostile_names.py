"""Names that attack go through pages, tables and workbooks whole, and harm nobody."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import chain
from pathlib import Path

import polars
import pytest
from python_calamine import CalamineWorkbook

from double_random.publish.content import urls
from double_random.publish.content.snapshot import Edition
from double_random.publish.disclosure.output_checks import LISTING, format_listing, proofread_folder
from double_random.publish.disclosure.sanitise import reveal_hidden_marks
from double_random.publish.exports.announcement import COLUMNS, WIDTHS, build_announcement
from double_random.publish.exports.notice import render_workbook
from double_random.publish.exports.open_data import build_open_data
from double_random.publish.site import build
from double_random.publish.site.page_cache import PageCache
from double_random.publish.site.pages import SitePages
from double_random.store.home import Home

NAMES = [
    "示例<script>alert(1)</script>律师事务所",
    '示例"><img src=x onerror=alert(1)>律师事务所',
    "示例' onmouseover='alert(1)",
    '=HYPERLINK("示例","示例")',
    "+cmd|' /C calc'!A0示例",
    "@SUM(1)示例",
    "示例\u202e所务事师律\u202c",
    "示例" + "长" * 10_000,
    "../../../etc/示例",
    "..\\示例\\..",
    "示例{{ 7 * 7 }}{% raw %}",
    "示例</title></head><body>",
    "示例\r\n换行\t制表",
    "",
]


class Read(HTMLParser):
    """What a browser would see of a page: its tags and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def hostile(district_home: Home) -> Edition:
    """The district's edition with hostile names, heads and addresses."""
    edition = Edition.gather(district_home, date(2017, 1, 21))
    table = edition.tables["institution"]
    names = polars.Series("name", [NAMES[n % len(NAMES)] for n in range(table.height)])
    named = table.with_columns(names, names.alias("head"), names.alias("address"))
    by_id = dict(named.select("id", "name").iter_rows())
    drawn = edition.tables["drawn"]
    drawn = drawn.with_columns(polars.Series("name", [by_id[id_] for id_ in drawn["id"]]))
    draws = tuple(
        replace(draw, row=draw.row | {"title": NAMES[1]}) if draw.is_published else draw
        for draw in edition.draws
    )
    tables = edition.tables | {"institution": named, "drawn": drawn}
    return replace(edition, tables=tables, draws=draws, authority=NAMES[0])


@pytest.fixture(scope="module")
def built(hostile: Edition, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of that edition; it passes its proofreading."""
    folder = tmp_path_factory.mktemp("hostile")
    everything = chain(SitePages(hostile).pages(), build_open_data(hostile))
    hashes = build._write_files(folder, everything, PageCache())
    (folder / LISTING).write_bytes(format_listing(hashes))
    proofread_folder(folder)
    return folder


def test_no_name_becomes_markup(built: Path) -> None:
    for file in built.rglob("*.html"):
        if file.name == "verify.html":  # shipped as it is, no name in it
            continue
        page = Read()
        # the one script of the site's own is no name's doing
        text = file.read_text(encoding="utf-8").replace('<script src="../search.js"></script>', "")
        page.feed(text)
        assert not page.tags & {"script", "img", "iframe"}, file
        assert not [name for name in page.attributes if name.startswith("on")], file


def test_every_name_stands_whole_on_its_page(hostile: Edition, built: Path) -> None:
    for row in hostile.tables["institution"].iter_rows(named=True):
        page = Read()
        page.feed((built / urls.institution_path(row["id"])).read_text(encoding="utf-8"))
        wanted = reveal_hidden_marks(row["name"] or row["id"]).replace("\r\n", "\n")
        assert wanted in page.text.replace("\r\n", "\n")


def test_hidden_marks_are_seen_on_pages(built: Path) -> None:
    for file in built.rglob("*.html"):
        assert "\u202e" not in file.read_text(encoding="utf-8"), file


def test_no_cell_of_the_tables_is_a_formula(hostile: Edition, built: Path) -> None:
    with (built / "data" / "institution.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert all(not row["name"].startswith(("=", "+", "-", "@")) for row in read)
    exact = (built / "data" / "institution.jsonl").read_text(encoding="utf-8").split("\n")[:-1]
    names = hostile.tables["institution"]["name"].to_list()
    assert [json.loads(line)["name"] for line in exact] == names
    assert polars.read_parquet(built / "data" / "institution.parquet")["name"].to_list() == names


def test_the_announcement_holds_every_name_as_text(hostile: Edition) -> None:
    published = next(draw for draw in hostile.draws if draw.is_published)
    drawn = [
        {"number": number, "id": f"示例{number}", "name": name, "authority": name}
        for number, name in enumerate(NAMES, start=1)
    ]
    notice = build_announcement(published, drawn, hostile.words)
    content = render_workbook(notice, WIDTHS)
    assert content == render_workbook(notice, WIDTHS)
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    start = table.index(list(COLUMNS))
    shown = [row[1] for row in table[start + 1 : start + 1 + len(NAMES)]]
    assert shown == [reveal_hidden_marks(name) for name in NAMES]
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert not [name for name in book.namelist() if "worksheets/_rels" in name]
