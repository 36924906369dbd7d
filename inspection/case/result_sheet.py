"""双随机抽查记录表 as a workbook: one row per institution and item goes out, comes back filled in, and is taken whole.

What identifies a row must come back as it went out; a changed or foreign row refuses the sheet, naming the cell.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import BadFile, Misuse
from inspection.case import case_file
from inspection.case.acts import Content, Finding, Paper
from inspection.case.plain import plain
from inspection.case.steps import Step
from language import _

if TYPE_CHECKING:
    from inspection.case.case import Case
    from intake.kinds import Kind
    from store.home import Home

SHEET = "双随机抽查记录表"
FIXED = ("抽查任务", "统一社会信用代码", "机构名称", "事项编号", "检查事项", "检查人员")
FILLED = (
    "检查日期",
    "检查结果",
    "存在问题",
    "整改期限",
    "复查日期",
    "立案文号",
    "移送单位",
    "备注",
)
HEADER = ("序号", *FIXED, *FILLED)
DATES = ("检查日期", "整改期限", "复查日期")
WIDTHS = (5, 10, 22, 30, 20, 26, 18, 12, 22, 30, 12, 12, 20, 16, 20)
HEADER_ROW = 2  # the first is the title


@dataclass(frozen=True)
class Taken:
    """What a sheet brought: its rows = recorded + still open; and the rows of the case that it did not have."""

    rows: int
    recorded: int
    open: int
    absent: int


def write(home: Home, draw: str) -> bytes:
    """The sheet of a draw: every institution that is to be visited and every item without a result yet."""
    import xlsxwriter

    case = case_file.read(home, draw)
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    sheet = book.add_worksheet(SHEET)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW - 1)
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    fixed = book.add_format({"border": 1, "text_wrap": True, "bg_color": "#eeeeee"})
    free = book.add_format({"border": 1, "text_wrap": True, "num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, f"{SHEET} {case.plan.title} {case.draw} {case.plan.code}", head)
    sheet.write_row(HEADER_ROW - 1, 0, HEADER, head)
    rows = _open_rows(case)
    for place, row in enumerate(rows):
        sheet.write_number(HEADER_ROW + place, 0, place + 1, fixed)
        for column, text in enumerate(row, start=1):
            sheet.write_string(HEADER_ROW + place, column, plain(text), fixed)
        for column in range(1 + len(FIXED), len(HEADER)):
            sheet.write_blank(HEADER_ROW + place, column, None, free)
    words = [kind.words[0] for kind in _codes(home)]
    column = HEADER.index("检查结果")
    sheet.data_validation(
        HEADER_ROW,
        column,
        HEADER_ROW + max(len(rows), 1) - 1,
        column,
        {"validate": "list", "source": words, "error_type": "information"},
    )
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(HEADER_ROW, 4)
    book.close()
    return buffer.getvalue()


def record(home: Home, draw: str, path: Path, at: str) -> Taken:
    """Take a filled sheet into the case, whole or not at all; BadFile names every cell that cannot stand."""
    case = case_file.read(home, draw)
    cells = _cells(path)
    wanted = {(row[1], row[3]): row for row in _open_rows(case)}
    faults: list[str] = []
    contents: list[Content] = []
    seen: set[tuple[str, str]] = set()
    visits = {one.id: one.visited for one in case.standing if one.visited}
    typed = _typed(cells, _codes(home))
    recorded = left = 0
    for number, row in cells:
        key = (row["统一社会信用代码"], row["事项编号"])
        found = len(faults)
        faults += _foreign(number, row, wanted.get(key), key in seen)
        seen.add(key)
        if not any(row[name] for name in FILLED):
            left += 1
            continue
        values = typed[number]
        faults += [f"{_cell(name, number)}: {_(fault)}" for name, fault in values["faults"]]
        faults += _incomplete(number, row)
        day = values["检查日期"]
        if day and visits.setdefault(key[0], day) != day:
            faults.append(
                f"{_cell('检查日期', number)}: "
                + _("the visit is on file with another day, {day}").format(day=visits[key[0]])
            )
        if len(faults) > found:
            continue
        if not case.targets[key[0]].visited and not any(
            isinstance(one, Paper) and one.target == key[0] for one in contents
        ):
            contents.append(Paper(key[0], Step.inspected, "", day))
        contents.append(
            Finding(
                *key,
                tuple(values["检查结果"]),
                *(row["存在问题"], values["整改期限"], values["复查日期"]),
                *(row["立案文号"], row["移送单位"], row["备注"]),
            )
        )
        recorded += 1
    if faults:
        shown = "; ".join(faults[:20]) + (" …" if len(faults) > 20 else "")
        raise BadFile(path.name, shown, _("nothing was taken; correct these cells, then again"))
    try:
        case_file.write(home, draw, contents, at)
    except Misuse as error:
        raise BadFile(path.name, error.message, error.hint) from None
    return Taken(len(cells), recorded, left, len(set(wanted) - seen))


def _open_rows(case: Case) -> list[tuple[str, ...]]:
    titles = {item.id: item.title for item in case.plan.items}
    return [
        (
            case.draw,
            one.id,
            plain(one.name),
            item,
            plain(titles[item]),
            "、".join(plain(case.names[person]) for person in one.team),
        )
        for one in case.standing
        for item in one.items
        if item not in one.findings
    ]


def _cells(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows under the header, each with its number as Excel counts and its cells by heading."""
    from intake.workbook import sheets

    try:
        raw = path.read_bytes()
    except OSError:
        raise Misuse(_("there is no sheet at {path}").format(path=path)) from None
    found = [one for one in sheets(path.name, raw) if one.name == SHEET]
    if not found or [plain(text) for text in _header(found[0].top)] != list(HEADER):
        raise BadFile(
            path.name,
            _("expected the sheet {sheet} with its header in row {row}").format(
                sheet=SHEET, row=HEADER_ROW
            ),
            _("take the sheet that went out: double-random inspection results DRAW"),
        )
    frame = found[0].body(HEADER_ROW - 1, len(HEADER))
    rows = []
    for row in frame.iter_rows(named=True):
        texts = [plain(row[f"c{place}"] or "").strip() for place in range(len(HEADER))]
        if any(texts):
            rows.append((row["row"], dict(zip(HEADER, texts, strict=True))))
    return rows


