"""Fills the forms that belong to no single draw: 年度抽查计划 of a year, 季度报表 of a quarter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.casework.forms import format_chinese_day, read_forms, to_chinese
from double_random.inspection.casework.quarterly_report import Quarter, report_quarter, sum_reports
from double_random.inspection.casework.template import FormContent, fill_template
from double_random.inspection.casework.year_plan import read_year_plan
from double_random.inspection.planning.items import load_items

if TYPE_CHECKING:
    from double_random.inspection.planning.items import InspectionItem
    from double_random.store.home import Home

NAMES = {
    "planned": "计划数",
    "drawn": "抽查数",
    "directed": "其中定向",
    "done": "完成数",
    "problems": "发现问题数",
    "corrected": "责令改正",
    "filed": "立案",
    "transferred": "移送",
    "published": "公示数",
    "overdue": "逾期数",
}


def fill_year_forms(home: Home, year: int) -> Iterator[tuple[str, bytes]]:
    """Fill the year's plan in every layout of the list; Misuse if there is no plan."""
    plan = read_year_plan(home, year)
    if plan is None:
        raise Misuse(_("there is no plan of {year}").format(year=year))
    items_by_id = {item.id: item for item in load_items(home)}
    values = {
        "年度": str(year),
        "检查机关": home.settings["authority"]["name"],
        "备案号": plan.number,
        "批准": f"{plan.approved[0]} {format_chinese_day(plan.approved[1])}"
        if plan.approved
        else "未批准",
    }
    rows = []
    for number, batch in enumerate(plan.batches, start=1):
        item = items_by_id[batch.item]
        rows.append(
            {
                "序号": str(number),
                "事项": item.title,
                "内容": item.content,
                "对象": "、".join(_list_kind_names(home, item)),
                "类别": {"key": "重点检查事项", "general": "一般检查事项"}[item.importance],
                "方式": "、".join(to_chinese(method) for method in item.methods),
                "依据": item.basis,
                "科室": "",
                "比例": _describe_ratios(item, date.fromisoformat(batch.first_day)),
                "频次": batch.frequency,
                "计划数": str(batch.planned),
                "完成时限": format_chinese_day(batch.last_day),
                "时间": f"{format_chinese_day(batch.first_day)}至{format_chinese_day(batch.last_day)}",
                "备注": "",
            }
        )
    yield from _fill_forms(home, "year", FormContent(values, {"批次": rows}))


def fill_quarter_forms(
    home: Home, quarter: Quarter, as_of: date | None = None
) -> Iterator[tuple[str, bytes]]:
    """Fill the quarter's report; `as_of` is the day of the report if the quarter is not over."""
    lines = report_quarter(home, quarter, as_of)
    sums = sum_reports(lines)
    values = {
        "检查机关": home.settings["authority"]["name"],
        "季度": f"{quarter.year}年第{quarter.number}季度",
        "事项总数": str(sums["items"]),
        "已抽查事项": str(sums["items_drawn"]),
        **{heading: str(sums[name]) for name, heading in NAMES.items()},
    }
    rows = [
        {
            "序号": str(number),
            "名称": line.title,
            **{heading: str(getattr(line, name)) for name, heading in NAMES.items()},
        }
        for number, line in enumerate(lines, start=1)
    ]
    yield from _fill_forms(home, "quarter", FormContent(values, {"事项": rows}))


def _fill_forms(home: Home, per: str, content: FormContent) -> Iterator[tuple[str, bytes]]:
    for form in read_forms(home):
        if form.per == per:
            yield form.file, fill_template(form.file, form.read_template(home), content)


def _describe_ratios(item: InspectionItem, day: date) -> str:
    shares: dict[str, Any] = {}
    for share in item.rule_on(day).shares:
        shares.setdefault(f"{share.ratio[0]}/{share.ratio[1]}", None)
    return "、".join(shares)


def _list_kind_names(home: Home, item: InspectionItem) -> list[str]:
    from double_random.registry.institutions.kinds import load_kinds

    names = {kind.code: kind.zh for kind in load_kinds(home)}
    return [names.get(kind, kind) for kind in item.kinds]
