"""A city's dirty drop of persons (../shared/inputs/practitioners): every person and record exact, no row lost, no ID
number.
"""

from __future__ import annotations

import json
from datetime import date

import polars
import pytest

from double_random.credit.records import load
from double_random.registry import reasons
from double_random.registry.inspectors import recusals
from double_random.registry.institutions.names import normalize_name
from double_random.registry.institutions.queries import institutions_as_of
from double_random.registry.practitioners import queries
from double_random.registry.practitioners.claims import list_waiting
from double_random.registry.practitioners.seats import find_seats
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
    """A home with this drop in it, and the report of the sync."""
    home = Home.create(tmp_path_factory.mktemp("people") / "home")
    report = sync_run.sync_registers(home, [people], DAY)
    reports[home.path] = load.load_records(home, [people], DAY)
    return home, report


reports = {}  # of credit load, by home


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
    own = {file.file: file for file in report.files}
    loaded = {file.file: file for file in reports[home.path].files}
    for name, want in expected["files"].items():
        file = (own if want["noun"] == "registry" else loaded)[name]
        assert (file.rows, file.accepted, file.duplicates, file.quarantined) == tuple(
            want[key] for key in ("rows", "accepted", "duplicates", "quarantined")
        ), name
    with home.releases.read() as release:
        listed = list_issues(release).filter(polars.col("severity") == "quarantined")
    places = set(listed.select("file", "sheet", "row").iter_rows())
    assert places == {(row["file"], row["sheet"], row["row"]) for row in expected["quarantined"]}


WAITS = {
    reasons.NAME_ALONE: ("name alone", "name alone, two of that name"),
    reasons.TWO_OF_NAME: ("two of that name in that institution",),
    reasons.NOBODY_OF_NAME: ("nobody of that name",),
    reasons.NO_SUCH_LICENCE: ("no such licence number",),
    reasons.OTHER_PERSON: ("name and licence number are two persons'",),
}


def test_every_record_belongs_to_whom_it_should_or_waits_with_its_candidates(synced, expected):
    home, _report = synced
    first = {f"P:{n}": p["id"] for p in expected["persons"] for n in p["licences"]}
    with home.releases.read() as release:
        links = dict(
            release.connection.execute(
                "SELECT claim, institution FROM links WHERE known_to IS NULL"
            ).fetchall()
        )
        claims = release.frame(PLACED).to_dicts()
        waiting = list_waiting(release)
        seats = {row["claim"]: row for row in find_seats(release).to_dicts()}
        issues = {
            (row["file"], row["row"]): [first[one] for one in row["candidates"]]
            for row in list_issues(release).to_dicts()
            if row["severity"] == "quarantined" and row["reason"] in WAITS
        }
    asked = expected["links"]
    for want in asked:
        if want["file"].startswith("回避"):
            continue
        (claim,) = find_claim(claims, want)
        got = links.get(claim)
        assert first.get(got, got) == want["id"], want
        if want["id"] is None:
            why, candidates = waiting[claim]
            assert want["waits"] in WAITS[why]
            assert [first[one] for one in candidates] == want["candidates"]
            assert issues[want["file"], want["row"]] == want["candidates"]
        elif want["id"].startswith("P:"):
            seat = seats[claim]
            assert seat["when_decided"] == want["institution_when_decided"], want
            assert seat["at_conduct"] == want.get("institution_at_conduct"), want
    assert len(links) + len(waiting) == len(asked)


def find_claim(claims, want):
    """The record of an entry of `links`: by its number, whom it names, and for assessments the licence number."""
    number = want["number"].split()
    return [
        row["claim"]
        for row in claims
        if normalize_name(row["name"] or "") == normalize_name(want["name"] or row["name"])
        and (
            row["document"] == want["number"]
            or (
                row["class"] == "assessment"
                and number[0] == "2015"
                and number[1] in (row["licence"], want["name"] if not row["licence"] else "")
            )
            or (row["class"] == "commendation" and number[0] == str(row["decided"]))
        )
    ]


PLACED = """
SELECT r.record AS claim, r.document, r.name, r.class, r.decided, c.licence
FROM records r LEFT JOIN person_claims c ON c.claim = r.record WHERE r.known_to IS NULL
"""


def test_recusals_hold_against_the_person_and_the_firm_and_while_unclear_against_all(
    synced, expected
):
    home, _report = synced
    people = {person["id"]: person for person in expected["persons"]}
    wanted = set()
    for want in expected["links"]:
        if want["file"].startswith("回避"):
            inspector = want["number"].split()[0]
            for one in [want["id"]] if want["id"] else want["candidates"]:
                wanted |= {(inspector, one), (inspector, people[one]["institution"])}
    with home.releases.read() as release:
        pairs = recusals.known_recusals(release, day=DAY).select("inspector", "target").iter_rows()
        assert set(pairs) == wanted


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
    home, _report = synced
    loaded = reports[home.path].release
    assert sync_run.sync_registers(home, [people], DAY).release == loaded
    assert load.load_records(home, [people], DAY).release == loaded
