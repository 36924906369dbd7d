"""A column of texts after parsing: its typed values, and the fault or remark of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class ParsedColumn:
    """Three series of one length: the value, the fault (a reason, or null), the remark (a reason, or null)."""

    value: pl.Series
    fault: pl.Series
    note: pl.Series

    @classmethod
    def from_values(
        cls, value: pl.Series, fault: pl.Series | None = None, note: pl.Series | None = None
    ) -> ParsedColumn:
        """Values without faults or remarks if none are given."""
        import polars as pl

        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, value.len())
        return cls(
            value,
            nothing if fault is None else fault.cast(pl.String),
            nothing if note is None else note.cast(pl.String),
        )
