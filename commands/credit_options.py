"""Shared parts of the credit commands: options, the resolved day and institution, columns in words."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.days import DAY
from double_random.commands.render.format_writers import Format
from double_random.commands.render.labels import kinds_and_districts, replace_codes
from double_random.commands.render.output import is_for_people
from double_random.core.translation import _

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home
    from double_random.store.releases import Release

DayOption = Annotated[
    datetime,
    typer.Option("--as-of", **DAY, help=_("The day that is asked about.")),
]
LastDayOption = Annotated[
    datetime | None,
    typer.Option("--as-of", **DAY, help=_("The day; else the newest day of the data.")),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy", help=_("Id or file of a policy; else the settings' one, else risk-100.")
    ),
]

KnownOption = Annotated[
    str | None,
    typer.Option(
        "--known-at", help=_("Only what was known then: a run's number, or a day of runs.")
    ),
]


def day_or_last(release: Release, as_of: datetime | None) -> date:
    """The requested day, else the newest day of the data."""
    from double_random.registry.institutions.queries import latest_data_day

    return as_of.date() if as_of else latest_data_day(release)


def find_institution_id(release: Release, institution: str) -> str:
    """The id of the institution or practitioner that is meant."""
    from double_random.registry.institutions.queries import identify_institution
    from double_random.registry.practitioners.queries import find_practitioner

    return find_practitioner(release, institution) or identify_institution(release, institution)


def find_known_run(release: Release, run: str | None) -> int | None:
    """The run named by `--known-at`; None if the option is missing."""
    from double_random.registry.institutions.queries import resolve_run

    return None if run is None else resolve_run(release, run)


def replace_codes_for_people(
    rows: polars.DataFrame, home: Home, form: Format | None, output: Path | None
) -> polars.DataFrame:
    """The rows unchanged for programs; for people with kinds and districts in words."""
    return replace_codes(rows, kinds_and_districts(home)) if is_for_people(form, output) else rows


def add_score(
    rows: polars.DataFrame, points: str = "points", score: str = "score"
) -> polars.DataFrame:
    """Add the column `score`: hundredths of points as a decimal number, 9250 as 92.50."""
    from decimal import Decimal

    import polars

    scores = [
        None if hundredths is None else Decimal(hundredths).scaleb(-2)
        for hundredths in rows[points]
    ]
    return rows.with_columns(polars.Series(score, scores, dtype=polars.Decimal(18, 2)))


def add_record_words(records: polars.DataFrame) -> polars.DataFrame:
    """Add the column `what` (class, kinds, state and branch in words) and put `standing` into words."""
    import polars

    from double_random.commands.render.explanation_view import branch_words, record_words

    rows = records.to_dicts()
    what = [
        " · ".join(
            part
            for part in (
                record_words(row["class"], (row["kinds"] or "").split(), row["state"]),
                branch_words(row["branch"]),
            )
            if part
        )
        for row in rows
    ]
    standing = [describe_standing(row) for row in rows]
    return records.with_columns(
        what=polars.Series(what, dtype=polars.String),
        standing=polars.Series(standing, dtype=polars.String),
    )


def describe_standing(row: dict[str, Any]) -> str:
    """A record's standing in words, with the record that replaced it or the last day of an objection."""
    if row["replaced_by"]:
        return _("replaced by {record} on {day}").format(
            record=row["replaced_by"][:12], day=row["ruled"]
        )
    if row.get("answer_by"):
        from double_random.core.working_days import LastDay

        return _("{standing}, until {day}").format(
            standing=_(row["standing"]), day=LastDay(row["answer_by"], row["answer_waits_for"] or 0)
        )
    return _(row["standing"])
