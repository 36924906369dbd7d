"""Every human view after every kind of act upon registers, records and the site."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.commands.views import COSTLY, REGISTERS, VIEWS, Bureau, walk


def test_every_view_can_be_seen_after_every_act(toured: Path, tmp_path: Path) -> None:
    """D-029, D-038: in Chinese and English, 80 columns wide, on several code pages; none fails, none is silent."""
    shutil.copytree(toured, tmp_path / "bureau", symlinks=True)
    bureau = Bureau(tmp_path / "bureau", tmp_path / "kept")
    cheap = [name for name in VIEWS if name not in COSTLY]
    walk(bureau, REGISTERS, cheap, tuple(COSTLY))
