"""The statistics and the map: numbers that agree with the tables they count, and nothing that points to a person."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from double_random.publish.content.snapshot import Edition
from double_random.publish.site.statistics import StatisticsFigure, build_figures
from double_random.store.home import Home

DAY = date(2017, 1, 21)


@pytest.fixture(scope="module")
def edition(district_home: Home) -> Edition:
    return Edition.gather(district_home, DAY)


def figure(edition: Edition, which: str) -> StatisticsFigure:
    (found,) = [one for one in build_figures(edition) if one.id == which]
    return found


def test_institutions_add_up(edition: Edition) -> None:
    table = edition.tables["institution"]
    found = figure(edition, "register")
    assert found.rows[-1][-1] == table.height
    assert found.rows[-1][1] == (table["status"] == "active").sum()
    assert found.bars and sum(bar.number for bar in found.bars.bars) == table.height


def test_coverage_is_the_registers_own(edition: Edition, district_home: Home) -> None:
    from double_random.registry.quality.coverage import compute_coverage

    with district_home.releases.read() as release:
        told = compute_coverage(release, DAY).json()
    last = figure(edition, "coverage").rows[-1]
    assert (last[1], last[-1]) == (told["covered"], told["approvals"])


def test_a_draw_without_case_file_says_so(edition: Edition) -> None:
    found = figure(edition, "inspections")
    drawn = edition.tables["drawn"].height
    assert found.rows == (("2017", 0, 0, 0, drawn, drawn),)
    assert figure(edition, "results").rows == ()


def test_where_no_rule_makes_grades_public_that_is_said(edition: Edition) -> None:
    found = figure(edition, "grades")
    assert found.rows == () and found.bars is None
    assert "均未规定公开等级" in found.told


def test_complaints_are_told_in_spans_alone(edition: Edition, shared: Path) -> None:
    found = figure(edition, "complaints")
    assert edition.allowed.complaints is not None
    fewest = edition.allowed.complaints.fewest
    assert found.rows
    assert all(number == "不足5件" or int(number) >= fewest for _, number in found.rows)
    assert "合计" not in [row[0] for row in found.rows]


def test_a_list_without_complaints_counts_none(edition: Edition) -> None:
    silent = replace(edition, allowed=replace(edition.allowed, complaints=None))
    assert figure(silent, "complaints").rows == ()


def test_each_picture_has_a_name_and_stands_beside_its_table(district_site: Path) -> None:
    page = (district_site / "statistics" / "index.html").read_text(encoding="utf-8")
    pictures = re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)
    assert len(pictures) == page.count('<div class="figure">') >= 3
    assert all("<title" in one and "<desc" in one for one in pictures)
    assert page.count("<table>") == page.count('<div class="figure">')
