"""Paths of the site's pages: a safe alphabet, derived from ids that may contain any character."""

from __future__ import annotations

import hashlib
import re

_CODE = re.compile(r"[0-9A-Z]{1,40}")
_DRAW = re.compile(r"[0-9A-Za-z_-]{1,100}")
# Device names reserved by Windows: the site must also be readable from a memory stick.
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def institution_path(id_: str) -> str:
    """The path of an institution's page. With 60,000 pages each of the 256 folders has a few hundred."""
    digest = hashlib.sha256(id_.encode()).hexdigest()
    plain = id_.replace("L:", "L-", 1).replace("P:", "P-", 1) if id_[:2] in ("L:", "P:") else id_
    stem = plain if _CODE.fullmatch(plain.removeprefix("L-").removeprefix("P-")) else f"x-{digest}"
    return f"institutions/{digest[:2]}/{stem}.html"


def register_path(district: str | None, kind: str, page: int) -> str:
    """The path of a page in the list of one district's institutions of a kind."""
    return f"institutions/{safe_name(district or 'none')}-{safe_name(kind)}-{page}.html"


def district_path(code: str | None) -> str:
    """The path of a district's page."""
    return f"map/district-{safe_name(code or 'none')}.html"


def draw_path(name: str) -> str:
    """The path of a draw's folder."""
    return f"draws/{safe_name(name)}"


def safe_name(name: str) -> str:
    """A name as part of a path: unchanged if it uses the safe alphabet, else a hash."""
    if _DRAW.fullmatch(name) and not _DEVICES.fullmatch(name):
        return name
    return f"x-{hashlib.sha256(name.encode()).hexdigest()[:20]}"
