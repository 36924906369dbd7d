"""A night's work follows from what it changes: twice the history does not raise the rows that its statements touch.

Counted are the rows that every operator of every statement hands on, and those that scans read, by DuckDB's own
profile: no seconds. The history that is doubled is that of institutions which the night does not touch. LINEAR names
the statements that still read something of every known record, with the most rows that they may touch for one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from double_random import data
from double_random.credit.policy.loader import read_policy
from double_random.credit.records.load import load_records
from double_random.credit.schema import apply_schema
from double_random.credit.scoring.score_run import score_institutions
from double_random.registry.sync.sync_run import sync_registers
from double_random.store import releases
from double_random.store.home import Home

RISK = read_policy(data.path("policies", "risk-100.toml"))
DAYS = (date(2026, 9, 1), date(2026, 9, 2), date(2026, 9, 3))
HEAD = "CF_XDR_MC,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_JDRQ,CF_CFJG"
FIRMS, TOUCHED = 400, 20
HISTORY = 6_000  # records, of institutions that no night touches

FOUND = """
INSERT INTO added.institutions (id, kind, name, folded, uscc, status, valid_from, known_from)
SELECT id, 'law_firm', name, name, id, 'active', DATE '2000-01-01', $run
FROM (SELECT '31310000FFFF' || lpad(CAST(i AS TEXT), 5, '0') || 'A' AS id, '上海示例' || i || '律师事务所' AS name
      FROM range($firms) AS t(i))
"""
KNOW = """
INSERT INTO added.records (record, number, class, kinds, state, document, document_key, decided, name, code, known_from)
SELECT sha256('known' || i), i, 'penalty', 'warning', 'decided', '第' || i || '号', '第' || i || '号',
    CASE WHEN i < 200 THEN DATE '2025-09-01' + CAST(i % 3 AS INTEGER)  -- some pass an age in the night
         ELSE make_date(2024, CAST(1 + i % 12 AS INTEGER), CAST(10 + i % 15 AS INTEGER)) END, f.name, f.id, $run
FROM range($records) AS t(i)
JOIN (SELECT id, name, row_number() OVER (ORDER BY id) - 1 AS firm FROM institutions) AS f
    ON f.firm = CASE WHEN i < 200 THEN i % $touched ELSE $touched + i % ($firms - $touched) END
