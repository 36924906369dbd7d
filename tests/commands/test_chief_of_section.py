"""What a section chief met in a year at a Chinese terminal: no code word, no English comma, nothing untrue."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from double_random.commands.render.labels import resolve_code, translate_codes
from double_random.core import translation
from double_random.core.errors import Misuse
from double_random.core.vocabulary import DUE, RECORD, code_word
from double_random.inspection.casework.deadlines import DutyKind
from double_random.inspection.draw import lifecycle
from tests import forked

SAMPLE = Path(__file__).parent.parent.parent / "data" / "sample"
DOCUMENT = "示例司罚决字〔2026〕5号"
FIRM = "31990000XXXX00449M"
Chief = Callable[..., str]


@pytest.fixture(scope="module")
def chief(tmp_path_factory: pytest.TempPathFactory) -> Chief:
    """Types a command in Chinese; all that is printed, on both streams."""
    home = tmp_path_factory.mktemp("chief") / "bureau"

    def typed(*words: str) -> str:
        return forked.run(
            ["--lang", "zh_CN", "--home", home, *words],
            environment=os.environ | {"COLUMNS": "80", "NO_COLOR": "1"},
            mixed=True,
        ).stdout

    typed("init", "--authority", "示例区司法局", "--code", "11990000XXXX00027Q")
    typed("registry", "sync", str(SAMPLE), "--as-of", "2026-10-31")
    typed("credit", "load", str(SAMPLE), "--as-of", "2026-10-31")
    return typed


def test_every_duty_has_its_words() -> None:
    assert {str(kind) for kind in DutyKind} <= set(DUE)


def test_an_objection_is_told_in_words(chief: Chief) -> None:
    def step(name: str, day: str, *more: str) -> str:
        given = [FIRM, "--record", DOCUMENT, "--step", name, "--decided", day, *more]
        return chief("credit", "objection", *given, "--format", "table")

    early = step("维持", "2026-11-04")
    assert "现为“尚未受理”，下一步不能是“维持”" in early
    shown = step("受理", "2026-11-05", "--number", "异议1号")
    assert "异议 · 已受理" in shown and DOCUMENT in shown and "示例梨榕兰律师事务所" in shown
    assert not re.search(r"accepted|接受|[0-9a-f]{64}", shown)
    assert "核查异议" in chief("inspection", "due", "--as-of", "2026-11-06", "--format", "table")
    assert "早于上一步（异议编号异议1号）" in step("核查", "2026-11-01")
    assert "异议 · 核查中" in step("核查", "2026-11-09")
    assert "异议 · 维持" in step("维持", "2026-11-10")


def test_an_action_without_its_word_says_what_is_missing() -> None:
    translation.choose_language("zh_CN")
    try:
        words = {name: code_word(RECORD, f"correction:{name}") for name in ("revoked", "corrected")}
        assert [resolve_code("--as", one, words) for one in ("撤销", "更正", "已更正")] == [
            "revoked",
            "corrected",
            "corrected",
        ]
        with pytest.raises(Misuse, match="缺少 --as"):
            resolve_code("--as", "", words)
    finally:
        translation.choose_language("en")


def test_a_wrong_file_alone_is_not_called_one_of_several(chief: Chief, tmp_path: Path) -> None:
    (tmp_path / "决定书.pdf").write_bytes(b"%PDF-1.4\n")
    openpyxl.Workbook().save(tmp_path / "投诉.xlsx")
    (tmp_path / "处罚.csv").write_bytes(b"")
    shown = chief("credit", "load", str(tmp_path), "--as-of", "2026-10-31", "--format", "table")
    assert "其他命令的文件" not in shown and "按文件名不是表格" in shown
    assert "处罚.csv：文件为空；投诉.xlsx：文件中没有任何内容" in shown
    assert "其余" not in shown


def test_what_holds_no_table_is_no_release_of_records(chief: Chief, tmp_path: Path) -> None:
    """Finding: `credit load` of a PDF made a release of nothing and told of no error."""
    (tmp_path / "决定书.pdf").write_bytes(b"%PDF-1.4\n")
    before = chief("status")
    shown = chief("credit", "load", str(tmp_path), "--as-of", "2026-10-31", "--format", "table")
    assert "按文件名不是表格：决定书.pdf；没有读到任何一行" in shown
    assert "请提供本局的表格文件（XLSX 或 CSV）" in shown
    assert chief("status") == before


def test_the_suspended_are_said_to_be_counted(chief: Chief) -> None:
    """Finding: a sync counted the suspended among those "in practice", one more than the register's list does."""
    shown = chief(
        "registry", "sync", str(SAMPLE), "--as-of", "2026-10-31", "--dry-run", "--format", "table"
    )
    assert "律师事务所：原有140家（含停业整顿的）" in shown


