"""What may be an identifier and what never is: words for nothing, dressed and ruined numbers, personal numbers."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random import data
from double_random.core.errors import BadFile
from double_random.intake import credit_codes, reasons
from double_random.intake.credit_codes import ALPHABET, check_character, resident_check_character
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.identifiers import load_identifiers, read_identifiers
from double_random.intake.layouts import load_layouts, load_shipped_layouts

RULES = load_identifiers(data.path("identifiers.toml"))
LICENCE = RULES.find_form("permits", "licence")
BADGE = RULES.find_form("inspectors", "id")
USCC = RULES.find_form("permits", "uscc")
CODE = "31990000XXXX000214"
NUMBER = "29900201010000021"
ID_NUMBER = "99010119900307001"  # without its check character
HEADER = "行政相对人名称,统一社会信用代码,许可编号,行政许可决定文书号,许可证书名称,许可决定日期"
LAYOUTS = load_shipped_layouts()

# Every word of the list, and what is written round it.
NOTHING = st.one_of(
    st.sampled_from(RULES.nothing),
    st.text(alphabet="0-/—*.?_ 　、\\", min_size=1, max_size=12),
)
AROUND = st.sampled_from(
    ["{}", " {} ", "({})", "（{}）", "【{}】", "{}\t", "'{}", '="{}"', '"{}"', "<{}>", "{}。"]
)


def permits(tmp_path: Path, *rows: str) -> FileReading:
    drop = tmp_path / "许可.csv"
    drop.write_text("\n".join([HEADER, *rows]) + "\n", "utf-8")
    (reading,) = read_drop([drop], date(2016, 12, 31), LAYOUTS)
    return reading


def row(uscc: str = "", licence: str = "", name: str = "示例甲律师事务所") -> str:
    cells = (uscc, licence)
    quoted = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    return f'"{name}",{quoted},示例许〔2015〕1号,律师事务所执业许可证,2015-01-01'


def judged(text: str, form: object = LICENCE) -> tuple[str | None, str | None]:
    typed = read_identifiers(pl.Series([text]), RULES, form)  # type: ignore[arg-type]
    return typed.value[0], typed.fault[0]


@given(NOTHING, AROUND, st.sampled_from([LICENCE, BADGE, USCC, None]))
def test_a_word_for_nothing_is_no_identifier(word: str, around: str, form: object) -> None:  # D-006
    value, fault = judged(around.format(word), form)
    assert value is None or fault == reasons.PLACEHOLDER_CODE


@given(NOTHING, st.sampled_from(["{}", "（{}）", " {} ", "“{}”"]))
def test_a_word_for_nothing_is_no_name(word: str, around: str) -> None:  # D-006
    from double_random.intake.identifiers import clear_empty_names

    texts = pl.Series([around.format(word), "示例无忧律师事务所"])
    assert clear_empty_names(texts, RULES).to_list() == [None, "示例无忧律师事务所"]


@pytest.mark.parametrize(
    "word", ["暂无", "nan", r"\N", "(null)", "0", "000000", "#N/A", "待办", "-"]
)
def test_a_row_whose_only_number_is_a_word_for_nothing_has_none(tmp_path: Path, word: str) -> None:
    """D-006"""
    reading = permits(tmp_path, row(licence=word), row(CODE, licence=word))
    assert (reading.accepted, reading.quarantined) == (1, 1)
    assert reading.tables["permits"]["licence"].to_list() == [None]
    assert reading.issues["reason"].to_list() == [reasons.ONE_OF_MISSING]


@pytest.mark.parametrize("name", ["暂无", "nan", "NULL", "0", "（空）", "同上", "#N/A"])
def test_a_name_that_says_nothing_is_missing(tmp_path: Path, name: str) -> None:  # D-006
    reading = permits(tmp_path, row(CODE, NUMBER, name))
    assert reading.issues["reason"].to_list() == [reasons.NAME_MISSING]


DRESSED = [
    "'{}", "’{}", '="{}"', '"{}"', "“{}”", "={}", "{}\t", " {} ", "\u202a{}\u202c", "\ufeff{}", "（{}）", "[{}]",
    "b'{}'", "['{}']", "编号：{}", "执业许可证号:{}", "No.{}", r"\t{}", "_x0009_{}", "&#39;{}",
    "&quot;{}&quot;", "{}&nbsp;",
    "{}；", "第{}号", "Decimal('{}')", "\u00a0{}", '=T("{}")',
]  # fmt: skip


@pytest.mark.parametrize("dress", DRESSED)
def test_what_a_program_put_around_a_number_is_taken_off(dress: str) -> None:  # D-007
    assert judged(dress.format(NUMBER)) == (NUMBER, None)
    wide = NUMBER.translate({ord("0") + digit: 0xFF10 + digit for digit in range(10)})
    assert judged(dress.format(wide)) == (NUMBER, None)


@pytest.mark.parametrize(
    "dress", ["'{}", '="{}"', "{}\t", "统一社会信用代码：{}", "\u202a{}", "“{}”", "({})"]
)
def test_a_dressed_code_is_the_code(tmp_path: Path, dress: str) -> None:  # D-007
    reading = permits(tmp_path, row(dress.format(CODE)), row(CODE.lower()))
    assert (reading.accepted, reading.duplicates, reading.quarantined) == (1, 1, 0)
    assert reading.tables["permits"]["uscc"].to_list() == [CODE]


@pytest.mark.parametrize(
    ("text", "number"),
    [("990020101.0", "990020101"), ("990,020,101", "990020101"),
     ("990,020,101.00", "990020101"), ("990020101.", "990020101")],
)  # fmt: skip
def test_a_number_of_which_no_digit_is_lost_is_undressed(text: str, number: str) -> None:  # D-007
    assert judged(text) == (number, None)


RUINED = [
    "2.99002E+16", "2.99002e16", "2,99002E+16", "3E+16", "3e16", "2.99×10^16", "########", "29900201010000001.0",
    "29,900,201,010,000,001", '="2.99E+16"', "'2.99002E+16", "2.99002e+016", "２.９９Ｅ＋１６", "(2.99E+16)",
]  # fmt: skip


@pytest.mark.parametrize("text", RUINED)
def test_a_number_that_lost_its_digits_is_quarantined(tmp_path: Path, text: str) -> None:
    """D-007: also where a code stands beside it."""
    for form in (LICENCE, BADGE, USCC, None):
        assert judged(text, form)[1] == reasons.DIGITS_LOST
    reading = permits(tmp_path, row(licence=text), row(CODE, text), row(text, NUMBER))
    assert (reading.accepted, reading.quarantined) == (0, 3)
    assert set(reading.issues["reason"]) == {reasons.DIGITS_LOST}


BIRTHS = st.dates(date(1920, 1, 1), date(2015, 12, 31))
REGIONS = st.integers(100_000, 999_999)
SERIALS = st.integers(0, 999)


@given(REGIONS, BIRTHS, SERIALS, st.sampled_from(["{}", "'{}", '="{}"', " {}", "身份证号:{}"]))
def test_a_personal_number_is_no_identifier(
    region: int, born: date, serial: int, dress: str
) -> None:
    """D-002: one in 31 passes the check of a code."""
    body = f"{region}{born:%Y%m%d}{serial:03}"
    number = body + resident_check_character(body)
    assert credit_codes.code_fault(number) == reasons.PERSONAL_NUMBER
    for form in (LICENCE, BADGE, USCC, None):
        assert judged(dress.format(number), form)[1] or form is None
    assert judged(number, LICENCE)[1] == reasons.PERSONAL_NUMBER
    assert judged(number, USCC)[1] == reasons.PERSONAL_NUMBER
    if born.year < 2000:
        short = f"{region}{born:%y%m%d}{serial:03}"
        assert judged(short, USCC)[1] == judged(short, BADGE)[1] == reasons.PERSONAL_NUMBER


def test_a_day_that_is_none_makes_no_personal_number() -> None:
    body = "99010119870231001"
    assert not credit_codes.is_resident_number(body + resident_check_character(body))


def test_a_personal_number_is_not_echoed(tmp_path: Path) -> None:  # D-002
    number = ID_NUMBER + resident_check_character(ID_NUMBER)
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    reading = permits(
        tmp_path,
        row(number),
        row(CODE, spaced),
        row("990101870908002"),
        row(CODE, f"张示例{number}"),
    )
    assert reading.quarantined == 4
    told = reading.issues.write_json()
    for secret in ("19900307", "870908", number[14:]):
        assert secret not in told


@pytest.mark.parametrize(
    "text",
    ["审核人:赵示例", "王示例", "2016年12月30日", "2016-12-30", "1-Mar-10", "见附件2016",
     "电话:02112345678", "二〇一六年", "示例"],
)  # fmt: skip
def test_a_text_without_the_form_of_a_number_is_quarantined(text: str) -> None:  # D-009
    assert judged(text, LICENCE)[1] == reasons.NOT_OF_THE_FORM
    assert judged(text, BADGE)[1] == reasons.NOT_OF_THE_FORM


@pytest.mark.parametrize(
    "text", ["ZF99XXXX01", "示执字第001号", "99010100123", "ZF示例1", "(2015)示001", "J01"]
)
def test_badge_numbers_of_many_bureaus_are_taken(text: str) -> None:
    assert judged(text, BADGE) == (credit_codes.fold_code_text(text), None)


@pytest.mark.parametrize(
    "text",
    [NUMBER, "4402701", "990020101", CODE, "示司鉴字第0123号", "沪A12345", "(2010)示司许第001号"],
)
def test_licence_numbers_of_every_kind_are_taken(text: str) -> None:
    assert judged(text, LICENCE) == (credit_codes.fold_code_text(text), None)


@given(st.text(alphabet=ALPHABET, min_size=17, max_size=17), st.sampled_from(DRESSED))
def test_dressing_never_changes_what_a_code_is(body: str, dress: str) -> None:  # D-007
    code = body + check_character(body)
    plain, dressed = judged(code, USCC), judged(dress.format(code), USCC)
    assert plain == dressed or "第" in dress


def test_a_bureau_may_have_rules_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "identifiers.toml"
    text = data.path("identifiers.toml").read_text("utf-8").replace('"测试"', '"没有的"')
    own.write_text(text, "utf-8")
    assert "没有的" in load_identifiers(own).nothing

    def fact(name: str) -> Path:
        return own if name == "identifiers.toml" else data.path(name)

    files = sorted(data.path("layouts").glob("*.toml"))
    assert load_layouts(files, fact)[0].identifiers == load_identifiers(own)
    own.write_text(text.replace("ruined = [", "ruined = ['(',"), "utf-8")
    with pytest.raises(BadFile, match=r"identifiers\.toml"):
        load_layouts(files, fact)


@given(
    st.dates(date(1930, 1, 1), date(2010, 1, 1)),
    st.text(alphabet="0123456789", min_size=6, max_size=6),
)
def test_the_column_and_the_type_agree_on_personal_numbers(born: date, ends: str) -> None:
    text = f"990{ends[:3]}{born + timedelta(1):%Y%m%d}{ends[:3]}{ends[3]}"
    assert (credit_codes.uscc_column(pl.Series([text])).fault[0] or "") == credit_codes.code_fault(
        text
    )
