"""A draw whose papers are filed; see tests/inspection/filing.py."""

from __future__ import annotations

from tests.inspection.filing import filing, later

__all__ = ["filing", "later"]
