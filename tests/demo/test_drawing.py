"""A draw of the tour ends only when its bundle verifies."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from double_random.core.errors import DoubleRandomError
from double_random.demo.drawing import draw_and_verify
from double_random.demo.printer import WIDTH, TourPrinter
from double_random.demo.scenes import ARCHIVES
from double_random.demo.story import AS_OF
from double_random.inspection.verification import bundle
from double_random.store.home import Home


def test_a_bundle_that_does_not_verify_ends_the_tour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last check is real: with one byte of the bundle changed on the way the tour fails."""
    from double_random import data
    from double_random.demo.story import _show_credit, _show_registers

    paper = TourPrinter(tmp_path / "bureau", False, Console(file=io.StringIO(), width=WIDTH))
    home = _show_registers(paper, paper.home, data.path("sample"))
    _show_credit(paper, home, data.path("sample"))
    whole = bundle.gather_bundle

    def spoilt(home: Home, draw: str, auditor: bool = False) -> dict[str, bytes]:
        files = whole(home, draw, auditor)
        return {**files, "list.csv": files["list.csv"].replace("示".encode(), "事".encode(), 1)}

    monkeypatch.setattr(bundle, bundle.gather_bundle.__name__, spoilt)
    with pytest.raises(DoubleRandomError, match=r"list\.csv"):
        draw_and_verify(paper, home, ARCHIVES, AS_OF)
