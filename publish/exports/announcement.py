"""The announcement of a draw (抽查任务公告): the form's fields, then the drawn list, in one Excel sheet.

Fields and columns follow a provincial platform: 抽查计划编号 … 抽查市场主体数量, 序号 · 市场主体名称 ·
统一社会信用代码/注册号 · 登记机关. Numbers, 抽查类型 and 检查日期 are those of the task (the draw in the year's plan),
or of the plan if no task is recorded, as in the form that the bureau signs (inspection/casework/forms.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from double_random.publish.content import urls
from double_random.publish.exports.notice import PortalNotice

if TYPE_CHECKING:
    from double_random.publish.content.labels import CodeLabels
    from double_random.publish.content.published_draws import PublishedDraw

TITLE = "抽查任务公告"
COLUMNS = ("序号", "市场主体名称", "统一社会信用代码/注册号", "登记机关")
WIDTHS = (18, 46, 26, 30)
NOTE = "被抽中不代表存在问题。"
BY_HAND = "(由检查机关填写)"
TYPES = {"undirected": "不定向", "directed": "定向"}


def announcement_fields(draw: PublishedDraw, words: CodeLabels) -> list[tuple[str, str]]:
    """The fields above the list, in the form's order."""
    row, (task, plan) = draw.row, draw.numbers
    places = "、".join(words.district(code) for code in row["districts"])
    kinds = "、".join(words.kind(code) for code in row["kinds"])
    return [
        ("抽查计划编号", plan),
        ("抽查计划名称", row["title"] or ""),
        ("抽查任务编号", task or row["draw"]),
        ("抽查任务名称", row["title"] or ""),
        ("抽查类型", TYPES.get(row.get("type") or "", BY_HAND)),
        ("抽查事项", "、".join(row["items"])),
        ("抽查对象范围", f"{places} {kinds}".strip()),
        ("检查日期自", row.get("first_day") or BY_HAND),
        ("检查日期至", row.get("last_day") or BY_HAND),
        ("检查机关", row["authority"] or ""),
        ("抽查市场主体数量", str(len(draw.drawn))),
        ("方案校验码", row["code"]),
    ]


def build_announcement(
    draw: PublishedDraw, drawn: list[dict[str, Any]], words: CodeLabels
) -> PortalNotice:
    """Build the announcement of a published draw. `drawn`: number id name authority, in the list's order."""
    rows = [
        (row["number"], *(row[name] or "" for name in ("name", "id", "authority"))) for row in drawn
    ]
    name = f"task-{urls.safe_name(draw.row['draw'])}"
    return PortalNotice(
        name=name,
        title=TITLE,
        head=tuple(announcement_fields(draw, words)),
        columns=COLUMNS,
        rows=rows,
        note=NOTE,
    )
