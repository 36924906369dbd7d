"""A list from outside: codes, names, text, workbooks, with what bureaus put above and below."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from double_random.core.errors import BadFile
from double_random.inspection.verification.reference_list import (
    compare_reference_list,
    read_reference_list,
)

ONE, TWO, THREE = "31XXXX00MD0000001A", "31XXXX00MD0000002B", "31XXXX00MD0000003C"
HERE = {
    ONE: "示例第一律师事务所",
    TWO: "示例（第二）律师事务所",
    "L:1XXXX000000000001": "示例第三律师事务所",
}


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    path.write_text(content, encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_codes_line_by_line(tmp_path: Path, encoding: str) -> None:
    path = text(tmp_path / "a.txt", f"{ONE}\n\n{THREE.lower()}\n", encoding)
    assert [(line.row, line.id) for line in read_reference_list(path)] == [(1, ONE), (3, THREE)]
    assert compare_reference_list(path, HERE) == ([THREE], [TWO, "L:1XXXX000000000001"])


def test_a_workbook_with_a_title_and_names(tmp_path: Path) -> None:
    path = tmp_path / "名单.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "示例协会")
        page = book.add_worksheet("名单")
        page.write(0, 0, "示例市律师事务所名单")
        page.write_row(1, 0, ["序号", "单位名称", "统一社会信用代码"])
        page.write_row(2, 0, [1, "示例第一律师事务所", ONE])
        page.write_row(3, 0, [2, "示例失踪律师事务所", THREE])
    assert compare_reference_list(path, HERE)[0] == [f"{THREE} 示例失踪律师事务所"]


def test_names_alone_are_compared_with_width_and_brackets_folded(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", "名称\n示例(第二)律师事务所\n示例无名律师事务所\n")
    missing, extra = compare_reference_list(path, HERE)
    assert missing == ["示例无名律师事务所"]
    assert TWO not in extra and ONE in extra


def test_one_known_by_its_licence_number_is_found_by_name(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", f"机构名称,统一社会信用代码\n示例第三律师事务所,{THREE}\n")
    assert compare_reference_list(path, HERE)[0] == []


def test_a_name_does_not_hide_another_code(tmp_path: Path) -> None:
    """Somebody else may bear the same name: with a code of its own it is another institution."""
    path = text(tmp_path / "a.csv", f"机构名称,统一社会信用代码\n示例第一律师事务所,{THREE}\n")
    assert compare_reference_list(path, HERE)[0] == [f"{THREE} 示例第一律师事务所"]


def test_a_bad_code_is_named_with_its_row(tmp_path: Path) -> None:
    path = text(tmp_path / "a.csv", f"示例名单\n名称,统一社会信用代码\n甲,{ONE}\n乙,123\n")
    with pytest.raises(BadFile, match="row 4: 123"):
        read_reference_list(path)


def test_an_empty_list_proves_nothing(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="no list of institutions"):
        read_reference_list(text(tmp_path / "a.csv", "名称,统一社会信用代码\n"))
    with pytest.raises(BadFile, match="no list of institutions"):
        read_reference_list(text(tmp_path / "b.txt", "\n"))
