"""A home and bundles of the version before the program became one import package: they open, hold, and go on.

tests/homes/: made from the sample drop on 2026-11-29 (init, sync, load, score, a draw by balls, published, bundled).
Its keys are of a fictitious bureau.
"""

from __future__ import annotations

import tarfile
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.credit.policy.catalog import load_policy
from double_random.credit.scoring.kept_scores import load_scores
from double_random.inspection.verification.verify import verify_bundle
from double_random.publish.site import build
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.soundness import refuse_damaged

HOMES = Path(__file__).parent / "homes"
CODE = "9MK7-SP75-CSDW-U4SP-69XZ-777R-WQKQ-72SA"
DAY = date(2026, 10, 31)
RELEASE = "000004-59d4c135cf61"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    with tarfile.open(HOMES / "before-one-package.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return Home.open(tmp_path / "home")


def test_it_opens_whole(home: Home) -> None:
    assert home.releases.current() == RELEASE
    assert refuse_damaged(home.releases, RELEASE).startswith("59d4c135cf61")
    assert home.log.verify() > 5
    with home.releases.read() as release:
        found = load_scores(release, DAY, load_policy(home))
    assert dict(found["grade"].value_counts().iter_rows()) == {"A": 146, "B": 16, "C": 2, "D": 1}


def test_the_same_drop_is_no_news_and_the_site_is_built(home: Home) -> None:
    report = sync_registers(home, [data.path("sample")], DAY)
    assert report.release == home.releases.current() and not report.refused
    built = build.build_site(home, date(2026, 11, 29))
    assert (built / "draws" / "old-1" / "index.html").is_file()


@pytest.mark.parametrize("kind", ["public", "auditor"])
def test_its_bundles_verify(kind: str, home: Home) -> None:
    verdict = verify_bundle(HOMES / f"old-{kind}.zip", home.log.public, CODE)
    assert verdict.fault is None and verdict.kind == kind
