"""The drawn list as a bureau files it (抽查任务公告): the announcement's fields, then the list, in one Excel sheet.

Fields and columns as a provincial platform prints them: 抽查计划编号 … 抽查市场主体数量, 序号 · 市场主体名称 ·
统一社会信用代码/注册号 · 登记机关. What no plan holds (抽查类型, 检查日期) stays empty for the bureau to fill in.
"""

from __future__ import annotations

import datetime
import io
from typing import TYPE_CHECKING, Any

from publish.harmless import visible

if TYPE_CHECKING:
    from publish.draws import Shown
    from publish.words import Words

TITLE = "抽查任务公告"
COLUMNS = ("序号", "市场主体名称", "统一社会信用代码/注册号", "登记机关")
WIDTHS = (18, 46, 26, 30)
NOTE = "被抽中不代表存在问题。"
BY_HAND = "(由检查机关填写)"


def fields(draw: Shown, words: Words) -> list[tuple[str, str]]:
    """The fields above the list, in the form's own order."""
    row = draw.row
    places = "、".join(words.district(code) for code in row["districts"])
    kinds = "、".join(words.kind(code) for code in row["kinds"])
    return [
        ("抽查计划编号", row["number"] or ""),
        ("抽查计划名称", row["title"] or ""),
        ("抽查任务编号", row["draw"]),
        ("抽查任务名称", row["title"] or ""),
        ("抽查类型", BY_HAND),
        ("抽查事项", "、".join(row["items"])),
        ("抽查对象范围", f"{places} {kinds}".strip()),
        ("检查日期自", BY_HAND),
        ("检查日期至", BY_HAND),
        ("检查机关", row["authority"] or ""),
        ("抽查市场主体数量", str(len(draw.drawn))),
        ("方案校验码", row["code"]),
    ]


def announcement(draw: Shown, drawn: list[dict[str, Any]], words: Words) -> bytes:
    """The workbook of a published draw. `drawn`: number id name authority, in the list's order."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "in_memory": True,
        },
    )
    book.set_properties({"created": datetime.datetime(2000, 1, 1)})  # same content, same bytes
    sheet = book.add_worksheet(TITLE)
    title = book.add_format({"bold": True, "font_size": 16, "align": "center"})
    head = book.add_format({"bold": True, "border": 1, "bg_color": "#E8EEF5", "text_wrap": True})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "vcenter"})
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width)
    sheet.merge_range(0, 0, 0, len(COLUMNS) - 1, "", title)
    sheet.write_string(0, 0, TITLE, title)
    line = 1
    for name, value in fields(draw, words):
        sheet.write_string(line, 0, name, head)
        sheet.merge_range(line, 1, line, len(COLUMNS) - 1, "", cell)
        sheet.write_string(line, 1, _text(value), cell)
        line += 1
    line += 1
    for place, name in enumerate(COLUMNS):
        sheet.write_string(line, place, name, head)
    sheet.repeat_rows(line)
    for row in drawn:
        line += 1
        sheet.write_number(line, 0, row["number"], cell)
        for place, name in enumerate(("name", "id", "authority"), start=1):
            sheet.write_string(line, place, _text(row[name]), cell)
    sheet.write_string(line + 2, 0, NOTE)
    sheet.set_paper(9)  # A4
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    book.close()
    return buffer.getvalue()


def _text(value: str | None) -> str:
    return visible(value or "")[:32767]
