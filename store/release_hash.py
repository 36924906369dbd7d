"""The hash of a release, form 3: SHA-256 over its rows in the order of their places, run by run.

block = up to 65,536 rows, column by column: which values are there, then the values · chapter = the blocks of the rows
that one run added to a table, or of the places whose knowledge it ended · head = SHA-256 of the head before and the
chapter · release = SHA-256 over its tables' columns and
heads, and over its views. A run hashes its own rows and nothing else;
how rows lie in files does not matter. A run's rows have their places in the order of their content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy
    import pyarrow

FORM = 3
BLOCK = 65_536  # rows hashed together
RUN_COLUMNS = (
    "known_from",
    "undoing",
    "run",
    "known_to",
)  # the first that a table has: a row's run


@dataclass(frozen=True)
class Chain:
    """The rows of one half of a table's history: how many there are, and the head over their chapters."""

    rows: int = 0
    head: str = ""

    def extend(self, rows: int, chapter: str) -> Chain:
        """The chain with one more chapter."""
        head = hashlib.sha256(f"{self.head}\n{chapter}".encode()).hexdigest()
        return Chain(self.rows + rows, head)


@dataclass(frozen=True)
class TableHistory:
    """What is hashed of a table: the rows that runs have added, and those they have ended."""

    begun: Chain = Chain()
    ended: Chain = Chain()


def combine_hash(
    tables: Mapping[str, Mapping[str, str]],
    histories: Mapping[str, TableHistory],
    views: Mapping[str, str],
) -> str:
    """The release's hash: tables with their columns and histories, and views. A table without rows does not count."""
    lines = [f"form {FORM}"]
    for name, history in sorted(histories.items()):
        if history.begun.rows:
            begun, ended = history.begun, history.ended
            shape = ", ".join(f"{column} {kind}" for column, kind in tables[name].items())
            lines.append(f"{name} ({shape})")
            lines.append(f"{begun.rows} {begun.head} {ended.rows} {ended.head}")
    for name, sql in sorted(views.items()):
        lines.append(f"view {name} {hashlib.sha256(sql.encode()).hexdigest()}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def hash_chapters(
    table: str, half: str, batches: Iterable[pyarrow.RecordBatch]
) -> Iterator[tuple[int, int, str]]:
    """(run, rows, digest) of each chapter of a half's rows, which come in the order of their places.

    The batches hold the hashed columns. ValueError if the rows of a run do not stand together.
    """
    last = -1
    for run, blocks in _split_chapters(batches):
        if run <= last:
            raise ValueError(f"{table} {half}: run {run} after run {last}")
        last = run
        digest, rows = hashlib.sha256(), 0
        for block in blocks:
            if not rows:
                shape = ", ".join(
                    f"{field.name} {_type_name(field.type)}" for field in block.schema
                )
                digest.update(f"{table} {half} {run} ({shape})\n".encode())
            digest.update(hash_block(block).encode() + b"\n")
            rows += block.num_rows
        yield run, rows, digest.hexdigest()


def hash_block(block: pyarrow.Table) -> str:
    """The digest of some rows: each column's presence (a byte a row), the lengths of texts, the values."""
    import pyarrow
    from pyarrow import compute, types

    digest = hashlib.sha256()
    for column in block.combine_chunks().columns:
        values = column.chunk(0) if column.num_chunks else pyarrow.array([], column.type)
        digest.update(_fixed_bytes(values.is_valid().cast(pyarrow.uint8())))
        if types.is_string(values.type) or types.is_large_string(values.type):
            texts = _fill_nulls(values.cast(pyarrow.large_string()))
            lengths = compute.binary_length(texts).cast(pyarrow.uint32())
            digest.update(_fixed_bytes(lengths))
            offsets = memoryview(texts.buffers()[1]).cast("q")
            first, end = offsets[texts.offset], offsets[texts.offset + len(texts)]
            if end > first:
                digest.update(memoryview(texts.buffers()[2])[first:end])
        elif types.is_boolean(values.type):
            digest.update(_fixed_bytes(_fill_nulls(values).cast(pyarrow.uint8())))
        elif types.is_date32(values.type):
            digest.update(_fixed_bytes(_fill_nulls(values.cast(pyarrow.int32()))))
        else:
            digest.update(_fixed_bytes(_fill_nulls(values)))
    return digest.hexdigest()


