"""Converts readings of a bureau's files to records of institutions, in the columns of credit/schema.sql."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from double_random.registry.institutions.names import normalize_names
from double_random.registry.practitioners.parties import describe_parties

if TYPE_CHECKING:
    import polars

    from double_random.intake.file_reading import FileReading
    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.registry.practitioners.kinds import PractitionerFacts

# What credit reads from a drop: noun → class of records. The registry reads the rest.
NOUNS = {
    "penalties": "penalty",  # 行政处罚
    "complaints": "complaint",  # 投诉
    "sanctions": "sanction",  # 行业处分
    "annual_checks": "annual_check",  # 年度检查考核
    "assessments": "assessment",  # 年度考核 of a practitioner
    "commendations": "commendation",  # 表彰奖励
    "inspections": "inspection",  # 历次检查
    "repairs": "repair",  # 信用修复; corrections and revocations become records of the class correction
}

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
NO_DOCUMENT = ("无", "暂无", "不详", "无文号", "/", "-", "—")  # written if there is no number
PLACE = {"reading": "Int64", "file": "String", "sheet": "String", "row": "Int64"}
# Beside the record, not part of its content: the inspectors, and a licence number for linking.
# For a repair also its order: who ordered it, and the number of the order.
# Of a record about a practitioner also the institution as given, its code, and the day of the conduct.
PRESENT = {
    "inspectors": "String",
    "licence": "String",
    "ordered": "String",
    "personal": "Boolean",
    "practice": "String",
    "practice_code": "String",
    "conducted": "Date",
}
OF_PERSONS = ("practice", "practice_code", "conducted")


def collect_records(
    readings: Iterable[FileReading],
    facts: PractitionerFacts,
    kinds: Sequence[InstitutionKind],
    known: Collection[str] = (),
) -> polars.DataFrame:
    """All records: the columns of `records`; `folded` and `day` (for linking: the name is looked up as of that day);
    the origin: reading (its index among the readings), file, sheet, row; and for an inspection its inspectors as given,
    joined by 、. `known`: licence numbers of known practitioners.
    """
    import polars

    shape = {
        "penalties": _shape_decisions,
        "complaints": _shape_complaints,
        "sanctions": _shape_decisions,
        "annual_checks": _shape_annual_checks,
        "assessments": _shape_annual_checks,
        "commendations": _shape_commendations,
        "inspections": _shape_inspections,
        "repairs": _shape_repairs,
    }
    schema = {name: getattr(polars, kind) for name, kind in (COLUMNS | PLACE | PRESENT).items()}
    frames = [polars.DataFrame(schema=schema)]
    for number, reading in enumerate(readings):
        for noun, table in reading.tables.items():
            if noun in NOUNS:
                parties = describe_parties(table, facts, kinds, known)
                shaped = shape[noun](parties).with_columns(
                    _class_expression(noun).alias("class"),
                    code=polars.col("uscc"),
                    reading=polars.lit(number),
                    **{name: polars.when("personal").then(name) for name in OF_PERSONS},
                )
                frames.append(_complete_columns(shaped, schema))
    whole = polars.concat(frames)
    return whole.with_columns(
        folded=normalize_names(whole["name"]),
        day=polars.when(polars.col("class") == "complaint")
        .then(polars.coalesce("happened", "decided"))
        .otherwise(polars.coalesce("decided", "happened")),
    )


def _shape_decisions(table: polars.DataFrame) -> polars.DataFrame:
    """Penalties and sanctions: their kinds are multi-valued."""
    import polars

    return table.with_columns(
        polars.lit("decided").alias("state"), kinds=polars.col("kinds").list.sort().list.join(" ")
    )


def _shape_complaints(table: polars.DataFrame) -> polars.DataFrame:
    """A complaint's state: refused, its outcome, or open. Its matter goes into the column `conduct`."""
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
        polars.lit("").alias("kinds"),
        state=state,
        document=polars.col("number"),
        happened=polars.col("filed"),
        conduct=polars.col("matter"),
    )


def _shape_annual_checks(table: polars.DataFrame) -> polars.DataFrame:
    """A check's kind is its result; its event date is the last day of the checked year."""
    import polars

    return table.with_columns(
        polars.lit("decided").alias("state"),
        kinds=polars.col("result"),
        happened=polars.date(polars.col("year"), 12, 31),
        content=polars.col("year").cast(polars.String),
    )


def _shape_commendations(table: polars.DataFrame) -> polars.DataFrame:
    """A commendation's kind is its level. One without evidence is kept, but does not count."""
    import polars

    proven = polars.col("evidence").fill_null("") != ""
    level = polars.col("level").fill_null("")
    return table.with_columns(
        kinds=polars.when(level == "").then(polars.lit("other")).otherwise(level),
        state=polars.when(proven)
        .then(polars.lit("decided"))
        .otherwise(polars.lit("without_evidence")),
        conduct=polars.col("title"),
        basis=polars.col("evidence"),
    )


def _shape_inspections(table: polars.DataFrame) -> polars.DataFrame:
    """An inspection's kinds are its results; without a result it is open. Its content is its class: random, case …"""
    import polars

    results = polars.col("results").list.sort().list.join(" ").fill_null("")
    return table.with_columns(
        kinds=results,
        state=polars.when(results == "").then(polars.lit("open")).otherwise(polars.lit("decided")),
        happened=polars.col("date"),
        decided=polars.col("date"),
        document=polars.coalesce("document", "task"),
        conduct=polars.col("item"),
        content=polars.col("class"),
        inspectors=polars.col("inspectors").list.join("、"),
    )


def _shape_repairs(table: polars.DataFrame) -> polars.DataFrame:
    """Decisions about an earlier decision: each names that decision's document."""
    import polars

    repaired = polars.col("result") == "repaired"
    order = [polars.col(name).str.strip_chars() for name in ("ordered_by", "order_number")]
    has_order = polars.all_horizontal(column.fill_null("") != "" for column in order)
    return table.with_columns(
        kinds=polars.when(repaired).then(polars.lit("")).otherwise(polars.col("result")),
        state=polars.lit("decided"),
        happened=polars.col("decided"),
        content=polars.col("remark"),
        ordered=polars.when(has_order).then(polars.concat_str(order, separator=" ")),
    )


def _class_expression(noun: str) -> polars.Expr:
    """The class of a noun's records."""
    import polars

    usual = polars.lit(NOUNS[noun])
    if noun != "repairs":
        return usual
    return polars.when(polars.col("kinds") == "").then(usual).otherwise(polars.lit("correction"))


def _complete_columns(
    table: polars.DataFrame, schema: dict[str, polars.DataType]
) -> polars.DataFrame:
    """Add missing columns of `schema`, use its order and types, and fold document numbers for comparison."""
    import polars

    missing = [
        polars.lit(None).alias(name)
        for name in ("document", "related", *schema)
        if name not in table.columns
    ]
    wide = table.with_columns(list({str(e.meta.output_name()): e for e in missing}.values()))
    text = wide.with_columns(polars.col("document", "related").cast(polars.String))
    folded = text.with_columns(
        **{f"{name}_key": normalize_names(text[name]) for name in ("document", "related")}
    )
    keys = [polars.col(f"{name}_key") for name in ("document", "related")]
    keyed = folded.with_columns(
        polars.when(~key.is_in(NO_DOCUMENT)).then(key).alias(key.meta.output_name()) for key in keys
    )
    return keyed.select([polars.col(name).cast(kind) for name, kind in schema.items()])
