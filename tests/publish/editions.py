"""A small edition in memory, for tests of pages that need no home: fictitious rows, the shipped allow-list."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from importlib.resources import files
from typing import Any

import duckdb
import polars

from double_random import data
from double_random.core.translation import load_catalogue, translate_with
from double_random.credit.schema import create_plain_tables
from double_random.publish.content.counts import EditionCounts
from double_random.publish.content.labels import CodeLabels
from double_random.publish.content.published_draws import PublishedDraw
from double_random.publish.content.snapshot import Edition, PublishedLog
from double_random.publish.disclosure.allow_list import AllowList
from double_random.store.releases import Release

DAY = date(2026, 11, 1)
LIST = AllowList.read(data.path("publishing.toml"))
TYPES = {
    "string": polars.String,
    "integer": polars.Int64,
    "date": polars.Date,
    "list": polars.List(polars.String),
}
COVERAGE = {
    "kind": polars.String,
    "district": polars.String,
    "approvals": polars.Int64,
    "covered": polars.Int64,
}
FIRM = {
    "id": "31310000XXXX30015D",
    "kind": "law_firm",
    "name": "示例律师事务所",
    "uscc": "31310000XXXX30015D",
    "status": "active",
    "district": "310104",
}


def words(language: str = "zh_CN") -> CodeLabels:
    """The labels of two kinds and two districts."""
    results = tomllib.loads(data.path("inspection_results.toml").read_text("utf-8"))["kind"]
    return CodeLabels(
        language=language,
        say=partial(translate_with, load_catalogue(language)),
        kinds={"law_firm": "律师事务所", "notary_office": "公证机构"},
        districts={"310104": "徐汇区", "310101": "黄浦区"},
        events={"founded": "设立"},
        penalties={"warning": "警告", "fine": "罚款"},
        results={row["code"]: row["words"][0] for row in results},
    )


def table(name: str, *rows: Mapping[str, Any]) -> polars.DataFrame:
    """A class's table; a field that a row does not name is missing."""
    schema = {field.name: TYPES[field.type] for field in LIST.classes[name].fields}
    full = [dict.fromkeys(schema) | dict(row) for row in rows]
    return polars.DataFrame(full, schema=schema)


def draw(name: str, stage: str, **more: Any) -> PublishedDraw:
    """A draw in a stage; `more`: fields of its row, or of Shown."""
    row = dict.fromkeys(field.name for field in LIST.classes["draw"].fields) | {
        "draw": name,
        "stage": stage,
        "commitment": "c" * 64,
        "code": "示例-1234",
        "items": ["示例事项"],
        "basis": ["示例依据"],
        "kinds": ["law_firm"],
        "districts": ["310104"],
        "committed": "2026-10-01T01:00:00Z",
        "not_before": "2026-10-02T01:00:00Z",
        "publish_by": "2026-10-31",
    }
    if stage == "published":
        row |= {"drawn_at": "2026-10-02T16:30:00Z", "ended": "2026-10-03T01:00:00Z"}
    own = {key: more.pop(key) for key in [*more] if key in row and key != "drawn"}
    return PublishedDraw(row=row | own, **({"overdue": False} | more))


def edition(
    tables: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    draws: Sequence[PublishedDraw] = (),
    **other: Any,
) -> Edition:
    """An edition with these rows; `other`: fields of Edition."""
    rows = {"draw": [one.row for one in draws]} | dict(tables or {})
    made: dict[str, Any] = {
        "as_of": DAY,
        "authority": "示例市司法局",
        "complain": "",
        "release": "r" * 64,
        "sources": {"sync": date(2026, 10, 31)},
        "allowed": LIST,
        "words": words(),
        "tables": {name: table(name, *rows.get(name, ())) for name in sorted(LIST.classes)},
        "draws": tuple(draws),
        "log": PublishedLog((), (), b"checkpoint\n", "示例+1+key"),
        "policies": (),
        "rule": None,
        "emptied": 0,
        "waiting": 0,
        "counts": EditionCounts(polars.DataFrame(schema=COVERAGE), ()),
        "tiles": {"310104": (0, 0)},
    }
    return Edition(**(made | other))


def release() -> Release:
    """An empty release in memory, with every table."""
    connection = duckdb.connect()
    schema = files("double_random.store").joinpath("schema.sql")
    connection.execute(schema.read_text("utf-8"))
    create_plain_tables(connection)
    return Release(connection, "000001", "h" * 64)


def insert(made: Release, table: str, **row: Any) -> None:
    """One row of a table of the release."""
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    made.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", [*row.values()])
