"""Commands typed in processes of their own: forked from one that has loaded the program and has done nothing else.

`python -c ACTING` reads a line of JSON, a list of [home, words], starts them all at the same time, and answers with
[exit code, what it wrote] of each.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

ACTING = """
import importlib, io, json, os, sys
from double_random import cli

for where, _text in cli.COMMANDS.values():
    importlib.import_module("double_random.commands." + where.partition(".")[0])

def start(home, words):
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    os.dup2(writing, 1), os.dup2(writing, 2)
    sys.stdin = open(os.devnull)
    sys.stdout, sys.stderr = (
        io.TextIOWrapper(os.fdopen(at, "wb", 0), encoding="utf-8", write_through=True) for at in (1, 2)
    )
    sys.argv = ["double-random", "--home", home, "--lang", "en", *words]
    try:
        cli.main()
    except SystemExit as ended:
        os._exit(ended.code)
    os._exit(99)

for line in sys.stdin:
    started = [start(home, words) for home, words in json.loads(line)]
    found = []
    for child, reading in started:
        with os.fdopen(reading, "rb") as said:
            text = said.read().decode("utf-8", "replace")
        found.append([os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text])
    print(json.dumps(found), flush=True)
"""


class Typist:
    """Types commands: one, or several at the same time."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def together(self, lines: Sequence[tuple[Path, Sequence[str]]]) -> list[tuple[int, str]]:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps([(str(home), words) for home, words in lines]) + "\n")
        self.process.stdin.flush()
        return [(code, said) for code, said in json.loads(self.process.stdout.readline())]

    def type(self, home: Path, words: Sequence[str]) -> tuple[int, str]:
        (done,) = self.together([(home, words)])
        return done


@contextmanager
def typist() -> Iterator[Typist]:
    """A process that types."""
    with subprocess.Popen(
        [sys.executable, "-c", ACTING],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Typist(process)
        assert process.stdin is not None
        process.stdin.close()
