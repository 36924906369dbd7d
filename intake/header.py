"""The header of a sheet: found by its content, anywhere among the first rows, in one row or over several."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from double_random.core.errors import BadFile
from double_random.intake import money, reasons
from double_random.intake.headings import bare_heading, fold_header, is_another_party
from double_random.intake.layouts import KnownHeadings, Layout, LayoutColumn
from double_random.intake.sheet import column_letters

IDENTITY = ("name", "uscc", "licence", "id", "inspector")
DEEPEST = 3  # rows over which a header may be broken
_DIGIT = re.compile("[0-9０-９]")


@dataclass(frozen=True, kw_only=True)
class Header:
    """A header and what its cells mean. Places are counted from 0."""

    layout: Layout
    row: int  # place of the header's last row among the sheet's rows
    cells: tuple[str, ...]  # as written, line breaks folded; a broken header's pieces together
    lines: tuple[
        tuple[str, ...], ...
    ]  # its rows as written, so that repetitions further down are recognised
    columns: tuple[tuple[int, LayoutColumn], ...]
    unknown: tuple[int, ...]
    units: tuple[str, ...] = ()  # of money, that a line above or right below the headings names

    @property
    def meanings(self) -> dict[str, list[int]]:
        """The indexes of each meaning's cells, in order of the sheet."""
        indexes: dict[str, list[int]] = {}
        for index, column in self.columns:
            indexes.setdefault(column.to, []).append(index)
        return indexes


def find_header(
    rows: Sequence[Sequence[str]], layouts: Sequence[Layout], file: str
) -> Header | None:
    """The rows with the most recognised layout columns; None if none have a layout's signature.

    One row takes precedence over two with the same result, so a row of data is never taken as a part of the header;
    rows below that cannot be data are added afterwards (`_extend_header`). BadFile if two cells of the header mean the
    same: a guess would mix them.
    """
    best: _SignatureRows | None = None
    known = KnownHeadings.of(layouts)
    for depth in range(1, DEEPEST + 1):
        for last in range(depth - 1, len(rows)):
            stack = rows[last - depth + 1 : last + 1]
            spellings = _heading_spellings(stack)
            folded = [[fold_header(way) for way in ways] for ways in spellings]
            folded = [ways if any(way in known for way in ways) else [] for ways in folded]
            for layout in layouts if any(folded) else ():
                columns = _match_columns(layout, folded)
                if best and _count_recognised(columns) <= _count_recognised(best.columns):
                    continue
                if {column.to for _, column in columns}.issuperset(layout.signature):
                    best = _SignatureRows(layout, last - depth + 1, last, spellings, columns)
    if best is None:
        return None
    best = _extend_header(rows, best)
    meanings = [column.to for _, column in best.columns]
    for _place, column in best.columns:
        if not column.joins and meanings.count(column.to) > 1:
            alike = [index for index, other in best.columns if other.to == column.to]
            named = "、".join(f"{best.spellings[at][0]} ({column_letters(at)})" for at in alike)
            raise BadFile(file, f"{reasons.TWO_COLUMNS}: {named.replace('; ', ', ')}")
    beside = [*rows[: best.first], *rows[best.first + 1 : best.last + 1]]
    return Header(
        layout=best.layout,
        row=best.last,
        cells=tuple(ways[0] if ways else "" for ways in best.spellings),
        lines=_header_lines(rows[best.first : best.last + 1], best),
        columns=best.columns,
        unknown=_unknown_columns(best),
        units=tuple(dict.fromkeys(unit for row in beside for unit in money.line_units(row))),
    )


@dataclass(frozen=True)
class _SignatureRows:
    """Rows that contain a layout's signature."""

    layout: Layout
    first: int
    last: int
    spellings: list[list[str]]
    columns: tuple[tuple[int, LayoutColumn], ...]


def _extend_header(rows: Sequence[Sequence[str]], candidate: _SignatureRows) -> _SignatureRows:
    """With the rows right below that go on with the header: names below a heading that spans several columns,
    units, instructions. They leave all columns of the signature empty, or are nothing but units and instructions.
    """
    while candidate.last + 1 < len(rows) and candidate.last - candidate.first + 1 < DEEPEST:
        row = rows[candidate.last + 1]
        written = {index for index, cell in enumerate(row) if cell.strip()}
        if not written:
            break
        if money.is_unit_line(row) and len(written) <= 2:  # 单位: | 元
            candidate = replace(candidate, last=candidate.last + 1)
            continue
        stack = rows[candidate.first : candidate.last + 2]
        if all(_is_instruction(row[index]) for index in written):
            spellings = _heading_spellings(stack)
            candidate = replace(candidate, last=candidate.last + 1, spellings=spellings)
            continue
        signature = {
            index for index, column in candidate.columns if column.to in candidate.layout.signature
        }
        spans = _spanned_columns(rows[candidate.last])
        if written & signature or not written <= spans or any(map(_DIGIT.search, row)):
            break
        spellings = _heading_spellings(stack)
        folded = [[fold_header(way) for way in ways] for ways in spellings]
        heads = {index for index, _ in candidate.columns}
        ways_by_column = [  # below a known heading, a name counts together with it alone: 处罚机关 above 信用代码
            ways[:1] if _head_index(rows[candidate.last], index) in heads else ways
            for index, ways in enumerate(folded)
        ]
        columns = _match_columns(candidate.layout, ways_by_column)
        complete = {column.to for _, column in columns}.issuperset(candidate.layout.signature)
        if not complete or not any(
            candidate.layout.look_up(way)[0]
            for index in written
            for way in ways_by_column[index][:1]
        ):
            break
        candidate = replace(
            candidate, last=candidate.last + 1, spellings=spellings, columns=columns
        )
    return candidate


