"""双随机抽查记录表 as a workbook: one row per institution and item, filled in by people, recorded whole or not at all.

The cells that identify a row must return unchanged; a sheet with a changed or foreign row is refused, naming the cell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import china_day
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _, join_label, join_words
from double_random.core.vocabulary import RESULT, code_words
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Content, Finding, Paper
from double_random.inspection.case.steps import Step
from double_random.inspection.casework import spreadsheet
from double_random.inspection.casework.sanitise_text import to_plain_text
from double_random.inspection.draw import lifecycle as draw_acts
from double_random.intake import reasons
from double_random.intake.entered_days import explain_no_day

if TYPE_CHECKING:
    from double_random.inspection.case.model import Case
    from double_random.inspection.case.target import Target
    from double_random.intake.code_lists import CodeKind
    from double_random.store.home import Home

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


@dataclass(frozen=True)
class RecordedSheet:
    """The effect of a sheet: rows = recorded + same + open; `absent`: open rows of the case that the sheet lacks."""

    rows: int
    recorded: int
    same: int  # recorded before and unchanged
    open: int
    absent: int


def render_result_sheet(home: Home, draw: str) -> bytes:
    """Return the sheet of a draw: a row for each institution to be visited and item without a result."""
    case = case_file.read_case(home, draw)
    rows: list[tuple[str | int, ...]] = [
        (number, *row) for number, row in enumerate(_open_rows(case), start=1)
    ]
    words = _result_choices(_read_result_codes(home))
    title = f"{SHEET} {case.plan.title} {case.draw} {case.plan.code}"
    return spreadsheet.render_sheet(
        SHEET,
        title,
        HEADER,
        rows=rows,
        free=1 + len(FIXED),
        widths=WIDTHS,
        choices={"检查结果": words},
    )


def record_results(home: Home, draw: str, path: Path, at: str) -> RecordedSheet:
    """Record a filled sheet's new results, whole or not at all; BadFile names every faulty cell.

    A row that was recorded before is skipped if it is unchanged or empty.
    """
    case = case_file.read_case(home, draw)
    cells = spreadsheet.read_sheet(
        path,
        SHEET,
        HEADER,
        _("take the sheet that went out: double-random inspection results DRAW"),
    )
    while True:
        try:
            return _record_cells(home, case, path, cells, at)
        except BadFile:
            before, case = case, case_file.read_case(home, draw)
            if len(case.acts) == len(before.acts):
                raise  # else the case changed meanwhile, perhaps by this sheet: try again


def _record_cells(
    home: Home, case: Case, path: Path, cells: list[tuple[int, dict[str, str]]], at: str
) -> RecordedSheet:
    """Record a sheet's new cells into the case as it was read; BadFile if they are not valid."""
    codes = _read_result_codes(home)
    filled = _FilledSheet(case, china_day(draw_acts.check_act_time(at)), _result_choices(codes))
    typed = _parse_cells(cells, codes)
    for number, row in cells:
        filled.add_row(number, row, typed[number])
    if filled.faults:
        raise spreadsheet.make_cell_error(path, filled.faults)
    try:
        case_file.append_acts(home, case.draw, filled.contents, at)
    except Misuse as error:
        raise BadFile(path.name, error.message, error.hint) from None
    missing = len(set(filled.wanted) - filled.seen)
    return RecordedSheet(len(cells), filled.recorded, filled.same, filled.left, missing)


