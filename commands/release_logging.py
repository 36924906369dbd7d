"""Logs each release that a command makes, before it becomes the current one.

Every command that makes one runs inside `logged`. The protocol's list of entries is closed: what is no score and no
undo is told as `sync`, for what is known has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from double_random.store.home import Home


@contextmanager
def logged(
    home: Home, kind: Literal["sync", "score", "undo"], at: str | None = None
) -> Iterator[None]:
    """Log the hash of the release that the work inside makes, before it becomes the current one.

    Where it made none, nothing is logged. Damaged where the log names releases, and not the current one: nothing is
    built upon it. `at`: when it was done, where that is not now.
    """
    from double_random.inspection.draw.lifecycle import moment
    from double_random.store.releases import announced

    then = moment(at) if at else ""
    with (
        home.log.hold() as pen
    ):  # a time that the log refuses is refused before the work, not after it
        pen.check_time(then or pen.stamp())
    home.releases.require_logged()

    def tell(hash_: str) -> None:
        with home.log.hold() as pen:
            pen.append({"kind": kind, "time": then or pen.stamp(), "release": hash_})

    with announced(tell):
        yield
