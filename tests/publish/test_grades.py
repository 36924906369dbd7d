"""A grade goes out only by a bureau's own policy that says so; an example grades nobody in public."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

import data
from publish.edition import Edition
from publish.pages import Site
from store.home import Home

DAY = date(2017, 1, 21)


def with_policy(home: Home, target: Path, public: str, example: bool) -> Edition:
    """The home's edition where the risk policy is the bureau's own and says `public`."""
    copy = Path(shutil.copytree(home.path, target / "home", symlinks=True))
    text = data.path("policies", "risk-100.toml").read_text(encoding="utf-8")
    changed = text.replace('public = "no"', f'public = "{public}"').replace(
        "example = true", f"example = {str(example).lower()}"
    )
    folder = copy / "facts" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "risk-100.toml").write_text(changed, encoding="utf-8")
    return Edition.gather(Home.open(copy), DAY)


def pages(edition: Edition) -> str:
    """All pages as one text."""
    return "\n".join(
        content.decode() for path, content in Site(edition).pages() if path.endswith(".html")
    )


@pytest.mark.parametrize(("public", "example"), [("no", False), ("all", True)])
def test_internal_and_example_policies_publish_no_grade(
    district_home: Home, tmp_path: Path, public: str, example: bool
) -> None:
    edition = with_policy(district_home, tmp_path, public, example)
    assert edition.tables["grade"].height == 0
    assert 'class="tag grade"' not in pages(edition)


def test_a_policy_may_publish_grades_without_points(district_home: Home, tmp_path: Path) -> None:
    edition = with_policy(district_home, tmp_path, "grade", False)
    table = edition.tables["grade"]
    assert table.height > 50
    assert table["points"].null_count() == table.height
    assert pages(edition).count('class="tag grade"') == table.height


def test_a_policy_may_publish_points_too(district_home: Home, tmp_path: Path) -> None:
    edition = with_policy(district_home, tmp_path, "all", False)
    assert edition.tables["grade"]["points"].null_count() == 0
    assert "100.00" in pages(edition)
