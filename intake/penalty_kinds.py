"""处罚类别: the kinds of penalty that a cell names, as codes of data/penalty_kinds.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import data
from intake import reasons
from intake.typed import Typed
from intake.words import SEPARATORS

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class PenaltyKind:
    """One kind of administrative penalty; severity orders them, 0 for what has no place in the order."""

    code: str
    severity: int
    reference: str
    words: tuple[str, ...]


@cache
def penalty_kinds() -> tuple[PenaltyKind, ...]:
    """All kinds, the mildest first."""
    entries = data.table("penalty_kinds.toml")["kind"]
    kinds = [
        PenaltyKind(entry["code"], entry["severity"], entry["reference"], tuple(entry["words"]))
        for entry in entries
    ]
    return tuple(sorted(kinds, key=lambda kind: (kind.severity, kind.code)))


def kinds_column(texts: pl.Series) -> Typed:
    """A column of multi-valued cells (警告、没收违法所得) as lists of codes, the mildest first, each once.

    Each part of a cell must begin with a known word; one that does not makes the cell faulty.
    """
    import polars as pl

    words = sorted(
        ((word, kind) for kind in penalty_kinds() for word in kind.words),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
    severity: pl.Expr = pl.lit(None, pl.Int64)
    code: pl.Expr = pl.lit(None, pl.String)
    for word, kind in reversed(words):  # the longest word is asked first
        begins = pl.col("part").str.starts_with(word)
        severity = pl.when(begins).then(pl.lit(kind.severity)).otherwise(severity)
        code = pl.when(begins).then(pl.lit(kind.code)).otherwise(code)
    cells = pl.DataFrame({"text": texts}).with_row_index("cell")
    parts = (
        cells.drop_nulls("text")
        .with_columns(
            part=pl.col("text")
            .str.normalize("NFKC")
            .str.replace_all(r"(\d),(\d{3})", "$1$2")  # the comma of 5,000 parts nothing
            .str.replace_all(SEPARATORS, "、")
            .str.strip_chars("、")
            .str.split("、")
        )
        .explode("part")
        .with_columns(code=code, severity=severity)
        .sort("cell", "severity", "code")
        .group_by("cell", maintain_order=True)
        .agg(pl.col("code").unique(maintain_order=True), bad=pl.col("code").is_null().any())
    )
    joined = cells.join(parts, on="cell", how="left", maintain_order="left")
    fault = pl.when(pl.col("bad")).then(pl.lit(reasons.UNKNOWN_PENALTY_KIND))
    return Typed.of(
        joined["code"].cast(pl.List(pl.String)),
        joined.select(fault.alias("fault")).to_series(),
    )
