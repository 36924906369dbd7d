"""A Spark server that is not there, goes away, hangs or is another program: one clear error, soon, nothing changed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc
import polars as pl
import pytest

from double_random.store.engine.spark import ServerUnreachable, Spark, load_client
from double_random.store.home import Home
from tests.conftest import sail
from tests.generated import DAY, generate

load_client()

from pyspark.sql.connect.proto import base_pb2, base_pb2_grpc  # noqa: E402

SOON = 15.0  # seconds


@contextlib.contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """A plain listener that does something with whoever comes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(16)
        held: list[socket.socket] = []

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    came, _address = listener.accept()
                    held.append(came)
                    answer(came)

        threading.Thread(target=serve, daemon=True).start()
        yield f"sc://127.0.0.1:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)
        for came in held:
            came.close()


def rubbish(came: socket.socket) -> None:
    came.sendall(b"220 mail.example ready\r\n")
    came.close()


def silence(came: socket.socket) -> None:
    """It accepts and never answers."""


class OtherVersion(base_pb2_grpc.SparkConnectServiceServicer):
    """A server of Spark 3.5: a real one on loopback, with this one answer."""

    def AnalyzePlan(self, request: base_pb2.AnalyzePlanRequest, context: object) -> object:
        version = base_pb2.AnalyzePlanResponse.SparkVersion(version="3.5.7")
        return base_pb2.AnalyzePlanResponse(session_id=request.session_id, spark_version=version)


class Mute(base_pb2_grpc.SparkConnectServiceServicer):
    """A server that takes every call and ends none."""

    def __init__(self) -> None:
        self.ended = threading.Event()

    def AnalyzePlan(self, request: base_pb2.AnalyzePlanRequest, context: object) -> object:
        self.ended.wait(30)
        return base_pb2.AnalyzePlanResponse(session_id=request.session_id)


@contextlib.contextmanager
def grpc_server(service: OtherVersion | Mute | None) -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(2))
    if service is not None:
        base_pb2_grpc.add_SparkConnectServiceServicer_to_server(service, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"sc://127.0.0.1:{port}"
    if isinstance(service, Mute):
        service.ended.set()
    server.stop(None)


@contextlib.contextmanager
def named(address: str) -> Iterator[str]:
    yield address


SERVERS = {
    "closed port": (lambda: named("sc://127.0.0.1:1"), "refused"),
    "unknown host": (lambda: named("sc://nowhere.invalid:15002"), "nowhere.invalid"),
    "no address": (lambda: named("http://127.0.0.1:80"), "sc://HOST:PORT"),
    "no port": (lambda: named("sc://127.0.0.1:abc"), "sc://HOST:PORT"),
    "rubbish": (lambda: listening(rubbish), "look at the address"),
    "silence": (lambda: listening(silence), "does not answer"),
    "mute": (lambda: grpc_server(Mute()), "does not answer"),
    "another service": (lambda: grpc_server(None), "look at the address"),
    "another version": (
        lambda: grpc_server(OtherVersion()),
        "is Spark 3.5.7, this program speaks 4.x",
    ),
}


@pytest.fixture(scope="module")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home.create(tmp_path_factory.mktemp("bureau") / "home")
    generate(home, institutions=300, records=3_000)
    with home.log.hold():  # it has its keys, as after `init`
        pass
    return home


def files(home: Home) -> dict[str, bytes]:
    return {
        str(file.relative_to(home.path)): file.read_bytes()
        for file in home.path.rglob("*")
        if file.is_file() and not file.name.endswith(".lock")
    }


def run(home: Home, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "double_random.cli", "--home", str(home.path), *words]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )  # fmt: skip


@pytest.mark.parametrize("kind", SERVERS)
def test_a_command_says_it_in_one_error_and_changes_nothing(kind: str, bureau: Home) -> None:
    make, said = SERVERS[kind]
    before = files(bureau)
    with make() as address:
        began = time.monotonic()
        done = run(
            bureau, "credit", "score", "--as-of", str(DAY), "--engine", "spark", "--remote", address
        )
        out, err = done.communicate(timeout=60)
        took = time.monotonic() - began
    assert done.returncode == 1 and not out
    assert err.startswith("error: ") and "\nerror: " not in err and "Traceback" not in err
    assert said in err and "hint: " in err and len(err.strip().splitlines()) == 3
    assert took < SOON
    assert files(bureau) == before


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP], ids=["killed", "frozen"])
def test_a_server_that_goes_away_in_the_middle(
    end: signal.Signals, bureau: Home, tmp_path: Path
) -> None:
    before = files(bureau)
    with sail(tmp_path) as (address, server):
        tables = tmp_path / "tables"
        at_work = run(
            bureau, "credit", "score", "--as-of", str(DAY), "--engine", "spark",
            "--remote", address, "--tables", str(tables),
        )  # fmt: skip
        while not list(tables.glob("session-*/ledger*")):  # it computes
            assert at_work.poll() is None, at_work.stderr.read() if at_work.stderr else ""
            time.sleep(0.01)
        os.kill(server.pid, end)
        began = time.monotonic()
        out, err = at_work.communicate(timeout=60)
        took = time.monotonic() - began
    assert at_work.returncode == 1 and not out
    assert err.startswith("error: ") and "\nerror: " not in err and "Traceback" not in err
    assert "hint: " in err
    assert took < SOON
    assert files(bureau) == before
    assert not list(tables.glob("session-*"))


def test_a_query_that_waits_ends_when_the_server_freezes(tmp_path: Path) -> None:
    with sail(tmp_path) as (address, server), Spark(address) as engine:
        engine.give("t", pl.DataFrame({"x": [1, 2]}))
        threading.Timer(1, os.kill, [server.pid, signal.SIGSTOP]).start()
        began = time.monotonic()
        with pytest.raises(ServerUnreachable):
            for _turn in range(10_000):
                engine.ask("SELECT CAST(SUM(x) AS BIGINT) AS x FROM t")
        assert time.monotonic() - began < SOON


def test_a_table_without_rows_keeps_its_columns(spark_server: str) -> None:
    empty = pl.DataFrame(schema={"text": pl.String, "number": pl.Int64, "day": pl.Date})
    with Spark(spark_server) as engine:
        engine.give("empty", empty)
        engine.make("made", "SELECT * FROM empty")
        assert engine.ask("SELECT * FROM made").schema == empty.schema


def test_the_client_loads_in_a_program_from_standard_input() -> None:
    """Such a program's main module has no file; pyspark would take it for its own doctests and end the process."""
    code = (
        "from double_random.store.engine.spark import load_client\nload_client()\nprint('loaded')"
    )
    done = subprocess.run(
        [sys.executable, "-"], input=code, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (0, "loaded\n")
