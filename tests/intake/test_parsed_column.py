"""A parsed column: its values, the fault of each and the remark on each."""

from __future__ import annotations

import polars as pl

from double_random.intake.parsed_column import ParsedColumn


def test_without_faults_and_remarks_both_are_null() -> None:
    typed = ParsedColumn.from_values(pl.Series([1, None, 3]))
    assert typed.fault.to_list() == typed.note.to_list() == [None, None, None]
    assert typed.fault.dtype == typed.note.dtype == pl.String()


def test_faults_that_are_all_null_are_texts_too() -> None:
    typed = ParsedColumn.from_values(pl.Series([1]), pl.Series([None]), pl.Series(["示例"]))
    assert typed.fault.dtype == pl.String() and typed.note.to_list() == ["示例"]


def test_a_column_without_cells_has_none_of_either() -> None:
    typed = ParsedColumn.from_values(pl.Series([], dtype=pl.Int64))
    assert (typed.value.len(), typed.fault.len(), typed.note.len()) == (0, 0, 0)
