"""The district's drop, as dirty as they come: every row is judged as its expected.json says."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts

AS_OF = date(2016, 12, 31)


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, list[dict[str, str]]]:
    path = shared / "inputs" / "district" / "expected.json"
    return dict(json.loads(path.read_text("utf-8")))


@pytest.fixture(scope="module")
def district(shared: Path) -> dict[str, FileReading]:
    readings = read_drop(shared / "inputs" / "district", AS_OF, load_shipped_layouts())
    return {reading.file: reading for reading in readings}


def test_every_file_adds_up(district: dict[str, FileReading]) -> None:
    for reading in district.values():
        assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined


def test_exactly_the_expected_rows_are_quarantined(
    district: dict[str, FileReading], expected: dict[str, list[dict[str, str]]]
) -> None:
    found = [
        {key: issue[key] for key in ("file", "name", "reason")}
        for reading in district.values()
        for issue in reading.issues.filter(severity="quarantined").to_dicts()
    ]
    wanted = [
        row for row in expected["quarantined"] if row["reason"] != reasons.NO_SUCH_INSTITUTION
    ]
    assert sorted(found, key=str) == sorted(wanted, key=str)


def test_exactly_the_bad_files_are_refused(
    district: dict[str, FileReading], expected: dict[str, list[dict[str, str]]]
) -> None:
    refused = [name for name, reading in district.items() if reading.result == "refused"]
    assert sorted(refused) == sorted(map(str, expected["rejected_files"]))


def test_counts_of_each_file(district: dict[str, FileReading]) -> None:
    counts = {
        name: (reading.rows, reading.accepted, reading.duplicates, reading.quarantined)
        for name, reading in district.items()
        if reading.result == "read"
    }
    assert counts == {
        "回避.csv": (6, 6, 0, 0),
        "处罚.csv": (17, 16, 1, 0),
        "投诉.csv": (24, 24, 0, 0),
        "检查人员.csv": (12, 12, 0, 0),
        "许可_公证机构.csv": (4, 4, 0, 0),
        "许可_司法鉴定机构.xlsx": (5, 4, 0, 1),
        "许可_律师事务所.csv": (65, 59, 1, 5),
    }


def test_codes_are_folded_and_dates_of_six_kinds_read(district: dict[str, FileReading]) -> None:
    table = district["许可_律师事务所.csv"].tables["permits"]
    codes = table["uscc"].to_list()
    assert {"31310000XXXX30082B", "31310000XXXX300906"} <= set(codes)
    decided = dict(zip(codes, table["decided"], strict=True))
    assert decided["31310000XXXX3004XT"] == date(2011, 3, 17)
    assert decided["31310000XXXX30058T"] == date(1994, 5, 16)
    assert decided["31310000XXXX30066M"] == date(2003, 7, 4)
    assert decided["31310000XXXX30074G"] == date(2000, 6, 4)
    assert table["licence_to"].null_count() == table.height


def test_five_thousand_yuan_in_the_column_of_ten_thousands(
    district: dict[str, FileReading],
) -> None:
    reading = district["处罚.csv"]
    fines = reading.tables["penalties"]["fine_fen"].drop_nulls()
    assert set(fines) == {500_000}
    noted = reading.issues.to_dicts()
    assert [(issue["value"], issue["severity"]) for issue in noted] == [("5000元", "noted")]


def test_no_id_number_is_read_from_its_column(district: dict[str, FileReading]) -> None:
    """The free text of 违法事实 may hold some: it never leaves the house unmasked, which is for publish."""
    for reading in district.values():
        for table in reading.tables.values():
            rest = table.drop("facts", strict=False)
            assert "31010119" not in rest.write_json()
        assert "31010119" not in reading.issues.write_json()


def test_six_complaints_are_upheld(district: dict[str, FileReading]) -> None:
    outcomes = district["投诉.csv"].tables["complaints"]["outcome"]
    assert outcomes.is_in(["upheld", "partly_upheld"]).sum() == 6
