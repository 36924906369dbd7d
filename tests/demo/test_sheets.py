"""The sample's sheets: the columns of 2018 and the errors that bureaus' files hold."""

from __future__ import annotations

import pytest

from double_random.demo import sheets
from double_random.demo.bureau import BRANCH, FIRM, FORENSIC, NOTARY, SampleBureau
from double_random.demo.years import sample_bureau
from double_random.intake.credit_codes import check_character


@pytest.fixture(scope="module")
def made() -> SampleBureau:
    return sample_bureau()


def column(sheet: list[list[str]], name: str) -> list[str]:
    """The cells below a heading."""
    index = sheet[0].index(name)
    return [row[index] for row in sheet[1:]]


def test_permits_are_in_the_order_of_their_decisions(made: SampleBureau) -> None:
    rows = sheets.permit_rows(made, NOTARY)
    days = [row["XK_JDRQ"] for row in rows]
    assert len(rows) >= 6 and days == sorted(days)
    assert set(rows[0]) <= set(sheets.PERMIT_COLUMNS)
    assert {row["XK_XKZS"] for row in rows} == {NOTARY.certificate}


def test_the_firms_sheet_has_a_title_a_header_and_a_total(made: SampleBureau) -> None:
    title, header, *rows, total = sheets.firm_permit_sheet(made)
    assert "示例数据" in title[0] and not any(title[1:])
    assert header == list(sheets.PERMIT_COLUMNS.values())
    assert total[:2] == ["合计", str(len(rows))]
    assert {len(row) for row in (title, header, *rows, total)} == {len(header)}


def test_the_firms_sheet_holds_one_wrong_check_digit_and_one_placeholder(
    made: SampleBureau,
) -> None:
    _title, header, *rows, _total = sheets.firm_permit_sheet(made)
    number = header.index("行政相对人代码_1(统一社会信用代码)")
    name = header.index("行政相对人名称")
    codes = {row[name]: row[number] for row in rows}
    wrong = codes["示例错码律师事务所"]
    assert len(wrong) == 18 and check_character(wrong[:17]) != wrong[17]
    assert codes["示例缺码律师事务所"] == "00000000000000000X"
    assert any(code != code.upper() for code in codes.values())


def test_coded_and_titled_sheets_differ_in_the_header_alone(made: SampleBureau) -> None:
    coded = sheets.coded_permit_sheet(made, BRANCH, NOTARY)
    titled = sheets.titled_permit_sheet(made, BRANCH, NOTARY)
    assert coded[0] == list(sheets.PERMIT_COLUMNS)
    assert titled[0] == list(sheets.PERMIT_COLUMNS.values())
    assert coded[1:] == titled[1:]
    assert sheets.coded_permit_sheet(SampleBureau(), FIRM) == [list(sheets.PERMIT_COLUMNS)]


def test_the_row_that_excel_corrupts_is_of_another_institution(made: SampleBureau) -> None:
    header, row = sheets.titled_permit_sheet(made, FORENSIC)[:2]
    spoilt = sheets.spoilt_permit_row(row, header)
    changed = [name for name, old, new in zip(header, row, spoilt, strict=True) if old != new]
    assert changed == ["行政相对人名称", "行政相对人代码_1(统一社会信用代码)"]


def test_penalties_bear_the_name_of_their_day_and_every_sixth_lacks_its_code(
    made: SampleBureau,
) -> None:
    sheet = sheets.penalty_sheet(made)
    codes = column(sheet, "CF_XDR_SHXYM")
    assert all(code == "" for code in codes[::6])
    assert column(sheet, "CF_XDR_MC")[-1] == "示例查无律师事务所"
    assert "10000元" in column(sheet, "CF_NR_FK")
    names = {name for one in made.institutions for _day, name in one.names}
    assert set(column(sheet, "CF_XDR_MC")[:-1]) <= names


def test_a_complaint_names_the_penalty_that_it_led_to(made: SampleBureau) -> None:
    linked = [one for one in column(sheets.complaint_sheet(made), "关联处罚文号") if one]
    assert len(linked) == 6
    assert set(linked) <= {penalty.document for penalty in made.penalties}


def test_the_roster_and_the_recusals_have_a_row_for_each(made: SampleBureau) -> None:
    roster = sheets.inspector_sheet(made)
    assert len(roster) == 1 + len(made.inspectors)
    assert column(roster, "状态").count("请假") == 1
    recusals = sheets.recusal_sheet(made)
    assert set(column(recusals, "执法证号")) <= set(column(roster, "执法证号"))
    assert len(recusals) == 1 + len(made.recusals)
