"""What institutions are found by: whole texts, and the parts of texts that are keys of the index.

Of a name, also a former one, every character and every two adjacent ones; of a code or licence number every four; of
a name's pinyin initials every two and every four; of its pinyin every four letters. data/site/search.js cuts what is
typed in the same way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.publish.disclosure.verdict_cache import VerdictCache, hash_rules

if TYPE_CHECKING:
    import polars

Placed = list[tuple[int, str]]  # place of an institution in the order of ids, text
OTHER = "\0"  # before what is no Chinese character
LONGEST = 200  # characters of a text that is looked at


@dataclass(frozen=True, kw_only=True)
class Texts:
    """The folded texts of all institutions."""

    names: Placed = field(default_factory=list)
    former: Placed = field(default_factory=list)
    codes: Placed = field(default_factory=list)  # code, licence number, id
    others: Placed = field(default_factory=list)  # head, numbers of penalties: found whole alone
    initials: Placed = field(default_factory=list)
    pinyin: Placed = field(default_factory=list)

    @property
    def spelt(self) -> Placed:
        """Initials and pinyin."""
        return [*self.initials, *self.pinyin]


def collect_texts(
    table: polars.DataFrame, numbers: Mapping[str, Sequence[str]], cache: VerdictCache
) -> Texts:
    """The texts of a table with the columns of search.COLUMNS; `numbers`: those of penalties, by institution."""
    texts = Texts()
    for place, row in enumerate(table.iter_rows(named=True)):
        _add(texts.names, place, [row["name"]])
        _add(texts.former, place, row["former"] or ())
        _add(texts.codes, place, (row["uscc"], row["licence"], row["id"]))
        _add(texts.others, place, (row["head"], *numbers.get(row["id"], ())))
    rule = hash_rules(Path(__file__).read_bytes(), version("pypinyin").encode())
    named = [*texts.names, *texts.former]
    asked = sorted({(name,) for _place, name in named})
    spelling = cache.find_answers("initials", rule, asked, spell_name)
    for place, name in named:
        initials, _between, pinyin = spelling[name,].partition(" ")
        texts.initials.append((place, initials))
        texts.pinyin.append((place, pinyin))
    return texts


def _add(texts: Placed, place: int, values: Sequence[str | None]) -> None:
    folded = dict.fromkeys(fold_text(value) for value in values if value)
    texts.extend((place, text) for text in folded if text)


def collect_keys(texts: Texts, common: int, first: int) -> list[tuple[str, int, str]]:
    """Each key, the number of its places, and their differences; of more than `common` only the first ones.

    In the order of UTF-16 units, which is that of JavaScript.
    """
    import polars

    schema = {"place": polars.UInt32, "text": polars.String}

    def windows(placed: Placed, width: int) -> Iterator[polars.DataFrame]:
        return _slice_windows(polars.DataFrame(placed, schema=schema, orient="row"), width)

    parts = [polars.DataFrame(schema={"place": polars.UInt32, "key": polars.String})]
    named = [*texts.names, *texts.former]
    for placed, width in (
        *((named, 1), (named, 2), (texts.codes, 4)),
        *((texts.initials, 2), (texts.initials, 4), (texts.pinyin, 4)),
    ):
        parts += windows(placed, width)
    place = polars.col("place")
    listed = place.head(polars.when(polars.len() > common).then(first).otherwise(polars.len()))
    keys = (
        polars.concat(parts)
        .unique()
        .sort("key", "place")
        .group_by("key", maintain_order=True)
        .agg(polars.len().alias("count"), listed.diff().fill_null(place.first()))
        .with_columns(polars.col("place").cast(polars.List(polars.String)).list.join(","))
    )
    return sorted(keys.iter_rows(), key=lambda row: row[0].encode("utf-16-be", "surrogatepass"))


def _slice_windows(texts: polars.DataFrame, width: int) -> Iterator[polars.DataFrame]:
    """Yield every `width` adjacent characters of the texts: place, key."""
    import polars

    long = polars.col("text").str.len_chars()
    for start in range(int(texts.select(long.max()).item() or 0) - width + 1):
        yield texts.filter(long >= start + width).select(
            "place", polars.col("text").str.slice(start, width).alias("key")
        )


def fold_text(text: str) -> str:
    """Fold a text for comparison: one width, capitals, no blanks; the page folds the input the same way."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())[:LONGEST]


def spell_name(name: str) -> str:
    """A folded name's pinyin initials and its pinyin, 重庆示例 → CQSL CHONGQINGSHILI; other characters stay."""
    from pypinyin import lazy_pinyin

    spelt = lazy_pinyin(name, errors=lambda other: OTHER + other)
    initials = "".join(one[1:] if one.startswith(OTHER) else one[:1] for one in spelt)
    return f"{initials} {''.join(spelt).replace(OTHER, '')}".upper()
