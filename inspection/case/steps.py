"""The steps of a drawn institution, from the draw to the published result; it is always in exactly one of them."""

from __future__ import annotations

import enum


class Step(enum.StrEnum):
    """检查必审批、必通知; every drawn institution ends published, replaced or void.

    Their words: STEP in core/vocabulary.py.
    """

    drawn = "drawn"  # 抽中
    approved = "approved"  # 已审批: 行政检查审批表
    notified = "notified"  # 已通知: 行政检查通知书
    coded = "coded"  # 检查码, if it is required
    inspected = "inspected"  # 已检查: 现场检查笔录
    recorded = "recorded"  # 结果: a finding for each item
    told = "told"  # 已告知 the institution
    published = "published"  # 已公示
    replaced = "replaced"  # 递补: another institution took its place
    void = "void"  # 作废, with the whole draw


ORDER = (
    Step.drawn,
    Step.approved,
    Step.notified,
    Step.coded,
    Step.inspected,
    Step.recorded,
    Step.told,
    Step.published,
)
ENDS = (Step.published, Step.replaced, Step.void)
PAPERS = (
    Step.approved,
    Step.notified,
    Step.coded,
    Step.inspected,
    Step.told,
    Step.published,
)
BEFORE_THE_VISIT = (Step.approved, Step.notified, Step.coded)
