"""年度抽查计划: its batches with numbers and days, its filing number and approval, and every change with its reason.

HOME/year_plans/YEAR.jsonl has one act per line; no line ever changes. The last act with batches gives the plan.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.china_time import china_day
from double_random.core.errors import Misuse
from double_random.core.translation import N_, _, join_label, join_words, load_catalogue
from double_random.inspection.casework import spreadsheet
from double_random.inspection.draw import lifecycle as draw_acts
from double_random.inspection.draw.draw_state import replay_states
from double_random.inspection.planning.items import InspectionItem, load_items
from double_random.inspection.planning.wording import format_share
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.text import is_day, is_short_id
from double_random.intake.entered_days import read_day
from double_random.store import durable_files as disk
from double_random.store.locks import hold_lock

if TYPE_CHECKING:
    from double_random.store.home import Home

SHEET = "年度抽查计划"
HEADER = (
    *("批次", "事项编号", "抽查事项", "检查对象", "事项类别", "检查方式", "检查依据", "抽查比例"),
    *("抽查频次", "计划抽查数", "开始日期", "完成时限"),
)
READ = ("批次", "事项编号", "抽查频次", "计划抽查数", "开始日期", "完成时限")
DAYS = ("开始日期", "完成时限")
FREE = HEADER.index("抽查频次")
WIDTHS = (8, 26, 26, 18, 12, 12, 40, 22, 10, 10, 12, 12)
ACTS = (N_("filed"), N_("approved"), N_("changed"))


@dataclass(frozen=True, kw_only=True)
class PlanBatch:
    """One batch of the plan: an item, a number of institutions, a first and a last day."""

    id: str
    item: str
    frequency: str
    planned: int
    first_day: str
    last_day: str


@dataclass(frozen=True)
class YearPlan:
    """A year's plan according to its acts."""

    year: int
    number: str  # filing number
    batches: tuple[PlanBatch, ...]
    approved: tuple[str, str] | None  # number and day of the approval of these batches
    history: tuple[dict[str, Any], ...]

    def batch(self, id: str) -> PlanBatch:
        """Return a batch by id; Misuse lists the existing ones."""
        by_id = {candidate.id: candidate for candidate in self.batches}
        if id not in by_id:
            raise Misuse(
                _("the plan of {year} has no batch {id}").format(year=self.year, id=id),
                join_words(by_id),
            )
        return by_id[id]


def render_year_sheet(home: Home, year: int) -> bytes:
    """Return the empty sheet: a row per item of the list; further batches of an item are further rows."""
    rows = [
        (str(number), item.id, *describe_item(home, item, date(year, 1, 1)))
        for number, item in enumerate(load_items(home), start=1)
    ]
    return spreadsheet.render_sheet(SHEET, f"{SHEET} {year}", HEADER, rows, FREE, WIDTHS)


def describe_item(home: Home, item: InspectionItem, day: date) -> tuple[str, ...]:
    """Describe an item for the plan's form: title, objects, class, methods, basis, ratios."""
    from double_random.registry.institutions.kinds import load_kinds

    kinds = {kind.code: kind.zh for kind in load_kinds(home)}
    words = load_catalogue("zh_CN").gettext
    rule = item.rule_on(day)
    shares = "；".join(format_share(share, kinds, words) for share in rule.shares)
    return (
        item.title,
        "、".join(kinds.get(kind, kind) for kind in item.kinds),
        words(item.importance),
        "、".join(words(method) for method in item.methods),
        item.basis,
        shares,
    )


def file_year_plan(
    home: Home, year: int, path: Path, number: str, day: str, reason: str, at: str
) -> YearPlan:
    """File a filled sheet as the year's plan, or with a reason as its change; BadFile names each faulty cell."""
    batches = _read_batches(home, year, path)
    former = read_year_plan(home, year)
    if former is not None and not reason:
        raise Misuse(
            _("the plan of {year} is on file already").format(year=year),
            _("a change needs its reason: --reason"),
        )
    if former is None and reason:
        raise Misuse(_("there is no plan of {year} that could change").format(year=year))
    kind = "changed" if former else "filed"
    content = {
        "number": number or (former.number if former else ""),
        "date": day,
        "reason": reason,
        "batches": [asdict(batch) for batch in batches],
    }
    return _append_act(home, year, kind, content, at)


def approve_year_plan(home: Home, year: int, number: str, day: str, at: str) -> YearPlan:
    """Record the approval (审批文号 and its day) of the current plan."""
    plan = read_year_plan(home, year)
    if plan is None:
        raise Misuse(_("there is no plan of {year}").format(year=year), _("file it first"))
    filed = max(act["date"] for act in plan.history if act["kind"] != "approved")
    if day < filed:
        raise Misuse(
            _("{date} lies before the plan that is approved, filed on {day}").format(
                date=day, day=filed
            )
        )
    if not number:
        raise Misuse(_("an approval has a number"))
    return _append_act(home, year, "approved", {"number": number, "date": day}, at)


