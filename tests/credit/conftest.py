"""What the tests of credit share: a home with a district's registers and records, made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from double_random.credit.policy.catalog import load_policy
from double_random.credit.records.load import load_records
from double_random.credit.scoring.score_run import score_institutions
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.releases import Release
from tests.templates import make_once

DAY = date(2016, 12, 31)


@pytest.fixture(scope="session")
def district(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    """A home after a sync and a load; nobody changes it."""
    drop = shared / "inputs" / "district"

    def load_district(folder: Path) -> None:
        home = Home.create(folder / "home")
        sync_registers(home, [drop], DAY)
        load_records(home, [drop], DAY)

    return make_once(tmp_path_factory, "district", load_district) / "home"


@pytest.fixture
def loaded(district: Path, tmp_path: Path) -> Home:
    """A copy of it, to change."""
    shutil.copytree(district, tmp_path / "home", symlinks=True)
    return Home.open(tmp_path / "home")


@pytest.fixture(scope="session")
def scored(tmp_path_factory: pytest.TempPathFactory, district: Path) -> Home:
    """A copy of it with the scores of the day; nobody changes it."""

    def score_district(folder: Path) -> None:
        shutil.copytree(district, folder / "home", symlinks=True)
        home = Home.open(folder / "home")
        score_institutions(home, DAY, load_policy(home))

    return Home.open(make_once(tmp_path_factory, "scored", score_district) / "home")


@pytest.fixture
def release(scored: Home) -> Iterator[Release]:
    """The release with the scores, to read."""
    with scored.releases.read() as opened:
        yield opened
