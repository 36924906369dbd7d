"""Output checks (校对) that a built folder must pass before it is published. They read only the files.

Every file is listed with its hash; no file contains a personal number, also inside archives and Parquet; every link
target is a file of the site; every page forbids scripts.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from double_random import data
from double_random.core.errors import Stopped
from double_random.core.translation import _
from double_random.publish.disclosure.identifiers import (
    find_bare_numbers,
    find_formatted_numbers,
    is_id_number,
    is_personal_identifier,
)

if TYPE_CHECKING:
    import polars

    from double_random.core.worker_processes import WorkerProcesses

LISTING = "SHA256SUMS"
BATCH, LEAST = (
    500,
    4_000,
)  # files checked at once; files from which on the start of workers is repaid
POLICY = (
    b"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self';"
)
# A page with the site's own script: nothing inline, nothing from another origin.
SCRIPTED = POLICY.replace(b"style-src", b"script-src 'self'; style-src")
_SCRIPT = re.compile(rb'<script src="[a-z./]+"></script>')
_SHARD = re.compile(rb'found\("[a-z]+\d*",([\[{].*[\]}])\)\n', re.DOTALL)
# The one form: it leads to the search, and only the site's header has it.
_FIND = re.compile(
    rb'<form class="find" role="search" action="(?:\.\./)*institutions/index\.html" method="get">'
)
CHECKER = "verify.html"  # the only page with an inline script: identical to the packaged file, under its own policy
_LINK = re.compile(rb'\s(?:href|src)="([^"]*)"')
_LONG = re.compile(r"\d{11,}[Xx]?")
_ACTIVE = re.compile(
    rb"<(?:script|iframe|object|embed|form|img|foreignobject|use|image|animate|set)\b"
    rb"|<[a-z][^>]*\s(?:on[a-z]+|style)=",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class OutputCounts:
    """The number of files, pages and links that passed."""

    files: int
    pages: int
    links: int


def format_listing(hashes: dict[str, str]) -> bytes:
    """Format SHA256SUMS for `sha256sum -c`, sorted by path."""
    return "".join(f"{digest}  {path}\n" for path, digest in sorted(hashes.items())).encode()


def proofread_folder(
    folder: Path, passed: Set[str] = frozenset(), workers: WorkerProcesses | None = None
) -> OutputCounts:
    """Check a built site; Stopped names the first faulty file and its fault.

    Files in `passed`, which passed in the edition before, are checked by hash only. Many other files are checked by
    `workers`.
    """
    paths = sorted(_list_files(str(folder)))
    listed = _read_listing(folder)
    for path in sorted({*paths} ^ {*listed, LISTING}):
        raise _stopped_at(path, _("it is listed or there, but not both"))
    for path in paths:
        if path in passed:
            _read_listed(folder, path, listed)
    new = [path for path in paths if path not in passed]
    public_digits = _read_identifiers(folder)
    if workers is not None and workers.repay_start(len(new), LEAST):
        size = max(BATCH, len(new) // (workers.count * 8))
        links = sum(workers.map_batches(check_files, (str(folder), public_digits), new, size))
    else:
        links = sum(check_files(str(folder), public_digits, new))
    return OutputCounts(len(paths), sum(path.endswith(".html") for path in paths), links)


def check_files(folder: str, public_digits: Set[str], paths: Sequence[str]) -> list[int]:
    """Check files of a built site by hash and content; the number of links of each, or Stopped."""
    root = Path(folder)
    listed = _read_listing(root)
    present = {*listed, LISTING}
    links = []
    for path in paths:
        content = _read_listed(root, path, listed)
        refuse_personal_numbers(path, content, public_digits)
        if path.endswith(".js"):
            _check_script(path, content)
        links.append(_check_page(path, content, present) if path.endswith(".html") else 0)
    return links


def _list_files(folder: str) -> Iterator[str]:
    """List the paths of all files of a folder, from the folder on."""
    for where, _folders, names in os.walk(folder):
        below = where[len(folder) + 1 :].replace(os.sep, "/")
        yield from (f"{below}/{name}" if below else name for name in names)


def _read_listed(folder: Path, path: str, listed: Mapping[str, str]) -> bytes:
    """Read a file whose hash must be the listed one."""
    with open(f"{folder}/{path}", "rb", buffering=0) as file:
        content = file.readall()
    if path != LISTING and hashlib.sha256(content).hexdigest() != listed[path]:
        raise _stopped_at(path, _("its hash is not the one in {listing}").format(listing=LISTING))
    return content


def refuse_personal_numbers(path: str, content: bytes, public_digits: Set[str]) -> None:
    """Stopped if a file, or a file packed in it, contains a possible personal number that is not `known`."""
    for number in _find_packed_numbers(path, content):
        if number not in public_digits:
            raise _stopped_at(
                path,
                _("it holds what may be a personal number: {start}…").format(start=number[:4]),
            )


def _check_page(path: str, content: bytes, present: set[str]) -> int:
    if path == CHECKER and content == data.path("verifiers", CHECKER).read_bytes():
        return 0
    if POLICY not in content and SCRIPTED not in content:
        raise _stopped_at(path, _("it does not forbid scripts"))
    plain = _FIND.sub(b"", content, count=1)
    active = _ACTIVE.search(_SCRIPT.sub(b"", plain) if SCRIPTED in content else plain)
    if active:
        raise _stopped_at(
            path, _("it holds active markup: {text}").format(text=active.group()[:40])
        )
    links = _LINK.findall(content)
    for link in links:
        target_path = _resolve_link(dirname(path), link)
        if target_path and target_path not in present:
            target = html.unescape(link.decode("utf-8"))[:80]
            raise _stopped_at(path, _("its link {target} leads nowhere").format(target=target))
    return len(links)


@lru_cache(maxsize=50_000)  # pages of a folder share most links
def _resolve_link(folder: str, link: bytes) -> str:
    """Resolve a link to a path from the site's root; "" if it stays on its page."""
    target = html.unescape(link.decode("utf-8")).partition("#")[0]
    return normpath(join(folder, target)) if target else ""


