"""A quarantined row that is repeated in a drop is counted once, and keeps all of its places."""

from __future__ import annotations

from pathlib import Path

from double_random.intake import reasons
from double_random.intake.drop_reader import read_drop
from double_random.intake.file_reading import FileReading
from double_random.intake.layouts import load_shipped_layouts
from double_random.intake.repeated_rows import count_repeats_once
from tests.intake.penalty_sheets import DAY, HEADER, ROW

BAD = ",".join([*ROW[:3], "2015-02-30", ROW[4], "0.5"])


def read(folder: Path, *files: list[str]) -> list[FileReading]:
    for number, lines in enumerate(files):
        text = "\n".join([",".join(HEADER), *lines, ""])
        (folder / f"{number}.csv").write_text(text, "utf-8")
    return read_drop(folder, DAY, load_shipped_layouts())


def counts(reading: FileReading) -> tuple[int, int, int]:
    assert reading.rows == reading.accepted + reading.duplicates + reading.quarantined
    return reading.rows, reading.duplicates, reading.quarantined


def test_the_first_place_is_listed_and_the_others_are_duplicates(tmp_path: Path) -> None:
    first, second = read(tmp_path, [BAD, BAD], [BAD])
    assert (counts(first), counts(second)) == ((2, 1, 1), (1, 1, 0))
    assert first.issues.filter(reason=reasons.NO_SUCH_DATE)["row"].to_list() == [2]
    assert second.issues.filter(severity="quarantined").height == 0
    assert [reading.aside["penalties"].height for reading in (first, second)] == [2, 1]


def test_rows_with_other_faulty_cells_are_other_rows(tmp_path: Path) -> None:
    other = BAD.replace("2015-02-30", "2015-02-31")
    (reading,) = read(tmp_path, [BAD, other])
    assert counts(reading) == (2, 0, 2)


def test_a_row_with_a_cell_too_many_is_known_by_its_place(tmp_path: Path) -> None:
    long = ",".join([*ROW, "0.5", "示例"])
    first, second = read(tmp_path, [long, long], [long])
    assert (counts(first), counts(second)) == ((2, 0, 2), (1, 1, 0))


def test_readings_without_quarantined_rows_stay_as_they_are(tmp_path: Path) -> None:
    readings = read(tmp_path, [",".join([*ROW, "0.5"])])
    assert [counts(reading) for reading in readings] == [(1, 0, 0)]
    assert count_repeats_once(readings) == readings