class _FilledSheet:
    """A filled sheet compared with its case: new rows, unchanged rows, and the faults of its cells."""

    def __init__(self, case: Case, today: str, words: Sequence[str]) -> None:
        self.case, self.today, self.words = case, today, words
        self.wanted = {(row[1], row[3]): row for row in _open_rows(case)}
        self.known = {(row[1], row[3]): row for row in _case_rows(case)}
        self.visits = {
            target.id: target.visited for target in case.active_targets if target.visited
        }
        self.faults: list[str] = []
        self.contents: list[Content] = []
        self.seen: set[tuple[str, str]] = set()
        self.recorded = self.same = self.left = 0

    def add_row(self, number: int, row: dict[str, str], values: dict[str, Any]) -> None:
        """Add one row of the sheet, with its cells as text and as values."""
        key = (row["统一社会信用代码"], row["事项编号"])
        before = len(self.faults)
        self.faults += _find_foreign_cells(number, row, self.known.get(key), key in self.seen)
        self.seen.add(key)
        recorded = key in self.known and key not in self.wanted
        if not any(row[name] for name in FILLED):
            self.same += recorded
            self.left += not recorded
            return
        self.faults += [
            join_label(_cell_name(name, number), self._describe_fault(name, row[name], fault))
            for name, fault in values["faults"]
        ]
        self.faults += _find_empty_cells(number, row)
        if recorded:
            self.faults += _find_changed_cells(
                number, row, values, self.case.targets[key[0]], key[1]
            )
            self.same += 1
            return
        if key in self.known and not values["faults"]:
            since = self.case.targets[key[0]].since
            self.faults += _find_misdated_cells(number, values, since, self.today)
        self._check_visit(number, key[0], values["检查日期"])
        if len(self.faults) == before:
            self._record_finding(key, row, values)

    def _describe_fault(self, name: str, text: str, fault: str) -> str:
        """Describe a faulty cell: its text and what is allowed."""
        if fault == reasons.NO_SUCH_DATE:
            return explain_no_day(text)
        if fault == reasons.UNKNOWN_KIND:
            return _("{given} is no result; take one of: {words}").format(
                given=text, words=join_words(self.words)
            )
        return _(fault)

    def _check_visit(self, number: int, target: str, day: str) -> None:
        """Add a fault if an institution has two days of visit in one draw."""
        if day and self.visits.setdefault(target, day) != day:
            self.faults.append(
                join_label(
                    _cell_name("检查日期", number),
                    _("the visit is on file with another day, {day}").format(
                        day=self.visits[target]
                    ),
                )
            )

    def _record_finding(
        self, key: tuple[str, str], row: dict[str, str], values: dict[str, Any]
    ) -> None:
        visited = self.case.targets[key[0]].visited or any(
            isinstance(content, Paper) and content.target == key[0] for content in self.contents
        )
        if not visited:
            self.contents.append(Paper(key[0], Step.inspected, "", values["检查日期"]))
        self.contents.append(_make_finding(key, row, values))
        self.recorded += 1


def _make_finding(key: tuple[str, str], row: dict[str, str], values: dict[str, Any]) -> Finding:
    return Finding(
        target=key[0],
        item=key[1],
        codes=tuple(values["检查结果"]),
        found=row["存在问题"],
        correct_by=values["整改期限"],
        rechecked=values["复查日期"],
        filed=row["立案文号"],
        transferred=row["移送单位"],
        remark=row["备注"],
    )


def _find_changed_cells(
    number: int, row: dict[str, str], values: dict[str, Any], target: Target, item: str
) -> list[str]:
    """Return the faults of a recorded row's cells that differ from the case file."""
    finding = target.findings[item]
    on_file = {
        "检查日期": target.visited,
        "检查结果": list(finding.codes),
        "存在问题": finding.found,
        "整改期限": finding.correct_by,
        "复查日期": finding.rechecked,
        "立案文号": finding.filed,
        "移送单位": finding.transferred,
        "备注": finding.remark,
    }
    entered = {name: values.get(name, row[name]) for name in FILLED}
    entered["检查结果"], on_file["检查结果"] = sorted(entered["检查结果"]), sorted(finding.codes)
    return [
        join_label(
            _cell_name(name, number),
            _("recorded already as {text}; take that back first: inspection take-back").format(
                text=code_words(RESULT, " ".join(text)) if isinstance(text, list) else text or "—"
            ),
        )
        for name, text in on_file.items()
        if entered[name] != text
    ]


