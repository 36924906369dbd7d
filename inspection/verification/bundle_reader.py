"""Reads a bundle from a folder or a .zip, also one that a file manager packed again.

Small files that file managers add are set aside, one top folder is looked into. Damage of transport is no fault of the
bundle: it cannot be judged.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.inspection.draw.bundle_files import MARKS
from double_random.inspection.verification.verdict import CannotJudge

LARGEST = 1 << 30  # a bundle of a million rows has about 0.3 GB
TEXTS = (".json", ".jsonl", ".csv", ".md", ".py", ".html")
_STRAYS = (".DS_Store", "Thumbs.db", "desktop.ini")
_HIDDEN_STRAYS = ("._", "__MACOSX")
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x61  # flag bits: encrypted, compressed patched data, strong encryption
_STREAMED = 0x08  # flag bit: CRC and sizes stand behind the data, and in the directory


@dataclass(frozen=True)
class ReadFiles:
    """The files of a bundle by name, and what file managers left beside them."""

    files: dict[str, bytes]
    strays: tuple[str, ...] = ()


def read_bundle(source: Path) -> ReadFiles:
    """Return the files of a bundle.

    BadFile names a file that cannot be read; CannotJudge if the archive was damaged or packed in an unknown way;
    Misuse if the path does not exist, or has none of the files that mark a bundle.
    """
    if source.is_dir():
        return _read_folder(source)
    if source.is_file():
        return _read_archive(source)
    raise Misuse(
        _("there is no bundle at {path}").format(path=source),
        _("a bundle is a folder or a .zip, as `double-random inspection bundle` writes it"),
    )


def demand_published_copy(why: str) -> CannotJudge:
    """Why this copy cannot be judged; the next step is to take the archive as it was published."""
    return CannotJudge(why, _("take the .zip as it was published"))


def refuse_rewritten_texts(files: Mapping[str, bytes]) -> None:
    """CannotJudge if a program rewrote the line ends or the beginning of a text file on its way."""
    for name in sorted(files):
        content = files[name]
        is_text = name in ("checkpoint", "inner") or name.endswith(TEXTS)
        if is_text and (b"\r\n" in content or content.startswith(b"\xef\xbb\xbf")):
            raise demand_published_copy(
                _("{file}: its line ends or its beginning were rewritten").format(file=name)
            )


def is_stray(name: str) -> bool:
    """Did a file manager write this file? A name may be a path in an archive."""
    return any(part in _STRAYS or part.startswith(_HIDDEN_STRAYS) for part in name.split("/"))


def _require_mark(source: Path, names: Iterable[str]) -> None:
    """Raise Misuse if no name marks a bundle, at the top or inside a folder of an archive."""
    if not any(name.rpartition("/")[2] in MARKS for name in names):
        raise Misuse(
            _("this is no bundle: {path}").format(path=source),
            _("a bundle is a folder or a .zip, as `double-random inspection bundle` writes it"),
        )


def _read_folder(source: Path) -> ReadFiles:
    paths, strays = _list_folder(source)
    if len(paths) == 1 and stat.S_ISDIR(paths[0].lstat().st_mode):
        paths, more = _list_folder(paths[0])
        strays += more
    _require_mark(source, [file.name for file in paths])
    files = {}
    for file in paths:
        if not stat.S_ISREG(file.lstat().st_mode):
            raise BadFile(file.name, _("this is no plain file"))
        if file.lstat().st_size > LARGEST:
            raise BadFile(file.name, _("this file is too large for a bundle"))
        files[file.name] = file.read_bytes()
    return ReadFiles(files, tuple(strays))


def _list_folder(folder: Path) -> tuple[list[Path], list[str]]:
    paths = sorted(folder.iterdir())
    kept = [path for path in paths if not is_stray(path.name)]
    return kept, [path.name for path in paths if is_stray(path.name)]


def _read_archive(source: Path) -> ReadFiles:
    data = source.read_bytes()
    at_start = [
        name
        for name in MARKS
        if b"PK\x03\x04" in data[: 1 << 16] and name.encode() in data[: 1 << 16]
    ]
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error):
        _require_mark(source, at_start)
        raise _damaged(source.name) from None
    with archive:
        _require_mark(source, [*(_plain_name(name) for name in archive.namelist()), *at_start])
        if sum(member.file_size for member in archive.infolist()) > LARGEST:
            raise BadFile(source.name, _("this archive is too large for a bundle"))
        count = data[data.rfind(b"PK\x05\x06") + 10 :][:2]
        if len(archive.infolist()) != int.from_bytes(count, "little"):
            raise _damaged(source.name)  # an entry of the directory swallowed those after it
        members = [
            (_plain_name(member.filename), _read_member(archive, member, data))
            for member in archive.infolist()
        ]
    return _sort_out([(name, content) for name, content in members if not name.endswith("/")])


def _damaged(name: str) -> CannotJudge:
    return demand_published_copy(_("{file}: the archive is damaged").format(file=name))


def _plain_name(name: str) -> str:
    """A member's name as it lies in a folder; some programs write the separator of Windows."""
    name = name.replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, data: bytes) -> bytes:
    if member.flag_bits & _ENCRYPTED or member.compress_type not in _METHODS:
        raise demand_published_copy(
            _("{file}: encrypted, or packed by another method than store and deflate").format(
                file=member.filename
            )
        )
    said = struct.pack("<LLL", member.CRC, member.compress_size, member.file_size)
    start = member.header_offset + 14
    if not member.flag_bits & _STREAMED and data[start : start + 12] != said:
        raise _damaged(member.filename)
    try:
        return archive.read(member)
    except MemoryError:
        raise
    except (
        Exception
    ):  # a broken archive makes the library raise zlib.error, EOFError, RuntimeError and others
        raise _damaged(member.filename) from None


def _sort_out(members: list[tuple[str, bytes]]) -> ReadFiles:
    """The files of a bundle out of the members of an archive; one top folder is looked into."""
    kept = [(name, content) for name, content in members if not is_stray(name)]
    tops = {name.partition("/")[0] for name, _content in kept}
    if len(tops) == 1 and "" not in tops and all("/" in name for name, _content in kept):
        kept = [(name.partition("/")[2], content) for name, content in kept]
    files: dict[str, bytes] = {}
    for name, content in kept:
        if name in files:
            raise BadFile(name, _("it stands twice in the archive"))
        files[name] = content
    return ReadFiles(files, tuple(name for name, _content in members if is_stray(name)))
