"""Layouts of a credit platform (报送格式): columns, lengths, required cells; lays out a record or names its faults.

The layouts are in data/upload_files.toml: fields and codes of the 双公示 layouts of 2018 (发改办财金〔2018〕424号).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from double_random.core import toml_reader
from double_random.core.toml_reader import FLAG, TEXT, WHOLE, WORD, FileName, List, Map, Table
from double_random.core.translation import N_
from double_random.publish.disclosure.identifiers import (
    find_personal_numbers,
    is_personal_identifier,
)
from double_random.publish.disclosure.sanitise import reveal_hidden_marks

NO_END = "2099/12/31"  # 长期
IDENTIFIERS = frozenset({"uscc", "licence", "authority_code", "source_code"})
_FILLER = re.compile(r"0+[0-9A-Z]")  # 00000000000000000X, the placeholder for an unknown code
MISSING = N_("required, and empty")
LONG = N_("longer than the platform takes")
NOT_EXACT = N_("not as many characters as the layout has")
NO_CODE = N_("a filler, no code")
PERSONAL = N_("may hold a personal number")

COLUMN = Table(
    {"code": WORD, "header": WORD},
    {"from": TEXT, "always": TEXT, "longest": WHOLE, "exact": WHOLE, "required": FLAG},
)
FILE = Table(
    {
        "file": List(
            Table(
                {
                    "id": WORD,
                    "title": FileName(),
                    "layout": WORD,
                    "reference": WORD,
                    "confirmed": FLAG,
                    "columns": List(COLUMN, least=1),
                }
            )
        )
    },
    {"words": Map(TEXT)},
)


@dataclass(frozen=True, kw_only=True)
class UploadColumn:
    """One column: its code, its heading and the source of its cells."""

    code: str
    header: str
    source: str = ""  # a field of the record
    always: str = ""  # or a fixed text in every row
    longest: int = 0  # maximum characters; 0: no limit
    exact: int = 0  # exact number of characters; 0: `longest` applies
    required: bool = False


@dataclass(frozen=True, kw_only=True)
class UploadLayout:
    """One upload file."""

    id: str
    title: str
    layout: str  # the intake layout that reads it
    reference: str
    confirmed: bool
    columns: tuple[UploadColumn, ...]

    def lay_out(self, record: Mapping[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
        """Lay out a record: its cells and their faults as (heading, reason)."""
        cells, faults = [], []
        for column in self.columns:
            text = column.always or _format_value(column.source, record.get(column.source))
            if column.required and not text:
                faults.append((column.header, MISSING))
            elif text and column.exact and len(text) != column.exact:
                faults.append((column.header, NOT_EXACT))
            elif text and column.exact and _FILLER.fullmatch(text):
                faults.append((column.header, NO_CODE))
            elif column.longest and len(text) > column.longest:
                faults.append((column.header, LONG))
            elif _is_personal(column.source, text):
                faults.append((column.header, PERSONAL))
            cells.append(text)
        return cells, faults


def read_upload_layouts(file: Path) -> tuple[tuple[UploadLayout, ...], dict[str, str]]:
    """Read the layouts of upload_files.toml and the platform's words for kinds. Misuse if the file is invalid."""
    raw = toml_reader.read_toml(file, FILE, misuse=True)
    layouts = tuple(
        UploadLayout(
            **{**entry, "columns": tuple(_parse_column(column) for column in entry["columns"])}
        )
        for entry in raw["file"]
    )
    return layouts, raw.get("words", {})


def _parse_column(raw: dict[str, Any]) -> UploadColumn:
    return UploadColumn(
        **{"source" if name == "from" else name: value for name, value in raw.items()}
    )


def _format_value(source: str, value: Any) -> str:
    """Format a value for the platform: days as 2026/11/02, money in 万元, exact."""
    if source in ("licence_to", "ends") and value is None:
        return NO_END if source == "licence_to" else ""
    if value is None:
        return ""
    if isinstance(value, date):
        return f"{value:%Y/%m/%d}"
    if source.endswith("_fen"):
        return f"{value // 1_000_000}.{value % 1_000_000:06d}".rstrip("0").rstrip(".")
    return reveal_hidden_marks(str(value)).strip()


def _is_personal(source: str, text: str) -> bool:
    return (
        is_personal_identifier(text) if source in IDENTIFIERS else bool(find_personal_numbers(text))
    )
