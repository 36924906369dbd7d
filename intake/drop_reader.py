"""A drop: a bureau's files as delivered, read one by one. An unreadable file is refused, the others are read."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _
from double_random.intake import (
    archive,
    contents,
    delimited,
    header,
    headings,
    reasons,
    record_types,
    row_parser,
    workbook,
)
from double_random.intake.error_cells import UNCOMPUTED
from double_random.intake.file_reading import FileReading, empty_reading
from double_random.intake.issues import Origin, combine_issues
from double_random.intake.layouts import Layout
from double_random.intake.repeated_rows import count_repeats_once

if TYPE_CHECKING:
    import polars as pl

    from double_random.intake.sheet import Sheet

# Files with these suffixes are never skipped. Their content decides how they are read (`contents.py`).
TABLES = (
    *(
        ".csv",
        ".tsv",
        ".txt",
        ".xls",
        ".xlsx",
        ".xlsm",
        ".xlsb",
        ".xlt",
        ".xltx",
        ".et",
        ".ett",
        ".ods",
    ),
    *(".htm", ".html", ".mht", ".xml", ".zip", ".rar", ".7z", ".gz", ".tar"),
)
LARGEST = 2 << 30  # bytes of one file
_LEFT_ALONE = ("Thumbs.db", "desktop.ini", "__MACOSX")  # of operating systems


def read_drop(
    sources: Path | Sequence[Path], as_of: date, layouts: Sequence[Layout]
) -> list[FileReading]:
    """Every file of a folder (or of several, or files), in order of file name; each file of a ZIP at the archive's
    place.

    For each file rows = accepted + duplicates + quarantined. A row is a duplicate if the same typed content occurred
    before it in the drop, in this file or another of the same noun; the first one stays. So is a quarantined row that
    repeats an earlier one. Misuse if a source does not exist.
    """
    taken = [entry for each in find_files(sources) for entry in _read_found(each, as_of, layouts)]
    counts = _drop_duplicates(taken)
    return count_repeats_once(
        [_finish_reading(entry, copies) for entry, copies in zip(taken, counts, strict=True)]
    )


@dataclass(frozen=True)
class DropEntry:
    """An entry of a drop: its name (the path within its folder), its path, and the reason if it is not read."""

    name: str
    path: Path
    reason: str = ""


def list_files(sources: Path | Sequence[Path]) -> list[tuple[str, Path]]:
    """The files of a drop that can be opened, as `find_files` names them."""
    return [(entry.name, entry.path) for entry in find_files(sources) if not entry.reason]


def find_files(sources: Path | Sequence[Path]) -> list[DropEntry]:
    """Everything in a drop, in order of name. Misuse if a source does not exist.

    Hidden files and Excel's own lock files (~$…) are ignored. Pipes, devices, links that lead out of the drop and
    folders that cannot be opened are listed, with the reason.
    """
    seen: list[DropEntry] = []
    for source in [sources] if isinstance(sources, Path) else sources:
        if source.is_dir():
            seen += _walk_folder(source)
        elif source.exists():
            seen.append(
                DropEntry(
                    display_name(source.name),
                    source,
                    "" if source.is_file() else reasons.NOT_A_FILE,
                )
            )
        else:
            raise Misuse(
                _("{source}: no such file or folder").format(source=display_name(source)),
                _("give the folder that holds the bureau's files, or one of the files"),
            )
    return sorted(seen, key=lambda entry: (entry.name, os.fsencode(entry.path)))


def _walk_folder(source: Path) -> Iterator[DropEntry]:
    closed: list[str] = []
    for folder, below, names in os.walk(
        source, onerror=lambda error: closed.append(error.filename)
    ):
        below[:] = [name for name in below if not _is_ignored(name)]
        links = [name for name in below if Path(folder, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(folder, name)
            if not _is_ignored(name):
                reason = _unread_reason(path, source)
                if (
                    name in names or reason
                ):  # a link to a folder within: its files are found at their own place
                    yield DropEntry(display_name(path.relative_to(source).as_posix()), path, reason)
    for folder in closed:
        path = Path(folder)
        yield DropEntry(
            display_name(path.relative_to(source).as_posix()), path, reasons.FOLDER_CLOSED
        )


def _unread_reason(path: Path, source: Path) -> str:
    """The reason why something in a folder is not read; "" for a file."""
    if path.is_symlink() and not _links_followed.get():
        try:
            target = path.resolve(strict=True)
        except (OSError, RuntimeError):
            return reasons.LINK_TO_NOTHING
        if not target.is_relative_to(source.resolve()):
            return reasons.LEADS_OUT
    if not os.path.lexists(path) or path.is_file() or path.is_dir():
        return ""
    return reasons.NOT_A_FILE if path.exists() else reasons.LINK_TO_NOTHING


@contextmanager
def follow_links() -> Iterator[None]:
    """In this context links are read like files: for folders of links that this program has made itself."""
    token = _links_followed.set(True)
    try:
        yield
    finally:
        _links_followed.reset(token)


_links_followed: ContextVar[bool] = ContextVar("links_followed", default=False)


def display_name(path: Path | str) -> str:
    """A name as text: bytes that are not UTF-8 are read as GB18030, as names in a ZIP are, or written as \\xNN."""
    raw = os.fsencode(path)
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")


@dataclass
class _ReadFile:
    """A file that has been read, before duplicates are searched in the whole drop."""

    reading: FileReading
    sheets: list[row_parser.SheetRows]


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name in _LEFT_ALONE


def _read_found(entry: DropEntry, as_of: date, layouts: Sequence[Layout]) -> Iterator[_ReadFile]:
    if entry.reason:
        yield _ReadFile(empty_reading(entry.name, "", entry.path, entry.reason), [])
    else:
        yield from _read_file(entry.name, entry.path, as_of, layouts)


def _read_file(
    name: str, path: Path, as_of: date, layouts: Sequence[Layout]
) -> Iterator[_ReadFile]:
    """The delivered file itself, or each file of an archive."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadFile(name, reasons.FILE_TOO_LARGE)
        raw = path.read_bytes()
    except (OSError, BadFile) as error:
        reason = error.reason if isinstance(error, BadFile) else reasons.CANNOT_OPEN
        yield _ReadFile(empty_reading(name, "", path, reason), [])
        return
    with ThreadPoolExecutor(1) as beside:  # the hash is computed while the text is read
        digest = beside.submit(lambda content: hashlib.sha256(content).hexdigest(), raw)
        try:
            packed = _is_archive(name, raw)
            members = _archive_members(name, raw) if packed else [(name, raw)]
        except BadFile as error:
            broken = error.reason == reasons.NOT_AN_ARCHIVE and _file_suffix(name).startswith(
                ".xls"
            )
            reason = reasons.NOT_A_WORKBOOK if broken else error.reason
            yield _ReadFile(empty_reading(name, digest.result(), path, reason), [])
            return
        del raw  # a large file is not in memory twice while its columns are typed
        while members:
            name, raw = members.pop(0)
            try:
                if _file_suffix(name) not in TABLES:
                    reading = empty_reading(name, digest.result(), path, reasons.NO_TABLE, "other")
                    yield _ReadFile(reading, [])
                    continue
                sheets = open_sheets(name, raw, layouts)
                del raw
                yield _read_sheets(name, path, digest, sheets, as_of, layouts)
            except BadFile as error:
                yield _ReadFile(empty_reading(name, digest.result(), path, error.reason), [])


