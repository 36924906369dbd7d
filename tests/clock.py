"""A stopped clock, for tests whose days are still to come: `with stopped("2027-01-31")`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from double_random.core import clock


@contextmanager
def stopped(day: str) -> Iterator[None]:
    """The clock of this process shows the end of a day, YYYY-MM-DD."""
    before = clock.utc_now
    clock.utc_now = lambda: datetime.fromisoformat(f"{day}T23:59:00").replace(tzinfo=UTC)
    try:
        yield
    finally:
        clock.utc_now = before
