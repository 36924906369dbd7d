"""The cases of intake, walked row by row: each file's counts, each quarantined row, and what the register then holds.

The files lie beside the project (../shared/cases/intake, with a LOG.md); what is right of each stands here as data.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from double_random import data
from double_random.core.errors import Misuse
from double_random.credit.records.load import load_records
from double_random.registry.quality.file_report import FileReport
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from double_random.store.query import run_query

CASES = Path(__file__).parent.parent.parent.parent / "shared" / "cases" / "intake"
AS_OF = date(2016, 12, 31)
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the cases are not beside the project")
CODE = "行政相对人代码_1(统一社会信用代码)"
IDENTIFIED = f"{CODE} / 许可编号"
LOST = "number of which a spreadsheet has lost the last digits"


@dataclass(frozen=True)
class Case:
    """What is right: by file (accepted, quarantined) or why it is refused; each row set aside; what a query answers."""

    files: dict[str, tuple[int, int] | str]
    aside: tuple[tuple[int, str, str], ...] = ()  # row, column, how the reason begins
    query: str = ""
    answer: tuple[tuple[object, ...], ...] = ()
    noted: tuple[str, ...] = ()  # how a remark begins
    register: bool = False  # read by sync, into an empty register; else by load, upon nine firms
    as_of: date = AS_OF
    refused: str = ""  # why the layout beside it is refused when it is loaded
    pending: str = field(default="", compare=False)  # what is not yet right, and then fails


FINES = "SELECT fine_fen FROM records ORDER BY document"
AUTHORITIES = "SELECT DISTINCT authority FROM records"
NAMES = "SELECT name FROM institutions ORDER BY name"
RIGHT: dict[str, Case] = {
    "bare_comma": Case({"投诉.csv": (1, 1)}, ((3, "", "more cells"),)),
    "codes_that_fail_the_check": Case(
        {"许可.csv": (4, 7)},
        (
            (2, CODE, "check digit"),
            (4, CODE, "character that no code may have"),
            (5, CODE, "code has not 18"),
            (6, CODE, "code has not 18"),
            (9, CODE, "code has not 18"),
            (11, CODE, "placeholder"),
            (12, CODE, "character that no code may have"),
        ),
        register=True,
    ),
    "date_spellings": Case(
        {"处罚.csv": (9, 7)},
        tuple((row, "处罚决定日期", "no such date") for row in (3, 4, 9, 10, 14, 16, 17)),
        "SELECT DISTINCT decided FROM records",
        ((date(2015, 5, 3),),),
    ),
    "duplicate_header": Case(
        {"处罚.csv": "two columns of the header mean the same: 处罚决定日期 (J)、处罚决定日期 (N)"}
    ),
    "foreign_names": Case(
        {"处罚.csv": (0, 2)},  # the firm is not in this register; see the masker's own tests
        tuple((row, "行政相对人名称", "no such institution") for row in (2, 3)),
        as_of=date(2026, 11, 20),
    ),
    "former_districts": Case(
        {"许可.csv": (11, 0)}, query="SELECT count(district) FROM institutions", answer=((11,),),
        register=True
    ),
    "formula_without_value": Case(
        {"处罚.xlsx": (0, 2)}, tuple((row, "罚款金额", "") for row in (2, 3))
    ),
    "grouped_header": Case(
        {"处罚.csv": (2, 0)}, query=AUTHORITIES, answer=(("示例区司法局",),)
    ),
    "html_named_xls": Case({"处罚.xls": (2, 0)}),
    "id_number_as_code": Case(
        {"许可.csv": (0, 1)}, ((2, CODE, "personal ID number"),), NAMES, register=True
    ),
    "licence_in_scientific_notation": Case(
        {"许可.csv": (0, 2)}, tuple((row, "许可编号", LOST) for row in (2, 3)), NAMES, register=True
    ),
    "merged_name": Case({"处罚.xlsx": (3, 0)}),
    "money_spellings": Case(
        {"处罚.csv": (7, 9)},
        tuple((row, "罚款金额", "") for row in (2, 3, 5, 6, 9, 14, 15, 16, 17)),
        "SELECT max(fine_fen) FROM records",
        ((500_000,),),
    ),
    "money_unit_above_header": Case(
        {"处罚.csv": (2, 0)}, query=FINES, answer=((500_000,), (2_000_000,))
    ),
    "nine_firms": Case(
        {"许可.csv": (9, 0)}, query="SELECT count(*) FROM institutions", answer=((9,),), register=True
    ),
    "open_quote": Case({"投诉.csv": "a quotation mark is never closed; row: 4"}),
    "pipe_separated": Case({"处罚.txt": (1, 0)}),
    "plain_list": Case({}, refused="no column or constant gives decided", register=True),
    "record_by_licence": Case({"处罚台账.csv": (1, 0)}),
    "required_marks": Case({"处罚.csv": (2, 0)}),
    "roster_footer": Case(
        {"检查人员.csv": (1, 0)}, query="SELECT count(*) FROM inspectors", answer=((1,),),
        noted=("lines that are no rows",), register=True
    ),
    "same_act_unknown_firm": Case(
        {"处罚.csv": (1, 1)}, ((3, "行政相对人名称", "no such institution"),)
    ),
    "same_day_unknown_firms": Case(
        {"历次检查.csv": (1, 3)},
        tuple((row, "被检查机构", "no such institution") for row in (3, 4, 5)),
    ),
    "torn_encoding": Case(
        {
            "处罚_截断.csv": "neither UTF-8 nor GB18030 text; line: 2; character: 62; byte: 169 (0xE4)",
            "处罚_混合编码.csv": "neither UTF-8 nor GB18030 text; line: 3; character: 2; byte: 178 (0xC0)",
        }
    ),
    "two_row_header": Case(
        {"处罚.csv": (2, 0), "处罚.xlsx": (1, 0)}, query=AUTHORITIES, answer=(("示例区司法局",),)
    ),
    "words_for_nothing": Case(
        {"许可.csv": (0, 12)},
        tuple((row, IDENTIFIED, "none of the cells") for row in range(2, 14)),
        NAMES,
        register=True,
    ),
}  # fmt: skip
# Two drops, one after the other: the register, then what speaks of it.
IN_TURN: dict[str, Case] = {
    "html_entities": Case(
        {"许可.csv": (2, 0), "投诉.csv": (2, 0)},
        query=NAMES,
        answer=(("示例卯&辰律师事务所",), ("示例寅律师事务所",)),
    ),
    "private_use_characters": Case(
        {
            "许可.csv": (3, 0),
            "投诉_gbk.csv": (2, 0),
            "投诉_utf8_pua.csv": (1, 0),
            "投诉_兼容.csv": (1, 0),
        }
    ),
    "shared_host_code": Case({"许可.csv": (2, 0), "处罚.csv": (1, 0)}),
}


def new_home(folder: Path) -> Home:
    home = Home.create(folder, "示例区司法局", "11990000XXXX00027Q")
    shutil.copy(data.path("sample_home", "facts", "districts.toml"), home.path / "facts")
    return home


@pytest.fixture(scope="module")
def nine(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A register of nine firms."""
    home = new_home(tmp_path_factory.mktemp("cases") / "nine")
    sync_registers(home, [CASES / "nine_firms"], AS_OF)
    return home