def _is_archive(name: str, raw: bytes) -> bool:
    """Whether a file is an archive: by its content, or by its name if that is damaged."""
    if _file_suffix(name) not in TABLES:
        return False
    if _file_suffix(name) == ".zip" and raw[:2] in (b"", b"P", b"PK"):
        return True
    return bool(raw) and contents.detect_kind(name, raw) == "archive"


def _archive_members(name: str, raw: bytes) -> list[tuple[str, bytes]]:
    """The files of an archive, as archive/name, without files of operating systems."""
    members = [
        (f"{name}/{member}", content)
        for member, content in archive.read_members(name, raw)
        if not any(_is_ignored(part) for part in member.split("/"))
    ]
    if not members:
        raise BadFile(name, reasons.ARCHIVE_EMPTY)
    return members


def _file_suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def open_sheets(name: str, raw: bytes, layouts: Sequence[Layout] = ()) -> Sequence[Sheet]:
    """The sheets of a file, by its content; a text is read in a layout's encoding if its header is that layout's."""
    if PurePosixPath(name).name.startswith("~$"):
        raise BadFile(name, reasons.LOCK_FILE)
    match contents.detect_kind(name, raw):
        case "workbook":
            return workbook.read_sheets(name, raw, "workbook")
        case "page":
            return workbook.read_sheets(name, delimited.decode_text(name, raw), "page")
        case "archive":
            raise BadFile(name, reasons.NESTED_ARCHIVE)
        case "text":
            for layout in layouts:
                text = delimited.decode_with(raw, layout.encoding) if layout.encoding else None
                sheet = delimited.DelimitedSheet(name, text) if text else None
                if sheet and header.find_header(sheet.top, [layout], name):
                    return [sheet]
            return [delimited.DelimitedSheet(name, delimited.decode_text(name, raw))]


