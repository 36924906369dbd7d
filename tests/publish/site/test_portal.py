"""Notices for a portal: tables that an editor keeps, files to attach, and what to take down when something ended."""

from __future__ import annotations

import csv
import html
import io
import shutil
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import polars
import pytest
from python_calamine import CalamineWorkbook

from double_random.core.errors import Misuse
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Finding, Paper
from double_random.inspection.case.steps import Step
from double_random.inspection.draw.draw_folder import DrawFolder
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts
from double_random.publish.content.snapshot import Edition
from double_random.publish.exports import delivery, upload_files
from double_random.publish.site import portal
from double_random.store.home import Home
from tests.commands.test_publish import run

DAY = date(2017, 1, 21)
KEPT = {"table", "caption", "tbody", "tr", "th", "td", "br"}  # what portals' editors leave
ATTRIBUTES = {"border", "cellpadding", "width", "style", "scope", "align", "colspan", "nowrap"}


class Read(HTMLParser):
    """A fragment's tags, attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def written(district_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The district's notices."""
    return portal.build_portal_notices(
        district_home, DAY, tmp_path_factory.mktemp("portal") / "notices"
    ).folder


def test_a_fragment_is_one_table_that_an_editor_keeps(written: Path) -> None:
    pages = list(written.glob("*.html"))
    assert len(pages) > 6
    for file in pages:
        read = Read()
        text = file.read_text(encoding="utf-8")
        read.feed(text)
        assert read.tags.count("table") == 1 and set(read.tags) <= KEPT, file
        assert read.attributes <= ATTRIBUTES, file
        assert "://" not in text and "url(" not in text, file


def test_every_notice_stands_in_the_index_with_its_files(written: Path) -> None:
    rows = list(csv.reader(io.StringIO((written / "index.csv").read_text("utf-8-sig"))))[1:]
    named = {name for row in rows for cell in row[1:3] for name in cell.split()}
    there = {file.name for file in written.iterdir()}
    assert named | {"index.csv", "SHA256SUMS"} == there
    assert {
        "task-published.zip",
        "list-published.csv",
        "penalties.xlsx",
        "plan-waiting.html",
    } <= there


def test_a_waiting_draw_shows_its_code_and_no_list(written: Path, district_home: Home) -> None:
    text = (written / "plan-waiting.html").read_text(encoding="utf-8")
    assert DrawFolder.find(district_home, "waiting").read_plan().code in text
    assert not (written / "list-waiting.html").exists()
    assert not (written / "list-void.html").exists()


