"""The type of a file by its bytes, never by its name: a text, a workbook, an archive, a page, or nothing readable."""

from __future__ import annotations

import re
from typing import Literal

from double_random.core.errors import BadFile
from double_random.intake import reasons

Kind = Literal["text", "workbook", "archive", "page"]

OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # old Excel, old Word, and password-protected files
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
HEAD = 8192
_SIGNATURES = (
    (b"%PDF-", reasons.PDF),
    (b"\x89PNG\r\n", reasons.PICTURE),
    (b"\xff\xd8\xff", reasons.PICTURE),
    (b"GIF8", reasons.PICTURE),
    (b"BM", reasons.PICTURE),
    (b"II*\x00", reasons.PICTURE),
    (b"MM\x00*", reasons.PICTURE),
    (b"Rar!", reasons.PACKED),
    (b"7z\xbc\xaf\x27\x1c", reasons.PACKED),
    (b"\x1f\x8b", reasons.PACKED),
    (b"BZh", reasons.PACKED),
    (b"\xfd7zXZ\x00", reasons.PACKED),
    (b"{\\rtf", reasons.DOCUMENT),
    (b"SQLite format 3\x00", reasons.DATABASE),
    (b"\x00\x01\x00\x00Standard ", reasons.DATABASE),
    (b"PAR1", reasons.DATABASE),
)
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta|table|tr|div|style)\b", re.I)
_SHEETS_2003 = b"urn:schemas-microsoft-com:office:spreadsheet"
_WEB_ARCHIVE = re.compile(rb"\AMIME-Version:", re.I)


def detect_kind(file: str, raw: bytes) -> Kind:
    """How a file is read. BadFile with the detected type if it cannot contain a table."""
    if not raw:
        raise BadFile(file, reasons.EMPTY_FILE)
    head = raw[:HEAD]
    for signature, reason in _SIGNATURES:
        if head.startswith(signature) and _matches_signature(signature, head):
            raise BadFile(file, reason)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        raise BadFile(file, reasons.PICTURE)
    if head.startswith(OLE):
        return _kind_of_compound(file, raw)
    if head.startswith(ZIP):
        return _kind_of_zip(file, raw)
    if not head.strip(b"\x00"):
        raise BadFile(file, reasons.ZEROS)
    start = _ascii_head(head).lstrip()
    if _WEB_ARCHIVE.match(start):
        raise BadFile(file, reasons.WEB_ARCHIVE)
    if start.startswith(b"<"):
        if _SHEETS_2003 in start or _PAGE.search(start):
            return "page"
        if start.startswith(b"<?xml"):
            raise BadFile(file, reasons.OTHER_XML)
    if re.match(rb'[\[{]\s*["\[{]', start):
        raise BadFile(file, reasons.JSON)
    return "text"


def _matches_signature(signature: bytes, head: bytes) -> bool:
    """BM marks a picture only if its header follows; a text may begin with these letters."""
    return signature != b"BM" or (len(head) > 14 and head[6:10] == bytes(4))


def _ascii_head(head: bytes) -> bytes:
    """The first characters as ASCII, if it is a text of any encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode("ascii", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf")


def _kind_of_compound(file: str, raw: bytes) -> Kind:
    """OLE files name their streams in UTF-16."""
    names = {name: name.encode("utf-16-le") in raw for name in ("EncryptedPackage", "WordDocument")}
    if names["EncryptedPackage"]:
        raise BadFile(file, reasons.PROTECTED)
    if names["WordDocument"]:
        raise BadFile(file, reasons.DOCUMENT)
    return "workbook"


def _kind_of_zip(file: str, raw: bytes) -> Kind:
    """Office files are archives of a few known members."""
    if b"mimetypeapplication/vnd.oasis.opendocument" in raw[:200]:
        raise BadFile(file, reasons.OPEN_DOCUMENT)
    if b"xl/workbook.bin" in raw:
        raise BadFile(file, reasons.BINARY_WORKBOOK)
    if (
        b"xl/workbook.xml" in raw
        or b"xl\\workbook.xml" in raw
        or b"[Content_Types].xml" in raw[:HEAD]
    ):
        if b"word/document.xml" in raw or b"ppt/presentation.xml" in raw:
            raise BadFile(file, reasons.DOCUMENT)
        return "workbook"
    return "archive"
