"""A delivery folder (交付文件夹): written beside the target, checked, and swapped in as a whole.

Its SHA256SUMS lists the files written by this program. The result names every file that differs from the previous
folder, so that the operator knows what to paste or upload; a removed file must be taken down on the target too.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.publish.disclosure.output_checks import (
    LISTING,
    format_listing,
    refuse_personal_numbers,
)
from double_random.store import output_files


@dataclass(frozen=True)
class Delivery:
    """The files of a delivered folder compared with the previous ones, by path."""

    folder: Path
    new: tuple[str, ...]
    rewritten: tuple[str, ...]
    same: tuple[str, ...]
    gone: tuple[str, ...]  # must be taken down on the target


def write_delivery(
    folder: Path, files: Iterable[tuple[str, bytes]], public_digits: Set[str]
) -> Delivery:
    """Write files into a folder of their own; all of them or none.

    `known`: digits that are public by nature (output_checks.identifiers). Misuse if the folder contains other files,
    Stopped if a file contains a possible personal number; the folder then stays unchanged.
    """
    before = _read_delivered_hashes(folder)
    beside = folder.with_name(f".{folder.name}.new")
    old = folder.with_name(f".{folder.name}.old")
    for left in (beside, old):
        shutil.rmtree(left, ignore_errors=True)
    beside.mkdir(parents=True)
    try:
        hashes: dict[str, str] = {}
        for path, content in files:
            if path in hashes:
                raise ValueError(f"two files at {path}")
            refuse_personal_numbers(path, content, public_digits)
            (beside / path).parent.mkdir(parents=True, exist_ok=True)
            (beside / path).write_bytes(content)
            hashes[path] = hashlib.sha256(content).hexdigest()
        (beside / LISTING).write_bytes(format_listing(hashes))
        if folder.exists():
            os.rename(folder, old)
        os.rename(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)
    return Delivery(
        folder,
        tuple(sorted(hashes.keys() - before.keys())),
        tuple(sorted(path for path in hashes if before.get(path, hashes[path]) != hashes[path])),
        tuple(sorted(path for path in hashes if before.get(path) == hashes[path])),
        tuple(sorted(before.keys() - hashes.keys())),
    )


def _read_delivered_hashes(folder: Path) -> dict[str, str]:
    """Read the hashes of the existing files from SHA256SUMS. Misuse if there are files that it does not list."""
    if not folder.exists():
        return {}
    listed: dict[str, str] = {}
    if (folder / LISTING).is_file():
        lines = (folder / LISTING).read_text(encoding="utf-8").splitlines()
        listed = {line[66:]: line[:64] for line in lines}
    present = (
        {file.relative_to(folder).as_posix() for file in folder.rglob("*") if not file.is_dir()}
        if folder.is_dir()
        else {folder.name}
    )
    changed = sorted(
        path
        for path, digest in listed.items()
        if (folder / path).is_file()
        and hashlib.sha256((folder / path).read_bytes()).hexdigest() != digest
    )
    if changed and not output_files.is_forced():
        raise Misuse(
            _("{folder} holds {file}, which was changed since it was written").format(
                folder=folder, file=changed[0]
            ),
            _("choose another folder, or replace it with --force"),
        )
    others = sorted(present - {*listed, LISTING})
    if others:
        raise Misuse(
            _("{folder} holds {file}, which this program did not write").format(
                folder=folder, file=others[0]
            ),
            _("name an empty folder, or a new one"),
        )
    return listed
