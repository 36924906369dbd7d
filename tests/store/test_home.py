"""A home with its releases."""

from __future__ import annotations

from pathlib import Path

from double_random.store.home import Home
from double_random.store.releases import Releases


def test_a_home_has_its_releases_and_makes_them_once(tmp_path: Path) -> None:
    home = Home.create(tmp_path / "bureau")
    assert isinstance(home.releases, Releases)
    assert home.releases is home.releases
    assert home.releases.folder == home.path / "releases"
    assert home.releases.names() == [] and home.releases.current() is None
