"""Records from readings: penalties (行政处罚) and complaints (投诉), in the columns of credit/schema.sql."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from registry.names import fold_expression

if TYPE_CHECKING:
    import polars

    from intake.reading import Reading

NOUNS = ("penalties", "complaints")  # what credit reads of a drop; the rest is the registry's

COLUMNS = {
    "class": "String",
    "kinds": "String",
    "state": "String",
    "document": "String",
    "document_key": "String",
    "related": "String",
    "related_key": "String",
    "happened": "Date",
    "decided": "Date",
    "ends": "Date",
    "publish_until": "Date",
    "fine_fen": "Int64",
    "confiscated_fen": "Int64",
    "conduct": "String",
    "facts": "String",
    "basis": "String",
    "content": "String",
    "authority": "String",
    "name": "String",
    "code": "String",
}
PLACE = {"reading": "Int64", "file": "String", "sheet": "String", "row": "Int64"}


def rows(readings: Iterable[Reading]) -> polars.DataFrame:
    """All penalties and complaints: the columns of `records`, `folded` and `day` (for linking), and
    where each stood: reading (its place among the readings), file, sheet, row."""
    import polars

    schema = {name: getattr(polars, kind) for name, kind in (COLUMNS | PLACE).items()}
    frames = [polars.DataFrame(schema=schema)]
    for place, reading in enumerate(readings):
        for noun, table in reading.tables.items():
            if noun in NOUNS:
                shaped = _penalties(table) if noun == "penalties" else _complaints(table)
                shaped = shaped.with_columns(reading=polars.lit(place))
                frames.append(_whole(shaped, schema))
    return polars.concat(frames).with_columns(
        folded=fold_expression("name"),
        day=polars.when(polars.col("class") == "complaint")
        .then(polars.coalesce("happened", "decided"))
        .otherwise(polars.col("decided")),
    )


def _penalties(table: polars.DataFrame) -> polars.DataFrame:
    import polars

    return table.with_columns(
        polars.lit("penalty").alias("class"),
        polars.lit("decided").alias("state"),
        kinds=polars.col("kinds").list.sort().list.join(" "),
        code=polars.col("uscc"),
    )


def _complaints(table: polars.DataFrame) -> polars.DataFrame:
    """A complaint's state: refused, its outcome, or open. Its matter stands where a penalty's conduct does."""
    import polars

    outcome = polars.col("outcome").fill_null("")
    state = (
        polars.when(polars.col("acceptance") == "refused")
        .then(polars.lit("refused"))
        .when(outcome != "")
        .then(outcome)
        .otherwise(polars.lit("open"))
    )
    return table.with_columns(
        polars.lit("complaint").alias("class"),
        polars.lit("").alias("kinds"),
        state=state,
        document=polars.col("number"),
        happened=polars.col("filed"),
        conduct=polars.col("matter"),
        code=polars.col("uscc"),
    )


def _whole(table: polars.DataFrame, schema: dict[str, polars.DataType]) -> polars.DataFrame:
    """With every column of `schema`, in its order and types; numbers of documents folded for comparing."""
    import polars

    missing = [
        polars.lit(None).alias(name)
        for name in ("document", "related", *schema)
        if name not in table.columns
    ]
    wide = table.with_columns(list({str(e.meta.output_name()): e for e in missing}.values()))
    text = wide.with_columns(polars.col("document", "related").cast(polars.String))
    keyed = text.with_columns(
        document_key=fold_expression("document"), related_key=fold_expression("related")
    )
    return keyed.select([polars.col(name).cast(kind) for name, kind in schema.items()])
