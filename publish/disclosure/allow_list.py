"""The allow-list (可公开的内容): what may be shown is a function of the record, the day and the policy.

The list is data/publishing.toml: classes of records, their fields, how long a penalty is shown, each with its
reference. Everything published passes through `fields`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random.core import toml_reader
from double_random.core.toml_reader import (
    DAY,
    FLAG,
    TEXT,
    WORD,
    WORDS,
    List,
    Shape,
    Table,
    Text,
    WholeNumber,
)
from double_random.publish.disclosure.sanitise import reveal_marks_in_columns

if TYPE_CHECKING:
    import polars

    from double_random.credit.policy.model import Publication
    from double_random.store.home import Home

IDENTIFIERS = frozenset(
    {"id", "institution", "uscc", "licence", "record", "commitment", "seed", "code"}
)

SEVERITY = ("minor", "general", "serious")  # 轻微, 一般, 严重
MONTHS = WholeNumber(0, 1_200)
LEVELS: dict[str, Shape] = dict.fromkeys(SEVERITY, WORDS)
FIELD = Table(
    {
        "name": WORD,
        "type": Text(choices=("string", "date", "integer", "list")),
        "zh": WORD,
        "en": WORD,
    }
)
FILE = Table(
    {
        "class": List(
            Table(
                {
                    "name": WORD,
                    "zh": WORD,
                    "en": WORD,
                    "fields": List(FIELD, least=1),
                    "reference": WORD,
                    "confirmed": FLAG,
                },
                {"before_publication": WORDS},
            )
        ),
        "term": List(
            Table(
                {
                    "from": DAY,
                    "months": Table(dict.fromkeys(SEVERITY, MONTHS)),
                    "reference": WORD,
                    "confirmed": FLAG,
                },
                {
                    "shortest": Table(dict.fromkeys(SEVERITY, MONTHS))
                },  # read by credit/policy/publication_terms.py
            )
        ),
        "severity": Table({}, {"reference": TEXT, "confirmed": FLAG, **LEVELS}),
        "held_back": List(Table({"zh": WORD, "en": WORD, "reference": WORD, "confirmed": FLAG})),
    },
    {
        "complaints_upheld": Table(
            {"fewest": WholeNumber(1), "reference": WORD, "confirmed": FLAG}
        ),
        "inspection_results": Table(
            {"classes": WORDS, "months": MONTHS, "reference": WORD, "confirmed": FLAG}
        ),
    },
)


@dataclass(frozen=True)
class PublishedField:
    """A published field with its headings."""

    name: str
    type: str  # string | date | integer | list
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class PublishedClass:
    """A class of published records with the rule that permits it."""

    name: str
    zh: str
    en: str
    fields: tuple[PublishedField, ...]
    reference: str
    confirmed: bool
    before_publication: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicationTerm:
    """Maximum months that a penalty is shown (公示期), by the severity of its gravest kind, in force from a day."""

    since: date
    months: dict[str, int]
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class HeldBack:
    """A category that is never published, and why."""

    zh: str
    en: str
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class ComplaintsRule:
    """The rule that publishes the number of upheld complaints, in spans of years with at least `fewest` each."""

    fewest: int
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class ResultsRule:
    """The rule on results: published classes of inspection, and for how many months from the inspection's day."""

    classes: tuple[str, ...]
    months: int
    reference: str
    confirmed: bool

    def last_hidden_day(self, as_of: date) -> date:
        """The latest inspection day whose result is no longer shown."""
        import polars

        day: date = polars.Series([as_of]).dt.offset_by(f"-{self.months}mo").item()
        return day


@dataclass(frozen=True, kw_only=True)
class AllowList:
    """The parsed allow-list."""

    classes: dict[str, PublishedClass]
    terms: tuple[PublicationTerm, ...]
    severity: dict[str, str]  # kind of penalty → minor | general | serious
    held_back: tuple[HeldBack, ...]
    complaints: ComplaintsRule | None = None  # None: not even their number is published
    results: ResultsRule | None = (
        None  # None: loaded results are not published, those of case files have no end date
    )

    @classmethod
    def read(cls, file: Path) -> AllowList:
        """Read publishing.toml; Misuse names the file if it is invalid."""
        raw = toml_reader.read_toml(file, FILE, misuse=True)
        classes = [
            PublishedClass(
                **{**row, "fields": tuple(PublishedField(**field) for field in row["fields"])}
            )
            for row in raw["class"]
        ]
        terms = [
            PublicationTerm(row["from"], row["months"], row["reference"], row["confirmed"])
            for row in raw["term"]
        ]
        severity = {kind: level for level in SEVERITY for kind in raw["severity"].get(level, ())}
        held_back = tuple(HeldBack(**row) for row in raw["held_back"])
        counted = raw.get("complaints_upheld")
        complaints = ComplaintsRule(**counted) if counted else None
        result_rule = raw.get("inspection_results")
        results = (
            ResultsRule(**result_rule | {"classes": tuple(result_rule["classes"])})
            if result_rule
            else None
        )
        return cls(
            classes={record_class.name: record_class for record_class in classes},
            terms=tuple(sorted(terms, key=lambda term: term.since)),
            severity=severity,
            held_back=held_back,
            complaints=complaints,
            results=results,
        )

    def term_on(self, day: date) -> PublicationTerm | None:
        """The rule on terms in force on a day; None before the first."""
        return next((term for term in reversed(self.terms) if term.since <= day), None)


