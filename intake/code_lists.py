"""Kinds (处罚类别, 处分种类, 检查结果): the content of a cell as codes of a list that is data, in order of severity."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core import toml_reader
from double_random.core.toml_reader import FLAG, WHOLE, WORD, WORDS, List, Table
from double_random.intake import reasons
from double_random.intake.parsed_column import ParsedColumn
from double_random.intake.text_columns import SEPARATORS

if TYPE_CHECKING:
    import polars as pl

LIST = Table(
    {
        "kind": List(
            Table(
                {"code": WORD, "severity": WHOLE, "reference": WORD, "words": WORDS},
                {"alone": FLAG},
            )
        )
    },
    {"reference": WORD},
)


@dataclass(frozen=True)
class CodeKind:
    """One kind of a list; severity orders them, 0 for what has no place in the order."""

    code: str
    severity: int
    reference: str
    words: tuple[str, ...]
    alone: bool = False  # excludes the others: 未发现问题 beside a finding contradicts itself

    @property
    def word(self) -> str:
        """Its first word; its code if it has none."""
        return self.words[0] if self.words else self.code


def load_code_list(path: Path) -> tuple[CodeKind, ...]:
    """All kinds of a list (`data/penalty_kinds.toml`, …), the mildest first.

    BadFile names file and line if it is not sound.
    """
    unsorted = [
        CodeKind(
            entry["code"],
            entry["severity"],
            entry["reference"],
            tuple(entry["words"]),
            entry.get("alone", False),
        )
        for entry in toml_reader.read_toml(path, LIST)["kind"]
    ]
    return tuple(sorted(unsorted, key=lambda kind: (kind.severity, kind.code)))


def kinds_column(texts: pl.Series, listed_kinds: tuple[CodeKind, ...]) -> ParsedColumn:
    """A column of multi-valued cells (警告、没收违法所得) as lists of codes, the mildest first, each once.

    Each part of a cell must begin with a known word; otherwise the cell is faulty. So is a cell in which a kind that
    excludes the others is beside another.
    """
    import polars as pl

    words = sorted(
        ((word, kind) for kind in listed_kinds for word in kind.words),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
    severity: pl.Expr = pl.lit(None, pl.Int64)
    code: pl.Expr = pl.lit(None, pl.String)
    for word, kind in reversed(words):  # the longest word is tried first
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
        .agg(pl.col("code").unique(maintain_order=True), unknown=pl.col("code").is_null().any())
    )
    joined = cells.join(parts, on="cell", how="left", maintain_order="left")
    alone = [kind.code for kind in listed_kinds if kind.alone]
    contradicts = (pl.col("code").list.len() > 1) & pl.any_horizontal(
        pl.lit(False), *(pl.col("code").list.contains(code) for code in alone)
    )
    fault = (
        pl.when(pl.col("unknown"))
        .then(pl.lit(reasons.UNKNOWN_KIND))
        .when(contradicts)
        .then(pl.lit(reasons.CONTRADICTION))
    )
    return ParsedColumn.from_values(
        joined["code"].cast(pl.List(pl.String)),
        joined.select(fault.alias("fault")).to_series(),
    )