def test_a_history_bears_the_full_name(chief: Chief) -> None:
    """Finding: `registry history 示例梨榕兰` bore what was typed as its title."""
    shown = chief("registry", "history", "示例梨榕兰", "--format", "table")
    assert shown.splitlines()[0] == f"示例梨榕兰律师事务所 {FIRM}"


def test_a_repair_says_what_it_does_to_the_points(chief: Chief) -> None:
    """Finding: a repaired record went on costing points, and `credit explain` was silent about it."""
    firm, document = "31990000XXXX00991E", "示例司罚决字〔2025〕6号"
    chief("credit", "repair", firm, "--record", document, "--decided", "2026-10-20")
    said = f"{document}已于2026-10-20信用修复："
    for command in ("explain", "show", "report"):
        shown = chief("credit", command, firm, "--as-of", "2026-10-31", "--format", "table")
        assert f"{said}本办法未规定信用修复对计分的影响，该记录照常计分" in shown, command
        assert all(width(line) <= 80 for line in shown.splitlines()[:1]), command
    other = chief(
        *("credit", "explain", firm, "--as-of", "2026-10-31", "--policy", "evaluation-1000"),
        *("--format", "table"),
    )
    assert f"{said}按信用修复管理办法" in other and "该记录不再计分" in other


def test_a_letter_and_a_report_have_chinese_marks(chief: Chief, tmp_path: Path) -> None:
    """Finding: "异议, 信用修复" in the report, and a half-width colon behind the name in the letter."""
    page = tmp_path / "报告.html"
    chief("credit", "report", FIRM, "--as-of", "2026-10-31", "--output", str(page))
    assert "异议、信用修复（" in page.read_text("utf-8")
    letters = tmp_path / "letters"
    chief(
        *("credit", "notify", "--as-of", "2026-10-31", "--grade", "D", "--letters", str(letters)),
    )
    (letter,) = letters.rglob("*.html")
    said = letter.read_text("utf-8")
    assert "<p>示例梨榕兰律师事务所：</p>" in said and "截至2026年10月31日" in said


def width(line: str) -> int:
    """The cells that a line takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def test_a_recusal_names_its_inspector(chief: Chief) -> None:
    """Finding: the institution's name stood under the heading 姓名, and the inspector's nowhere."""
    shown = chief("registry", "recusals", "--format", "table")
    heading, _line, first = shown.splitlines()[1:4]
    assert heading.split()[:4] == ["执法证号", "姓名", "统一社会信用代码", "机构"]
    assert "检查员示例甲" in first and "示例菊竹梨" in first


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize(
    "given", ["方案有误", " 方案有误 ", "wrong plan", "WRONG PLAN", " Wrong plan"]
)
def test_a_reason_is_taken_in_chinese_and_english_whatever_the_language(
    language: str, given: str
) -> None:
    """D-040: with an English computer the words of the Chinese papers were refused."""
    translation.choose_language(language)
    try:
        assert (
            resolve_code("--reason", given, translate_codes(lifecycle.VOID_REASONS)) == "wrong plan"
        )
    finally:
        translation.choose_language("en")
