"""CSV for hashing: each row has exactly one spelling, so `sha256sum frame.csv` prints the hash in the plan."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol.text import is_clean

# The limit of the csv module (128 KiB by default) is global: other code may have changed it.
_LONGEST_FIELD = 1 << 20


@dataclass(frozen=True)
class CsvTable:
    """A CSV file of the protocol: its name, its columns, and how many of the first columns form the key."""

    file: str
    columns: tuple[str, ...]
    key: int = 1

    def dump(self, rows: Iterable[Sequence[str]]) -> bytes:
        """The canonical bytes of rows in any order.

        Raises ValueError for a duplicate key, a wrong number of fields or unclean text.
        """
        ordered = sorted(tuple(row) for row in rows)
        for row in ordered:
            if len(row) != len(self.columns):
                raise ValueError(f"{self.file}: {row}")
        for first, second in pairwise(ordered):
            if first[: self.key] == second[: self.key]:
                key = ",".join(first[: self.key])
                raise ValueError(_("{key} stands twice").format(key=key))
        body = "".join(format_line(row) + "\n" for row in (self.columns, *ordered))
        # A comma does not compose with any character: the text is clean if and only if every field is.
        if body.count("\n") != len(ordered) + 1 or not is_clean(body.replace("\n", ",")):
            raise ValueError(_("text that is not NFC or holds a control character"))
        return body.encode("utf-8")

    def load(self, data: bytes) -> list[tuple[str, ...]]:
        """The rows of canonical bytes, in their order; BadFile for all other bytes.

        The check does not depend on the parser: dumping the parsed rows must give the same bytes.
        """
        hint = _("Expected: UTF-8 without BOM, columns {columns}, rows in order, LF.").format(
            columns=",".join(self.columns)
        )
        try:
            rows = self._parse_rows(data)
            same = self.dump(rows) == data
        except (ValueError, csv.Error) as error:
            raise BadFile(
                self.file, _("this is not canonical CSV: {error}").format(error=error), hint
            ) from error
        if not same:
            raise BadFile(self.file, _("this CSV is not in its canonical form"), hint)
        return rows

    def _parse_rows(self, data: bytes) -> list[tuple[str, ...]]:
        text = data.decode("utf-8")
        if not text.endswith("\n"):
            raise ValueError(_("the last line has no line feed"))
        lines = text[:-1].split("\n")
        if lines[0] != ",".join(self.columns):
            raise ValueError(_("row 1 is not the header"))
        rows = []
        for number, content in enumerate(lines[1:], start=2):
            row = _split_fields(content)
            if len(row) != len(self.columns):
                raise ValueError(
                    _("row {row} has {found} fields instead of {wanted}").format(
                        row=number, found=len(row), wanted=len(self.columns)
                    )
                )
            rows.append(row)
        return rows


def format_line(fields: Sequence[str]) -> str:
    """One row without its line feed: a field is quoted if and only if it contains a comma or a quote."""
    return ",".join(
        '"' + field.replace('"', '""') + '"' if "," in field or '"' in field else field
        for field in fields
    )


def data_lines(data: bytes) -> list[bytes]:
    """The lines after the header, in order, without line feeds: the leaves of the file's Merkle tree."""
    return data.split(b"\n")[1:-1]


def _split_fields(content: str) -> tuple[str, ...]:
    if '"' not in content:
        return tuple(content.split(","))
    if len(content) > _LONGEST_FIELD:
        raise ValueError(_("a line of more than a million characters"))
    before = csv.field_size_limit(_LONGEST_FIELD)
    try:
        return tuple(next(csv.reader([content], strict=True)))
    finally:
        csv.field_size_limit(before)
