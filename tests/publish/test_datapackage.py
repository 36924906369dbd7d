"""datapackage.json follows Frictionless Data Package v1: what it requires, in the types that it requires.

https://specs.frictionlessdata.io: data-package, data-resource, table-schema, tabular-data-resource, csv-dialect.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

NAME = re.compile(r"[-a-z0-9._/]+")  # "lower-case … characters along with '.', '_', '-' and '/'"
TYPES = {
    *("string", "number", "integer", "boolean", "object", "array", "date", "time", "datetime"),
    *("year", "yearmonth", "duration", "geopoint", "geojson", "any"),
}
PACKAGE = {
    *("profile", "name", "title", "description", "version", "sources", "resources"),
    *("id", "licenses", "homepage", "created", "keywords", "contributors", "image"),
}


@pytest.fixture(scope="module")
def package(district_site: Path) -> dict[str, Any]:
    """The description, read."""
    found: dict[str, Any] = json.loads((district_site / "data" / "datapackage.json").read_bytes())
    return found


def test_the_package_has_what_is_required(package: dict[str, Any]) -> None:
    assert isinstance(package["resources"], list) and package["resources"]
    assert package["profile"] == "data-package"
    assert NAME.fullmatch(package["name"])
    assert package.keys() <= PACKAGE
    assert all(isinstance(package[key], str) for key in ("title", "description", "version"))
    assert all(isinstance(source["title"], str) for source in package["sources"])


def test_every_resource_has_what_is_required(package: dict[str, Any], district_site: Path) -> None:
    names = [resource["name"] for resource in package["resources"]]
    assert len(names) == len(set(names))
    for one in package["resources"]:
        assert NAME.fullmatch(one["name"]), one["name"]
        path = one["path"]
        assert not path.startswith("/") and ".." not in path and "\\" not in path
        content = (district_site / "data" / path).read_bytes()
        assert one["bytes"] == len(content) and isinstance(one["bytes"], int)
        kind, digest = one["hash"].split(":")
        assert (kind, digest) == ("sha256", hashlib.sha256(content).hexdigest())
        assert one["format"] == path.rpartition(".")[2]
        assert re.fullmatch(r"[a-z]+/[a-z0-9.+\-]+", one["mediatype"])
        assert one.get("encoding", "utf-8") == "utf-8"
        if one["format"] == "csv":
            assert one["profile"] == "tabular-data-resource"
            assert one["dialect"] == {"lineTerminator": "\n"}


def test_every_schema_is_a_table_schema(package: dict[str, Any]) -> None:
    for one in package["resources"]:
        schema = one["schema"]
        names = [field["name"] for field in schema["fields"]]
        assert names and len(names) == len(set(names))
        assert {field["type"] for field in schema["fields"]} <= TYPES
        assert all(isinstance(field["title"], str) for field in schema["fields"])
        assert schema["missingValues"] == [""]
        assert set(schema.get("primaryKey", names)) <= set(names)
        assert schema.keys() <= {"fields", "missingValues", "primaryKey", "foreignKeys"}


def test_the_files_are_what_their_schemas_say(package: dict[str, Any], district_site: Path) -> None:
    for one in package["resources"]:
        fields = one["schema"]["fields"]
        file = district_site / "data" / one["path"]
        if one["format"] == "csv":
            # the copies for Excel begin with a mark, which readers of UTF-8 pass over
            rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
            assert rows[0] == [field["name"] for field in fields]
            for row in rows[1:]:
                for field, cell in zip(fields, row, strict=True):
                    assert _is(field["type"], cell or None), (one["path"], field, cell)
        elif one["format"] == "jsonl":
            for line in file.read_text("utf-8").split("\n")[:-1]:
                record = json.loads(line)
                assert list(record) == [field["name"] for field in fields]
                for field in fields:
                    assert _is(field["type"], record[field["name"]], json_=True), one["path"]


def test_a_primary_key_is_one(package: dict[str, Any], district_site: Path) -> None:
    keyed = [
        one
        for one in package["resources"]
        if one["format"] == "jsonl" and "primaryKey" in one["schema"]
    ]
    assert len(keyed) >= 5
    for one in keyed:
        lines = (district_site / "data" / one["path"]).read_text("utf-8").split("\n")[:-1]
        keys = [
            tuple(json.loads(line)[name] for name in one["schema"]["primaryKey"]) for line in lines
        ]
        assert len(keys) == len(set(keys)), one["path"]


def test_the_change_feed_is_described(package: dict[str, Any]) -> None:
    feeds = [one for one in package["resources"] if "changes" in one["path"]]
    assert {one["path"] for one in feeds} == {"changes.jsonl", "changes.csv", "excel/changes.csv"}
    assert all(date.fromisoformat(one["since"]) for one in feeds)
    assert all("SHA-256" in one["description"] for one in feeds)


def _is(kind: str, value: Any, json_: bool = False) -> bool:
    """Whether a value is of a type, as text or as JSON has it."""
    if value is None:
        return True
    if kind == "date":
        return bool(date.fromisoformat(value))
    if kind == "integer":
        return isinstance(value, int) if json_ else re.fullmatch(r"-?\d+", value) is not None
    if kind in ("array", "object"):
        return isinstance(value, list if kind == "array" else dict)
    return isinstance(value, str)
