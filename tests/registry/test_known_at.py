"""--known-at means one thing in every command: a run that was, or the newest run up to a day (D-051)."""

from __future__ import annotations

from datetime import date

import pytest

from double_random.commands import credit_options
from double_random.core.errors import Misuse
from double_random.registry.institutions.queries import resolve_run
from double_random.registry.sync.sync_run import sync


def test_a_run_or_a_day_and_nothing_else(home, drop):
    sync(home, [drop], date(2016, 12, 31))
    (drop / "二.csv").write_text(
        (drop / "许可.csv").read_text("utf-8").replace("第1号", "第2号"), "utf-8"
    )
    sync(home, [drop], date(2017, 1, 31))
    with home.releases.read() as release:
        for resolve in (resolve_run, credit_options.known_at):
            assert resolve(release, "1") == resolve(release, "01") == 1
            assert resolve(release, "2017-01-30") == 1
            assert resolve(release, "2017-01-31") == 2
            for wrong in ("0", "99", "-1", "²", "２", "x", "2016-12-30", "2016-13-01"):
                with pytest.raises(Misuse):
                    resolve(release, wrong)
