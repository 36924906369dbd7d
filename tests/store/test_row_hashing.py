"""Rows are hashed page by page, whatever order they are read in."""

from __future__ import annotations

import hashlib

import duckdb
import polars
import pytest

from double_random.store.row_hashing import BESIDE, digest_pages, page_expression, tail_expression


def rows(*keys: str, run: int = 1, width: int = 1) -> polars.DataFrame:
    """Rows as `digests` is given them: the line of each begins with its key."""
    return polars.DataFrame(
        {
            "run": [run] * len(keys),
            "page": [key[-2:] for key in keys],
            "tail": [key[-8:] for key in keys],
            "short0": [len(key) for key in keys],
            "line": [key * width for key in keys],
        }
    )


def test_the_order_of_rows_does_not_matter() -> None:
    keys = [f"firm{number:04}" for number in range(300)]
    once = list(digest_pages(rows(*keys)))
    assert list(digest_pages(rows(*reversed(keys)))) == once
    assert len(once) == 100  # the last two digits are the page


def test_a_page_of_one_row_is_the_hash_of_its_line() -> None:
    ((run, line),) = digest_pages(rows("00000012", run=7))
    number, digest = line.split()
    assert run == 7 and int(number, 16) == int.from_bytes(b"12", "little")
    assert digest == hashlib.sha256(b"00000012").hexdigest()


def test_rows_of_one_key_are_ordered_by_their_text() -> None:
    same = rows("00000012", "00000012").with_columns(line=polars.Series(["b", "a"]))
    assert list(digest_pages(same)) == list(digest_pages(same.reverse()))
    ((_run, line),) = digest_pages(same)
    assert line.split()[1] == hashlib.sha256(b"ab").hexdigest()


def test_other_text_and_other_runs_have_other_digests() -> None:
    assert list(digest_pages(rows("00000012"))) != list(digest_pages(rows("00000013")))
    both = polars.concat([rows("00000012", run=1), rows("00000012", run=2)])
    assert [run for run, _line in digest_pages(both)] == [1, 2]


def test_many_bytes_are_hashed_like_few() -> None:
    width = BESIDE // 8 + 1
    found = dict(
        line.split() for _run, line in digest_pages(rows("00000011", "00000012", width=width))
    )
    expected = {hashlib.sha256(key * width).hexdigest() for key in (b"00000011", b"00000012")}
    assert set(found.values()) == expected


def test_no_rows_have_no_digests() -> None:
    assert list(digest_pages(rows())) == []


@pytest.mark.parametrize(
    ("value", "last", "last_two"),
    [
        ("31310000XXXX00001A", "XX00001A", "1A"),
        ("A", "A", ""),
        (None, "", ""),
        ("示例", "示例", ""),
    ],
)
def test_the_end_of_a_value_and_its_page(value: str | None, last: str, last_two: str) -> None:
    connection = duckdb.connect(":memory:")
    connection.execute("CREATE TABLE firms (id TEXT)")
    connection.execute("INSERT INTO firms VALUES (?)", [value])
    answer = connection.execute(
        f"SELECT {tail_expression('id')}, {page_expression('id')} FROM firms"
    ).fetchall()
    assert answer == [(last, last_two)]
