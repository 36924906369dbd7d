"""Quarantined rows that come again in a drop: from the second on they are duplicates, as accepted rows are.

Alike are rows of the same typed content and the same faulty cells. A row with a cell too many is like no other: what
does not fit under its header is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from intake import nouns
from intake.reading import Reading

if TYPE_CHECKING:
    pass


def counted_once(readings: Sequence[Reading]) -> list[Reading]:
    """The readings of a drop, each quarantined row counted once: where it stands first in order of file and row.

    `aside` and the issues keep all its places.
    """
    import polars as pl

    copies = [0] * len(readings)
    for noun, columns in nouns.NOUNS.items():
        rows = [
            one.aside[noun]
            .select(*columns, "faulty", "raw", pl.lit(number).alias("reading"))
            .filter(pl.col("faulty").list.len() > 0)
            for number, one in enumerate(readings)
            if noun in one.aside and one.aside[noun].height
        ]
        if not rows:
            continue
        whole = pl.concat(rows)
        content = whole.select(pl.struct(*columns, "faulty", "raw")).to_series()
        for number in whole.filter(~content.is_first_distinct())["reading"]:
            copies[number] += 1
    return [
        replace(one, duplicates=one.duplicates + again, quarantined=one.quarantined - again)
        for one, again in zip(readings, copies, strict=True)
    ]
