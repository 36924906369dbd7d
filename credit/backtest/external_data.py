"""Back-test on external data: CSV files with records and outcomes, and a mapping file that describes how to read them.

The mapping (TOML, `double-random/backtest-mapping/1`) names the policy, the files with records, and the outcome:
institution, day, and whether it happened. Each observation is scored as of the day before, from earlier decisions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core.errors import BadFile
from double_random.core.translation import _, join_words
from double_random.credit.backtest.calibration import Shift, compute_rates, compute_shift
from double_random.credit.backtest.result import BacktestResult
from double_random.credit.backtest.separation import Separation
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.policy.record_classes import load_record_classes
from double_random.credit.policy.toml_entries import TomlEntry
from double_random.credit.scoring.in_memory import Casebook
from double_random.credit.scoring.pipeline import grades_sql, query_slices
from double_random.credit.scoring.policy_tables import ScoringQuery

if TYPE_CHECKING:
    import polars

FORMAT = "double-random/backtest-mapping/1"


@dataclass(frozen=True)
class RowCondition:
    """A condition: only rows in which a column has one of these values."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class RecordFile:
    """A file of records: the columns of the institution, the day and the kind."""

    file: str
    institution: str
    day: str
    form: str
    record_class: str
    column: str
    bands: tuple[
        tuple[int | None, str], ...
    ]  # (from, kind), the highest first; the last has no bound
    words: tuple[tuple[str, str], ...]  # (text, kind)
    where: RowCondition | None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome to predict: file and columns; it happened if a number is at most (at least) the given bound."""

    file: str
    institution: str
    day: str
    form: str
    column: str
    at_most: int | None
    at_least: int | None
    where: RowCondition | None
    history: bool  # only institutions with at least one earlier record


@dataclass(frozen=True)
class MappingFile:
    """A mapping file, read."""

    title: str
    policy: Path
    kind: str
    sources: tuple[RecordFile, ...]
    outcome: Outcome

    @classmethod
    def read(cls, path: Path) -> MappingFile:
        """Read the mapping of a file; BadFile names file and line."""
        top = TomlEntry.read(path)
        if top.text("format") != FORMAT:
            top.refuse(_("this form is not known"), f'format = "{FORMAT}"', "format")
        policy = path.parent / top.text("policy")
        classes = load_record_classes(policy.resolve().parent.parent)
        outcome = top.entry("outcome")
        if outcome is None:
            top.refuse(_("{key} is missing").format(key="outcome"))
        mapping = cls(
            top.text("title"),
            policy,
            top.text("kind"),
            tuple(_read_source(entry, classes) for entry in top.entries("records")),
            _read_outcome(outcome),
        )
        top.refuse_unknown_keys()
        return mapping


def _read_where(entry: TomlEntry) -> RowCondition | None:
    inner = entry.entry("where")
    if inner is None:
        return None
    condition = RowCondition(inner.text("column"), inner.texts("is"))
    inner.refuse_unknown_keys()
    return condition


def _read_source(entry: TomlEntry, classes: dict[str, Any]) -> RecordFile:
    record_class = entry.choice("class", tuple(classes))
    known_kinds = classes[record_class].kinds
    bands, words = [], []
    for band in entry.entries("bands"):
        bands.append((band.integer("from"), band.choice("kind", known_kinds)))
        band.refuse_unknown_keys()
    for word in entry.entries("words"):
        words.append((word.text("is"), word.choice("kind", known_kinds)))
        word.refuse_unknown_keys()
    lowest = [bound for bound, _kind in bands]
    if bool(bands) == bool(words) or (
        bands
        and (
            lowest[-1] is not None or None in lowest[:-1] or lowest[:-1] != _sort_descending(lowest)
        )
    ):
        entry.refuse(
            _(
                "a kind follows either from `words` or from `bands`: the highest first, the last without `from`"
            )
        )
    source = RecordFile(
        file=entry.text("file"),
        institution=entry.text("institution"),
        day=entry.text("decided"),
        form=entry.text("form", "%Y-%m-%d"),
        record_class=record_class,
        column=entry.text("column"),
        bands=tuple(bands),
        words=tuple(words),
        where=_read_where(entry),
    )
    entry.refuse_unknown_keys()
    return source


def _sort_descending(bounds: list[int | None]) -> list[int]:
    return sorted({bound for bound in bounds if bound is not None}, reverse=True)


def _read_outcome(entry: TomlEntry) -> Outcome:
    at_most, at_least = entry.integer("at_most"), entry.integer("at_least")
    if (at_most is None) == (at_least is None):
        entry.refuse(_("say either `at_most` or `at_least`"))
    outcome = Outcome(
        file=entry.text("file"),
        institution=entry.text("institution"),
        day=entry.text("day"),
        form=entry.text("form", "%Y-%m-%d"),
        column=entry.text("column"),
        at_most=at_most,
        at_least=at_least,
        where=_read_where(entry),
        history=entry.boolean("with_history", False),
    )
    entry.refuse_unknown_keys()
    return outcome


def backtest_external_data(mapping: MappingFile, folder: Path) -> BacktestResult:
    """Score every observation as of the day before. BadFile if a file or a column does not match the mapping.

    PSI is between the first and the second half of the observations, by day.
    """
    import polars

    policy = read_policy(mapping.policy)
    records = polars.concat([_read_records(folder, source) for source in mapping.sources])
    observations = _read_observations(folder, mapping.outcome)
    if mapping.outcome.history:
        first = records.group_by("name").agg(first=polars.col("decided").min())
        observations = observations.join(first, on="name").filter(
            polars.col("first") < polars.col("day")
        )
    observations = observations.sort("day", "name")
    scored = polars.concat(list(_score_observations(policy, mapping.kind, records, observations)))
    both = observations.join(scored, on=["name", "day"], how="left", maintain_order="left")
    names = [bound.grade for bound in policy.in_force_on(max(observations["day"])).scale.bounds]
    happened = both["happened"].to_list()
    half = both.height // 2
    return BacktestResult(
        title=mapping.title,
        policy=policy.id,
        edition=policy.edition,
        outcome=f"{mapping.outcome.column} "
        + (f"≤ {mapping.outcome.at_most}" if mapping.outcome.at_most is not None else "")
        + (f"≥ {mapping.outcome.at_least}" if mapping.outcome.at_least is not None else ""),
        separation=Separation.from_observations(both["points"].to_list(), happened),
        rates=compute_rates(names, both["grade"].to_list(), happened),
        shift=_shift_between_halves(both["grade"][:half], both["grade"][half:], names),
    )


def _shift_between_halves(before: polars.Series, after: polars.Series, names: list[str]) -> Shift:
    counts = [dict(part.value_counts(name="n").iter_rows()) for part in (before, after)]
    return compute_shift(counts[0], counts[1], names)


def _score_observations(
    policy: Policy, kind: str, records: polars.DataFrame, observations: polars.DataFrame
) -> Iterator[polars.DataFrame]:
    """name day points grade: one scoring query a day, for the institutions observed on that day."""
    import polars

    with Casebook() as book:
        names = sorted({*records["name"], *observations["name"]})
        book.add_institutions(names, kind)
        book.add_records(records)
        for (day,), part in observations.group_by("day", maintain_order=True):
            assert isinstance(day, date)
            question = ScoringQuery(day - timedelta(days=1), 1)
            day_question = replace(question, only=tuple(sorted(set(part["name"]))))
            (scored,) = query_slices(book, policy, day_question, grades_sql())
            yield scored.rename({"institution": "name"}).with_columns(day=polars.lit(day))


def _read_records(folder: Path, source: RecordFile) -> polars.DataFrame:
    """The records of a file, in the columns of Casebook.add_rows: record name class kinds state decided."""
    import polars

    rows = _read_table(
        folder, source.file, [source.institution, source.day, source.column], source.where
    )
    value = polars.col(source.column)
    if source.words:
        kinds = value.replace_strict(dict(source.words), default=None, return_dtype=polars.String)
    else:
        number = value.cast(polars.Int64, strict=False)
        kinds = polars.lit(None, dtype=polars.String)
        for bound, kind in reversed(source.bands):
            fits = number.is_not_null() if bound is None else number >= bound
            kinds = polars.when(fits).then(polars.lit(kind)).otherwise(kinds)
    records = rows.select(
        polars.format("{}:{}", polars.lit(source.file), polars.col("row")).alias("record"),
        name=polars.col(source.institution),
        decided=polars.col(source.day).str.to_date(source.form, strict=False),
        kinds=kinds,
    ).with_columns(
        polars.lit(source.record_class).alias("class"),
        polars.lit(_counting_state(source)).alias("state"),
    )
    return _require_values(records, source.file, ("name", "decided", "kinds"))


def _counting_state(source: RecordFile) -> str:
    return "upheld" if source.record_class == "complaint" else "decided"


def _read_observations(folder: Path, outcome: Outcome) -> polars.DataFrame:
    """name day happened: the outcomes of a file; of several on one day, one that happened is enough."""
    import polars

    rows = _read_table(
        folder, outcome.file, [outcome.institution, outcome.day, outcome.column], outcome.where
    )
    number = polars.col(outcome.column).cast(polars.Int64, strict=False)
    happened = (
        number <= outcome.at_most if outcome.at_most is not None else number >= outcome.at_least
    )
    outcomes = rows.select(
        name=polars.col(outcome.institution),
        day=polars.col(outcome.day).str.to_date(outcome.form, strict=False),
        happened=happened,
    )
    checked = _require_values(outcomes, outcome.file, ("name", "day", "happened"))
    return checked.group_by("name", "day").agg(polars.col("happened").any())


def _read_table(
    folder: Path, file: str, columns: list[str], where: RowCondition | None
) -> polars.DataFrame:
    """A file's rows with their number (`row`), all as text; BadFile if the file or a column is missing."""
    import polars

    path = folder / file
    if not path.exists():
        raise BadFile(file, _("there is no such file"), str(path))
    table = polars.read_csv(path, infer_schema=False).with_row_index("row", offset=2)
    for column in [*columns, *([where.column] if where else [])]:
        if column not in table.columns:
            raise BadFile(
                file,
                _("there is no column {column}").format(column=column),
                _("known here: {keys}").format(keys=join_words(table.columns)),
            )
    if where is None:
        return table
    return table.filter(polars.col(where.column).is_in(where.values))


def _require_values(
    table: polars.DataFrame, file: str, needed: tuple[str, ...]
) -> polars.DataFrame:
    """The table; BadFile if a required value is missing: rows that cannot be read are never dropped silently."""
    for column in needed:
        if missing := table[column].null_count():
            raise BadFile(
                file,
                _("{count} rows cannot be read: {column}").format(count=missing, column=column),
                _("correct the mapping, or leave such rows out with `where`"),
            )
    return table