def read_year_plan(home: Home, year: int) -> YearPlan | None:
    """Read the plan of a year; None if none was filed."""
    plan: YearPlan | None = None
    for line in disk.read_lines(_year_plan_path(home, year)):
        act = canonical_json.load_canonical(line, str(_year_plan_path(home, year)))
        history = (*(plan.history if plan else ()), act)
        if act["kind"] == "approved" and plan is not None:
            plan = YearPlan(year, plan.number, plan.batches, (act["number"], act["date"]), history)
        else:
            batches = tuple(PlanBatch(**batch) for batch in act["batches"])
            plan = YearPlan(year, act["number"], batches, None, history)
    return plan


def count_planned(home: Home, first: date, last: date) -> dict[str, int]:
    """Count the planned institutions by item, of batches that begin between two days."""
    counts: Counter[str] = Counter()
    for year in range(first.year, last.year + 1):
        plan = read_year_plan(home, year)
        for batch in plan.batches if plan else ():
            if first.isoformat() <= batch.first_day <= last.isoformat():
                counts[batch.item] += batch.planned
    return dict(counts)


def find_split_items(home: Home, year: int) -> dict[str, tuple[int, int]]:
    """Find items with more draws in the year, void ones included, than batches: item → (draws, batches)."""
    draws = Counter(
        item["id"]
        for state in replay_states(home.log.entries()).values()
        if state.plan["not_before"][:4] == str(year)
        for item in state.plan["items"]
    )
    plan = read_year_plan(home, year)
    batches = Counter(batch.item for batch in plan.batches) if plan else Counter()
    return {
        item: (count, batches[item])
        for item, count in sorted(draws.items())
        if count > max(batches[item], 1)
    }


def find_other_checks(home: Home, year: int) -> tuple[tuple[str, ...], int]:
    """Return a year's checks other than undirected draws.

    These are the directed draws (定向) with their conditions, and the number of case checks (个案) opened.
    """
    from double_random.inspection.case.case_file import read_cases
    from double_random.inspection.casework.case_checks import read_case_checks

    directed = tuple(
        f"{case.draw}: {case.task.reason}"
        for case in read_cases(home)
        if case.task.type == "directed" and china_day(case.plan.not_before)[:4] == str(year)
    )
    opened = [
        case_check
        for case_check in read_case_checks(home).values()
        if case_check.approved[:4] == str(year)
    ]
    return directed, len(opened)


def _append_act(home: Home, year: int, kind: str, content: dict[str, Any], at: str) -> YearPlan:
    if not is_day(content["date"]):
        raise Misuse(_("no such day: {date}").format(date=content["date"]), _("as in 2026-11-22"))
    path = _year_plan_path(home, year)
    path.parent.mkdir(exist_ok=True)
    with hold_lock(path.with_suffix(".lock"), "year-plan", 10):
        act = {"kind": kind, "at": draw_acts.check_act_time(at), **content}
        disk.append_line(path, canonical_json.dump_canonical(act))
    plan = read_year_plan(home, year)
    if plan is None:
        raise AssertionError("it was just written")
    return plan


def _year_plan_path(home: Home, year: int) -> Path:
    return home.path / "year_plans" / f"{year}.jsonl"


def _find_row_faults(
    batch: PlanBatch, row: dict[str, str], year: int, items_known: set[str], seen: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield each invalid cell of a row as (heading, fault)."""
    if not is_short_id(batch.id):
        yield "批次", _("a batch's name holds 0-9, A-Z, a-z, _ and - alone")
    elif batch.id in seen:
        yield "批次", _("this batch stands above already")
    if batch.item not in items_known:
        yield "事项编号", _("no such item; see: double-random inspection items")
    if batch.planned < 0:
        yield "计划抽查数", _("no whole number")
    for heading, day in zip(DAYS, (batch.first_day, batch.last_day), strict=True):
        if not row[heading]:
            yield heading, _("empty")
        elif not day:
            yield heading, _("no such day; as 2026-11-22 or 2026年11月22日")
        elif day[:4] != str(year):
            yield heading, _("this day is not in {year}").format(year=year)
    if batch.last_day and batch.last_day < batch.first_day:
        yield DAYS[1], _("before the first day, {day}").format(day=batch.first_day)


def _read_batches(home: Home, year: int, path: Path) -> Sequence[PlanBatch]:
    """Read the filled rows; a row without a number of institutions is not a batch."""
    rows = spreadsheet.read_sheet(
        path,
        SHEET,
        HEADER,
        _("take the empty one: double-random inspection year-plan YEAR --blank FILE"),
    )
    item_ids = {item.id for item in load_items(home)}
    faults: list[str] = []
    batches: list[PlanBatch] = []
    seen: set[str] = set()
    for number, row in rows:
        if not row["计划抽查数"]:
            continue
        first, last = (day.isoformat() if (day := read_day(row[name])) else "" for name in DAYS)
        batch = PlanBatch(
            id=row["批次"],
            item=row["事项编号"],
            frequency=row["抽查频次"],
            planned=int(row["计划抽查数"]) if row["计划抽查数"].isdecimal() else -1,
            first_day=first,
            last_day=last,
        )
        for heading, fault in _find_row_faults(batch, row, year, item_ids, seen):
            cell = spreadsheet.cell_name(HEADER, heading, number)
            faults.append(join_label(f"{cell} {heading}", join_label(row[heading] or "—", fault)))
        seen.add(batch.id)
        batches.append(batch)
    if not batches and not faults:
        faults.append(_("no row has a number of institutions"))
    if faults:
        raise spreadsheet.make_cell_error(path, faults)
    return batches