def _explain_no_header(sheets: Sequence[Sheet], layouts: Sequence[Layout]) -> str:
    """Why no sheet is read: there is nothing in it, a known layout lacks a column, or none is known."""
    tops = [sheet.top for sheet in sheets]
    if not any(cell.strip() for top in tops for row in top for cell in row):
        return reasons.NOTHING_WRITTEN
    near = next(filter(None, (header.find_nearest_layout(top, layouts) for top in tops)), None)
    if near is None:
        separators = {sheet.separator for sheet in sheets} - {""}
        parted = [
            f"{reasons.SEPARATOR}: {_spell_separator(separator)}"
            for separator in sorted(separators)
        ]
        return "; ".join([reasons.NO_HEADER, *parted])
    lacking, strange = (_join_headings(names) for names in (near.lacking, near.strange))
    unknown = [f"{reasons.HEADINGS_UNKNOWN}: {strange}"] if strange else []
    if len(near.lacking) == 1:
        return "; ".join([f"{reasons.MISSING_COLUMN}: {lacking}", *unknown])
    named = f"{reasons.NEAREST_LAYOUT}: {near.layout.title}"
    return "; ".join([reasons.NO_HEADER, named, f"{reasons.HEADINGS_LACKING}: {lacking}", *unknown])


def _spell_separator(separator: str) -> str:
    return {"\t": "TAB"}.get(
        separator, separator if separator.isprintable() else f"U+{ord(separator):04X}"
    )


def _join_headings(names: Sequence[str]) -> str:
    """Headings as one text, the first ten of them, each shortened."""
    shortened = [name.replace(";", ",").replace(UNCOMPUTED, "")[:40] for name in names[:10]]
    return "、".join(shortened) + ("…" if len(names) > len(shortened) else "")


