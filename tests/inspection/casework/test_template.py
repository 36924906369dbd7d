"""Templates of DOCX and XLSX: placeholders are filled, rows repeated, and unknown names refused."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest

from double_random.core.errors import BadFile
from double_random.inspection.casework.notice_code import render_qr_code
from double_random.inspection.casework.template import FormContent, fill_template

LIST = [{"名称": "示例甲律师事务所", "数": "1"}, {"名称": "=示例乙律师事务所", "数": "2"}]
CONTENT = FormContent({"检查机关": "示例市司法局", "数": "12"}, {"名单": LIST})


def docx_of(build: Callable[[Any], object], content: FormContent = CONTENT) -> Any:
    """A document filled, as it is read again."""
    document = docx.Document()
    build(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return docx.Document(io.BytesIO(fill_template("x.docx", buffer.getvalue(), content)))


def xlsx_of(*rows: list[Any], content: FormContent = CONTENT) -> Any:
    """A sheet filled, as it is read again."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return openpyxl.load_workbook(
        io.BytesIO(fill_template("x.xlsx", buffer.getvalue(), content))
    ).active


def table(document: Any) -> None:
    made = document.add_table(rows=2, cols=2)
    for cell, text in zip(made.rows[0].cells, ("名称", "数"), strict=True):
        cell.text = text
    for cell, text in zip(made.rows[1].cells, ("{{名单.名称}}", "{{ 名单.数 }}"), strict=True):
        cell.text = text


def texts(document: Any) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[0].rows]


def test_a_placeholder_that_word_cut_is_filled() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("前")
    for part in ("{{检查", "机关}", "}后{{甲}}{{乙}}"):
        paragraph.add_run(part)
    buffer = io.BytesIO()
    document.save(buffer)
    content = FormContent({"检查机关": "示例市司法局", "甲": "1", "乙": "{{甲}}"})
    made = docx.Document(io.BytesIO(fill_template("x.docx", buffer.getvalue(), content)))
    assert made.paragraphs[0].text == "前示例市司法局后1{ {甲}}"


def test_a_row_of_a_list_is_repeated_and_gone_if_the_list_is_empty() -> None:
    head, *rows = texts(docx_of(table))
    assert (head, rows) == (["名称", "数"], [[*entry.values()] for entry in LIST])
    assert texts(docx_of(table, FormContent({}, {"名单": []}))) == [["名称", "数"]]


def test_headers_and_footers_are_filled_too() -> None:
    def build(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{检查机关}}"
        document.sections[0].footer.paragraphs[0].text = "共 {{数}} 家"

    section = docx_of(build).sections[0]
    assert section.header.paragraphs[0].text == "示例市司法局"
    assert section.footer.paragraphs[0].text == "共 12 家"


def test_a_picture_takes_the_place_of_its_placeholder() -> None:
    content = FormContent({}, pictures={"核验码": render_qr_code("DR1:ABC")})
    made = docx_of(lambda document: document.add_paragraph("码{{picture:核验码}}"), content)
    assert made.paragraphs[0].text == "码"
    assert len(made.inline_shapes) == 1


@pytest.mark.parametrize("made", [docx_of, xlsx_of])
def test_an_unknown_placeholder_is_named_with_the_known_ones(made: Callable[..., Any]) -> None:
    text = "{{检查机关}}{{没有}}"
    with pytest.raises(BadFile, match="nobody knows these placeholders: 没有") as refused:
        made([text] if made is xlsx_of else lambda document: document.add_paragraph(text))
    assert "检查机关" in refused.value.hint and "名单.…" in refused.value.hint


def test_rows_of_a_sheet_are_repeated_and_those_below_move_down() -> None:
    sheet = xlsx_of(
        ["名称", "数"], ["{{名单.名称}}", "{{名单.数}}"], ["{{检查机关}}", "合计 {{数}}"]
    )
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows == [
        ["名称", "数"],
        ["示例甲律师事务所", 1],
        ["=示例乙律师事务所", 2],
        ["示例市司法局", "合计 12"],
    ]
    assert sheet["A3"].data_type == "s"  # a name that starts with = is no formula
    empty = xlsx_of(["{{名单.名称}}", "甲"], content=FormContent({}, {"名单": []}))
    assert [cell.value for cell in empty[1]] == [None, "甲"]


def test_a_number_alone_in_its_cell_is_a_number() -> None:
    content = FormContent({"数": "12", "证号": "01234567890123", "空": ""})
    sheet = xlsx_of(["{{数}}", "{{证号}}", "{{数}} 家"], content=content)
    assert [cell.value for cell in sheet[1]] == [12, "01234567890123", "12 家"]


@pytest.mark.parametrize("name", ["x.docx", "x.xlsx"])
def test_what_is_no_form_is_named(name: str) -> None:
    with pytest.raises(BadFile, match="this is no form that can be filled") as refused:
        fill_template(name, b"no archive", CONTENT)
    assert refused.value.file == name
