"""The sample drop is fictitious, the same for ever, and holds what the guided tour speaks of."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest

from double_random import data
from double_random.demo import sample
from double_random.demo.bureau import (
    BRANCH,
    CITY_CODE,
    DISTRICT_CODE,
    FIRM,
    FORENSIC,
    NOTARY,
    Bureau,
)
from double_random.demo.random_stream import Stream
from double_random.demo.years import FIRST_DAY, LAST_DAY, bureau

SHIPPED = data.path("sample")


@pytest.fixture(scope="module")
def made() -> Bureau:
    return bureau()


def cells(workbook: bytes) -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


def text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


def table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text((SHIPPED / name).read_bytes()))))


def test_the_shipped_drop_is_what_the_generator_writes() -> None:
    written = sample.files()
    assert {path.name for path in SHIPPED.iterdir()} == set(written)
    for name, content in written.items():
        shipped = (SHIPPED / name).read_bytes()
        if name.endswith(".xlsx"):  # zip may pack otherwise under another zlib; the cells may not
            assert cells(shipped) == cells(content)
        else:
            assert shipped == content, name


def test_writing_puts_every_file_into_the_folder(tmp_path: Path) -> None:
    paths = sample.write(tmp_path / "drop")
    assert {path.name for path in paths} == set(sample.files())
    assert all(path.stat().st_size for path in paths)


def test_the_stream_is_sha256_of_seed_and_counter() -> None:
    """`printf %s seed:0 | sha256sum` gives the first number, seed:1 the second."""
    stream = Stream("seed")
    assert f"{stream.number():064x}" == (
        "58f9082db66a15d660a3f65e1e2f12c31e4409635a583a6eaf0ba45c744b6688"
    )
    assert f"{stream.number():064x}" == (
        "81e4ba3bc2097d85ac4734eb3ad794fd4a2980b2e0b22569418e60e5550b4c32"
    )


def test_the_stream_leaves_no_number_out() -> None:
    stream = Stream("dice")
    thrown = Counter(stream.between(1, 6) for _ in range(600))
    assert set(thrown) == set(range(1, 7)) and min(thrown.values()) > 60
    assert sorted(stream.some(range(9), 9)) == list(range(9))


def test_every_name_is_plainly_fictitious(made: Bureau) -> None:
    names = [name for one in made.institutions for _, name in one.names]
    names += [permit.head for permit in made.permits]
    names += [inspector.name for inspector in made.inspectors]
    names += [permit.address for permit in made.permits]
    assert all("示例" in name for name in names)
    assert len({one.name for one in made.institutions}) == len(made.institutions)


def test_every_code_carries_four_x_and_right_check_digits(made: Bureau) -> None:
    """GB 32100-2015: weights 3^i mod 31; the sum with the check character is a multiple of 31."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = {one.code for one in made.institutions} | {CITY_CODE, DISTRICT_CODE}
    assert len(codes) == len(made.institutions) + 2
    for code in codes:
        assert re.fullmatch(r"\d\d990000XXXX\d{4}[0-9X][0-9A-Y]", code)
        values = [alphabet.index(c) for c in code]
        assert (sum(v * pow(3, i, 31) for i, v in enumerate(values[:17])) + values[17]) % 31 == 0


def test_no_name_is_that_of_a_known_institution(made: Bureau, shared: Path) -> None:
    known = (shared / "reference" / "institution_names.csv").read_text("utf-8")
    known += (shared / "reference" / "firm_short_and_full_names.txt").read_text("utf-8")
    for one in made.institutions:
        for _, name in one.names:
            assert name.replace("示例市", "").replace("示例", "") not in known


def test_no_row_holds_an_id_number_or_a_telephone_that_could_be_somebodys() -> None:
    for name, content in sample.files().items():
        if name.endswith(".csv"):
            everything = text(content).replace("00000000000000000X", "")
            assert not re.search(r"(?<![0-9A-Z])\d{17}[0-9X](?![0-9A-Z])", everything)
            assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", everything)


def test_the_bureau_has_the_size_of_a_district(made: Bureau) -> None:
    left = {kind.noun: len(made.of(kind)) for kind in (FIRM, BRANCH, NOTARY, FORENSIC)}
    assert left == {"律师事务所": 140, "律师事务所分所": 12, "公证机构": 6, "司法鉴定机构": 8}


def test_three_years_of_records(made: Bureau) -> None:
    days = [penalty.day for penalty in made.penalties] + [c.day for c in made.complaints]
    assert min(day.year for day in days) == 2023 and max(day.year for day in days) == 2026
    assert all(
        paper.day <= LAST_DAY for paper in (*made.permits, *made.penalties, *made.complaints)
    )
    assert all(penalty.day >= FIRST_DAY for penalty in made.penalties)


def test_nobody_is_punished_or_complained_about_before_it_was_founded_or_after_its_end(
    made: Bureau,
) -> None:
    for paper in (*made.penalties, *made.complaints):
        one = paper.institution
        assert one.founded <= paper.day <= (one.ended or LAST_DAY)


def test_one_firm_is_suspended_on_the_last_day(made: Bureau) -> None:
    suspended = [p for p in made.penalties if "停业整顿" in p.kinds and p.day <= LAST_DAY < p.ends]
    assert len(suspended) == 1


def test_complaints_that_became_a_penalty_name_it(made: Bureau) -> None:
    became = [complaint for complaint in made.complaints if complaint.became]
    assert len(became) == 6
    for complaint in became:
        assert complaint.became is not None and complaint.decided is not None
        assert complaint.outcome == "查实"
        assert complaint.institution is complaint.became.institution
        assert complaint.decided < complaint.became.day


def test_fourteen_inspectors_are_on_duty_and_four_of_them_are_one_section(made: Bureau) -> None:
    on_duty = [inspector for inspector in made.inspectors if inspector.on_duty]
    assert len(on_duty) == 14 and len(made.inspectors) == 15
    section = [inspector for inspector in on_duty if inspector.unit.endswith("律师工作科")]
    assert Counter(inspector.lead for inspector in section) == {True: 2, False: 2}
    assert all("律师" in inspector.speciality for inspector in on_duty)


def test_nobody_recused_leaves_a_firm_without_a_group(made: Bureau) -> None:
    """Two of the section may never be recused from the same firm, else no fixed group could go there."""
    firms = [one.code for _, one, _ in made.recusals]
    assert len(firms) == len(set(firms)) == 10


def test_the_sheets_come_in_the_encodings_that_bureaus_send() -> None:
    files = sample.files()
    assert files[sample.OTHERS].startswith(b"\xef\xbb\xbf")
    assert "行政相对人名称" in files[sample.FIRMS].decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        files[sample.FIRMS].decode("utf-8")
    assert files[sample.FORENSICS].startswith(b"PK")


def test_penalties_bear_the_name_of_their_day_and_some_have_no_code() -> None:
    rows = table(sample.PENALTIES)
    assert sum(row["CF_XDR_SHXYM"] == "" for row in rows) >= 5
    assert any(row["CF_NR_FK"].endswith("元") for row in rows)
    assert rows[-1]["CF_XDR_MC"] == "示例查无律师事务所"