def _read_sheets(
    name: str,
    source: Path,
    digest: Future[str],
    sheets: Sequence[Sheet],
    as_of: date,
    layouts: Sequence[Layout],
) -> _ReadFile:
    read: list[row_parser.SheetRows] = []
    used: list[str] = []
    remarks: list[pl.DataFrame] = []
    for sheet in sheets:
        origin = Origin(name, sheet.name)
        header_ = header.find_header(sheet.top, layouts, name)
        if header_ is None:
            if any(cell.strip() for row in sheet.top for cell in row):
                remarks.append(origin.issue(None, "", "", reasons.UNKNOWN_SHEET))
            continue
        _refuse_unread_persons(name, header_)
        remarks += [origin.issue(None, "", value, reason) for reason, value in sheet.remarks]
        read.append(row_parser.read_rows(sheet, header_, origin, as_of))
        if header_.layout.id not in used:
            used.append(header_.layout.id)
    if not read:
        raise BadFile(name, _explain_no_header(sheets, layouts))
    sha256 = digest.result()
    issues = combine_issues(
        [*remarks, *(issue for sheet_rows in read for issue in sheet_rows.issues)], sha256
    )
    count, bad = (
        sum(sheet_rows.rows for sheet_rows in read),
        sum(sheet_rows.quarantined for sheet_rows in read),
    )
    reading = FileReading(
        file=name,
        sha256=sha256,
        result="read",
        reason="",
        layout=", ".join(used),
        rows=count,
        accepted=count - bad,
        duplicates=0,
        quarantined=bad,
        tables={},
        issues=issues,
        source=source,
    )
    return _ReadFile(reading, read)


def _refuse_unread_persons(name: str, found: header.Header) -> None:
    """BadFile if a sheet of records says which person a row is about, and its layout does not read that."""
    if found.layout.noun not in record_types.ABOUT_PERSONS:
        return
    cells = [found.cells[at] for at in found.unknown]
    unread = [cell for cell in cells if headings.names_person(headings.fold_header(cell))]
    if unread:
        raise BadFile(name, f"{reasons.PERSON_UNREAD}: {_join_headings(unread)}")


def _drop_duplicates(taken: Sequence[_ReadFile]) -> list[int]:
    """Drop, from the second on, rows of the same content; the number dropped of each file.

    A 64-bit hash finds the few candidates, and only they are compared in full, so a chance collision of
    hashes can never cost a row.
    """
    import polars as pl

    counts = [0] * len(taken)
    for noun, columns in record_types.NOUNS.items():
        numbered_sheets = [
            (index, sheet)
            for index, entry in enumerate(taken)
            for sheet in entry.sheets
            if sheet.noun == noun and sheet.accepted.height
        ]
        if not numbered_sheets:
            continue
        content = list(columns)
        hashes = pl.concat(
            [sheet.accepted.select(content).hash_rows() for _, sheet in numbered_sheets]
        )
        doubtful = hashes.is_duplicated()
        if not doubtful.any():
            continue
        candidates, start = [], 0
        for _place, sheet in numbered_sheets:
            here = doubtful.slice(start, sheet.accepted.height)
            candidates.append(sheet.accepted.select(content).filter(here))
            start += sheet.accepted.height
        first = pl.concat(candidates).select(pl.struct(pl.all()).is_first_distinct()).to_series()
        stays = (
            pl.Series([True]).new_from_index(0, doubtful.len()).scatter(doubtful.arg_true(), first)
        )
        start = 0
        for index, sheet in numbered_sheets:
            here = stays.slice(start, sheet.accepted.height)
            start += sheet.accepted.height
            counts[index] += int((~here).sum())
            if not here.all():
                sheet.accepted = sheet.accepted.filter(here)
    return counts


def _finish_reading(taken: _ReadFile, duplicates: int) -> FileReading:
    import polars as pl

    tables: dict[str, list[pl.DataFrame]] = {}
    aside: dict[str, list[pl.DataFrame]] = {}
    for sheet in taken.sheets:
        tables.setdefault(sheet.noun, []).append(sheet.accepted)
        aside.setdefault(sheet.noun, []).append(sheet.aside)
    return replace(
        taken.reading,
        accepted=taken.reading.accepted - duplicates,
        duplicates=duplicates,
        tables={noun: pl.concat(parts) for noun, parts in tables.items()},
        aside={noun: pl.concat(parts) for noun, parts in aside.items()},
    )
