"""Upload files: our own intake reads them back and finds the same records; what cannot go is listed with its reason."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars
import pytest
from python_calamine import CalamineWorkbook

from double_random import data
from double_random.core.errors import Misuse
from double_random.intake.drop_reader import read_drop
from double_random.intake.layouts import load_shipped_layouts
from double_random.publish.content.snapshot import Edition
from double_random.publish.exports import upload_files, upload_layout
from double_random.registry.institutions import queries
from double_random.registry.sync.sync_run import sync_registers
from double_random.store.home import Home
from tests.commands.test_publish import run

DAY = date(2016, 12, 31)
LAYOUTS, WORDS = upload_layout.read_upload_layouts(data.path("upload_files.toml"))
BY_ID = {layout.id: layout for layout in LAYOUTS}


@pytest.fixture(scope="module")
def house(district_home: Home) -> Home:
    """The district's home, which knows the codes of all its authorities."""
    home = Home.open(district_home.path)
    with home.releases.read() as release:
        named = release.frame(
            "SELECT DISTINCT authority FROM decisions UNION SELECT DISTINCT authority FROM records"
        )
    names = named["authority"].drop_nulls().to_list()
    home.settings["authority_codes"] = dict.fromkeys(names, "11310000XXXX00078P")
    return home


@pytest.fixture(scope="module")
def written(house: Home, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """The district's upload files, and how many rows each has."""
    made, counts = upload_files.build_upload_files(
        house, DAY, tmp_path_factory.mktemp("upload") / "files"
    )
    return made.folder, counts


def read_back(*files: Path) -> dict[str, polars.DataFrame]:
    """What intake finds in upload files, by noun."""
    found = {}
    for reading in read_drop(list(files), DAY, load_shipped_layouts()):
        assert reading.result == "read" and reading.quarantined == 0, reading.issues.to_dicts()
        assert reading.rows == reading.accepted
        assert reading.issues.is_empty(), reading.issues.to_dicts()
        found |= reading.tables
    return found


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_our_own_intake_takes_every_penalty_back(
    house: Home, written: tuple[Path, dict[str, int]], form: str
) -> None:
    folder, counts = written
    back = read_back(folder / f"行政处罚.{form}")["penalties"]
    assert back.height == counts["行政处罚"] > 3
    with house.releases.read() as release:
        records = release.frame(
            "SELECT * FROM records WHERE class = 'penalty' AND known_to IS NULL"
        )
    shown = Edition.gather(house, DAY).tables["penalty"].to_dicts()
    until = {row["record"]: row["shown_until"] for row in shown}
    kept = {row["document"]: row for row in records.to_dicts() if row["record"] in until}
    for row in back.to_dicts():
        record = kept[row["document"]]
        for name in ("name", "conduct", "basis", "fine_fen", "confiscated_fen", "decided", "ends"):
            assert row[name] == record[name], (row["document"], name)
        assert row["authority"] == record["authority"]
        assert sorted(row["kinds"]) == sorted(record["kinds"].split())
        assert row["publish_until"] == until[record["record"]]


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_permits_alone_give_the_same_register_again(
    house: Home, written: tuple[Path, dict[str, int]], form: str, tmp_path: Path
) -> None:
    folder, counts = written
    again = Home.create(tmp_path / "again", "示例市司法局", "11310000XXXX00078P")
    report = sync_registers(again, [folder / f"行政许可.{form}"], DAY)
    assert [file.accepted for file in report.files] == [counts["行政许可"]]
    columns = ["id", "kind", "name", "uscc", "licence", "district", "address", "head", "authority"]
    columns += ["founded", "licence_from", "licence_to", "former"]
    registers = []
    for home in (house, again):
        with home.releases.read() as release:
            registers.append(queries.institutions_as_of(release, DAY).select(columns).sort("id"))
    whole, found = registers
    assert found.height > 40
    left = _left_out(folder)
    names = {row[1] for row in left if row[0] == "行政许可"}
    wanted = whole.filter(~polars.col("name").is_in(list(names)))
    wanted = wanted.filter(polars.col("id").is_in(found["id"].to_list()))
    assert wanted.height >= found.height - len(names)
    assert found.join(wanted, on=columns, how="semi", nulls_equal=True).height == wanted.height


def test_every_record_is_uploaded_or_listed(
    house: Home, written: tuple[Path, dict[str, int]]
) -> None:
    folder, counts = written
    with house.releases.read() as release:
        permits = release.frame(
            """SELECT count(*) FROM decisions
               WHERE known_to IS NULL AND institution IS NOT NULL AND decided <= $1""",
            [DAY],
        ).item()
    penalties = Edition.gather(house, DAY).tables["penalty"].height
    laid = sum(count for name, count in counts.items() if name != "left_out")
    assert laid + counts["left_out"] == permits + penalties
    assert all(row[4] for row in _left_out(folder))


def test_no_column_of_persons_papers_is_ever_filled(written: tuple[Path, dict[str, int]]) -> None:
    folder, _counts = written
    for name in ("行政许可", "行政处罚"):
        book = CalamineWorkbook.from_path(folder / f"{name}.xlsx").get_sheet_by_index(0)
        header, *rows = book.to_python()
        places = [n for n, text in enumerate(header) if "证件" in str(text)]
        assert len(places) == 4 and rows
        assert not [row for row in rows if any(row[place] for place in places)]


def test_results_go_as_they_are_announced(house: Home) -> None:
    edition = Edition.gather(house, DAY)
    drawn = edition.tables["drawn"].row(0, named=True)
    result = dict.fromkeys(edition.tables["result"].columns) | {
        "draw": "published",
        "institution": drawn["id"],
        "name": drawn["name"],
        "item": "示例事项",
        "inspected": date(2016, 12, 10),
        "results": "corrected problem",
        "published": date(2016, 12, 12),
    }
    table = polars.DataFrame([result], schema=edition.tables["result"].schema)
    told = replace(edition, tables=edition.tables | {"result": table})
    upload = upload_files.UploadRows(home=house, edition=told, since=None, words=WORDS)
    upload.lay_out_file(BY_ID["results"])
    (row,) = upload.rows["results"]
    assert row[-2:] == ["2016/12/10", "发现问题已责令改正、发现问题待后续处理"]


def test_the_same_day_gives_the_same_bytes(
    house: Home, written: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    again, counts = upload_files.build_upload_files(house, DAY, tmp_path / "again")
    assert counts == written[1]
    for file in written[0].iterdir():
        assert (again.folder / file.name).read_bytes() == file.read_bytes()


def test_only_what_is_newer_where_a_day_is_named(house: Home, tmp_path: Path) -> None:
    made, counts = upload_files.build_upload_files(house, DAY, tmp_path / "since", date(2016, 6, 1))
    back = read_back(made.folder / "行政处罚.xlsx")["penalties"]
    assert 0 < counts["行政处罚"] == back.filter(polars.col("decided") >= date(2016, 6, 1)).height


def test_somebody_elses_decision_needs_a_code(district_home: Home, tmp_path: Path) -> None:
    made, counts = upload_files.build_upload_files(
        Home.open(district_home.path), DAY, tmp_path / "own"
    )
    assert counts["left_out"] > 0
    reasons = {row[4] for row in _left_out(made.folder)}
    assert any("机关" in reason or "authority" in reason for reason in reasons)


def test_a_folder_that_a_person_changed_is_left_as_it_is(house: Home, tmp_path: Path) -> None:
    """D-024."""
    folder = tmp_path / "上报"
    upload_files.build_upload_files(house, DAY, folder)
    file = next(folder.glob("*.csv"))
    file.write_bytes(file.read_bytes() + "手工补录\r\n".encode())
    kept = {one.name: one.read_bytes() for one in folder.iterdir()}
    with pytest.raises(Misuse) as refused:
        upload_files.build_upload_files(house, DAY, folder)
    assert file.name in refused.value.message
    assert {one.name: one.read_bytes() for one in folder.iterdir()} == kept


def test_the_command_counts_and_names_what_stays_behind(
    district_home: Home, tmp_path: Path
) -> None:
    words = ("publish", "upload-files", "--as-of", "2016-12-31", "--output", str(tmp_path / "x"))
    made = run(district_home.path, *words)
    assert made.returncode == 0, made.stderr
    assert "left_out.csv" in made.stderr and "行政处罚" in made.stdout


def _left_out(folder: Path) -> list[list[str]]:
    text = (folder / upload_files.LEFT_OUT).read_text("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_permits_own_authority_code_goes_first_and_needs_no_setting(tmp_path: Path) -> None:
    """D-067: also the code that a later file says of a decision which is known already."""
    home = Home.create(tmp_path / "bureau", "示例区司法局", "11990000XXXX00027Q")
    header = (
        "行政相对人名称,行政相对人代码_1(统一社会信用代码),法定代表人,行政许可决定文书名称,行政许可决定文书号,"
        "许可证书名称,许可编号,许可内容,许可决定日期,有效期自,有效期至,许可机关,许可机关统一社会信用代码,当前状态"
    )
    row = (
        "示例律师事务所,31310000XXXX30015D,示例甲,准予设立决定书,第1号,律师事务所执业许可证,23100002009103001,"
        "设立;住所:上海市徐汇区示例路1号,2016-05-04,2016-05-04,长期,示例市司法局,{code},1"
    )
    drop = tmp_path / "许可.csv"
    counted = []
    for code in ("", "11310000XXXX00078P", ""):
        drop.write_text(f"{header}\n{row.format(code=code)}\n", "utf-8")
        sync_registers(home, [drop], DAY)
        _made, counts = upload_files.build_upload_files(home, DAY, tmp_path / "up")
        counted.append((counts["行政许可"], counts["left_out"]))
    assert counted == [(0, 1), (1, 0), (1, 0)]