def test_attachments_hold_the_same_list(written: Path) -> None:
    read = list(csv.reader(io.StringIO((written / "list-published.csv").read_text("utf-8-sig"))))
    book = CalamineWorkbook.from_path(written / "list-published.xlsx").get_sheet_by_index(0)
    start = next(n for n, row in enumerate(book.to_python()) if row == read[0])
    shown = book.to_python()[start + 1 : start + len(read)]
    assert [[str(int(row[0])), *row[1:]] for row in shown] == read[1:]
    assert (written / "list-published.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.fixture(scope="module")
def visited(district_home: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    """The district's home a fortnight later: one of the drawn was visited, and its result published. And who it was."""
    folder = tmp_path_factory.mktemp("visited") / "home"
    shutil.copytree(district_home.path, folder, symlinks=True)
    home = Home.open(folder)
    one = case_file.read_case(home, "published").active_targets[0]
    for day, step in enumerate(
        ("approved", "notified", "coded", "inspected", "recorded", "told", "published"), start=5
    ):
        paper = Paper(one.id, Step(step), f"示例〔2017〕{day}号", f"2017-01-{day:02d}")
        content = [
            Finding(target=one.id, item=item, codes=("corrected",), found="内部记录")
            for item in one.items
        ]
        wanted = content if step == "recorded" else [paper]
        case_file.append_acts(home, "published", wanted, f"2017-01-{day:02d}T08:00:00Z")
    return home, one.name


def test_results_are_announced_once_published_and_reported(
    visited: tuple[Home, str], tmp_path: Path
) -> None:
    home, name = visited
    made = portal.build_portal_notices(home, DAY, tmp_path / "notices").folder
    text = (made / "results-published.html").read_text(encoding="utf-8")
    assert html.escape(name) in text and "发现问题已责令改正" in text
    assert "内部记录" not in text
    earlier = portal.build_portal_notices(home, date(2017, 1, 9), tmp_path / "before").folder
    assert not (earlier / "results-published.html").exists()
    sent, counts = upload_files.build_upload_files(home, DAY, tmp_path / "upload")
    assert counts["检查结果"] == 1
    (reading,) = read_drop([sent.folder / "检查结果.xlsx"], DAY, load_shipped_layouts())
    (row,) = reading.tables["inspections"].to_dicts()
    assert reading.issues.is_empty()
    assert (row["name"], row["task"], row["results"]) == (name, "published", ["corrected"])
    assert (row["class"], row["date"]) == ("random", date(2017, 1, 8))


def test_results_are_announced_by_their_words(district_home: Home) -> None:
    edition = Edition.gather(district_home, DAY)
    row = edition.tables["drawn"].row(0, named=True)
    result = dict.fromkeys(edition.tables["result"].columns) | {
        "draw": "published",
        "institution": row["id"],
        "name": row["name"],
        "item": "示例事项",
        "inspected": date(2017, 1, 10),
        "results": "corrected",
        "published": date(2017, 1, 12),
    }
    known = polars.DataFrame([result], schema=edition.tables["result"].schema)
    told = replace(edition, tables=edition.tables | {"result": known})
    notice = next(one for one in portal.list_notices(told) if one.name == "results-published")
    assert "发现问题已责令改正" in notice.rows[0] and "2017-01-10" in notice.rows[0]
    assert not [one for one in portal.list_notices(edition) if one.name.startswith("results-")]


def test_the_same_day_gives_the_same_bytes_and_nothing_to_do(
    district_home: Home, written: Path, tmp_path: Path
) -> None:
    again = portal.build_portal_notices(district_home, DAY, tmp_path / "again")
    for file in written.iterdir():
        assert (again.folder / file.name).read_bytes() == file.read_bytes(), file
    third = portal.build_portal_notices(district_home, DAY, tmp_path / "again")
    assert not (third.new or third.rewritten or third.gone)
    assert len(third.same) == len(list(written.iterdir())) - 1


def test_what_has_ended_is_told_to_be_taken_down(district_home: Home, tmp_path: Path) -> None:
    first = portal.build_portal_notices(district_home, DAY, tmp_path / "out")
    assert "penalties.html" in first.new
    later = portal.build_portal_notices(district_home, date(2026, 11, 1), tmp_path / "out")
    assert "penalties.html" in later.rewritten  # every penalty's term has ended
    kept = delivery.write_delivery(tmp_path / "out", [("index.csv", b"")], set())
    assert "penalties.html" in kept.gone and not (tmp_path / "out" / "penalties.html").exists()


def test_somebodys_own_folder_is_left_alone(district_home: Home, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("mine")
    with pytest.raises(Misuse, match=r"thesis\.docx"):
        portal.build_portal_notices(district_home, DAY, tmp_path)
    assert (tmp_path / "thesis.docx").read_text() == "mine"


def test_the_command_says_what_to_paste(district_home: Home, tmp_path: Path) -> None:
    day = ("--as-of", "2017-01-21")
    made = run(
        district_home.path,
        "publish",
        "build",
        *day,
        "--as",
        "portal",
        "--output",
        str(tmp_path / "x"),
    )
    assert made.returncode == 0, made.stderr
    assert "penalties.html" in made.stdout
    alone = run(district_home.path, "publish", "build", *day, "--as", "portal")
    assert alone.returncode == 2 and "--output" in alone.stderr