def _header(top: Sequence[Sequence[str]]) -> list[str]:
    return list(top[HEADER_ROW - 1])[: len(HEADER)] if len(top) >= HEADER_ROW else []


def _foreign(
    number: int, row: dict[str, str], wanted: tuple[str, ...] | None, twice: bool
) -> list[str]:
    """What of a row's identity is not as it went out."""
    if twice:
        return [f"A{number}: " + _("this institution and item stand there twice")]
    if wanted is None:
        return [
            f"{_cell('统一社会信用代码', number)}: "
            + _("no open row of this draw: not drawn, replaced, or recorded already")
        ]
    return [
        f"{_cell(name, number)}: " + _("changed; it went out as {text}").format(text=text)
        for name, text in zip(FIXED, wanted, strict=True)
        if row[name] != text.strip()
    ]


def _incomplete(number: int, row: dict[str, str]) -> list[str]:
    return [
        f"{_cell(name, number)}: " + _("empty")
        for name in ("检查日期", "检查结果")
        if not row[name]
    ]


def _typed(
    cells: list[tuple[int, dict[str, str]]], codes: tuple[Kind, ...]
) -> dict[int, dict[str, Any]]:
    """Dates and result codes of each row, and their faults as (heading, reason)."""
    import polars

    from intake.dates import date_column
    from intake.kinds import kinds_column

    found: dict[int, dict[str, Any]] = {number: {"faults": []} for number, _row in cells}
    for name in (*DATES, "检查结果"):
        texts = polars.Series([row[name] or None for _n, row in cells], dtype=polars.String)
        typed = date_column(texts) if name in DATES else kinds_column(texts, codes)
        for (number, _row), value, fault in zip(
            cells, typed.value.to_list(), typed.fault.to_list(), strict=True
        ):
            found[number][name] = (
                list(value or []) if name == "检查结果" else value.isoformat() if value else ""
            )
            if fault:
                found[number]["faults"].append((name, fault))
    return found


def _codes(home: Home) -> tuple[Kind, ...]:
    from intake.kinds import kinds

    return kinds(home.fact("inspection_results.toml"))


def _cell(name: str, number: int) -> str:
    return f"{chr(ord('A') + HEADER.index(name))}{number}"
