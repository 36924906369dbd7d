"""Logs each release that a command makes, before it becomes the current one.

Every command that makes a release runs inside this context manager. The protocol's list of entry kinds is closed: a
change that is neither a score nor an undo is logged as `sync`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from double_random.store.home import Home
    from double_random.store.releases import Draft


@contextmanager
def log_new_release(
    home: Home, kind: Literal["sync", "score", "undo"], at: str | None = None
) -> Iterator[None]:
    """Log the release made inside the block, with the roots of its registers, before it becomes the current one.

    If no release is made, nothing is logged. Raises Damaged if the log names releases but not the current one.
    `at`: the time of the act, if it is not now.
    """
    from double_random.inspection.draw.lifecycle import check_act_time
    from double_random.inspection.draw.register_roots import describe_release
    from double_random.store.releases import announce_releases

    time = check_act_time(at) if at else ""
    with home.log.hold() as pen:  # refuse an invalid time before the work, not after it
        pen.check_time(time or pen.next_time())
    home.releases.require_logged()

    def append_entry(draft: Draft) -> None:
        with home.releases.read(draft.name) as release:
            described = describe_release(home, release)
        with home.log.hold() as pen:
            pen.append({"kind": kind, "time": time or pen.next_time(), **described})

    with announce_releases(append_entry):
        yield
