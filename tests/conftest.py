"""What tests share: the facts beside the checkout, a fresh home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import language
from doors.home import use
from store.home import Home

ROOT = Path(__file__).parent.parent

settings.register_profile("shared-machine", deadline=None)  # no test is timed
settings.load_profile("shared-machine")


@pytest.fixture(autouse=True)
def as_if_just_started() -> Iterator[None]:
    """Every test finds the command line as a new process does: no --home, English."""
    yield
    use(None)
    language.choose("en")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of facts beside the checkout; users have none, so its tests skip there and say so."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("../shared is not here: this test compares with its files")
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home folder."""
    return Home.create(tmp_path / "home")
