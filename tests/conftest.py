"""What tests share: the facts beside the checkout, a fresh home."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.home import Home

ROOT = Path(__file__).parent.parent


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
