"""The ledger: records as whole numbers, made anew only if the release has changed."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from double_random.core.errors import Misuse
from double_random.core.periods import day_number
from double_random.credit.records.ledger import (
    STEPS,
    ensure_ledger,
    read_ledger_sql,
    require_records,
)
from double_random.credit.scoring.in_memory import Casebook, MadeUpRecord

DAY = date(2016, 3, 31)


def penalty(document: str, ends: date | None = None) -> MadeUpRecord:
    return MadeUpRecord(
        institution="示例甲",
        record_class="penalty",
        decided=DAY,
        kinds=("fine",),
        document=document,
        ends=ends,
        fine=1000_00,
    )


def test_a_release_without_records_is_named_with_the_way_out() -> None:
    with duckdb.connect() as connection:
        for ask in (require_records, ensure_ledger):
            with pytest.raises(Misuse, match="no records yet") as caught:
                ask(connection)
            assert "credit load" in caught.value.hint


def test_a_record_is_a_row_of_whole_numbers() -> None:
    with Casebook() as book:
        book.add_institution("示例甲")
        book.add_cases(
            [penalty("罚1号", ends=date(2016, 9, 30)), penalty("罚2号", ends=date(2016, 1, 1))]
        )
        ensure_ledger(book.connection)
        rows = book.frame("SELECT decided, ended, fine FROM ledger ORDER BY ended").rows()
        kinds = book.frame(
            "SELECT DISTINCT data_type FROM duckdb_columns() WHERE table_name = 'ledger'"
        )
    assert rows == [
        (day_number(DAY), day_number(DAY), 1000_00),  # nothing ends before it was decided
        (day_number(DAY), day_number(date(2016, 9, 30)), 1000_00),
    ]
    assert set(kinds["data_type"]) == {"INTEGER", "BIGINT"}


def test_a_record_without_an_owner_or_a_day_is_not_in_it() -> None:
    with Casebook() as book:
        book.add_institution("示例甲")
        book.add_cases([penalty("罚1号")])
        book.connection.execute("UPDATE records SET decided = NULL")
        ensure_ledger(book.connection)
        assert book.frame("SELECT count(*) FROM ledger").item() == 0


def test_the_ledger_is_made_again_if_a_record_was_added_and_only_then() -> None:
    with Casebook() as book:
        book.add_institution("示例甲")
        book.add_cases([penalty("罚1号")])
        ensure_ledger(book.connection)
        book.connection.execute("UPDATE ledger SET fine = 7")
        ensure_ledger(book.connection)
        assert book.frame("SELECT fine FROM ledger").rows() == [(7,)]  # the same as before
        book.add_cases([penalty("罚2号")])
        ensure_ledger(book.connection)
        assert book.frame("SELECT fine FROM ledger").rows() == [(1000_00,), (1000_00,)]


def test_every_step_is_a_file_that_says_what_it_does() -> None:
    for file in STEPS.values():
        assert read_ledger_sql(file).startswith("-- ")
    with pytest.raises(FileNotFoundError):
        read_ledger_sql("示例.sql")