def _fill_nulls(values: pyarrow.Array) -> pyarrow.Array:
    """The values with zero, false or the empty text for nulls."""
    import pyarrow

    if not values.null_count:
        return values
    zeros = pyarrow.py_buffer(
        bytes(16)
    )  # from a Python value PyArrow would make it by importing pandas
    buffers = [None, zeros, zeros] if values.type == pyarrow.large_string() else [None, zeros]
    return values.fill_null(pyarrow.Array.from_buffers(values.type, 1, buffers)[0])


def _fixed_bytes(values: pyarrow.Array) -> memoryview:
    """The values of a column of whole numbers, little-endian, as bytes."""
    width = values.type.bit_width // 8
    buffer = memoryview(values.buffers()[1])
    return buffer[values.offset * width : (values.offset + len(values)) * width]


def integer_values(column: pyarrow.Array) -> numpy.ndarray[Any, numpy.dtype[Any]]:
    """A column of whole numbers without nulls as NumPy sees it; `to_numpy` would import pandas."""
    import numpy

    kind = numpy.dtype(f"<i{column.type.bit_width // 8}")
    return numpy.frombuffer(_fixed_bytes(column), dtype=kind)


def _type_name(kind: pyarrow.DataType) -> str:
    """A column's type as the hash names it; TypeError for a type that a release does not hold."""
    from pyarrow import types

    if types.is_string(kind) or types.is_large_string(kind):
        return "text"
    if types.is_date32(kind):
        return "date"
    if types.is_boolean(kind):
        return "boolean"
    if types.is_int32(kind) or types.is_int64(kind):
        return f"int{kind.bit_width}"
    raise TypeError(f"a release holds no {kind}")


def _split_chapters(
    batches: Iterable[pyarrow.RecordBatch],
) -> Iterator[tuple[int, Iterator[pyarrow.Table]]]:
    """The rows of each run as (run, blocks); the blocks of one must be read before the next is asked for."""
    import pyarrow

    pieces = _split_runs(batches)
    current = next(pieces, None)

    def take_blocks(run: int) -> Iterator[pyarrow.Table]:
        nonlocal current
        held: list[pyarrow.RecordBatch] = []
        size = 0
        while current is not None and current[0] == run:
            batch = current[1]
            while size + batch.num_rows >= BLOCK:
                held.append(batch.slice(0, BLOCK - size))
                yield pyarrow.Table.from_batches(held)
                batch, held, size = batch.slice(BLOCK - size), [], 0
            if batch.num_rows:
                held.append(batch)
                size += batch.num_rows
            current = next(pieces, None)
        if held:
            yield pyarrow.Table.from_batches(held)

    while current is not None:
        yield current[0], take_blocks(current[0])


def _split_runs(
    batches: Iterable[pyarrow.RecordBatch],
) -> Iterator[tuple[int, pyarrow.RecordBatch]]:
    """The batches, cut where the run changes."""
    import numpy

    for batch in batches:
        if not batch.num_rows:
            continue
        name = next((name for name in RUN_COLUMNS if name in batch.schema.names), None)
        if name is None:
            raise ValueError("a table without the run of its rows")
        runs = integer_values(batch.column(name))
        cuts = [0, *(int(cut) + 1 for cut in numpy.flatnonzero(runs[1:] != runs[:-1])), len(runs)]
        for start, end in pairwise(cuts):
            yield int(runs[start]), batch.slice(start, end - start)