def _check_script(path: str, content: bytes) -> None:
    """A script must be one packaged with the program, or a pure data file of the search index."""
    if path.startswith("search/"):
        shard = _SHARD.fullmatch(content)
        try:
            json.loads(shard.group(1) if shard else b"")
        except ValueError:
            raise _stopped_at(path, _("it is no file of the search index")) from None
    elif content != data.path("site", path).read_bytes():
        raise _stopped_at(path, _("it is no script of this program"))


def _read_listing(folder: Path) -> dict[str, str]:
    file = folder / LISTING
    if not file.exists():
        raise _stopped_at(LISTING, _("it is missing"))
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line[66:]: line[:64] for line in lines}


def _find_packed_numbers(path: str, content: bytes) -> Iterator[str]:
    """Find personal numbers in a file and in the files packed inside it."""
    yield from _find_numbers(path.encode())
    if path.endswith((".zip", ".xlsx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.namelist():
                yield from _find_packed_numbers(member, archive.read(member))
    elif path.endswith(".parquet"):
        import polars

        yield from _find_numbers(polars.read_parquet(io.BytesIO(content)).write_ndjson().encode())
    elif path.endswith(".html") and b"&#" in content:
        yield from _find_numbers(html.unescape(content.decode("utf-8", "replace")).encode())
    else:
        yield from _find_numbers(content)


def _find_numbers(content: bytes) -> Iterator[str]:
    yield from find_bare_numbers(content)
    yield from find_formatted_numbers(content)


def _read_identifiers(folder: Path) -> set[str]:
    """Read `identifiers` from a built folder's own tables, and the numbers in its bundles."""
    import polars

    digits: set[str] = set()
    for path in folder.glob("draws/*/bundle.zip"):
        with zipfile.ZipFile(path) as archive:
            lists = [name for name in archive.namelist() if name.endswith(".csv")]
            digits |= identifiers_in_bundle({name: archive.read(name) for name in lists})
    checkpoint = folder / "log" / "checkpoint"
    if (
        checkpoint.exists()
    ):  # a log's name is hex digits of its key; in one of 1,800 logs all are decimal
        digits.add(checkpoint.read_text("utf-8").split("\n", 1)[0].partition("/")[2])
    tables = {name: polars.read_parquet(folder / "data" / f"{name}.parquet") for name in DIGITS}
    return {text for text in digits if not is_personal_identifier(text)} | collect_identifiers(
        tables
    )


DIGITS = {
    "institution": ("id", "licence"),
    "drawn": ("id",),
    "penalty": ("fine_fen", "confiscated_fen"),
    "draw": ("entropy",),
}


def collect_identifiers(tables: Mapping[str, polars.DataFrame]) -> set[str]:
    """Collect digits that are public by nature from an edition's tables: codes, licences, amounts, lottery numbers."""
    digits: set[str] = set()
    for name, columns in DIGITS.items():
        for column in columns:
            frame = tables[name]
            values = frame[column].explode() if column == "entropy" else frame[column]
            for value in values.drop_nulls().unique().to_list():
                text = str(value).rpartition("=")[2]
                digits.add(text.partition(":")[2] or text)
    digits = {text for text in digits if not is_personal_identifier(text)}
    codes = tables["institution"]["uscc"].drop_nulls().to_list()
    return digits | {code for code in codes if not is_id_number(code)}


def identifiers_in_bundle(files: Mapping[str, bytes]) -> set[str]:
    """The identifiers in a bundle's tables: the first two columns of each."""
    rows = (
        row
        for name, content in files.items()
        if name.endswith(".csv")
        for row in csv.reader(io.StringIO(content.decode("utf-8")))
    )
    return {field.partition(":")[2] or field for row in rows for field in row[:2]}


def _stopped_at(path: str, what: str) -> Stopped:
    safe_path = _LONG.sub(lambda match: f"{match.group()[:4]}…", path)  # the name may be the fault
    return Stopped(
        _("the built site did not pass: {path}: {what}").format(path=safe_path, what=what),
        _("the site that was there stays; correct the cause and build again"),
    )
