"""Every database is opened in one place, and none draws on standard output."""

from __future__ import annotations

from pathlib import Path

from double_random.store.database import open_database
from tests.conftest import ROOT

PROGRESS = "SELECT current_setting('enable_progress_bar')"


def test_no_query_draws_its_progress(tmp_path: Path) -> None:
    with open_database() as connection:
        assert connection.execute(PROGRESS).fetchall() == [(False,)]
    with open_database(tmp_path / "one.duckdb") as connection:
        connection.execute("CREATE TABLE one AS SELECT 1 AS value")
    with open_database(tmp_path / "one.duckdb", True, {"threads": 1}) as connection:
        assert connection.execute(PROGRESS).fetchall() == [(False,)]
        assert connection.execute("FROM one").fetchall() == [(1,)]
        assert connection.execute("SELECT current_setting('threads')").fetchall() == [(1,)]


def test_no_other_module_opens_a_database() -> None:
    packages = ("commands", "credit", "inspection", "intake", "pipeline", "publish", "registry")
    files = [file for name in (*packages, "store", "demo") for file in (ROOT / name).rglob("*.py")]
    opening = {
        file.relative_to(ROOT).as_posix() for file in files if "duckdb.connect(" in file.read_text()
    }
    assert opening == {"store/database.py"}
