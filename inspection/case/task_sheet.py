"""任务书: a sheet from which a whole draw is done: fill it in, hand it over, add the numbers, hand it over again.

What stands in it decides what is done: no such draw yet → plan and commit; the numbers too → entropy and draw, and the
task with its days goes on file. A step that was done is not done again, so the same sheet may be handed over twice.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from errors import BadFile, DoubleRandomError, Misuse
from inspection import acts
from inspection.case import case_file, sheet
from inspection.case.acts import Task
from inspection.draws import Folder, is_sealed
from inspection.planning import Wish, plan
from inspection.protocol.plan import Plan, Team
from inspection.state import Stage, states
from language import _
from registry.day import read_day, read_time
from store.beijing import BEIJING

if TYPE_CHECKING:
    from store.home import Home

SHEET = "任务书"
HEADER = ("项目", "内容", "说明")
ROWS = (
    ("抽取名称", "", "字母、数字、-,如 2026-1"),
    ("检查事项", "", "事项编号,多个用、隔开"),
    ("名录库日期", "", "如 2026-01-15"),
    ("检查区域", "", "六位区划代码,多个用、隔开;不填:全部"),
    ("检查单位", "", "检查人员所属单位,多个用、隔开;不填:全部"),
    ("随机源", "", "如 lottery:快乐8:2026019,或 balls:摇号室:7,多个用、隔开"),
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
class Order:
    """A filled sheet, read."""

    wish: Wish
    task: Task
    values: tuple[str, ...]  # of the sources, in their order; none as long as they are not out


@dataclass(frozen=True)
class Done:
    """What a sheet brought about: the steps that were done now, the code, and the draw's stage."""

    draw: str
    steps: tuple[str, ...]
    code: str
    stage: Stage


def blank() -> bytes:
    """The sheet to fill in."""
    return sheet.write(SHEET, "双随机抽查任务书", HEADER, ROWS, 1, (18, 40, 50))


def read(path: Path) -> Order:
    """A filled sheet; BadFile names each cell that cannot be read."""
    rows = sheet.read(
        path, SHEET, HEADER, _("take the empty one: double-random inspection do --blank FILE")
    )
    cells = {row["项目"]: (number, row["内容"]) for number, row in rows}
    faults: list[str] = []

    def text(name: str) -> str:
        number, value = cells.get(name, (0, ""))
        if not value and name not in OPTIONAL:
            faults.append(f"B{number} {name}: " + _("empty"))
        return value

    def day(name: str) -> date:
        value = text(name)
        found = read_day(value)
        if found is None and value:
            faults.append(
                f"B{cells[name][0]} {name}: " + _("no such day: {date}").format(date=value)
            )
        return found or date.min

    def number(name: str) -> int:
        value = text(name)
        if value and not value.isdecimal():
            faults.append(f"B{cells[name][0]} {name}: " + _("no whole number"))
        return int(value) if value.isdecimal() else 0

    given = text("号码产生时间")
    moment = read_time(given)
    if moment is None and given:
        faults.append(
            f"B{cells['号码产生时间'][0]} 号码产生时间: "
            + _("no such time: {at}").format(at=given)
            + ", "
            + _("as 2026-01-19 21:30")
        )

    def several(name: str) -> tuple[str, ...]:
        parts = text(name).replace(",", "、").replace("，", "、").split("、")
        return tuple(one.strip() for one in parts if one.strip())

    groups = number("固定分组数")
    team = Team(number("每组人数"), number("每组主办人数"), groups or None, False, False)
    wish = Wish(
        text("抽取名称"),
        several("检查事项"),
        day("名录库日期"),
        several("随机源"),
        f"{moment:%Y-%m-%dT%H:%M:%SZ}" if moment else "",
        day("名单公开截止"),
        team,
        districts=several("检查区域"),
        units=several("检查单位"),
    )
    first, last = day("检查开始日期"), day("检查截止日期")
    if first > last > date.min:
        faults.append(f"B{cells['检查截止日期'][0]} 检查截止日期: " + _("before the first day"))
    if moment is not None and date.min < first < (moment + BEIJING).date():
        faults.append(
            f"B{cells['检查开始日期'][0]} 检查开始日期: " + _("before the draw's numbers")
        )
    directed = text("定向条件")
    task = Task(
        text("抽查任务编号"),
        "",
        "",
        "directed" if directed else "undirected",
        first.isoformat(),
        last.isoformat(),
        directed,
    )
    values = several("公开随机号码")
    if values and len(values) != len(wish.sources):
        faults.append(
            f"B{cells['公开随机号码'][0]} 公开随机号码: "
            + _("{count} values for {sources} sources").format(
                count=len(values), sources=len(wish.sources)
            )
        )
    if faults:
        raise sheet.refuse(path, faults)
    return Order(wish, task, values)


def do(home: Home, path: Path, at: str, accept_unbound: bool = False) -> Done:
    """Do what the sheet asks for and what has not been done; BadFile names the sheet where a step is refused."""
    order = read(path)
    order = replace(order, wish=replace(order.wish, accept_unbound=accept_unbound))
    try:
        return _do(home, order, at)
    except BadFile:
        raise
    except DoubleRandomError as error:
        raise BadFile(path.name, error.message, error.hint) from None


def _do(home: Home, order: Order, at: str) -> Done:
    wish, steps = order.wish, []
    if not is_sealed(home, wish.draw):
        plan(home, wish)
        steps.append("plan")
    frozen = Folder.of(home, wish.draw).plan()
    _same(frozen, wish)
    if wish.draw not in states(home.log.entries()):
        acts.commit(home, wish.draw, at)
        steps.append("commit")
    state = states(home.log.entries())[wish.draw]
    told = dict(zip(wish.sources, order.values, strict=False))
    # balls and dice first: they are logged before any other source is known
    for source in sorted(frozen.sources, key=lambda one: not one.witnessed):
        if source.text in told and source.text not in state.entropy and state.drawn is None:
            acts.entropy(home, wish.draw, f"{source.text}={told[source.text]}", at)
            steps.append("entropy")
    local = all(source.kind == "local" for source in frozen.sources)
    if (told or local) and state.drawn is None and state.open:
        acts.draw(home, wish.draw, at)
        steps.append("draw")
        task = replace(order.task, year_plan=frozen.number)
        case_file.write(home, wish.draw, [task], at)
        steps.append("task")
    state = states(home.log.entries())[wish.draw]
    return Done(wish.draw, tuple(steps), frozen.code, state.stage)


def _same(frozen: Plan, wish: Wish) -> None:
    """Misuse where the sheet asks for something else than what was sealed under its name."""
    sealed = (
        tuple(sorted(one.id for one in frozen.items)),
        frozen.as_of,
        tuple(source.text for source in frozen.sources),
        frozen.not_before,
        frozen.publish_by,
        frozen.team,
    )
    asked = (
        tuple(sorted(wish.items)),
        wish.as_of.isoformat(),
        wish.sources,
        wish.not_before,
        wish.publish_by.isoformat(),
        wish.team,
    )
    if sealed != asked:
        raise Misuse(
            _("the plan of {draw} was sealed otherwise than this sheet says").format(
                draw=frozen.draw
            ),
            _("what is sealed stays; take another name for another draw"),
        )
