"""A penalty that was repaired, or whose term has ended, is in no file: site, older editions, log, feeds, package."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars
import pytest

from double_random.credit.records.rulings import Ruling, enter_ruling
from double_random.publish.site import build, signed_package
from double_random.store.home import Home
from tests.publish.unpacked import unpacked

DAY, NEXT, LATER = date(2017, 1, 21), date(2017, 1, 22), date(2026, 11, 1)


@pytest.fixture
def home(district_home: Home, tmp_path: Path) -> Home:
    """A copy of the district's home with its site."""
    copied = Home.open(Path(shutil.copytree(district_home.path, tmp_path / "home", symlinks=True)))
    build.build_site(copied, DAY)
    return copied


def penalties(home: Home) -> polars.DataFrame:
    """What is shown, with the institutions' names."""
    names = polars.read_parquet(home.public / "data" / "institution.parquet")
    shown = polars.read_parquet(home.public / "data" / "penalty.parquet")
    return shown.join(
        names.select("name", "uscc", institution="id"), on="institution", how="left"
    ).filter(polars.col("document").is_not_null())


def found(folder: Path, row: dict[str, str]) -> list[str]:
    """The files, opened down to a workbook's cells, that hold an institution and a document number together."""
    return [
        path
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
        for path, text in unpacked(file.relative_to(folder).as_posix(), file.read_bytes())
        if row["document"] in text and (row["name"] in text or row["institution"] in text)
    ]


def repair(home: Home, record: str, day: date) -> None:
    ruling = Ruling(
        record_class="repair",
        kind="",
        state="decided",
        about=record,
        document="示例修〔2017〕1号",
        decided=day,
        authority="示例市司法局",
        note="",
    )
    enter_ruling(home, ruling, "2017-01-22T02:00:00Z")


def test_a_repaired_penalty_is_in_no_file_that_lies_on_the_server(
    home: Home, tmp_path: Path
) -> None:
    editions, outside = home.path / "editions", tmp_path / "outside"
    signed_package.pack_edition(home, tmp_path / "one.zip")
    signed_package.apply_package(tmp_path / "one.zip", outside, home.log.public.text)
    row, *others = penalties(home).to_dicts()
    assert len(found(editions, row)) >= 5  # a page, four tables
    repair(home, row["record"], NEXT)
    build.build_site(home, NEXT)
    signed_package.pack_edition(home, tmp_path / "two.zip")
    signed_package.apply_package(tmp_path / "two.zip", outside)
    for folder in (editions, outside, home.path / "log"):
        assert found(folder, row) == []
    assert others and all(
        found(editions, other) for other in others
    )  # the search finds what is there


def test_penalties_whose_terms_have_ended_are_in_no_file(home: Home) -> None:
    before = penalties(home).to_dicts()
    assert before
    build.build_site(home, LATER)
    for row in before:
        assert found(home.path / "editions", row) == []
        assert found(home.path / "log", row) == []


def test_an_edition_stays_where_nothing_has_ended(home: Home) -> None:
    build.build_site(home, NEXT)
    assert len(list((home.path / "editions").glob("[0-9]*"))) == 2
