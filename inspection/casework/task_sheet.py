"""任务书: a sheet that runs a whole draw: fill it in, submit it, add the numbers, submit it again.

Its content decides which steps run: if the draw does not exist yet, plan and commit; if the numbers are filled in,
entropy, draw, and filing of the task with its days. Steps already done are skipped, so a sheet may be submitted twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.china_time import BEIJING
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.translation import _, join_clauses, join_label
from double_random.inspection.case import case_file
from double_random.inspection.case.events import Task
from double_random.inspection.casework import spreadsheet
from double_random.inspection.draw import lifecycle, versions
from double_random.inspection.draw.draw_folder import DrawFolder, is_sealed
from double_random.inspection.draw.draw_state import DrawStage, replay_states
from double_random.inspection.draw.versions import Plan, Source
from double_random.inspection.planning.plan_builder import freeze_plan
from double_random.inspection.planning.plan_fields import DrawRequest
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.sources.known_sources import LEAST_LEAD
from double_random.inspection.sources.source_catalogue import load_home_catalogue, shift_time
from double_random.inspection.sources.source_checks import describe_sources
from double_random.intake.entered_days import explain_no_day, read_day, read_time

if TYPE_CHECKING:
    from double_random.store.home import Home

SHEET = "任务书"
HEADER = ("项目", "内容", "说明")
ROWS = (
    ("抽取名称", "", "字母、数字、-,如 2026-1"),
    ("检查事项", "", "事项编号,多个用、隔开"),
    ("名录库日期", "", "如 2026-01-15"),
    ("检查区域", "", "六位区划代码,多个用、隔开;不填:全部"),
    ("检查单位", "", "检查人员所属单位,多个用、隔开;不填:全部"),
    ("随机源", "", "如 lottery:快乐8:2026019,或 ceremony:balls:摇号室,多个用、隔开"),
    ("号码产生时间", "", "北京时间,如 2026-01-19 21:30"),
    ("名单公开截止", "", "如 2026-02-10"),
    ("每组人数", "2", ""),
    ("每组主办人数", "1", ""),
    ("固定分组数", "", "不填:逐家随机配组"),
    ("抽查任务编号", "", "可不填"),
    ("检查开始日期", "", "如 2026-01-20"),
    ("检查截止日期", "", "如 2026-02-27"),
    ("定向条件", "", "定向抽查才填:按什么条件抽,如 上年度投诉两次以上的律师事务所"),
    ("公开随机号码", "", "先空着;号码产生后再填,再办理一次;多个按随机源次序用、隔开"),
)
OPTIONAL = ("检查区域", "检查单位", "固定分组数", "抽查任务编号", "定向条件", "公开随机号码")


@dataclass(frozen=True)
class SheetOrder:
    """The content of a filled sheet."""

    wish: DrawRequest
    task: Task
    values: tuple[str, ...]  # of the sources, in their order; empty until they are known


@dataclass(frozen=True)
class SheetOutcome:
    """The effect of a sheet: the steps done this time, the code, and the draw's stage."""

    draw: str
    steps: tuple[str, ...]
    code: str
    stage: DrawStage


def render_task_sheet() -> bytes:
    """Return the empty sheet."""
    return spreadsheet.render_sheet(SHEET, "双随机抽查任务书", HEADER, ROWS, 1, (18, 40, 50))


class _SheetCells:
    """The filled cells of a sheet by their headings, and the faults found in them."""

    def __init__(self, cells: dict[str, tuple[int, str]]) -> None:
        self._cells = cells
        self.faults: list[str] = []

    def add_fault(self, name: str, what: str) -> None:
        self.faults.append(join_label(f"B{self._cells.get(name, (0, ''))[0]} {name}", what))

    def text(self, name: str) -> str:
        """Return the cell's text; add a fault if a required cell is empty."""
        value = self._cells.get(name, (0, ""))[1]
        if not value and name not in OPTIONAL:
            self.add_fault(name, _("empty"))
        return value

    def day(self, name: str) -> date:
        """Return the cell's day; date.min and a fault if it is not a day."""
        value = self.text(name)
        parsed = read_day(value)
        if parsed is None and value:
            self.add_fault(name, explain_no_day(value))
        return parsed or date.min

    def time(self, name: str) -> datetime | None:
        """Return the cell's time in UTC; None and a fault if it is not a time."""
        value = self.text(name)
        parsed = read_time(value)
        if parsed is None and value:
            message = _("no such time: {at}").format(at=value)
            self.add_fault(name, join_clauses([message, _("as 2026-01-19 21:30")]))
        return parsed

    def number(self, name: str) -> int:
        """Return the cell's whole number; 0 and a fault if it is not one."""
        value = self.text(name)
        if value and not value.isdecimal():
            self.add_fault(name, _("no whole number"))
        return int(value) if value.isdecimal() else 0

    def parts(self, name: str) -> tuple[str, ...]:
        """Return the parts of a cell that may hold several values."""
        parts = self.text(name).replace(",", "、").replace("，", "、").split("、")
        return tuple(part.strip() for part in parts if part.strip())


def read_task_sheet(path: Path) -> SheetOrder:
    """Read a filled sheet; BadFile names each cell that cannot be read."""
    rows = spreadsheet.read_sheet(
        path, SHEET, HEADER, _("take the empty one: double-random inspection do --blank FILE")
    )
    cells = _SheetCells({row["项目"]: (number, row["内容"]) for number, row in rows})
    moment = cells.time("号码产生时间")
    wish = _read_request(cells, moment)
    task = _read_task(cells, moment)
    values = cells.parts("公开随机号码")
    if values and len(values) != len(wish.sources):
        cells.add_fault(
            "公开随机号码",
            _("{count} values for {sources} sources").format(
                count=len(values), sources=len(wish.sources)
            ),
        )
    if cells.faults:
        raise spreadsheet.make_cell_error(path, cells.faults)
    return SheetOrder(wish, task, values)


