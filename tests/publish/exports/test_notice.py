"""A notice's fragments, CSV and workbook: escaped, split where they are long, readable in print."""

from __future__ import annotations

import csv
import io

from python_calamine import CalamineWorkbook

from double_random.publish.exports.notice import (
    PART,
    PortalNotice,
    render_csv,
    render_fragments,
    render_workbook,
)

NOTICE = PortalNotice(
    name="list-d1",
    title="示例<公告>",
    head=(("检查机关", "示例市\n司法局"),),
    columns=("序号", "名称"),
    rows=[(1, "=示例<b>律师</b>事务所"), (2, "示例\u202e乙")],
    note="被抽中不代表存在问题。",
)


def test_a_long_list_is_pasted_in_parts_and_attached_whole() -> None:
    rows = [(number, f"示例{number}") for number in range(1, 2 * PART + 2)]
    notice = PortalNotice(name="register", title="示例", columns=("序号", "名称"), rows=rows)
    names = [name for name, _content in render_fragments(notice)]
    assert names == ["register-1.html", "register-2.html", "register-3.html"]
    assert render_csv(notice).decode("utf-8-sig").count("\r\n") == len(rows) + 1
    assert render_workbook(notice) == render_workbook(notice)


def test_a_fragment_escapes_every_text_and_shows_hidden_marks() -> None:
    ((name, content),) = render_fragments(NOTICE)
    text = content.decode()
    assert name == "list-d1.html"
    assert "<caption>示例&lt;公告&gt;</caption>" in text
    assert "<td>=示例&lt;b&gt;律师&lt;/b&gt;事务所</td>" in text
    assert "示例市<br>司法局" in text and "<td nowrap>1</td>" in text
    assert "\u202e" not in text and "示例\ufffd乙" in text
    assert text.count('colspan="2"') == 1 and "被抽中不代表存在问题。" in text


def test_parts_of_a_long_notice_are_numbered_in_their_titles() -> None:
    rows = [(number,) for number in range(PART + 1)]
    pieces = dict(
        render_fragments(PortalNotice(name="n", title="示例", columns=("序号",), rows=rows))
    )
    assert "<caption>示例 (2/2)</caption>" in pieces["n-2.html"].decode()
    assert pieces["n-2.html"].count(b"<tr>") == 2


def test_the_csv_has_a_mark_and_no_formula() -> None:
    content = render_csv(NOTICE)
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows == [["序号", "名称"], ["1", "'=示例<b>律师</b>事务所"], ["2", "示例\ufffd乙"]]


def test_the_workbook_holds_title_fields_list_and_note() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_workbook(NOTICE)))
    assert book.sheet_names == ["示例<公告>"]
    assert book.get_sheet_by_index(0).to_python() == [
        ["示例<公告>", ""],
        ["检查机关", "示例市\n司法局"],
        ["", ""],
        ["序号", "名称"],
        [1.0, "=示例<b>律师</b>事务所"],
        [2.0, "示例\ufffd乙"],
        ["", ""],
        ["被抽中不代表存在问题。", ""],
    ]


def test_a_title_that_excel_refuses_as_a_sheets_name_is_changed() -> None:
    for title, name in (("[示例]:*?", "示例"), ("", "Sheet1"), ("长" * 40, "长" * 31)):
        content = render_workbook(PortalNotice(name="n", title=title, rows=[]))
        assert CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names == [name]
