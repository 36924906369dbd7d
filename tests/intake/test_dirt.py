"""Whatever a file holds: no traceback, no row lost, none counted twice."""

from __future__ import annotations

import csv
import io
import tempfile
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from double_random.intake import reasons
from double_random.intake.credit_codes import check_character
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import Layout, load_shipped_layouts
from double_random.intake.record_types import table_schema
from tests.thorough import examples

AS_OF = date(2016, 12, 31)
LAYOUTS = load_shipped_layouts()
HEADER = ["CF_XDR_MC", "CF_XDR_SHXYM", "CF_WSH", "CF_CFLB", "CF_NR_FK", "CF_JDRQ", "CF_SY"]
PATIENT = settings(
    max_examples=examples(20, 200), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def code(number: int) -> str:
    body = f"31310000XXXX3{number:04}"
    return body + check_character(body)


cells = st.one_of(
    st.sampled_from(
        ["", "警告", "罚款;警告", "2015-01-01", "2015年2月30日", "0.5", "5000元", "长期"]
    ),
    st.integers(0, 30).map(code),
    st.text(
        alphabet=st.one_of(
            st.sampled_from(' ",;\t\n\r\x00\u3000\u200b\ufeff（）《》示例合计'),
            st.characters(exclude_categories=["Cs"]),
        ),
        max_size=12,
    ),
)
row = st.lists(cells, min_size=0, max_size=9)
sound = st.integers(0, 30).map(
    lambda n: [
        f"示例{n}律师事务所",
        code(n),
        f"示例罚〔2015〕{n}号",
        "罚款",
        "0.5",
        "2015/1/1",
        "示例",
    ]
)


def readings(raws: list[bytes]) -> list[FileReading]:
    with tempfile.TemporaryDirectory() as folder:
        for place, raw in enumerate(raws):
            Path(folder, f"{place}.csv").write_bytes(raw)
        return read_drop(Path(folder), AS_OF, LAYOUTS)


def adds_up(reading: FileReading) -> None:
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    assert reading.accepted == sum(table.height for table in reading.tables.values())
    bad = reading.issues.filter(severity="quarantined").select("sheet", "row").unique()
    assert bad.height == reading.quarantined


@PATIENT
@given(
    st.lists(st.one_of(row, sound), max_size=12), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"])
)
def test_random_dirt_never_loses_a_row(rows: list[list[str]], encoding: str) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([HEADER, *rows])
    (reading,) = readings([text.getvalue().encode(encoding)])
    adds_up(reading)
    assert reading.result == "read"
    good = [cells_ for cells_ in rows if len(cells_) == 7 and cells_[5] == "2015/1/1"]
    distinct = {tuple(cells_) for cells_ in good if code(int(cells_[1][13:17])) == cells_[1]}
    taken = set(reading.tables["penalties"]["document"].to_list())
    assert {cells_[2] for cells_ in distinct} <= taken


@PATIENT
@given(st.lists(sound, min_size=1, max_size=12), st.data())
def test_the_order_of_files_and_rows_does_not_matter(
    rows: list[list[str]], data: st.DataObject
) -> None:
    def drop(order: list[list[str]], cut: int) -> tuple[set[str], int]:
        texts = []
        for part in (order[:cut], order[cut:]):
            text = io.StringIO()
            csv.writer(text).writerows([HEADER, *part])
            texts.append(text.getvalue().encode("gb18030"))
        found = readings(texts)
        for reading in found:
            adds_up(reading)
        documents = {
            document
            for reading in found
            for document in reading.tables["penalties"]["document"].to_list()
        }
        assert sum(reading.accepted for reading in found) == len(documents)
        return documents, sum(reading.duplicates for reading in found)

    shuffled = data.draw(st.permutations(rows))
    cut = data.draw(st.integers(0, len(rows)))
    assert drop(rows, len(rows)) == drop(list(shuffled), cut)


@PATIENT
@given(st.binary(max_size=400))
def test_random_bytes_end_in_an_answer(raw: bytes) -> None:
    for reading in readings([raw, ",".join(HEADER).encode() + b"\n" + raw]):
        adds_up(reading)


@PATIENT
@given(
    st.lists(st.sampled_from([*HEADER, "", "证件号码", '"', "x"]), max_size=14),
    st.lists(row, max_size=3),
)
def test_random_headers_end_in_an_answer(header: list[str], rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    for reading in readings([text.getvalue().encode()]):
        adds_up(reading)


@PATIENT
@given(st.sampled_from(LAYOUTS), st.data())
def test_no_cell_breaks_a_sheet_of_any_kind(layout: Layout, data: st.DataObject) -> None:
    header = list({column.to: column.headers[0] for column in layout.columns}.values())
    words = [word for column in layout.columns for word, _code in column.values]
    words += [word for column in layout.columns for kind in column.kinds for word in kind.words]
    cell = st.one_of(cells, st.sampled_from([*words, "2015", "2015-01-01", "示例一、示例二"]))
    grid = data.draw(st.lists(st.lists(cell, max_size=len(header) + 1), max_size=8))
    text = io.StringIO()
    csv.writer(text).writerows([header, *grid])
    (reading,) = readings([text.getvalue().encode()])
    adds_up(reading)
    assert reading.result == "read" or reading.reason == reasons.OPEN_QUOTE
    for noun, table in reading.tables.items():
        assert dict(table.schema) == table_schema(noun)
