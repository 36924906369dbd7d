"""ZIP archives: the contained files under their names; an archive that might do harm is refused as a whole."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

from double_random.core.errors import BadFile
from double_random.intake import reasons

LARGEST = 512 << 20  # bytes that an archive may unpack to, all its files together
MOST = 1_000  # files
_ENTRY = b"PK\x01\x02"  # one in the archive's directory for each file
_ENTRIES = 100_000  # workbooks inside have entries of their own
_UTF8, _ENCRYPTED = 0x800, 0x1  # flag bits of APPNOTE.TXT, 4.4.4
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # other methods may need any amount of memory


def read_members(file: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Each file's name and content, in order of name; nothing is written to disk.

    The sizes stated in the archive's directory are not trusted: bytes are counted while they are read. BadFile if a
    path leads out of the archive, names are doubled, or it unpacks to more than the bounds.
    """
    if raw.count(_ENTRY) > _ENTRIES:
        raise BadFile(file, reasons.ARCHIVE_TOO_LARGE)
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, OSError, ValueError, NotImplementedError):
        raise BadFile(file, reasons.NOT_AN_ARCHIVE) from None
    with archive:
        entries: dict[str, zipfile.ZipInfo] = {}
        for entry in archive.infolist():
            name = _decode_name(entry)
            if _is_unsafe_path(name):
                raise BadFile(file, reasons.CLIMBS_OUT)
            if entry.flag_bits & _ENCRYPTED:
                raise BadFile(file, reasons.ARCHIVE_PROTECTED)
            if name.endswith("/"):
                continue
            if name in entries:
                raise BadFile(file, reasons.TWO_OF_ONE_NAME)
            entries[name] = entry
        if not entries:
            raise BadFile(file, reasons.ARCHIVE_EMPTY)
        if len(entries) > MOST:
            raise BadFile(file, reasons.ARCHIVE_TOO_LARGE)
        left = LARGEST
        for name in sorted(entries):
            content = _read_member(file, archive, entries[name], left)
            left -= len(content)
            yield name, content


def _decode_name(entry: zipfile.ZipInfo) -> str:
    """The decoded name: without the UTF-8 flag, Chinese Windows wrote GB18030."""
    name = entry.orig_filename
    if not entry.flag_bits & _UTF8:
        written = name.encode("cp437")  # so zipfile decoded it
        for encoding in ("utf-8", "gb18030"):
            try:
                name = written.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _is_unsafe_path(name: str) -> bool:
    """Whether a path is not a plain path below its folder."""
    return (
        ".." in PurePosixPath(name).parts
        or PurePosixPath(name).is_absolute()
        or bool(PureWindowsPath(name).drive)
        or not name.isprintable()
    )


def _read_member(file: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> bytes:
    if entry.compress_type not in _METHODS:
        raise BadFile(file, reasons.NOT_AN_ARCHIVE)
    try:
        with archive.open(entry) as stream:
            content = stream.read(left + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError):
        raise BadFile(file, reasons.NOT_AN_ARCHIVE) from None
    if len(content) > left:
        raise BadFile(file, reasons.ARCHIVE_TOO_LARGE)
    return content
