"""A new release is an entry of the log; a run that made none is not."""

from __future__ import annotations

from datetime import date

from doors.logged import logged
from store.home import Home


def test_a_release_is_logged_by_its_hash_once(home: Home) -> None:
    before = len(home.log.entries())
    with logged(home, "sync"), home.releases.write("sync", date(2026, 11, 22)) as release:
        release.connection.execute("create table example as select 1 as one")
    with logged(home, "score"):
        pass
    (entry,) = home.log.entries()[before:]
    with home.releases.read() as opened:
        assert (entry["kind"], entry["release"]) == ("sync", opened.hash)
    home.log.verify()
