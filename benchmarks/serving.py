"""`publish serve` beside the standard library's server and datasette: `python -m benchmarks.serving`.

The demo's site, or `--site FOLDER`; the same pages in the same order from each server, by one client that keeps its
connection where the server allows it (http.server speaks HTTP/1.0 and closes it) and by one that never does. Rounds
are interleaved and medians told. What counts is the server's CPU time a request; requests a second are beside it, with
the client's own work in them. Every answer is checked: 200, and as many bytes as the file has. datasette (make
bench-peers) answers one institution of the same open data as JSON: other work, so no goal, named beside.
"""

from __future__ import annotations

import argparse
import http.client
import io
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.frozen import Row, freeze

OURS = """
import sys
from pathlib import Path
from double_random.publish.site.preview_server import serve_site
serve_site(Path(sys.argv[1]), port=int(sys.argv[2]))
"""
GOAL = 0.8
PEERS = Path(__file__).parent.parent / ".venv-peers" / "bin" / "python"


def demo_site(folder: Path) -> Path:
    """The site of the demo's bureau."""
    from rich.console import Console

    from double_random.demo.story import run_tour

    run_tour(folder / "home", console=Console(file=io.StringIO(), width=80))
    return folder / "home" / "public"


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def begin(stack: ExitStack, words: list[str], port: int, folder: Path) -> subprocess.Popen[bytes]:
    """A server that answers on a port."""
    quiet = subprocess.DEVNULL
    server = subprocess.Popen(words, cwd=folder, stdout=quiet, stderr=quiet)
    stack.callback(server.wait)
    stack.callback(server.terminate)
    for _ in range(600):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            assert server.poll() is None, words
            time.sleep(0.05)
    raise AssertionError(f"nobody answers on {port}: {words}")


def cpu(server: subprocess.Popen[bytes]) -> float:
    """Seconds of work of a server so far."""
    times = Path(f"/proc/{server.pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def ask(port: int, pages: list[tuple[str, int]], anew: bool) -> float:
    """Seconds for all pages; `anew`: a connection for each."""
    client = http.client.HTTPConnection("127.0.0.1", port)
    started = time.perf_counter()
    for path, size in pages:
        client.request("GET", f"/{path}", headers={"Connection": "close"} if anew else {})
        answer = client.getresponse()
        content = answer.read()
        assert answer.status == 200 and (size < 0 or len(content) == size), (path, answer.status)
        if anew:
            client.close()
    client.close()
    return time.perf_counter() - started


def measure(site: Path, rounds: int, requests: int) -> dict[tuple[str, bool], list[float]]:
    """{(server, anew): medians of CPU seconds and wall seconds a request}."""
    files = sorted(file for file in site.rglob("*.html"))
    pages = [
        (file.relative_to(site).as_posix(), file.stat().st_size)
        for file in (files * (requests // len(files) + 1))[:requests]
    ]
    took: dict[tuple[str, bool], list[tuple[float, float]]] = {}
    with ExitStack() as stack:
        ports = {name: free_port() for name in ("publish serve", "http.server")}
        servers = {
            "publish serve": [sys.executable, "-c", OURS, str(site), str(ports["publish serve"])],
            "http.server": [
                *(sys.executable, "-m", "http.server", "--bind", "127.0.0.1"),
                str(ports["http.server"]),
            ],
        }
        running = {name: begin(stack, servers[name], ports[name], site) for name in servers}
        asked: dict[str, list[tuple[str, int]]] = dict.fromkeys(servers, pages)
        found = datasette(stack, site)
        if found is not None:
            running["datasette"], ports["datasette"], asked["datasette"] = found
        for turn in range(rounds + 1):
            for name, server in running.items():
                for anew in (False, True):
                    before = cpu(server)
                    wall = ask(ports[name], asked[name], anew)
                    if turn:  # the first one warms both up
                        spent = (cpu(server) - before, wall)
                        took.setdefault((name, anew), []).append(spent)
    return {
        key: [
            statistics.median(each[place] for each in times) / len(asked[key[0]])
            for place in (0, 1)
        ]
        for key, times in took.items()
    }


def datasette(stack: ExitStack, site: Path) -> Any:
    """datasette over the institutions of the same site: process, port, requests; None where it is not installed."""
    there = [str(PEERS), "-c", "import datasette"]
    if not PEERS.exists() or subprocess.run(there, stderr=subprocess.DEVNULL).returncode:
        return None
    import sqlite3

    import polars

    table = polars.read_parquet(site / "data" / "institution.parquet")
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="double-random-bench-")))
    with sqlite3.connect(folder / "institution.db") as base:
        base.execute("CREATE TABLE institution (id TEXT PRIMARY KEY, name TEXT, uscc TEXT)")
        base.executemany(
            "INSERT INTO institution VALUES (?, ?, ?)", table.select("id", "name", "uscc").rows()
        )
    base.close()
    port = free_port()
    words = [str(PEERS), "-m", "datasette", "serve", "institution.db", "-p", str(port)]
    asked = [
        (f"institution/institution/{id_}.json", -1)
        for id_ in table["id"].to_list()
        if id_.isalnum()
    ]
    return begin(stack, words, port, folder), port, (asked * 500)[:500]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--site", type=Path)
    words.add_argument("--rounds", type=int, default=7)
    words.add_argument("--requests", type=int, default=2_000)
    asked = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="double-random-bench-") as folder:
        site = (asked.site or demo_site(Path(folder))).resolve()
        files = sum(1 for file in site.rglob("*") if file.is_file())
        found = measure(site, asked.rounds, asked.requests)
    rows = []
    for (name, anew), (spent, wall) in found.items():
        ours = name == "publish serve"
        base = found["http.server", anew][0]
        ratio = base / spent
        rows.append(
            Row(
                f"{name}, {'a connection for each request' if anew else 'connections kept'}",
                spent * 1000,
                "CPU ms",
                ratio if name != "http.server" else None,
                f"at least {GOAL} x as fast as http.server" if ours else "",
                ratio >= GOAL if ours else None,
                f"of the server a request; {1 / wall:,.0f} requests a second, client included",
            )
        )
    freeze("serving", f"Looking at a site of {files:,} files", rows)


if __name__ == "__main__":
    main()
