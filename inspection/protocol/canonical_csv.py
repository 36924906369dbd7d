"""CSV that is hashed: one row has one spelling, so `sha256sum frame.csv` shows the hash in the plan."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol.text import is_clean

# The csv module's default limit of 128 KiB would depend on what other code has set.
_LONGEST_FIELD = 1 << 20


@dataclass(frozen=True)
class Table:
    """A CSV file of the protocol: its name, its columns, and how many of them (from the left) are the key."""

    file: str
    columns: tuple[str, ...]
    key: int = 1

    def dump(self, rows: Iterable[Sequence[str]]) -> bytes:
        """The canonical bytes of rows in any order.

        Raises ValueError for a double key, a wrong number of fields or unclean text.
        """
        ordered = sorted(tuple(row) for row in rows)
        for row in ordered:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.file}: {row}")
        for first, second in pairwise(ordered):
            if first[: self.key] == second[: self.key]:
                key = ",".join(first[: self.key])
                raise ValueError(_("{key} stands twice").format(key=key))
        body = "".join(line(row) + "\n" for row in (self.columns, *ordered))
        # A comma composes with nothing: the whole is clean exactly where every field is.
        if body.count("\n") != len(ordered) + 1 or not is_clean(body.replace("\n", ",")):
            raise ValueError(_("text that is not NFC or holds a control character"))
        return body.encode("utf-8")

    def load(self, data: bytes) -> list[tuple[str, ...]]:
        """The rows of bytes that are exactly canonical, in their order; BadFile for all others.

        Whatever the reader lets pass, writing the rows again must give the same bytes.
        """
        hint = _("Expected: UTF-8 without BOM, columns {columns}, rows in order, LF.").format(
            columns=",".join(self.columns)
        )
        try:
            rows = self._rows(data)
            same = self.dump(rows) == data
        except (ValueError, csv.Error) as error:
            raise BadFile(
                self.file, _("this is not canonical CSV: {error}").format(error=error), hint
            ) from error
        if not same:
            raise BadFile(self.file, _("this CSV is not in its canonical form"), hint)
        return rows

    def _rows(self, data: bytes) -> list[tuple[str, ...]]:
        text = data.decode("utf-8")
        if not text.endswith("\n"):
            raise ValueError(_("the last line has no line feed"))
        lines = text[:-1].split("\n")
        if lines[0] != ",".join(self.columns):
            raise ValueError(_("row 1 is not the header"))
        rows = []
        for number, content in enumerate(lines[1:], start=2):
            row = _fields(content)
            if len(row) != len(self.columns):
                raise ValueError(
                    _("row {row} has {found} fields instead of {wanted}").format(
                        row=number, found=len(row), wanted=len(self.columns)
                    )
                )
            rows.append(row)
        return rows


def line(fields: Sequence[str]) -> str:
    """One row without its line feed: a field is quoted exactly where it holds a comma or a quote."""
    return ",".join(
        '"' + field.replace('"', '""') + '"' if "," in field or '"' in field else field
        for field in fields
    )


def lines(data: bytes) -> list[bytes]:
    """The lines after the header, in order, without their line feeds: the leaves of a file's tree."""
    return data.split(b"\n")[1:-1]


def _fields(content: str) -> tuple[str, ...]:
    if '"' not in content:
        return tuple(content.split(","))
    if len(content) > _LONGEST_FIELD:
        raise ValueError(_("a line of more than a million characters"))
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        return tuple(next(csv.reader([content], strict=True)))
    finally:
        csv.field_size_limit(before)
