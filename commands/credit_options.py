"""Shared parts of the credit commands: options, the resolved day and institution, columns in words."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.days import DAY
from double_random.commands.render.labels import in_words, kinds_and_districts
from double_random.commands.render.output import Format, for_people
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


def day_of(release: Release, asked: datetime | None) -> date:
    """The requested day, else the newest day of the data."""
    from double_random.registry.institutions.queries import last_day

    return asked.date() if asked else last_day(release)


def id_of(release: Release, asked: str) -> str:
    from double_random.registry.institutions.queries import identify

    return identify(release, asked)


def known_at(release: Release, asked: str | None) -> int | None:
    """The run named by `--known-at`; None if the option is missing."""
    from double_random.registry.institutions.queries import resolve_run

    return None if asked is None else resolve_run(release, asked)


def for_whom(
    rows: polars.DataFrame, home: Home, form: Format | None, output: Path | None
) -> polars.DataFrame:
    """The rows unchanged for programs; for people with kinds and districts in words."""
    return in_words(rows, kinds_and_districts(home)) if for_people(form, output) else rows


def with_score(
    rows: polars.DataFrame, points: str = "points", score: str = "score"
) -> polars.DataFrame:
    """Add the column `score`: hundredths of points as a decimal number, 9250 as 92.50."""
    from decimal import Decimal

    import polars

    given = [None if one is None else Decimal(one).scaleb(-2) for one in rows[points]]
    return rows.with_columns(polars.Series(score, given, dtype=polars.Decimal(18, 2)))


def worded(records: polars.DataFrame) -> polars.DataFrame:
    """Add the column `what` (class, kinds, state and branch in words) and put `standing` into words."""
    import polars

    from double_random.commands.render.explanation_view import of_branch, words

    rows = records.to_dicts()
    what = [
        " · ".join(
            part
            for part in (
                words(row["class"], (row["kinds"] or "").split(), row["state"]),
                of_branch(row["branch"]),
            )
            if part
        )
        for row in rows
    ]
    standing = [standing_of(row) for row in rows]
    return records.with_columns(
        what=polars.Series(what, dtype=polars.String),
        standing=polars.Series(standing, dtype=polars.String),
    )


def standing_of(row: dict[str, Any]) -> str:
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


def as_data(form: Any, output: Any) -> Any:
    """The format of an answer that is an object: the requested one, else a table on a terminal, JSON when piped."""
    return form or (Format.table if sys.stdout.isatty() and output is None else Format.json)
