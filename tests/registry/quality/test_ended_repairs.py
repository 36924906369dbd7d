"""A repair that ended with its penalty is reported until the penalty has one that holds."""

from __future__ import annotations

from importlib.resources import files

import duckdb
import pytest

from double_random.credit.schema import apply_schema
from double_random.intake.reasons import REPAIRED_TOO_EARLY
from double_random.registry.quality.ended_repairs import find_ended_repairs
from double_random.store.releases import Draft
from double_random.store.tables import create_tables


@pytest.fixture
def draft() -> Draft:
    """A repair of the first load, which the second load ended; both linked to one institution."""
    connection = duckdb.connect(":memory:")
    schema = files("double_random.store").joinpath("schema.sql")
    create_tables(connection, schema.read_text("utf-8"))
    apply_schema(connection)
    connection.execute(
        """INSERT INTO added.records
           (record, class, document, related, related_key, decided, name, known_from, known_to) VALUES
           ('r1', 'repair', '修1号', '罚1号', '罚1号', '2016-01-05', '示例甲', 1, 2)"""
    )
    connection.execute(
        "INSERT INTO added.runs VALUES (1, 'load', '2016-06-01'), (2, 'load', '2016-07-01')"
    )
    connection.execute(
        "INSERT INTO added.links VALUES ('r1', 'A', 'code', 1, NULL), ('r2', 'A', 'code', 2, NULL)"
    )
    return Draft(connection=connection, run=2, before="")


def test_an_ended_repair_names_its_day_number_and_penalty(draft: Draft) -> None:
    assert find_ended_repairs(draft) == [
        {
            "name": "示例甲",
            "column": "A",
            "value": "2016-01-05 修1号 → 罚1号",
            "reason": REPAIRED_TOO_EARLY,
        }
    ]


def test_another_repair_of_the_penalty_ends_the_issue(draft: Draft) -> None:
    draft.connection.execute(
        """INSERT INTO added.records
           (record, class, document, related, related_key, decided, name, known_from, known_to) VALUES
           ('r2', 'repair', '修2号', '罚1号', '罚1号', '2016-07-05', '示例甲', 2, NULL)"""
    )
    assert find_ended_repairs(draft) == []


def test_a_row_that_came_again_is_reported_at_its_place_alone(draft: Draft) -> None:
    draft.connection.execute(
        f"""INSERT INTO added.issues VALUES (3, '修.csv', '', '', 2, '', '2016-01-05',
            '{REPAIRED_TOO_EARLY}: 2016-04-05', '示例甲', 'quarantined')"""
    )
    assert find_ended_repairs(draft) == []


def test_what_an_undo_ended_is_no_issue(draft: Draft) -> None:
    draft.connection.execute("UPDATE added.runs SET kind = 'undo' WHERE run = 2")
    assert find_ended_repairs(draft) == []


def test_a_register_without_records_has_none() -> None:
    connection = duckdb.connect(":memory:")
    assert find_ended_repairs(Draft(connection=connection, run=1, before="")) == []
