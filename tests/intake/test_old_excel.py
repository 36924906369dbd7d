"""What an old workbook (XLS) says beside its values: units (D-016), formulas (D-017), what is hidden (D-077)."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.old_excel import BLANK, read_old_sheets
from tests.intake.penalty_sheets import FORMATS, read, told

OLD = Path(__file__).with_name("old_formats.xls")  # written by xlwt 1.3


def test_an_old_workbook_shows_units_in_its_formats() -> None:
    """D-016: a dollar is set aside"""
    reading = read(OLD)
    table = reading.tables["penalties"]
    assert table["fine_fen"].to_list() == [fen for _code, _value, fen in FORMATS]
    assert told(reading, reasons.NO_SUCH_AMOUNT) == [("处罚", "$5000")]


def test_an_old_workbook_says_what_is_hidden() -> None:
    """D-077: row 3, column E, a whole sheet"""
    seen = told(read(OLD), reasons.HIDDEN_ROWS, reasons.HIDDEN_COLUMNS, reasons.HIDDEN_SHEET)
    assert sorted(seen) == [("处罚", "1"), ("处罚", "E"), ("往年", "往年")]


def test_a_formula_without_a_value_in_an_old_workbook(tmp_path: Path) -> None:
    """D-017: xlwt keeps an empty text; other programs keep 0 and ask to be computed; Excel keeps what it computes"""
    raw = OLD.read_bytes()
    assert told(read(OLD), reasons.FORMULA_WITHOUT_VALUE) == [("往年", "F2")]
    other = raw.replace(b"None ", b"POI  ", 1)
    assert raw.count(BLANK + b"\0\0") == 1 and other != raw
    path = tmp_path / "处罚.xls"
    path.write_bytes(other.replace(BLANK + b"\0\0", bytes(8) + b"\2\0"))
    assert told(read(path), reasons.FORMULA_WITHOUT_VALUE) == [("往年", "F2")]
    path.write_bytes(other.replace(BLANK + b"\0\0", bytes(8) + b"\0\0"))
    assert told(read(path), reasons.FORMULA_WITHOUT_VALUE) == []


@given(st.data())
def test_a_damaged_old_workbook_says_nothing_more(data: st.DataObject) -> None:
    raw = bytearray(OLD.read_bytes())
    for at in data.draw(st.lists(st.integers(8, len(raw) - 1), max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(raw)))
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(raw[:cut])
        file.flush()
        assert isinstance(read_old_sheets(file.name), dict)