def files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.name != "layout.toml")


def check(home: Home, case: Case, read: Iterator[FileReport]) -> None:
    found = {
        file.file: file.reason if file.result == "refused" else (file.accepted, file.quarantined)
        for file in read
    }
    assert found == case.files
    with home.releases.read() as release:
        rows = list_issues(release).select("row", "column", "reason", "severity").rows()
    aside = [(row, column, reason) for row, column, reason, how in rows if how == "quarantined"]
    listed = sorted({row for row, _column, _reason in aside})
    assert listed == sorted({row for row, _column, _reason in case.aside})
    for row, column, reason in case.aside:
        assert any(r == row and c == column and why.startswith(reason) for r, c, why in aside), (
            row,
            aside,
        )
    for remark in case.noted:
        assert any(why.startswith(remark) for _row, _column, why, _how in rows), rows
    if case.query:
        assert tuple(run_query(home, case.query).rows()) == case.answer


@pytest.mark.parametrize("name", RIGHT)
def test_each_row_of_a_case_comes_out_right(
    name: str, nine: Home, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    case, folder = RIGHT[name], CASES / name
    if case.register:
        home = new_home(tmp_path / "home")
    else:
        shutil.copytree(nine.path, tmp_path / "home")
        home = Home.open(tmp_path / "home")
    if name == "former_districts":  # they are of a city that the shipped list knows
        (home.path / "facts" / "districts.toml").unlink()
    if (folder / "layout.toml").exists():
        (home.path / "facts" / "layouts").mkdir()
        shutil.copy(folder / "layout.toml", home.path / "facts" / "layouts")
    if case.pending:
        request.applymarker(pytest.mark.xfail(strict=True, reason=case.pending))
    if case.refused:
        with pytest.raises(Misuse, match=case.refused):
            sync_registers(home, files(folder), case.as_of)
        return
    report = (sync_registers if case.register else load_records)(home, files(folder), case.as_of)
    check(home, case, iter(report.files))


@pytest.mark.parametrize("name", IN_TURN)
def test_what_comes_second_finds_its_institution(name: str, tmp_path: Path) -> None:
    case, folder = IN_TURN[name], CASES / name
    home = new_home(tmp_path / "home")
    first = sync_registers(home, files(folder / "1"), AS_OF)
    second = load_records(home, files(folder / "2"), AS_OF)
    check(home, case, iter((*first.files, *second.files)))


def test_every_case_is_walked() -> None:
    assert {folder.name for folder in CASES.iterdir() if folder.is_dir()} == {*RIGHT, *IN_TURN}
