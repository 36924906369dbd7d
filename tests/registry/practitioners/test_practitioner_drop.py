"""A city's dirty drop of persons (../shared/inputs/practitioners): every person exact, no row lost, no ID number."""

from __future__ import annotations

import json
from datetime import date

import polars
import pytest

from double_random.registry import reasons
from double_random.registry.institutions.names import normalize_name
from double_random.registry.institutions.queries import institutions_as_of
from double_random.registry.practitioners import queries
from double_random.registry.quality.issues import list_issues
from double_random.registry.sync import sync_run
from double_random.store.home import Home

DAY = date(2016, 12, 31)
FLAGS = {
    reasons.TWO_PLACES: "in two institutions at once",
    reasons.WITHOUT_INSTITUTION: "institution cancelled",
    reasons.MOVED_IN_SUSPENSION: "moved while suspended",
    reasons.FORMER_DIFFERS: "former institution differs",
}


@pytest.fixture(scope="session")
def people(shared):
    folder = shared / "inputs" / "practitioners"
    if not folder.is_dir():
        pytest.skip(f"{folder} is missing")
    return folder


@pytest.fixture(scope="session")
def expected(people):
    return json.loads((people / "expected.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def synced(people, tmp_path_factory):
    """A home with this drop in it, and the report."""
    home = Home.create(tmp_path_factory.mktemp("people") / "home")
    return home, sync_run.sync_registers(home, [people], DAY)


def comparable(release, row):
    """A listed person in the form of expected.json; the id is the number in force."""
    told = queries.describe_practitioner(release, row["id"], DAY)
    return {
        "id": "P:" + row["licence"],
        "licences": sorted(number["licence"] for number in told["licences"]),
        "former": [normalize_name(name) for name in row["former"]],
        "name": normalize_name(row["name"]),
        "spells": [
            {"institution": post["institution"], "from": post["from"], "to": post["to"]}
            for post in told["employment"]
        ],
        "flags": sorted(FLAGS[note["reason"]] for note in told["notes"]),
        **{
            key: row[key]
            for key in ("kind", "category", "status", "institution", "district", "employer")
        },
    }


def test_every_person_is_exactly_as_expected(synced, expected):
    with synced[0].releases.read() as release:
        rows = queries.practitioners_as_of(release, DAY).to_dicts()
        listed = {row["licence"]: comparable(release, row) for row in rows}
    wanted = {}
    for person in expected["persons"]:
        told = {
            key: person.get(key)
            for key in ("kind", "category", "status", "institution", "district")
        }
        wanted[person["id"].removeprefix("P:")] = told | {
            "id": person["id"],
            "licences": sorted(person["licences"]),
            "former": [normalize_name(name) for name in person["former"]],
            "name": normalize_name(person["name"]),
            "spells": person["spells"],
            "flags": sorted(person.get("flags", ())),
            "employer": person.get("employer"),
        }
    listed = json.loads(json.dumps(listed, default=str))
    assert {key: listed.get(key) for key in wanted} == wanted
    assert len(listed) == len(expected["persons"])


def test_the_institutions_are_as_without_persons(synced, expected):
    with synced[0].releases.read() as release:
        rows = institutions_as_of(release, DAY).to_dicts()
    assert {(row["id"], row["status"], row["kind"], row["district"]) for row in rows} == {
        (row["id"], row["status"], row["kind"], row["district"]) for row in expected["institutions"]
    }


def test_every_row_is_accepted_a_duplicate_or_quarantined_and_listed(synced, expected):
    home, report = synced
    permits = {name: want for name, want in expected["files"].items() if name.startswith("许可")}
    read = {file.file: file for file in report.files}
    for name, want in permits.items():
        file = read[name]
        assert (file.rows, file.accepted, file.duplicates, file.quarantined) == tuple(
            want[key] for key in ("rows", "accepted", "duplicates", "quarantined")
        )
    with home.releases.read() as release:
        listed = list_issues(release).filter(polars.col("severity") == "quarantined")
    places = set(listed.select("file", "sheet", "row").iter_rows())
    assert {place for place in places if place[0] in permits} == {
        (row["file"], row["sheet"], row["row"])
        for row in expected["quarantined"]
        if row["file"] in permits
    }


def test_no_planted_value_is_in_any_table(synced, expected):
    secrets = [value for values in expected["never_publish"].values() for value in values]
    with synced[0].releases.read() as release:
        tables = [
            name
            for (name,) in release.connection.execute(
                "SELECT table_name FROM duckdb_tables()"
            ).fetchall()
        ]
        for table in tables:
            text = json.dumps(
                release.frame(f'FROM "{table}"').to_dicts(), ensure_ascii=False, default=str
            )
            assert [value for value in secrets if value in text] == [], table


def test_the_same_drop_again_changes_nothing(synced, people):
    home, report = synced
    again = sync_run.sync_registers(home, [people], DAY)
    assert again.release == report.release
