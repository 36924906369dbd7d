"""A bureau's drop as dirty as they come (../shared/inputs/district): every institution exact, no row lost."""

from __future__ import annotations

import csv
import json
import random
from datetime import date

import pytest

from double_random.registry.institutions import queries
from double_random.registry.institutions.names import normalize_name
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync import sync_run
from double_random.store.home import Home

DAY = date(2016, 12, 31)


@pytest.fixture(scope="session")
def district(shared):
    return shared / "inputs" / "district"


@pytest.fixture(scope="session")
def expected(district):
    return json.loads((district / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def synced(district, tmp_path_factory):
    """A home with this drop in it, and the report."""
    home = Home.create(tmp_path_factory.mktemp("district") / "home")
    return home, sync_run.sync_registers(home, [district], DAY)


@pytest.fixture(scope="session")
def listed(synced):
    with synced[0].releases.read() as release:
        return queries.institutions_as_of(release, DAY).to_dicts()


def test_every_institution_is_exactly_as_expected(listed, expected):
    def comparable(row):
        former = [normalize_name(name) for name in row.get("former") or []]
        kept = ("kind", "uscc", "licence", "district", "head", "status")
        return {key: row[key] for key in kept} | {
            "name": normalize_name(row["name"]),
            "founded": str(row["founded"]),
            "former": former,
        }

    wanted = [
        row | {"former": [row["former"]] if "former" in row else []}
        for row in expected["institution_rows"]
    ]
    by_code = {row["uscc"]: comparable(row) for row in listed}
    assert by_code == {row["uscc"]: comparable(row) for row in wanted}
    assert len(listed) == len(wanted)


def test_kinds_and_states_add_up(listed, expected):
    counts = {}
    for row in listed:
        kind = counts.setdefault(row["kind"], {})
        kind[row["status"]] = kind.get(row["status"], 0) + 1
    assert counts == expected["institutions"]


def test_no_row_is_lost(synced):
    for file in synced[1].files:
        assert file.rows == file.accepted + file.duplicates + file.quarantined
    read = {file.file: file for file in synced[1].files if file.result == "read"}
    assert {
        name: (f.rows, f.accepted, f.duplicates, f.quarantined) for name, f in read.items()
    } == {
        "回避.csv": (6, 6, 0, 0),
        "检查人员.csv": (12, 12, 0, 0),
        "许可_公证机构.csv": (4, 4, 0, 0),
        "许可_司法鉴定机构.xlsx": (5, 4, 0, 1),
        "许可_律师事务所.csv": (65, 59, 1, 5),
    }


def test_the_files_of_the_other_command_are_called_other(synced):
    others = {file.file for file in synced[1].files if file.result == "other"}
    assert {"处罚.csv", "投诉.csv"} <= others


def test_files_that_cannot_be_read_are_refused_with_a_reason(synced, expected):
    assert sorted(file.file for file in synced[1].refused) == sorted(expected["rejected_files"])
    assert all(file.reason for file in synced[1].refused)


def test_every_expected_quarantine_is_an_issue_with_its_reason(synced, expected):
    with synced[0].releases.read() as release:
        found = list_issues(release).to_dicts()
    quarantined = {
        (i["file"], i["name"], i["reason"]) for i in found if i["severity"] == "quarantined"
    }
    wanted = {(i["file"], i["name"], i["reason"]) for i in expected["quarantined"]}
    loads = {row for row in wanted if row[2] == "no such institution"}  # said by credit load
    assert quarantined == wanted - loads


def test_suspensions_are_in_the_past_of_those_who_are_active_again(synced):
    with synced[0].releases.read() as release:
        then = queries.institutions_as_of(release, date(2013, 6, 1))
        now = queries.institutions_as_of(release, DAY)
    code = "31310000XXXX30365K"
    assert then.filter(then["id"] == code)["status"].to_list() == ["suspended"]
    assert now.filter(now["id"] == code)["status"].to_list() == ["active"]


def test_the_same_drop_twice_makes_no_new_release(synced, district):
    home, report = synced
    again = sync_run.sync_registers(home, [district], DAY)
    assert again == report
    assert home.releases.names() == [report.release]


def test_two_homes_have_the_same_release_hash(synced, district, tmp_path):
    other = sync_run.sync_registers(Home.create(tmp_path / "other"), [district], DAY)
    assert other.release == synced[1].release


def test_raw_files_are_kept_under_their_sha256(synced):
    home, report = synced
    for file in report.files:
        if file.result != "other":
            assert home.inputs.path(file.sha256).exists()


@pytest.mark.parametrize("seed", [1, 2])
def test_other_names_and_another_order_of_files_and_rows_give_the_same_register(
    synced, district, home, tmp_path, seed
):
    chance = random.Random(seed)
    drop = tmp_path / "drop"
    drop.mkdir()
    for source in sorted(district.iterdir()):
        target = drop / f"{chance.randrange(1000):03d}_{source.name}"
        target.write_bytes(shuffled(source, chance))
    sync_run.sync_registers(home, [drop], DAY)
    register = "SELECT * FROM institutions ORDER BY ALL"
    with home.releases.read() as ours, synced[0].releases.read() as theirs:
        assert ours.frame(register).equals(theirs.frame(register))


def shuffled(source, chance):
    """A CSV file's bytes with its rows below the header in another order; any other file's as they are."""
    raw = source.read_bytes()
    if not source.name.startswith(("许可_律师", "处罚")):
        return raw
    rows = list(csv.reader(raw.decode("gb18030").splitlines(keepends=True)))
    first = next(at for at, row in enumerate(rows) if len(row) > 10) + 1
    body = rows[first:]
    chance.shuffle(body)
    lines = []
    for row in rows[:first] + body:
        cells = ['"' + cell.replace('"', '""') + '"' for cell in row]
        lines.append(",".join(cells) + "\r\n")
    return "".join(lines).encode("gb18030")