def _find_misdated_cells(number: int, values: dict[str, Any], since: str, today: str) -> list[str]:
    """Return the faults of a row's days that are in the future or too early."""
    visit, correct_by, rechecked = (values[name] for name in DATES)
    faults = []
    if visit and visit > today:
        faults.append(("检查日期", _("{day} is still to come").format(day=visit)))
    if visit and visit < since:
        faults.append(("检查日期", _("before the draw of {day}").format(day=since)))
    if rechecked and rechecked > today:
        faults.append(("复查日期", _("{day} is still to come").format(day=rechecked)))
    for name, day in (("整改期限", correct_by), ("复查日期", rechecked)):
        if day and visit and day < visit:
            faults.append((name, _("before the visit of {day}").format(day=visit)))
    return [join_label(_cell_name(name, number), fault) for name, fault in faults]


def _open_rows(case: Case) -> list[tuple[str, ...]]:
    """Return the rows without a result."""
    return [row for row in _case_rows(case) if row[3] not in case.targets[row[1]].findings]


def _case_rows(case: Case) -> list[tuple[str, ...]]:
    titles = {item.id: item.title for item in case.plan.items}
    return [
        (
            case.draw,
            target.id,
            to_plain_text(target.name),
            item,
            to_plain_text(titles[item]),
            "、".join(to_plain_text(case.names[person]) for person in target.team),
        )
        for target in case.active_targets
        for item in target.items
    ]


def _find_foreign_cells(
    number: int, row: dict[str, str], expected: tuple[str, ...] | None, twice: bool
) -> list[str]:
    """Return the faults of the cells that identify a row: changed, unknown or repeated."""
    if twice:
        return [join_label(f"A{number}", _("this institution and item stand there twice"))]
    if expected is None:
        return [
            join_label(
                _cell_name("统一社会信用代码", number),
                _("no row of this draw: not drawn, or replaced"),
            )
        ]
    return [
        join_label(_cell_name(name, number), _("changed; it went out as {text}").format(text=text))
        for name, text in zip(FIXED, expected, strict=True)
        if row[name] != text.strip()
    ]


def _find_empty_cells(number: int, row: dict[str, str]) -> list[str]:
    return [
        join_label(_cell_name(name, number), _("empty"))
        for name in ("检查日期", "检查结果")
        if not row[name]
    ]


def _parse_cells(
    cells: list[tuple[int, dict[str, str]]], codes: tuple[CodeKind, ...]
) -> dict[int, dict[str, Any]]:
    """Parse dates and result codes of each row, and collect their faults as (heading, reason)."""
    import polars

    from double_random.intake.code_lists import kinds_column
    from double_random.intake.dates import date_column

    parsed: dict[int, dict[str, Any]] = {number: {"faults": []} for number, _row in cells}
    for name in (*DATES, "检查结果"):
        texts = polars.Series([row[name] or None for _n, row in cells], dtype=polars.String)
        typed = date_column(texts) if name in DATES else kinds_column(texts, codes)
        for (number, _row), value, fault in zip(
            cells, typed.value.to_list(), typed.fault.to_list(), strict=True
        ):
            parsed[number][name] = (
                list(value or []) if name == "检查结果" else value.isoformat() if value else ""
            )
            if fault:
                parsed[number]["faults"].append((name, fault))
    return parsed


def _result_choices(codes: tuple[CodeKind, ...]) -> list[str]:
    """Return the words to choose from; those without severity (其他) last."""
    return [kind.word for kind in sorted(codes, key=lambda kind: not kind.severity)]


def _read_result_codes(home: Home) -> tuple[CodeKind, ...]:
    from double_random.intake.code_lists import load_code_list

    return load_code_list(home.fact_file("inspection_results.toml"))


def _cell_name(name: str, number: int) -> str:
    return spreadsheet.cell_name(HEADER, name, number)
