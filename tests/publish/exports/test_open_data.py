"""Open data: the same rows in three forms, described with hashes, with no column beyond the allow-list."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path

import polars
import pytest

from double_random import data
from double_random.publish.disclosure.allow_list import AllowList

LIST = AllowList.read(data.path("publishing.toml"))
TABLES = sorted(LIST.classes)


def test_the_description_names_every_file_with_bytes_and_hash(district_site: Path) -> None:
    folder = district_site / "data"
    package = json.loads((folder / "datapackage.json").read_bytes())
    there = {
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    } - {"datapackage.json", "index.html"}
    assert {resource["path"] for resource in package["resources"]} == there
    assert len({resource["name"] for resource in package["resources"]}) == len(there)
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("name", TABLES)
def test_no_column_goes_out_that_the_list_does_not_name(district_site: Path, name: str) -> None:
    allowed = [field.name for field in LIST.classes[name].fields]
    folder = district_site / "data"
    assert polars.read_parquet(folder / f"{name}.parquet").columns == allowed
    text = (folder / f"{name}.csv").read_text(encoding="utf-8")
    assert next(csv.reader(io.StringIO(text))) == allowed
    for line in (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        assert list(json.loads(line)) == allowed


@pytest.mark.parametrize("name", TABLES)
def test_the_three_forms_hold_the_same_rows(district_site: Path, name: str) -> None:
    folder = district_site / "data"
    table = polars.read_parquet(folder / f"{name}.parquet").to_dicts()
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    text = (folder / f"{name}.csv").read_text(encoding="utf-8")
    plain = [
        {key: str(value) if isinstance(value, date) else value for key, value in row.items()}
        for row in table
    ]
    assert [json.loads(line) for line in lines] == plain
    assert len(list(csv.DictReader(io.StringIO(text)))) == len(table)


def test_grades_are_internal_unless_a_policy_says_otherwise(district_site: Path) -> None:
    assert polars.read_parquet(district_site / "data" / "grade.parquet").height == 0