def _read_request(cells: _SheetCells, moment: datetime | None) -> DrawRequest:
    """Read the request of a draw from the cells."""
    groups = cells.number("固定分组数")
    sources, known_from = cells.parts("随机源"), {}
    not_before = f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else ""
    if not_before:
        # Nobody can prove a drawing's hour to the minute: nothing may be known from an hour before it on.
        drawn = [text for text in sources if text.partition(":")[0] in ("lottery", "public")]
        known_from = dict.fromkeys(drawn, not_before)
        not_before = shift_time(not_before, -LEAST_LEAD) if drawn else not_before
    return DrawRequest(
        draw=cells.text("抽取名称"),
        items=cells.parts("检查事项"),
        as_of=cells.day("名录库日期"),
        sources=sources,
        known_from=known_from,
        not_before=not_before,
        publish_by=cells.day("名单公开截止"),
        team=TeamRule(
            cells.number("每组人数"), cells.number("每组主办人数"), groups or None, False, False
        ),
        districts=cells.parts("检查区域"),
        units=cells.parts("检查单位"),
    )


def _read_task(cells: _SheetCells, moment: datetime | None) -> Task:
    """Read the task (任务) of the visits from the cells."""
    first, last = cells.day("检查开始日期"), cells.day("检查截止日期")
    if first > last > date.min:
        cells.add_fault("检查截止日期", _("before the first day"))
    if moment is not None and date.min < first < (moment + BEIJING).date():
        cells.add_fault("检查开始日期", _("before the draw's numbers"))
    directed = cells.text("定向条件")
    return Task(
        number=cells.text("抽查任务编号"),
        year_plan="",
        batch="",
        type="directed" if directed else "undirected",
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        reason=directed,
    )


def run_task_sheet(home: Home, path: Path, at: str, accept_unbound: bool = False) -> SheetOutcome:
    """Run the sheet's steps that have not been done; BadFile names the sheet if a step is refused."""
    order = read_task_sheet(path)
    known_from = _keep_unknown_times(home, order.wish.known_from)
    wish = replace(order.wish, accept_unbound=accept_unbound, known_from=known_from)
    order = replace(order, wish=wish)
    try:
        return _run_order(home, order, at)
    except BadFile:
        raise
    except DoubleRandomError as error:
        raise BadFile(path.name, error.message, error.hint) from None


def _keep_unknown_times(home: Home, stated: Mapping[str, str]) -> dict[str, str]:
    """The sheet's time of those issues that no calendar knows; others have their own."""
    catalogue, kept = load_home_catalogue(home), {}
    for text, time in stated.items():
        kind, name, number = (*text.split(":", 2), "", "")[:3]
        known = catalogue.sources.get((kind, name))
        if known is None or not number or known.find_issue(number) is None:
            kept[text] = time
    return kept


def _run_order(home: Home, order: SheetOrder, at: str) -> SheetOutcome:
    wish, steps = order.wish, []
    if not is_sealed(home, wish.draw):
        freeze_plan(home, wish)
        steps.append("plan")
    folder = DrawFolder.find(home, wish.draw)
    frozen, sources = folder.read_plan(), folder.read_sources()
    _check_same_plan(home, frozen, sources, wish)
    if wish.draw not in replay_states(home.log.entries()):
        lifecycle.commit_plan(home, wish.draw, at)
        steps.append("commit")
    state = replay_states(home.log.entries())[wish.draw]
    values_by_source = dict(zip((one.text for one in sources), order.values, strict=False))
    # balls and dice first: they are logged before any other source is known
    for source in sorted(sources, key=lambda planned: not planned.needs_witness):
        if (
            source.text in values_by_source
            and source.text not in state.entropy
            and state.drawn is None
        ):
            value = versions.read_value(source, values_by_source[source.text])
            lifecycle.log_entropy(home, wish.draw, f"{source.text}={value}", at)
            steps.append("entropy")
    unlogged = not any(source.is_public for source in sources)
    if (values_by_source or unlogged) and state.drawn is None and state.is_open:
        lifecycle.run_draw(home, wish.draw, at)
        steps.append("draw")
        task = replace(order.task, year_plan=frozen.number)
        case_file.append_acts(home, wish.draw, [task], at)
        steps.append("task")
    state = replay_states(home.log.entries())[wish.draw]
    return SheetOutcome(wish.draw, tuple(steps), frozen.code, state.stage)


def _check_same_plan(
    home: Home, frozen: Plan, sources: Sequence[Source], wish: DrawRequest
) -> None:
    """Raise Misuse if the sheet differs from the plan that was sealed under its name."""
    named, not_before = wish.sources, wish.not_before
    if versions.is_second(frozen):
        catalogue = load_home_catalogue(home)
        rows = describe_sources(catalogue, wish.sources, wish.not_before, wish.known_from)
        named = tuple(row["source"] for row in rows)
    elif any(text.startswith("lottery:") for text in wish.sources):
        not_before = shift_time(not_before, LEAST_LEAD)
    sealed = (
        tuple(sorted(item.id for item in frozen.items)),
        frozen.as_of,
        tuple(source.text for source in sources),
        frozen.not_before,
        frozen.publish_by,
        frozen.team,
    )
    requested = (
        tuple(sorted(wish.items)),
        wish.as_of.isoformat(),
        named,
        not_before,
        wish.publish_by.isoformat(),
        wish.team,
    )
    if sealed != requested:
        raise Misuse(
            _("the plan of {draw} was sealed otherwise than this sheet says").format(
                draw=frozen.draw
            ),
            _("what is sealed stays; take another name for another draw"),
        )
