"""Processes of tests that begin where a fresh one stands after its imports: forked from a server that did only these.

A started process has its own arguments, folder, environment and streams, may be killed, and ends with an exit code;
what it lacks is the second that Python takes to import. `python -m tests.forked SOCKET` is the server.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from tests.loaded import load_program

ROOT = Path(__file__).parent.parent
PROGRAM = "double_random.cli:main"
LARGEST = 1 << 20  # bytes of a request

# `double-random` for a shell script: hands over its arguments, folder, environment and streams.
SHIM = """\
#!{python}
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    asked = {{"call": {program!r}, "words": sys.argv[1:], "folder": os.getcwd(), "environment": dict(os.environ)}}
    socket.send_fds(server, [json.dumps(asked).encode() + b"\\n"], [0, 1, 2])
    said = server.makefile()
    said.readline()
    sys.exit(int(said.readline()))
"""


# --- the side of a test ---------------------------------------------------------------------------------------------


@dataclass
class Forked:
    """A process that the server has started."""

    pid: int
    answers: IO[str]

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

    def wait(self) -> int:
        """Its exit code, as `subprocess` says it: negative for a signal."""
        with self.answers:
            return int(self.answers.readline())


def start(
    words: Sequence[str | Path],
    streams: Sequence[int],
    *,
    call: str = PROGRAM,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> Forked:
    """Start a process that calls a function with these words as its arguments, and these three files as its streams."""
    asked = {
        "call": call,
        "words": [str(word) for word in words],
        "folder": str(folder),
        "environment": dict(os.environ if environment is None else environment),
    }
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(server_address())
    socket.send_fds(connection, [json.dumps(asked).encode() + b"\n"], streams)
    answers = connection.makefile()
    connection.close()  # the file keeps it open
    return Forked(int(answers.readline()), answers)


def run(
    words: Sequence[str | Path],
    *,
    call: str = PROGRAM,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    mixed: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Run a process to its end; `mixed`: what it wrote on both streams is in `stdout`."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(os.devnull) as none:
        streams = (none.fileno(), out.fileno(), (out if mixed else err).fileno())
        code = start(words, streams, call=call, folder=folder, environment=environment).wait()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8", "replace"))
    return subprocess.CompletedProcess([str(word) for word in words], code, *said)


def server_address() -> str:
    """The socket of this test process's server, which ends when its standard input does."""
    with _starting:  # threads of a test may ask at once
        return _start_server()


_starting = threading.Lock()


@cache
def _start_server() -> str:
    folder = tempfile.mkdtemp(prefix="forked-")
    address = f"{folder}/socket"
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forked", address],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    _running.append(process)
    return address


_running: list[subprocess.Popen[str]] = []


def stop_server() -> None:
    """End the server, if one was started; what it and its processes took counts for this process."""
    for process in _running:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        shutil.rmtree(Path(server_address()).parent, ignore_errors=True)
    _running.clear()
    _start_server.cache_clear()


def write_shim(folder: Path) -> Path:
    """A folder for PATH, with a `double-random` that the server runs."""
    folder.mkdir()
    shim = folder / "double-random"
    shim.write_text(
        SHIM.format(python=sys.executable, address=server_address(), program=PROGRAM), "utf-8"
    )
    shim.chmod(0o755)
    return folder


# --- the server -----------------------------------------------------------------------------------------------------


def serve(address: str) -> None:
    """Import everything, then fork for each request until the standard input ends."""
    load_program()
    waiting: dict[
        int, tuple[int, socket.socket]
    ] = {}  # a process's descriptor: its number, and who asked
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(address)
        listening.listen(64)
        print("ready", flush=True)
        while True:
            ready, _writing, _failing = select.select([0, listening, *waiting], [], [])
            for found in ready:
                if found == 0:
                    return
                if found is listening:
                    connection, _from = listening.accept()
                    others = [listening, *(other for _pid, other in waiting.values())]
                    pid = _fork(connection, others)
                    waiting[os.pidfd_open(pid)] = (pid, connection)
                else:
                    _report(found, *waiting.pop(found))


def _fork(connection: socket.socket, others: Sequence[socket.socket]) -> int:
    """Start what was asked for; its number is answered at once. It keeps none of the server's other sockets."""
    content, streams, _flags, _from = socket.recv_fds(connection, LARGEST, 3)
    while not content.endswith(b"\n"):
        content += connection.recv(LARGEST)
    pid = os.fork()
    if pid == 0:
        for other in (connection, *others):
            other.close()
        _become(json.loads(content), streams)
    for stream in streams:
        os.close(stream)
    connection.sendall(f"{pid}\n".encode())
    return pid


def _report(descriptor: int, pid: int, connection: socket.socket) -> None:
    os.close(descriptor)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    with connection, contextlib.suppress(BrokenPipeError):
        connection.sendall(f"{code}\n".encode())


def _become(asked: dict[str, object], streams: Sequence[int]) -> None:
    """Be the process that was asked for, to its end."""
    environment, words, call = asked["environment"], asked["words"], str(asked["call"])
    assert isinstance(environment, dict) and isinstance(words, list)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(str(asked["folder"]))
    coding, _colon, errors = os.environ.get("PYTHONIOENCODING", "utf-8").partition(":")
    sys.stdin, sys.stdout, sys.stderr = (
        io.TextIOWrapper(
            os.fdopen(
                number, "rb" if number == 0 else "wb", 0 if number == 2 else -1, closefd=False
            ),
            encoding=coding,
            errors=errors or ("backslashreplace" if number == 2 else "strict"),
            line_buffering=number == 2,
        )
        for number in range(3)
    )
    sys.argv = ["double-random", *words]
    module, _colon, function = call.partition(":")
    code = 99
    try:
        getattr(importlib.import_module(module), function)()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1 if ended.code else 0
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 1
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(sys.argv[1])