def _is_instruction(cell: str) -> bool:
    """Whether a cell is an instruction, a mark or a unit alone: 必填, (格式:YYYY-MM-DD), (万元)."""
    folded = fold_header(cell)
    return not bare_heading(folded) or not money.heading_without_unit(f"({folded})")


def _spanned_columns(row: Sequence[str]) -> set[int]:
    """The places below headings that span several columns: those with an empty cell to their right, and these."""
    spanned: set[int] = set()
    for index in range(1, len(row)):
        if not row[index].strip() and _head_index(row, index) >= 0:
            spanned |= {index, _head_index(row, index)}
    return spanned


def _head_index(row: Sequence[str], index: int) -> int:
    """The index of the heading of a cell: its own, or the next one to its left; -1 if there is none."""
    while index >= 0 and (index >= len(row) or not row[index].strip()):
        index -= 1
    return index


@dataclass(frozen=True)
class NearestLayout:
    """The most similar layout of a sheet: the headings of its signature that the sheet lacks, and the headings of the
    sheet that the layout does not know.
    """

    layout: Layout
    lacking: tuple[str, ...]
    strange: tuple[str, ...]


def find_nearest_layout(
    rows: Sequence[Sequence[str]], layouts: Sequence[Layout]
) -> NearestLayout | None:
    """The likeliest layout of a sheet without a header; None if no row names two columns of one."""
    best: NearestLayout | None = None
    most = (1, 0)
    for row in rows:
        folded = [[fold_header(cell)] for cell in row]
        for layout in layouts:
            columns = _match_columns(layout, folded)
            absent = set(layout.signature) - {column.to for _, column in columns}
            if not absent or (_count_recognised(columns), -len(absent)) <= most:
                continue
            most = (_count_recognised(columns), -len(absent))
            lacking = [next(c for c in layout.columns if c.to == to) for to in layout.signature]
            best = NearestLayout(
                layout,
                tuple(column.headers[0] for column in lacking if column.to in absent),
                tuple(
                    " ".join(cell.split())
                    for cell, (way,) in zip(row, folded, strict=True)
                    if way and not layout.look_up(way)[0]
                ),
            )
    return best


def _heading_spellings(stack: Sequence[Sequence[str]]) -> list[list[str]]:
    """The possible spellings of each column's heading, as written: all its pieces first, then fewer of the upper
    ones.

    A heading merged over several columns (行政相对人 above 名称 and 代码) is in its first cell only, so an empty cell
    above a filled one continues the heading to its left.
    """
    width = max(map(len, stack))
    pieces: list[list[str]] = [[] for _ in range(width)]
    for depth, row in enumerate(stack):
        carried = ""
        for index in range(width):
            cell = " ".join(row[index].split()) if index < len(row) else ""
            below = any(index < len(under) and under[index].strip() for under in stack[depth + 1 :])
            carried = cell or (carried if below else "")
            if carried:
                pieces[index].append(carried)
    return [["".join(parts[start:]) for start in range(len(parts))] for parts in pieces]


def _match_columns(
    layout: Layout, folded: Sequence[Sequence[str]]
) -> tuple[tuple[int, LayoutColumn], ...]:
    """The place and the column of each heading that is known: its longest spelling decides, also an ignored one."""
    columns = []
    for index, ways in enumerate(folded):
        _known, column = _look_up_heading(layout, ways)
        if column:
            columns.append((index, column))
    return tuple(columns)


def _look_up_heading(layout: Layout, ways: Sequence[str]) -> tuple[bool, LayoutColumn | None]:
    """Whether a heading is known, and its column: by its longest known spelling.

    A name, a code or a number below a heading of another party (作出决定机关 above 统一社会信用代码) is not the
    institution's.
    """
    for way in ways:
        is_known, column = layout.look_up(way) if way else (False, None)
        if is_known:
            above = ways[0].removesuffix(way)
            if column and column.to in IDENTITY and above and is_another_party(above):
                return False, None
            return True, column
    return False, None


def _count_recognised(columns: Sequence[tuple[int, LayoutColumn]]) -> int:
    """The number of recognised columns: two cells of one meaning count once, unless they form one list."""
    return len({index if column.joins else column.to for index, column in columns})


def _unknown_columns(candidate: _SignatureRows) -> tuple[int, ...]:
    return tuple(
        index
        for index, ways in enumerate(candidate.spellings)
        if any(ways)
        and not _look_up_heading(candidate.layout, [fold_header(way) for way in ways])[0]
    )


def _header_lines(
    stack: Sequence[Sequence[str]], candidate: _SignatureRows
) -> tuple[tuple[str, ...], ...]:
    """The header's rows with a cell above a column that is read."""
    width = len(candidate.spellings)
    lines = [tuple(map(str.strip, row)) + ("",) * (width - len(row)) for row in stack]
    return tuple(line for line in lines if any(line[index] for index, _ in candidate.columns))
