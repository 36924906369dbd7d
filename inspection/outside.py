"""A list of institutions from outside, to hold against both pools of a draw: codes line by line, or a CSV with them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from errors import BadFile
from inspection.protocol.text import is_institution, licence
from language import _

CODES = ("id", "uscc", "统一社会信用代码", "统一社会信用代码/注册号", "行政相对人代码_1")


def missing_from(register: Path, here: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Who stands in the outside list and not here, and who only here; ids, sorted. BadFile where it is no list."""
    listed = ids(register)
    return sorted(listed - set(here)), sorted(set(here) - listed)


def ids(register: Path) -> set[str]:
    """The ids of an outside list, in the protocol's spelling."""
    content = register.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadFile(str(register), _("this is no text"), _("save it as CSV"))
    rows = list(csv.reader(io.StringIO(text)))
    place = 0
    if rows and any(cell.strip() in CODES for cell in rows[0]):
        place = next(i for i, cell in enumerate(rows[0]) if cell.strip() in CODES)
        rows = rows[1:]
    found = set()
    for number, row in enumerate(rows, start=1):
        cell = row[place].strip() if len(row) > place else ""
        if not cell:
            continue
        code = cell if cell[:2] in ("L:", "P:") else licence(cell)
        if not is_institution(code):
            raise BadFile(
                str(register),
                _("row {row}: {value} is no institution's code").format(row=number, value=cell),
                _("expected one code a line, or a CSV with a column {names}").format(
                    names=" / ".join(CODES)
                ),
            )
        found.add(code)
    return found
