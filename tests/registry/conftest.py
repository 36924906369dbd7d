"""What the register's tests share: a register in memory, and rows as intake gives them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import polars
import pytest
from typer.testing import CliRunner

from double_random.commands.registry import app
from double_random.core.errors import DoubleRandomError
from double_random.intake.file_reading import FileReading, issue_schema
from double_random.intake.layouts import Layout, load_shipped_layouts
from double_random.intake.record_types import table_schema
from double_random.registry.institutions.districts import load_districts
from double_random.registry.institutions.kinds import load_events, load_kinds
from double_random.registry.quality.file_report import FileReport
from double_random.registry.sync.sync_run import SyncFacts, merge_readings
from double_random.registry.tables import ensure_tables
from double_random.store.home import Home
from double_random.store.releases import Draft
from double_random.store.tables import create_tables

Row = dict[str, Any]
FOUNDED = "关于准予律师事务所设立的决定"
HEADER = (
    "行政相对人名称,行政相对人代码_1(统一社会信用代码),行政许可决定文书名称,行政许可决定文书号,"
    "许可证书名称,许可编号,许可内容,许可决定日期,许可机关,当前状态"
)
ROW = (
    "上海示例甲律师事务所,31310000XXXX30015D,关于准予律师事务所设立的决定,第1号,"
    "律师事务所执业许可证,23100002009103001,住所:上海市闵行区示例路1号,1992-12-09,示例市司法局,1"
)


class Register:
    """The register in a database in memory: the same tables and the same merge as in a release."""

    def __init__(self, facts: SyncFacts, shapes: Sequence[Layout]) -> None:
        self.facts = facts
        self.shapes = shapes
        self.run = 0
        self.connection = duckdb.connect(":memory:")
        self.draft = Draft(connection=self.connection, run=0, before="")
        schema = files("double_random.store").joinpath("schema.sql")
        create_tables(self.connection, schema.read_text("utf-8"))
        ensure_tables(self.connection)

    def night(self, **nouns: Sequence[Row]) -> tuple[tuple[FileReport, ...], list[Row]]:
        """One run over rows of each noun, each noun a file of its own: the files as taken, the issues."""
        self.run += 1
        self.draft = Draft(connection=self.connection, run=self.run, before="")
        readings = [_reading(noun, rows) for noun, rows in nouns.items()]
        files, issues = merge_readings(self.draft, readings, self.facts, self.shapes)
        return files, issues.to_dicts()

    def rows(self, sql: str) -> list[Row]:
        return self.draft.frame(sql).to_dicts()

    def versions(self) -> list[Row]:
        """What is known now of every day."""
        return self.rows(
            "SELECT * EXCLUDE (known_from, known_to) FROM institutions WHERE known_to IS NULL ORDER BY id, valid_from"
        )

    def history(self, id_: str) -> list[tuple[Any, ...]]:
        """(valid_from, status, name) of one institution as known now."""
        return [
            (v["valid_from"], v["status"], v["name"]) for v in self.versions() if v["id"] == id_
        ]


def _reading(noun: str, rows: Sequence[Row]) -> FileReading:
    file = f"{noun}.csv"
    count = len(rows)
    placed = [{**row, "file": file, "sheet": "", "row": at} for at, row in enumerate(rows, 2)]
    table = polars.DataFrame(placed, schema=table_schema(noun))
    issues = polars.DataFrame(schema=issue_schema())
    return FileReading(
        file=file,
        sha256="0" * 64,
        result="read",
        reason="",
        layout="",
        rows=count,
        accepted=count,
        duplicates=0,
        quarantined=0,
        tables={noun: table},
        issues=issues,
    )


@pytest.fixture
def facts(home: Home) -> SyncFacts:
    """The shipped facts."""
    return SyncFacts(load_kinds(home), load_events(home), load_districts(home))


@pytest.fixture(scope="session")
def shapes() -> Sequence[Layout]:
    """The shipped layouts."""
    return load_shipped_layouts()


@pytest.fixture
def new_register(facts: SyncFacts, shapes: Sequence[Layout]) -> Iterator[Callable[[], Register]]:
    """Makes empty registers."""
    made: list[Register] = []

    def make() -> Register:
        made.append(Register(facts, shapes))
        return made[-1]

    yield make
    for register in made:
        register.connection.close()


@pytest.fixture
def register(new_register: Callable[[], Register]) -> Register:
    """An empty register."""
    return new_register()


@pytest.fixture(scope="session")
def permit() -> Callable[..., Row]:
    """A permit as intake gives it: a firm's founding unless said otherwise."""

    def row(name: str = "上海示例甲律师事务所", **said: Any) -> Row:
        founding = {
            "name": name,
            "uscc": "31310000XXXX00001A",
            "licence": "23100000000000001",
            "certificate": "律师事务所执业许可证",
            "document": "沪司许决字〔2000〕第1号",
            "title": FOUNDED,
            "content": "律师事务所设立;住所:上海市闵行区示例路1号",
            "decided": date(2000, 1, 1),
            "licence_from": date(2000, 1, 1),
            "authority": "示例市司法局",
            "state": "valid",
            "head": "示例甲",
        }
        return founding | said

    return row


@pytest.fixture(scope="session")
def penalty() -> Callable[..., Row]:
    """A penalty as intake gives it: three months of 停业整顿 unless said otherwise."""

    def row(name: str = "上海示例甲律师事务所", **said: Any) -> Row:
        suspension = {
            "name": name,
            "uscc": None,
            "document": "沪司罚决字〔2005〕第1号",
            "kinds": ["suspension"],
            "decided": date(2005, 1, 1),
            "ends": date(2005, 4, 1),
            "authority": "示例市示例区司法局",
        }
        return suspension | said

    return row


@pytest.fixture
def ask(home: Home, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a command in an empty home: its data, and the error it ended with."""
    monkeypatch.setenv("DOUBLE_RANDOM_HOME", str(home.path))

    def run(*words: Any) -> Any:
        result = CliRunner().invoke(app, [str(word) for word in words])
        if result.exception and not isinstance(result.exception, SystemExit):
            if not isinstance(result.exception, DoubleRandomError):
                raise result.exception
            return json.loads(result.stdout or "null"), result.exception
        assert result.exit_code == 0, (result.stdout, result.stderr)
        return json.loads(result.stdout), None

    return run


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    """A folder with one permit in it."""
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "许可.csv").write_text(f"{HEADER}\n{ROW}\n", "utf-8")
    return folder
