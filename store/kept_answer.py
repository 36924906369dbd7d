"""The last answer about a release that took longer than its question may: kept until another release is asked about.

A release does not change, so neither does the answer. Who may not write beside the releases waits each time. Another
program may count otherwise: its files are part of what is compared.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from double_random.store import durable_files

PROGRAM = Path(__file__).parent.parent
SOURCES = (".py", ".sql")
Answer = dict[str, Any]


def describe_program(packages: Sequence[str]) -> str:
    """A digest of the names, sizes and times of these packages' files: another one after each change of the program."""
    digest = hashlib.sha256()
    for package in packages:
        for line in _list_files(PROGRAM / package):
            digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _list_files(folder: Path) -> Iterator[str]:
    for entry in sorted(os.scandir(folder), key=lambda one: one.name):
        if entry.is_dir():
            yield from _list_files(Path(entry.path))
        elif entry.name.endswith(SOURCES):
            status = entry.stat()
            yield f"{entry.path} {status.st_size} {status.st_mtime_ns}"


def read_answer(file: Path, about: Sequence[str]) -> Answer | None:
    """The answer kept about this (a release, a program); None if there is none, or it is damaged."""
    try:
        kept = json.loads(file.read_bytes())
        about_this = kept["about"] == list(about)
        digest = _digest(kept["about"], kept["answer"])
        return kept["answer"] if about_this and kept["sha256"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_answer(file: Path, about: Sequence[str], answer: Answer) -> None:
    """Keep an answer in place of the last one; nothing happens where the folder or the disk takes none."""
    kept = {"about": list(about), "answer": answer, "sha256": _digest(list(about), answer)}
    with suppress(OSError):
        durable_files.replace_file(file, json.dumps(kept, ensure_ascii=False).encode() + b"\n")


def _digest(about: Sequence[str], answer: Answer) -> str:
    return hashlib.sha256(json.dumps([about, answer]).encode()).hexdigest()
