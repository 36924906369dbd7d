"""Tables as Parquet files on storage that a cluster shares."""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars
import pytest

from double_random.store.engine.warehouse import Warehouse

RELEASE = "000001-0123456789ab"


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "it's shared", "file:///cluster")


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE firms AS SELECT 'a' AS id, '示例' AS name")
    return connection


def test_columns_of_a_release_are_written_once(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection
) -> None:
    path = warehouse.keep(connection, "firms", "id, name", RELEASE)
    name = path.rpartition("/")[2]
    assert path == f"file:///cluster/{RELEASE}/{name}" and name.startswith("firms-")
    file = warehouse.here / RELEASE / name
    assert polars.read_parquet(file).rows() == [("a", "示例")]
    connection.execute("DROP TABLE firms")
    assert warehouse.keep(connection, "firms", "id, name", RELEASE) == path
    assert [each.name for each in file.parent.iterdir()] == [name]


def test_other_columns_are_another_file(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection
) -> None:
    paths = {warehouse.keep(connection, "firms", columns, RELEASE) for columns in ("id", "name")}
    assert len(paths) == 2


def test_given_tables_are_numbered(warehouse: Warehouse) -> None:
    frame = polars.DataFrame({"number": [1]})
    paths = [warehouse.put(frame, "asked", "session-1") for _time in range(2)]
    assert paths == [f"file:///cluster/session-1/given/asked-{n}.parquet" for n in (0, 1)]


def test_what_the_cluster_wrote_is_read_and_a_session_leaves_nothing(
    warehouse: Warehouse, connection: duckdb.DuckDBPyConnection
) -> None:
    assert not warehouse.read(connection, "answers", "session-1")
    folder = warehouse.here / "session-1" / "answers" / "part"
    folder.mkdir(parents=True)
    polars.DataFrame({"number": [7]}).write_parquet(folder / "0.parquet")
    assert warehouse.read(connection, "answers", "session-1")
    assert connection.execute("FROM answers").fetchall() == [(7,)]
    warehouse.drop("session-1")
    assert not (warehouse.here / "session-1").exists()


def test_only_tables_of_releases_that_are_gone_are_removed(warehouse: Warehouse) -> None:
    warehouse.prune([])  # before anything was written
    gone = "000002-ba9876543210"
    for folder in (RELEASE, gone, "session-1"):
        (warehouse.here / folder).mkdir(parents=True)
    warehouse.prune([RELEASE])
    assert {folder.name for folder in warehouse.here.iterdir()} == {RELEASE, "session-1"}
