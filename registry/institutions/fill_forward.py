"""From steps to versions (版本): values that a step does not state stay unchanged. Columns, no loop over rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars

LOOK = (
    "kind", "name", "uscc", "licence", "status", "district", "address", "head", "authority", "head_office",
    "licence_from", "licence_to", "district_kept",
)  # fmt: skip
COLUMNS = (
    "id", "kind", "name", "folded", "uscc", "licence", "status", "district", "address", "head", "authority",
    "head_office", "founded", "licence_from", "licence_to", "valid_from", "valid_to", "district_kept",
)  # fmt: skip


def fill_versions(steps: polars.DataFrame, founded: polars.DataFrame) -> polars.DataFrame:
    """The versions that follow from steps (the last query of versions.sql): `COLUMNS`, in no guaranteed order.

    A step's `number` identifies its institution; `founded` has number and founded. Of the steps of one day the last
    one's outcome counts, and two days that do not differ in `LOOK` are one version.
    """
    import polars

    frame = steps[_sort_steps(steps)]
    del steps  # it is as large as the register: one copy is enough
    frame = frame.with_columns(
        _changed_expression("number").alias("first"),
        # Without an address, the district is the authority's, and not part of a seat.
        polars.when(polars.col("address").is_null()).then("district").alias("office"),
        (polars.col("address").is_not_null() & polars.col("district").is_null()).alias("unplaced"),
    )
    seated = polars.col("address").is_not_null()
    placed = seated & polars.col("district").is_not_null()
    termed = polars.col("licence_from").is_not_null() | polars.col("licence_to").is_not_null()
    alone = ("id", "kind", "name", "folded", "uscc", "licence", "head", "authority", "head_office")
    frame = frame.with_columns(
        *(
            _carry_forward(name, polars.col(name).is_not_null())
            for name in alone
            if frame[name].null_count()
        ),
        _carry_forward("status", polars.col("status").is_not_null()).fill_null("active"),
        _carry_forward("address", seated),
        # After a move to an address without a known district, the last known district stays and is marked.
        _carry_forward("district", placed),
        _carry_forward("unplaced", seated),
        _carry_forward("office", polars.col("office").is_not_null()),
        *(_carry_forward(name, termed) for name in ("licence_from", "licence_to")),
    )
    frame = _mark_suspended(frame)
    frame = frame.filter(
        _changed_expression("number", -1) | _changed_expression("day", -1),
        polars.col("name").is_not_null(),
    )
    frame = frame.with_columns(
        polars.when(polars.col("unplaced") & polars.col("district").is_not_null())
        .then(True)
        .alias("district_kept"),
        polars.coalesce("district", "office").alias("district"),
    )
    frame = frame.filter(
        polars.any_horizontal(_changed_expression("number"), *map(_changed_expression, LOOK))
    )
    ended = polars.when(~_changed_expression("number", -1)).then(polars.col("day").shift(-1))
    return (
        frame.with_columns(polars.col("day").alias("valid_from"), ended.alias("valid_to"))
        .join(founded, on="number", how="left", maintain_order="left")
        .select(COLUMNS)
    )


def _mark_suspended(frame: polars.DataFrame) -> polars.DataFrame:
    """The steps with the status of those whose suspensions are not all over."""
    import polars

    if not (frame["suspends"] != 0).any():
        return frame
    suspended = polars.col("suspends").cum_sum().over("number") > 0
    return frame.with_columns(
        polars.when(suspended & (polars.col("status") == "active"))
        .then(polars.lit("suspended"))
        .otherwise("status")
        .alias("status")
    )


def _changed_expression(column: str, way: int = 1) -> polars.Expr:
    """Whether a column differs from the row before (`way` -1: after)."""
    import polars

    return polars.col(column).ne_missing(polars.col(column).shift(way)) | (
        polars.int_range(polars.len()) == (0 if way == 1 else polars.len() - 1)
    )


def _carry_forward(column: str, is_stated: polars.Expr) -> polars.Expr:
    """A column's value after each step: the last stated value of this institution."""
    import polars

    row = polars.int_range(polars.len(), dtype=polars.UInt32)
    at = polars.when(is_stated | polars.col("first")).then(row).forward_fill()
    return polars.col(column).gather(at)


def _sort_steps(steps: polars.DataFrame) -> polars.Series:
    """By institution and day; the few steps of one day by place, number of the document, and source."""
    import polars

    # One whole number for institution and day is sorted many times faster than the columns.
    key = steps["number"].cast(polars.Int64) * (1 << 24) + steps["day"].to_physical()
    order = key.arg_sort()
    key = key.gather(order)
    tied = ((key == key.shift(1)) | (key == key.shift(-1))).fill_null(False)
    if not tied.any():
        return order
    at = order.filter(tied)
    same = steps[at].select(
        key.filter(tied).alias("key"),
        at.alias("at"),
        "place",
        polars.col("document").str.len_chars().alias("width"),
        "document",
        "source",
    )
    right = same.sort("key", "place", "width", "document", "source")["at"]
    return order.scatter(tied.arg_true(), right)
