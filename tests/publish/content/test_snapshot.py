"""An edition: what one build shows. A grade is published only by a bureau's own policy that permits it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.publish.content.snapshot import Edition, PublishedLog
from double_random.publish.site.pages import SitePages
from double_random.publish.site.statistics import build_figures
from double_random.store.home import Home
from tests.publish import editions

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
        content.decode() for path, content in SitePages(edition).pages() if path.endswith(".html")
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


def test_each_policy_that_makes_grades_public_has_its_own(
    district_home: Home, tmp_path: Path
) -> None:
    """Two public policies and an internal one: every institution shows the two, the statistics have both."""
    copy = Path(shutil.copytree(district_home.path, tmp_path / "home", symlinks=True))
    shipped = data.path("policies", "risk-100.toml").read_text(encoding="utf-8")
    folder = copy / "facts" / "policies"
    folder.mkdir(parents=True, exist_ok=True)
    for name, public in (("one", "grade"), ("two", "all"), ("three", "no")):
        text = (
            shipped.replace('id = "risk-100"', f'id = "{name}"')
            .replace('public = "no"', f'public = "{public}"')
            .replace("example = true", "example = false")
        )
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    edition = Edition.gather(Home.open(copy), DAY)
    table = edition.tables["grade"]
    assert table["policy"].unique().sort().to_list() == ["one", "two"]
    everything = pages(edition)
    assert everything.count('class="tag grade"') == table.height
    ids = [figure.id for figure in build_figures(edition)]
    assert [id for id in ids if id.startswith("grades")] == [
        "grades-1-kinds",
        "grades-1-districts",
        "grades-2-kinds",
        "grades-2-districts",
    ]
    by_kind = next(one for one in build_figures(edition) if one.id == "grades-2-kinds")
    assert by_kind.rows[-1][-1] == table.filter(policy="two").height


def test_a_class_that_the_list_omits_has_no_rows() -> None:
    edition = editions.edition({"institution": [editions.FIRM]})
    assert [row["name"] for row in edition.rows("institution")] == ["示例律师事务所"]
    assert list(edition.rows("approval")) == list(edition.rows("unlisted")) == []


def test_the_age_of_a_source_is_in_days_and_unknown_if_it_was_never_read() -> None:
    edition = editions.edition(sources={"sync": date(2026, 10, 31)}, as_of=date(2026, 11, 3))
    assert edition.age_in_days("sync") == 3
    assert edition.age_in_days("load") is None


def test_the_log_of_an_edition_ends_with_its_checkpoint(home: Home) -> None:
    for number in (1, 2):
        time = f"2017-01-0{number}T01:00:00Z"
        home.log.append({"kind": "sync", "release": f"{number:064x}", "time": time})
    whole = PublishedLog.read(home)
    assert [entry["release"][-1] for entry in whole.entries] == ["1", "2"]
    assert (whole.checkpoint, whole.key) == (home.log.checkpoint, home.log.public.text)
    assert whole.lines == tuple(home.log.lines())
    with home.log.file.open("ab") as file:  # a writer adds the line before it signs the new head
        file.write(whole.lines[-1] + b"\n")
    assert PublishedLog.read(home) == whole


def test_an_empty_home_has_no_edition(home: Home) -> None:
    with pytest.raises(Misuse, match="release"):
        Edition.gather(home, DAY)
