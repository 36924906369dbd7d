"""Everything that leaves a house with 200 planted texts: public folder, portal, upload files, sealed package."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from double_random.core.translation import load_catalogue
from double_random.publish.exports.upload_files import WAITING
from tests.publish.planted import Figures, search

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which it is built."""
    return tmp_path_factory.mktemp("planted")


@pytest.fixture(scope="module")
def found(house: Path) -> Figures:
    """What the search of all of it found."""
    return search(house)


def test_nothing_planted_is_anywhere(found: Figures) -> None:
    assert found.texts == 200 and found.values > 100 and found.files > 100
    assert found.left == ()


def test_most_facts_go_out_masked_and_few_are_held_for_nothing(found: Figures) -> None:
    assert found.shown >= 160
    assert found.held_for_nothing < 20  # of 400: five percent


def test_the_page_on_security_has_these_figures(found: Figures) -> None:
    page = (ROOT / "docs" / "concepts" / "security.md").read_text("utf-8")
    told = (
        f"{found.shown} went out masked, {found.waiting} wait for a look; "
        f"{found.held_for_nothing} of 400 texts were held for nothing."
    )
    assert told in page


def test_the_drop_itself_holds_them(house: Path, found: Figures) -> None:
    text = (house / "drop" / "处罚.csv").read_text(encoding="utf-8")
    assert text.count("身份证") > 30 and "张三" in text


def test_facts_that_wait_are_the_reason_why_a_penalty_is_not_uploaded(
    house: Path, found: Figures
) -> None:
    text = (house / "upload" / "left_out.csv").read_text("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text)) if row[3] == "违法事实"]
    assert len(rows) == found.waiting > 0
    assert {row[4] for row in rows} == {load_catalogue("zh_CN").gettext(WAITING)}
