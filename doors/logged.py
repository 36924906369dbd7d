"""A run that makes a new release is an entry of the log: nobody can say later that another register was drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.home import Home


@contextmanager
def logged(home: Home, kind: str, at: str | None = None) -> Iterator[None]:
    """Log the hash of the release that the work inside has made, as `sync` (a load, too) or `score`.

    Where it made none, nothing is logged. `at`: when it was done, where that is not now.
    """
    from inspection.acts import moment

    then = moment(at) if at else ""
    with (
        home.log.hold() as pen
    ):  # a time that the log refuses is refused before the work, not after it
        pen.check_time(then or pen.stamp())
    before = home.releases.current()
    yield
    after = home.releases.current()
    if after is None or after == before:
        return
    with home.releases.read(after) as release:
        made = release.hash
    with home.log.hold() as pen:
        pen.append({"kind": kind, "time": then or pen.stamp(), "release": made})