def select_allowed_fields(frame: polars.DataFrame, which: PublishedClass) -> polars.DataFrame:
    """Select the allowed columns in the list's order. A text that may contain a personal number is emptied; hidden
    characters and direction marks become visible, so that no page, table or index contains them.

    Identifiers (codes, hashes) skip the check for personal numbers because they consist of digits, but a licence number
    with the shape of an ID number is emptied. `held_back` counts the emptied values.
    """
    import polars

    from double_random.publish.disclosure.identifiers import (
        find_personal_numbers,
        is_personal_identifier,
    )

    texts = [
        field.name
        for field in which.fields
        if field.type == "string"
        and field.name not in IDENTIFIERS
        and frame.schema[field.name] == polars.String
    ]
    chosen = reveal_marks_in_columns(frame.select([field.name for field in which.fields]))
    emptied = [
        _empty_doubtful_texts(chosen[name], _LONG, lambda text: bool(find_personal_numbers(text)))
        for name in texts
    ]
    if "licence" in chosen.columns:
        emptied.append(_empty_doubtful_texts(chosen["licence"], _SHAPED, is_personal_identifier))
    return chosen.with_columns(emptied)


def count_emptied_values(before: polars.DataFrame, after: polars.DataFrame) -> int:
    """Count the values that are in the first frame and empty in the second."""
    return sum(
        after[name].null_count() - before[name].null_count()
        for name in after.columns
        if name in before.columns
    )


def filter_shown_penalties(
    frame: polars.DataFrame, as_of: date, allowed: AllowList, rule: Publication | None = None
) -> polars.DataFrame:
    """Select the penalties shown on a day and add `shown_until`, the first day on which they are no longer shown.

    Required columns: decided, publish_until (dates), kinds (codes separated by blanks), repaired (boolean); with a
    policy's own `rule` also fine_fen. The end is the authority's own date or the longest term of the rule in force,
    whichever is first; repair ends it at once; a penalty without an end, or of a kind unknown to the rule, is not
    shown. The policy's rule replaces the list's terms; on the last day that it counts
    (credit/reports/publication_end.py) the site no longer shows the penalty.
    """
    import polars

    if rule is not None:
        return _filter_by_policy(frame, as_of, rule)
    term = allowed.term_on(as_of)
    kinds = polars.col("kinds").str.split(" ")
    gravest = kinds.list.eval(
        polars.element().replace_strict(
            {kind: SEVERITY.index(level) for kind, level in allowed.severity.items()},
            default=None,
            return_dtype=polars.Int64,
        )
    )
    end = polars.lit(None, dtype=polars.Date)
    if term is not None:
        months = {SEVERITY.index(level): count for level, count in term.months.items()}
        span = gravest.list.max().replace_strict(months, default=0, return_dtype=polars.Int64)
        end = polars.col("decided").dt.offset_by(polars.format("{}mo", span))
    return frame.with_columns(
        shown_until=polars.min_horizontal(polars.col("publish_until"), end)
    ).filter(
        polars.col("decided") <= as_of,
        polars.col("shown_until") > as_of,
        ~polars.col("repaired"),
        gravest.list.len() > 0,
        ~gravest.list.eval(polars.element().is_null()).list.any(),
    )


def _filter_by_policy(frame: polars.DataFrame, as_of: date, rule: Publication) -> polars.DataFrame:
    import polars

    pairs = frame.select("kinds", "fine_fen").unique()
    levels = dict(rule.months)
    months = [
        levels.get(rule.level((kinds or "").split(), fine or 0) or "", 0)
        for kinds, fine in pairs.iter_rows()
    ]
    span = polars.Series("span", months, dtype=polars.Int64)
    return (
        frame.join(
            pairs.with_columns(span),
            on=["kinds", "fine_fen"],
            how="left",
            nulls_equal=True,
            maintain_order="left",
        )
        .with_columns(
            shown_until=polars.min_horizontal(
                "publish_until",
                polars.col("decided").dt.offset_by(polars.format("{}mo", "span")),
            )
        )
        .filter(
            polars.col("decided") <= as_of,
            polars.col("shown_until") > as_of,
            ~polars.col("repaired"),
            polars.col("span") > 0,
        )
        .drop("span")
    )


def find_publication_rule(home: Home, as_of: date) -> Publication | None:
    """Find the bureau's own policy's rule on terms (公示期) on a day; None if it has none or is an example."""
    from double_random.credit.policy.catalog import load_policy
    from double_random.credit.policy.model import value_on

    own = load_policy(home)
    return None if own.example else value_on(own.publications, as_of)


def select_draw_fields(
    row: dict[str, Any], which: PublishedClass, published: bool
) -> dict[str, Any]:
    """Select the published fields of a draw: before its list is public, only those that the log contains."""
    names = [field.name for field in which.fields]
    return {
        name: row[name] if published or name in which.before_publication else None for name in names
    }


def public_grade_columns(public: str) -> tuple[str, ...]:
    """The published columns of a score, by the policy's key `public`: no | grade | all."""
    return {"grade": ("grade",), "all": ("grade", "points")}.get(public, ())


_LONG = (
    r"(?:\d[^\d]{0,3}){6}\d"  # candidates to check: seven digits, at most three characters apart
)
_SHAPED = r"^(?:.{11}|.{18})$"


def _empty_doubtful_texts(
    column: polars.Series, worth: str, doubtful: Callable[[str], bool]
) -> polars.Series:
    """Empty the doubtful texts of a column; only candidates that match `worth` are checked one by one."""
    import polars

    suspects = column.filter(column.str.contains(worth).fill_null(False)).unique().to_list()
    doubtful_texts = [text for text in suspects if doubtful(text)]
    if not doubtful_texts:
        return column
    return polars.select(
        polars.when(column.is_in(doubtful_texts)).then(None).otherwise(column).alias(column.name)
    ).to_series()
