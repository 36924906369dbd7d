"""Homes and drops of other packages' tests, for the commands that work on them."""

from __future__ import annotations

from tests.inspection.conftest import bureau, firm, registers, run, wish
from tests.inspection.filing import filing
from tests.publish.conftest import district_home, district_site
from tests.registry.conftest import ask, drop

__all__ = [
    "ask",
    "bureau",
    "district_home",
    "district_site",
    "drop",
    "filing",
    "firm",
    "registers",
    "run",
    "wish",
]