"""
CLAIM = """
INSERT INTO added.claims SELECT record, code, NULL, name, name, decided, known_from FROM added.records
"""
LINK = "INSERT INTO added.links SELECT record, code, 'code', known_from, NULL FROM added.records"


# What reads something of every known record, or line, because no segment is sorted by what is looked up: the most rows
# and bytes for each. They are narrow columns: a key (8 bytes), a day, an institution by its dictionary. The digests of
# `held_links` and `placed.records` are the exception: they are read where an institution is scored again.
LINEAR = {
    "CREATE OR REPLACE TEMP TABLE same_key AS SELECT place FROM placed.records": (0.1, 12),
    "CREATE OR REPLACE TEMP TABLE same_key AS SELECT place FROM placed.claims": (0.1, 12),
    "CREATE OR REPLACE TEMP TABLE affected AS": (0.1, 4),
    "CREATE OR REPLACE TEMP TABLE moved_keys AS": (0.1, 12),
    "INSERT INTO moved_keys SELECT key FROM": (0.1, 20),
    "INSERT INTO affected SELECT DISTINCT institution": (0.1, 20),
    "CREATE OR REPLACE TEMP TABLE held_links AS": (4.1, 52),
    "SELECT record, number, class, kinds, state, document_key": (0.1, 55),
    "CREATE OR REPLACE TEMP TABLE candidates AS SELECT place, institution, part": (4.5, 5),
    "CREATE OR REPLACE TEMP TABLE kept AS": (0.1, 3),
}


class Touched(NamedTuple):
    """What a statement has touched: the rows that its operators hand on or scan, and the bytes it reads."""

    rows: int
    read: int


class Watched:
    """A connection that adds up what its statements touch: statement → rows, bytes read from segments."""

    def __init__(self, connection: Any, touched: dict[str, Touched]) -> None:
        self.connection = connection
        self.touched = touched
        self.last = ""
        connection.execute("SET threads = 1")  # else what a join hands on depends on who is first
        connection.execute(
            "SET enable_external_file_cache = false"
        )  # else the first read alone counts
        connection.execute("PRAGMA enable_profiling = 'no_output'; SET profiling_mode = 'detailed'")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.connection, name)

    def execute(self, sql: str, *arguments: Any) -> Any:
        self.note()
        self.last = sql
        return self.connection.execute(sql, *arguments)

    def sql(self, sql: str, **arguments: Any) -> Any:
        self.note()
        self.last = sql
        return self.connection.sql(sql, **arguments)

    def register(self, name: str, rows: Any) -> None:
        self.note()  # DuckDB makes a view of it, by a statement of its own
        self.connection.register(name, rows)

    def unregister(self, name: str) -> None:
        self.note()
        self.connection.unregister(name)

    def close(self) -> None:
        self.note()
        self.connection.close()

    def note(self) -> None:
        """Take down the profile of the last statement, which has been read to its end by now."""
        if self.last and "profiling" not in self.last:
            profile = self.connection.get_profiling_information(format="json")
            said = json.loads(profile) if profile else {}
            text = " ".join(line for line in self.last.split("\n") if not line.startswith("--"))
            name = " ".join(re.sub(r"'[^']*'|\d+", "…", text).split())
            rows = sum(map(count_rows, said.get("operator", ())))
            read = said.get("io", {}).get("total_bytes_read", 0)
            before = self.touched.get(name, Touched(0, 0))
            self.touched[name] = Touched(before.rows + rows, before.read + read)
        self.last = ""


def count_rows(operator: dict[str, Any]) -> int:
    """The rows of an operator and of those below it."""
    own = operator.get("intermediate_rows", 0) + operator.get("rows_scanned", 0)
    return int(own) + sum(map(count_rows, operator.get("children", ())))


@contextmanager
def watching(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Touched]]:
    """What the statements of drafts touch while this is open."""
    touched: dict[str, Touched] = {}
    plain = releases.open_database
    with monkeypatch.context() as patched:
        patched.setattr(
            releases,
            "open_database",
            lambda *given, **named: Watched(plain(*given, **named), touched),
        )
        yield touched


def make_home(folder: Path, history: int) -> Home:
    """A home with so many records of others, after its first scores and one night."""
    home = Home.create(folder / f"home-{history}", "示例市司法局", "310000")
    with home.releases.write("load", DAYS[0]) as draft:
        apply_schema(draft.connection)
        run = {"run": draft.run}
        draft.connection.execute(FOUND, {**run, "firms": FIRMS})
        sizes = {"records": 200 + history, "touched": TOUCHED, "firms": FIRMS}
        draft.connection.execute(KNOW, {**run, **sizes})
        draft.connection.execute(CLAIM)
        draft.connection.execute(LINK)
    score_institutions(home, DAYS[0], RISK)
    take_night(home, folder, 1)
    return home


def take_night(home: Home, folder: Path, night: int) -> None:
    """A sync, a load and the scores of a night with a new penalty of each touched institution."""
    drop = folder / f"drop-{home.path.name}-{night}"
    drop.mkdir()
    rows = [
        f"上海示例{firm}律师事务所,示例罚〔2026〕{night}{firm:03}号,违规收费,经查违规收费。,《律师法》,警告,警告,"
        f"2026-08-{20 + night},示例市司法局"
        for firm in range(TOUCHED)
    ]
    (drop / "处罚.csv").write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    sync_registers(home, [drop], DAYS[night])
    loaded = load_records(home, [drop], DAYS[night])
    assert [file.accepted for file in loaded.files] == [TOUCHED]
    assert score_institutions(home, DAYS[night], RISK).institutions == FIRMS


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Touched]]:
    """What the same night touches beside a history, and beside twice that history."""
    counted = []
    folder = tmp_path_factory.mktemp("proportional")
    with pytest.MonkeyPatch.context() as patched:
        for history in (HISTORY, 2 * HISTORY):
            home = make_home(folder, history)
            with watching(patched) as touched:
                take_night(home, folder, 2)
            counted.append(touched)
    return counted


def test_twice_the_history_raises_what_a_night_touches_by_less_than_a_tenth(
    nights: list[dict[str, Touched]],
) -> None:
    """Without the statements of LINEAR."""
    for which in (0, 1):
        small, large = (
            sum(touched[which] for name, touched in night.items() if not _find_most(name))
            for night in nights
        )
        assert 0 < small <= large <= 1.1 * small, (which, _grown(nights, which))


def test_what_reads_something_of_every_record_is_named_with_the_most_that_it_reads(
    nights: list[dict[str, Touched]],
) -> None:
    before, after = nights
    linear = set()
    for name, touched in after.items():
        earlier = before.get(name, Touched(0, 0))
        rows, read = ((now - then) / HISTORY for now, then in zip(touched, earlier, strict=True))
        if most := _find_most(name):
            assert (rows, read) <= most and rows <= most[0] and read <= most[1], (rows, read, name)
            linear |= {name for name in LINEAR if rows > 0.1 or read > 0.5}
    assert linear == set(LINEAR), "what is linear no more is taken off the list"


def _find_most(name: str) -> tuple[float, float] | None:
    return next((most for start, most in LINEAR.items() if name.startswith(start)), None)


def _grown(nights: list[dict[str, Touched]], which: int) -> list[tuple[int, str]]:
    """The statements that grew most."""
    before, after = nights
    growth = [
        (touched[which] - before.get(name, Touched(0, 0))[which], name[:200])
        for name, touched in after.items()
    ]
    return sorted(growth, reverse=True)[:8]
