"""A run that makes a new release is an entry of the log: nobody can say later that another register was drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from store.home import Home


@contextmanager
def logged(home: Home, kind: str) -> Iterator[None]:
    """Log the hash of the release that the work inside has made, as `sync` or `score`; nothing where it made none."""
    from inspection.acts import now

    before = home.releases.current()
    yield
    after = home.releases.current()
    if after is None or after == before:
        return
    with home.releases.read(after) as release:
        made = release.hash
    home.log.append({"kind": kind, "time": now(), "release": made})
