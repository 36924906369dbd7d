"""A live source on a real PostgreSQL server: only what is new is read, and the register equals that of a full read."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from double_random.core.errors import DoubleRandomError, Misuse
from double_random.intake.credit_codes import check_character
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home

DAY, NEXT = date(2016, 12, 30), date(2016, 12, 31)
QUERY = """
query = '''SELECT name AS "XK_XDR_MC", code AS "XK_XDR_SHXYM", licence AS "XK_XKBH", paper AS "XK_WSH",
    '律师事务所执业许可证' AS "XK_XKZS", title AS "XK_XKWS", decided AS "XK_JDRQ", changed_at FROM approvals'''
connection = "TEST_APPROVALS"
layout = "permits-2018"
watermark = "changed_at"
"""
REGISTER = (
    "SELECT * EXCLUDE (known_from, known_to) FROM institutions WHERE known_to IS NULL ORDER BY ALL"
)


def find_tool(name):
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name)


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """A PostgreSQL server of our own on loopback; its address."""
    if not find_tool("initdb"):
        reason = "PostgreSQL is not installed: apt-get install postgresql"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    folder = Path("/tmp") / f"double-random-postgresql-{os.getpid()}"
    folder.mkdir(mode=0o700)
    user = "postgres" if os.getuid() == 0 else ""
    if user:
        shutil.chown(folder, user)
    run_as = ["runuser", "-u", user, "--"] if user else []
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(*words):
        subprocess.run([*run_as, *words], check=True, capture_output=True, cwd="/")

    run(find_tool("initdb"), "-D", str(folder / "data"), "-U", "test", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run(
        find_tool("pg_ctl"),
        "-D",
        str(folder / "data"),
        "-w",
        "-o",
        options,
        "-l",
        str(folder / "log"),
        "start",
    )
    try:
        yield f"postgresql://test@127.0.0.1:{port}/postgres"
    finally:
        run(find_tool("pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server, monkeypatch):
    """Runs statements in an empty table of approvals."""
    from adbc_driver_postgresql import dbapi

    monkeypatch.setenv("TEST_APPROVALS", server)

    def run(*statements):
        with dbapi.connect(server) as connection:
            with connection.cursor() as cursor:
                for statement in statements:
                    cursor.execute(statement)
            connection.commit()

    run(
        "DROP TABLE IF EXISTS approvals",
        """CREATE TABLE approvals (name text, code char(18), licence numeric(17), paper text, title text,
           decided date, changed_at timestamptz)""",
    )
    return run


@pytest.fixture
def source(tmp_path):
    file = tmp_path / "审批库.toml"
    file.write_text(QUERY, "utf-8")
    return file


def code(number):
    body = f"31310000XXXX{number:05d}"
    return body + check_character(body)


def firms(numbers, at, title="关于准予律师事务所设立的决定", paper="设", name="示例"):
    rows = ", ".join(
        f"('上海{name}{n}律师事务所', '{code(n)}', {10**16 + n}, '{paper}{n}号', '{title}', '2001-02-03', '{at}')"
        for n in numbers
    )
    return f"INSERT INTO approvals VALUES {rows}"


def register(home):
    with home.releases.read() as release:
        return release.frame(REGISTER)


def rows_of(report):
    return [(file.rows, file.accepted) for file in report.files]


def test_a_night_reads_only_what_is_new_and_equals_a_full_read(database, source, home, tmp_path):
    database(firms(range(3000), "2016-12-30 20:00:00+08"))
    assert rows_of(sync_registers(home, [source], DAY)) == [(3000, 3000)]
    renamed = "关于准予律师事务所变更名称的决定"
    database(
        firms(range(100, 150), "2016-12-31 01:00:00+08", renamed, "更", "新"),
        firms([9000], "2016-12-30 19:55:00+08"),  # committed late, with an earlier time
    )
    assert rows_of(sync_registers(home, [source], NEXT)) == [(51, 51)]
    release = home.releases.current()
    assert sync_registers(home, [source], NEXT).release == release, "nothing new, no release"
    other = Home.create(tmp_path / "other")
    sync_registers(other, [source], NEXT)
    assert register(home).equals(register(other))
    sync_registers(home, [source], NEXT, full=True)
    assert register(home).equals(register(other))


def test_what_the_database_no_longer_has_ends_with_a_full_read(database, source, home):
    database(firms(range(100), "2016-12-30 20:00:00+08"))
    sync_registers(home, [source], DAY)
    database("DELETE FROM approvals WHERE paper = '设7号'")
    sync_registers(home, [source], NEXT)
    assert register(home).height == 100
    sync_registers(home, [source], NEXT, full=True)
    assert register(home).height == 99
    with home.releases.read() as release:
        ended = release.frame(
            "SELECT id, known_to FROM institutions WHERE known_to IS NOT NULL"
        ).rows()
    assert [id_ for id_, _ in ended] == [code(7)], "what was known stays"


def test_a_run_that_is_killed_begins_again_where_the_last_whole_one_ended(
    database, source, home, tmp_path
):
    database(firms(range(3000), "2016-12-30 20:00:00+08"))
    words = ["--home", home.path, "registry", "sync", source, "--as-of", "2016-12-30"]
    killed = subprocess.Popen(
        [sys.executable, "-m", "double_random.cli", *words], cwd=Path(__file__).parents[2]
    )
    until = time.monotonic() + 60
    while not list(home.releases.folder.glob(".writing*")) and killed.poll() is None:
        assert time.monotonic() < until
        time.sleep(0.01)
    killed.kill()
    killed.wait()
    again = sync_registers(home, [source], DAY).release
    other = Home.create(tmp_path / "other")
    assert sync_registers(other, [source], DAY).release == again


def test_mistakes_are_told_without_the_password(database, source, home, monkeypatch):
    source.write_text(QUERY.replace("FROM approvals", "FROM nothing"), "utf-8")
    with pytest.raises(DoubleRandomError, match="nothing"):
        sync_registers(home, [source], DAY)
    monkeypatch.setenv("TEST_APPROVALS", "postgresql://test:secret@127.0.0.1:1/x")
    with pytest.raises(DoubleRandomError) as error:
        sync_registers(home, [source], DAY)
    assert "secret" not in str(error.value)
    monkeypatch.delenv("TEST_APPROVALS")
    with pytest.raises(Misuse, match="TEST_APPROVALS"):
        sync_registers(home, [source], DAY)
