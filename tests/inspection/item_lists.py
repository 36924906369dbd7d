"""The text of an item list (抽查事项清单) of law firms, with what a test says about it."""

from __future__ import annotations

HALF = '{ kind = "law_firm", ratio = [1, 2], minimum = 1, rounding = "up" }'
ITEM = """
[[item]]
id = "{id}"
title = "{title}"
content = "归档"
basis = "《律师法》第四条"
reference = "示例"
confirmed = false
class = "general"
methods = ["on site"]
kinds = ["law_firm"]
[[item.rule]]
from = 2016-01-01
reserve = [1, 2]
reference = "示例"
confirmed = false
{more}
ratios = [{ratios}]
"""


def write_item(
    *ratios: str, more: str = "", id: str = "law-firm-archives", title: str = "档案检查"
) -> str:
    """One item with these ratios, half of all firms if none is given; `more`: further lines of its rule."""
    return ITEM.format(id=id, title=title, more=more, ratios=", ".join(ratios or (HALF,)))
