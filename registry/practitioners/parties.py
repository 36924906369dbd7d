"""Whom a row of intake is about: a practitioner, or an institution; and what it says of the practitioner.

A sheet with a column for persons says it itself. In a national list of penalties, where persons and institutions stand
in one column, a row is a person's if it says so (自然人), or names an institution to practise in, a day of conduct, a
practitioner's certificate, or a number of a known practitioner; never one with an organisation code or with a word
of an institution's kind in the name.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from double_random.registry.institutions.names import normalize_expression

if TYPE_CHECKING:
    import polars

    from double_random.registry.institutions.kinds import InstitutionKind
    from double_random.registry.practitioners.kinds import PractitionerFacts

PERSON = "person"  # the party of a penalty, as intake reads it


def has_mixed_parties(table: polars.DataFrame) -> bool:
    """Whether persons and institutions stand in one column, so that numbers of known practitioners decide."""
    return "party" in table.columns


def describe_parties(
    table: polars.DataFrame,
    facts: PractitionerFacts,
    kinds: Sequence[InstitutionKind],
    known: Collection[str] = (),
) -> polars.DataFrame:
    """Rows of a noun with `personal` (it is a person's), `possible` (it may be one's), and name, uscc, licence,
    practice, practice_code and conducted as the person's; of an institution's row name, uscc and licence stay.

    `known`: licence numbers of known practitioners.
    """
    import polars

    mixed = has_mixed_parties(table)
    text = dict.fromkeys(("person", "practice", "certificate", "facts", "party"), polars.String())
    wide = table.with_columns(
        polars.lit(None, kind).alias(name)
        for name, kind in (text | {"conducted": polars.Date()}).items()
        if name not in table.columns
    ).with_columns(polars.coalesce("person", "name").alias("_named"))
    own_column = polars.col("person").is_not_null()
    stated = stated_number(facts) if mixed else polars.lit(None, polars.String)
    wide = wide.with_columns(
        polars.coalesce("licence", stated).alias("_number"),
        (polars.col("practice") if mixed else polars.when(own_column).then("name")).alias("_place"),
    )
    words = [word for kind in kinds for word in kind.words]
    natural = polars.col("_named").is_not_null() & ~polars.col("_named").str.contains_any(words)
    said = polars.col("party").fill_null("")
    told = stated.is_not_null() | polars.any_horizontal(
        polars.col("_place", "conducted").is_not_null()
    )
    unsaid = polars.lit(mixed) & (said == "") & polars.col("uscc").is_null()
    sure = (
        own_column | (said == PERSON) | unsaid & (told | polars.col("_number").is_in(list(known)))
    )
    wide = wide.with_columns(
        (natural & sure).fill_null(False).alias("personal"),
        (natural & unsaid & (told | polars.col("_number").is_not_null()))
        .fill_null(False)
        .alias("possible"),
    )
    own = polars.col("personal") | polars.col("possible")
    return wide.with_columns(
        polars.col("_named").alias("name"),
        polars.when(~own).then("uscc").alias("uscc"),
        polars.when(own)
        .then(normalize_expression("_number"))
        .otherwise("licence")
        .alias("licence"),
        polars.when(own).then(normalize_expression("_place")).alias("practice"),
        polars.when(own).then("uscc").alias("practice_code"),
        polars.when(own).then("conducted").alias("conducted"),
    ).drop("_named", "_number", "_place")


def stated_number(facts: PractitionerFacts) -> polars.Expr:
    """The licence number that a penalty states outside its own column: of the certificate, else in its facts."""
    import polars

    patterns = facts.statements.get("number", ())
    return polars.coalesce(
        *(
            polars.col(column).str.extract(pattern)
            for column in ("certificate", "facts")
            for pattern in patterns
        ),
        polars.lit(None, polars.String),
    )
