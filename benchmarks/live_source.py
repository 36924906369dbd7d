"""A live source on a real PostgreSQL server: `python -m benchmarks.live_source` (200,000 decisions).

The first read, a night with 500 changes that reads only these, and the same register by a full read into another home;
a run that is killed in the middle and run again gives the same release. Needs Debian's package postgresql.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from benchmarks.decisions import HEADER, decisions
from benchmarks.frozen import Row, freeze

VARIABLE = "BENCHMARK_APPROVALS"
FIRST, NEXT = date(2026, 1, 1), date(2026, 1, 2)
SOURCE = """\
query = '''SELECT {columns}, changed_at FROM approvals'''
connection = "{variable}"
layout = "permits-2018"
watermark = "changed_at"
"""
REGISTER = (
    "SELECT * EXCLUDE (known_from, known_to) FROM institutions WHERE known_to IS NULL ORDER BY ALL"
)


def tool(name: str) -> str:
    """A program of the newest PostgreSQL that is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not found:
        sys.exit("error: PostgreSQL is not installed; hint: apt-get install postgresql")
    return str(found[-1])


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server of our own on loopback, its data in this folder; its address."""
    folder.mkdir(mode=0o700)
    run_as = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    if run_as:
        shutil.chown(folder, "postgres")
        folder.parent.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data, log = str(folder / "data"), str(folder / "log")

    def run(*words: str) -> None:
        subprocess.run([*run_as, *words], check=True, capture_output=True, cwd="/")

    run(tool("initdb"), "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8")
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    run(tool("pg_ctl"), "-D", data, "-w", "-o", options, "-l", log, "start")
    try:
        yield f"postgresql://test@127.0.0.1:{port}/postgres"
    finally:
        run(tool("pg_ctl"), "-D", data, "-m", "immediate", "stop")


def fill(address: str, institutions: int, rows: int, changed: int) -> None:
    """The approvals of `benchmarks/decisions.py`, the last `changed` of them a day later, in a table of their own."""
    import polars
    from adbc_driver_postgresql import dbapi

    late = polars.int_range(polars.len()) >= rows
    frame = decisions(institutions, rows, changed).with_columns(late=late)
    frame = frame.rename(dict(zip(frame.columns, HEADER, strict=False)))
    with dbapi.connect(address) as connection:
        with connection.cursor() as cursor:
            cursor.adbc_ingest("laid", frame.to_arrow(), mode="create")
            columns = ", ".join(f'"{name}"' for name in HEADER)
            cursor.execute(
                f"""CREATE TABLE approvals AS SELECT {columns}, late,
                    timestamptz '2026-01-01 20:00:00+08' - row_number() OVER () * interval '1 minute' AS changed_at
                    FROM laid WHERE NOT late"""
            )
            cursor.execute("CREATE INDEX ON approvals (changed_at)")
        connection.commit()


def change(address: str) -> None:
    """The later approvals come in."""
    from adbc_driver_postgresql import dbapi

    with dbapi.connect(address) as connection:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO approvals SELECT *, timestamptz '2026-01-02 20:00:00+08' FROM laid WHERE late"
            )
        connection.commit()


def killed_and_again(home: Path, source: Path) -> str:
    """Kill the first read once it writes, then run it again; the release's name."""
    from double_random.store.home import Home

    words = ["--home", home, "registry", "sync", source, "--as-of", FIRST.isoformat()]
    command = [sys.executable, "-m", "double_random.cli", *map(str, words)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    releases = Home.create(home).releases
    first = subprocess.Popen(command, **quiet)
    while not list(releases.segments.path.glob("*.parquet")):
        if first.poll() is not None:
            raise SystemExit("error: the run ended before it could be killed")
        time.sleep(0.01)
    first.kill()
    first.wait()
    assert releases.current() is None
    subprocess.run(command, check=True, **quiet)
    return releases.current() or ""


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--institutions", type=int, default=50_000)
    words.add_argument("--rows", type=int, default=200_000)
    words.add_argument("--changed", type=int, default=500)
    asked = words.parse_args()
    from double_random.registry.sync.sync_run import sync_registers
    from double_random.store.home import Home

    seconds: dict[str, float] = {}

    def measured(name: str, home: Home, day: date, rows: int) -> str:
        started = time.perf_counter()
        report = sync_registers(home, [source], day)
        seconds[name] = time.perf_counter() - started
        (file,) = report.files
        assert file.rows == file.accepted == rows, file
        return report.release

    with (
        tempfile.TemporaryDirectory(prefix="double-random-bench-") as name,
        server(Path(name, "server")) as address,
    ):
        folder = Path(name)
        os.environ[VARIABLE] = address
        source = folder / "审批库.toml"
        columns = ", ".join(f'"{name}"' for name in HEADER)
        source.write_text(SOURCE.format(columns=columns, variable=VARIABLE), encoding="utf-8")
        fill(address, asked.institutions, asked.rows, asked.changed)
        home, whole = Home.create(folder / "home"), Home.create(folder / "whole")
        first = measured("first", home, FIRST, asked.rows)
        again = killed_and_again(folder / "killed", source)
        change(address)
        measured("night", home, NEXT, asked.changed)
        measured("whole", whole, NEXT, asked.rows + asked.changed)
        with home.releases.read() as one, whole.releases.read() as other:
            assert one.frame(REGISTER).equals(other.frame(REGISTER))
        assert first == again, (first, again)
    size = f"{asked.rows:,} decisions of {asked.institutions:,} institutions"
    rows = [
        Row(f"first read of {size} from PostgreSQL", seconds["first"]),
        Row(
            f"a night with {asked.changed} changes", seconds["night"], "s", seconds["night"] / seconds["first"],
            f"reads only the {asked.changed}; the register is that of a full read", True, "ratio to the first read",
        ),
        Row("the full read of the same night", seconds["whole"]),
        Row("killed while it wrote, run again: other releases", 0, "", None, "the same release hash", True),
    ]  # fmt: skip
    if asked.rows == words.get_default("rows"):
        freeze("live_source", "A live source: PostgreSQL, read by its watermark", rows)
    else:
        print(seconds)


if __name__ == "__main__":
    main()
