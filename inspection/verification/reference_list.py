"""Outside list of institutions (text or workbook, by code or name), compared with both pools of a draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import BadFile
from double_random.core.translation import _, join_words
from double_random.inspection.protocol.files import LEFT_OUT, POOL
from double_random.inspection.protocol.text import is_institution_id, normalize_licence
from double_random.intake import contents, delimited
from double_random.intake.drop_reader import open_sheets
from double_random.intake.layouts import fold_header
from double_random.registry.institutions.names import normalize_name

if TYPE_CHECKING:
    import polars

    from double_random.intake.sheet import Sheet

CODES = ("id", "uscc", "统一社会信用代码", "统一社会信用代码/注册号", "行政相对人代码_1")
NAMES = (
    "name",
    "名称",
    "机构名称",
    "单位名称",
    "律师事务所名称",
    "检查对象名称",
    "市场主体名称",
    "行政相对人名称",
)


@dataclass(frozen=True)
class ReferenceLine:
    """One line of an outside list: a code, a name, or both; "" if one is missing."""

    row: int
    id: str
    name: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.id, self.name) if part)


def compare_reference_list(
    register: Path, members: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Compare an outside list with the institutions of a draw (id → name).

    Returns the list's lines that the draw lacks, and the draw's ids that the list lacks, sorted. A line matches by
    code. If it has none, or if the draw has the institution under its licence number (L:), it matches by name, with
    width and brackets normalised. BadFile if the file is not such a list.
    """
    by_name: dict[str, list[str]] = {}
    for id, name in members.items():
        by_name.setdefault(normalize_name(name), []).append(id)
    missing: dict[str, None] = {}
    matched: set[str] = set()
    for line in read_reference_list(register):
        same = by_name.get(normalize_name(line.name), []) if line.name else []
        bearers = (
            [line.id]
            if line.id in members
            else [id for id in same if not line.id or id[:2] == "L:"]
        )
        matched.update(bearers)
        if not bearers:
            missing[str(line)] = None
    return list(missing), sorted(set(members) - matched)


def check_against_pools(register: Path, files: Mapping[str, bytes]) -> list[str]:
    """Compare an outside list with a bundle's pool and left_out.csv; return notes on what the list lacks.

    BadFile names pool.csv if an institution of the list stands in neither.
    """
    members = {
        row[0]: row[-1]
        for row in (*POOL.load(files["pool.csv"]), *LEFT_OUT.load(files["left_out.csv"]))
    }
    missing, extra = compare_reference_list(register, members)
    if missing:
        raise BadFile(
            "pool.csv",
            _(
                "the outside list has {count} that stand neither here nor in left_out.csv: {ids}"
            ).format(count=len(missing), ids=join_words(missing[:20])),
        )
    if not extra:
        return []
    return [_("the outside list does not have: {ids}").format(ids=join_words(extra[:20]))]


def read_reference_list(register: Path) -> list[ReferenceLine]:
    """Read every line of a list: below a header with a column of codes or names, or one code a line without header."""
    lines: list[ReferenceLine] = []
    headed = False
    for sheet in _open_sheets(register):
        columns = _find_header(sheet)
        if columns is None:
            continue
        headed = True
        header, code, name = columns
        width = 1 + max(column for column in (code, name) if column is not None)
        lines.extend(_read_lines(register, sheet.body(header, width), code, name))
    if not headed and contents.detect_kind(str(register), register.read_bytes()) == "text":
        bare = delimited.DelimitedSheet(register.name, b"id\n" + _decode_text(register))
        frame = bare.body(0, 1)
        lines = list(_read_lines(register, frame.with_columns(row=frame["row"] - 1), 0, None))
    if not lines:
        raise BadFile(
            str(register),
            _("no list of institutions was found in it"),
            _("expected one code a line, or a CSV or XLSX with a column {names}").format(
                names=" / ".join((*CODES, *NAMES))
            ),
        )
    return lines


def _open_sheets(register: Path) -> list[Sheet]:
    return list(open_sheets(str(register), register.read_bytes()))


def _decode_text(register: Path) -> bytes:
    return delimited.decode_text(str(register), register.read_bytes())


def _find_header(sheet: Sheet) -> tuple[int, int | None, int | None] | None:
    """Find the header among the first rows: its row, its column of codes and its column of names."""
    codes, names = ({fold_header(name) for name in names} for names in (CODES, NAMES))
    for row, cells in enumerate(sheet.top):
        folded = [fold_header(cell) for cell in cells]
        code = next((column for column, cell in enumerate(folded) if cell in codes), None)
        name = next((column for column, cell in enumerate(folded) if cell in names), None)
        if code is not None or name is not None:
            return row, code, name
    return None


def _read_lines(
    register: Path, frame: polars.DataFrame, code: int | None, name: int | None
) -> Iterator[ReferenceLine]:
    """Yield the lines of a sheet that are not blank; BadFile names the row of an invalid code."""
    for line in frame.iter_rows(named=True):
        id = (line[f"c{code}"] or "").strip() if code is not None else ""
        called = (line[f"c{name}"] or "").strip() if name is not None else ""
        if id and id[:2] not in ("L:", "P:"):
            id = normalize_licence(id)
        if id and not is_institution_id(id):
            raise BadFile(
                str(register),
                _("row {row}: {value} is no institution's code").format(
                    row=line["row"], value=line[f"c{code}"]
                ),
                _("expected one code a line, or a CSV or XLSX with a column {names}").format(
                    names=" / ".join((*CODES, *NAMES))
                ),
            )
        if id or called:
            yield ReferenceLine(line["row"], id, called)
