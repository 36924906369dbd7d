"""Rows of a release in an order that follows from their content alone, hashed page by page.

The order is that of a whole number computed from a row's key, dates and numbers; only rows with equal numbers are
ordered by their text, so long texts are seldom compared. The text is hashed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

TAIL = 8  # bytes at the end of a row's first value: keys differ most there
BESIDE = 1 << 20  # bytes; starting threads for fewer takes longer than hashing them
PAGE = 2  # of these bytes, which give the page of a row
BELOW = 1 << 8 * (TAIL - PAGE)  # what is below the page in a key
MIX = 0x2545F4914F6CDD1D  # odd: what is multiplied by it stays different
ABSENT = 0x5DEECE66D  # a null date or number


def tail_expression(column: str) -> str:
    """The SQL expression of the end of a row's first value."""
    return _end_expression(column, TAIL)


def page_expression(column: str) -> str:
    """The SQL expression for the page of a row; empty unless the end is exactly two bytes."""
    end = _end_expression(column, PAGE)
    return f"CASE WHEN strlen({end}) = {PAGE} THEN {end} ELSE '' END"


def _end_expression(column: str, characters: int) -> str:
    return f"right(coalesce(CAST(\"{column}\" AS TEXT), ''), {characters})"


def digest_pages(rows: polars.DataFrame) -> Iterator[tuple[int, str]]:
    """For rows (run, page, tail, line; short0 …: dates and numbers): each run with the digest of each of its pages.

    All rows of a page must be given together. The digest is a line: the page's number and a SHA-256.
    """
    import polars

    if not rows.height:
        return
    runs, key = rows["run"].cast(polars.Int32), rows.select(_sort_key(rows)).to_series()
    order = _sort_rows(runs, key, rows["line"])
    lines = rows["line"].gather(order)
    pages = (key // BELOW).gather(order)
    runs = runs.gather(order)
    del rows, key
    page_sizes = (
        polars.DataFrame({"run": runs, "page": pages, "bytes": lines.str.len_bytes()})
        .group_by("run", "page", maintain_order=True)
        .agg(polars.col("bytes").cast(polars.Int64).sum())
    )
    _, _, text = lines.to_arrow().buffers()  # one buffer: nothing is copied for each page
    buffer, ends = memoryview(text), page_sizes["bytes"].cum_sum().to_list()
    hashes = _hash_pages(buffer, list(zip([0, *ends[:-1]], ends, strict=True)))
    for run, number, digest in zip(page_sizes["run"], page_sizes["page"], hashes, strict=True):
        yield run, f"{number:04x} {digest}"


def _hash_pages(buffer: memoryview, ranges: list[tuple[int, int]]) -> list[str]:
    """The digests of the pages, given as byte ranges; large amounts are hashed in parallel."""
    import polars

    def hash_range(place: tuple[int, int]) -> str:
        return hashlib.sha256(buffer[slice(*place)]).hexdigest()

    if len(buffer) < BESIDE:
        return [hash_range(byte_range) for byte_range in ranges]
    with ThreadPoolExecutor(polars.thread_pool_size()) as pool:
        return list(pool.map(hash_range, ranges))


def _sort_key(rows: polars.DataFrame) -> polars.Expr:
    """A whole number of 64 bits: the page, then a mix of key, dates and numbers (sums may overflow)."""
    import polars

    end = _bytes_to_number("tail", TAIL, polars.UInt64())
    mixed = end.reinterpret(signed=True) * MIX
    for name in rows.columns:
        if name.startswith("short"):
            mixed = (mixed + polars.col(name).cast(polars.Int64).fill_null(ABSENT)) * MIX
    high = _bytes_to_number("page", PAGE, polars.UInt16()).cast(polars.UInt64) * BELOW
    return high + mixed.reinterpret(signed=False) // (1 << 8 * PAGE)


def _bytes_to_number(column: str, size: int, kind: polars.DataType) -> polars.Expr:
    """A text of this many bytes as a whole number; any other text is zero."""
    import polars

    return (
        polars.when(polars.col(column).str.len_bytes() == size)
        .then(column)
        .otherwise(polars.lit("\0" * size))
        .cast(polars.Binary)
        .bin.reinterpret(dtype=kind, endianness="little")
    )


def _sort_rows(runs: polars.Series, key: polars.Series, lines: polars.Series) -> polars.Series:
    """The order of the rows: by run, by key, and for equal keys by text."""
    import polars

    sort_keys = polars.DataFrame({"run": runs, "key": key})
    by = ["key"] if runs.n_unique() == 1 else ["run", "key"]  # one column is sorted faster
    order = sort_keys.select(polars.arg_sort_by(*by)).to_series()
    sorted_ = sort_keys.select(polars.all().gather(order))
    same = (
        (polars.col("run") == polars.col("run").shift(1))
        & (polars.col("key") == polars.col("key").shift(1))
    ).fill_null(False)
    tied = sorted_.select(same | same.shift(-1, fill_value=False)).to_series()
    if not tied.any():
        return order
    at = order.filter(tied)
    alike = sorted_.filter(tied).with_columns(lines.gather(at).alias("line"), at.alias("at"))
    return order.scatter(tied.arg_true(), alike.sort("run", "key", "line")["at"])
