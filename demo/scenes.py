"""The tour's two draws: request, times, and the numbers drawn before witnesses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from double_random.demo.bureau import DISTRICT

SECTION = f"{DISTRICT}司法局律师工作科"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One draw from its plan to its publication; times are UTC, in the log's format.

    The numbers are invented for the tour. In a real draw witnesses watch them being drawn.
    """

    draw: str
    item: str
    title: str
    number: str
    source: str
    value: str
    committed: str
    not_before: str
    drawn: str
    published: str
    publish_by: date
    groups: int | None
    unit: str
    protocol: int = 1


# 10 % of the firms; a section of four inspects in two fixed groups of two, one lead in each.
ARCHIVES = Scene(
    draw="2026-archives",
    item="law-firm-archives",
    title="2026年第四季度律师事务所业务档案双随机抽查(示例)",
    number="示例司抽〔2026〕1号",
    source="balls:示例摇号室:6",
    value="073915",
    committed="2026-11-02T01:00:00Z",
    not_before="2026-11-03T06:00:00Z",
    drawn="2026-11-03T06:10:00Z",
    published="2026-11-06T08:00:00Z",
    publish_by=date(2026, 11, 30),
    groups=2,
    unit=SECTION,
)

# By risk grade, with branches; the whole roster of fourteen, a separate team for each institution.
PRACTICE = Scene(
    draw="2026-practice",
    item="law-firm-practice",
    title="2026年第四季度律师事务所(分所)执业活动双随机抽查(示例)",
    number="示例司抽〔2026〕2号",
    source="dice:示例会议室:8",
    value="41526163",
    committed="2026-11-09T01:00:00Z",
    not_before="2026-11-10T06:00:00Z",
    drawn="2026-11-10T06:10:00Z",
    published="2026-11-13T08:00:00Z",
    publish_by=date(2026, 12, 15),
    groups=None,
    unit="",
)
