"""What may be shown (可公开的内容): a function of the record, the day and the policy; the rest stays inside.

The list itself is data/publishing.toml: classes of record, their fields, how long a penalty is shown, each with its
reference. Everything that is published passes through `fields`.
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
    Whole,
)
from double_random.publish.disclosure.sanitise import visible_columns

if TYPE_CHECKING:
    import polars

    from double_random.credit.policy.model import Publication
    from double_random.store.home import Home

IDENTIFIERS = frozenset(
    {"id", "institution", "uscc", "licence", "record", "commitment", "seed", "code"}
)

SEVERITY = ("minor", "general", "serious")  # 轻微, 一般, 严重
MONTHS = Whole(0, 1_200)
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
        "complaints_upheld": Table({"fewest": Whole(1), "reference": WORD, "confirmed": FLAG}),
        "inspection_results": Table(
            {"classes": WORDS, "months": MONTHS, "reference": WORD, "confirmed": FLAG}
        ),
    },
)


@dataclass(frozen=True)
class Field:
    """A field that goes out, with its headings."""

    name: str
    type: str  # string | date | integer | list
    zh: str
    en: str


@dataclass(frozen=True, kw_only=True)
class Class:
    """A class of records that go out, and the rule that lets them."""

    name: str
    zh: str
    en: str
    fields: tuple[Field, ...]
    reference: str
    confirmed: bool
    before_publication: tuple[str, ...] = ()


@dataclass(frozen=True)
class Term:
    """How many months a penalty is shown at most, by the class of its gravest kind, from a day on (公示期)."""

    since: date
    months: dict[str, int]
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class HeldBack:
    """What never goes out, and why."""

    zh: str
    en: str
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Complaints:
    """That it is told how many complaints were upheld, in spans of years that hold at least `fewest` of them."""

    fewest: int
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Results:
    """Which classes of inspection are told, and for how many months from the inspection's day."""

    classes: tuple[str, ...]
    months: int
    reference: str
    confirmed: bool

    def since(self, as_of: date) -> date:
        """The last day of an inspection whose result is shown no more."""
        import polars

        day: date = polars.Series([as_of]).dt.offset_by(f"-{self.months}mo").item()
        return day


@dataclass(frozen=True, kw_only=True)
class Allowed:
    """The allow-list, read."""

    classes: dict[str, Class]
    terms: tuple[Term, ...]
    severity: dict[str, str]  # kind of penalty → minor | general | serious
    held_back: tuple[HeldBack, ...]
    complaints: Complaints | None = None  # None: not even their number goes out
    results: Results | None = (
        None  # None: no loaded one goes out, and those of case files have no end
    )

    @classmethod
    def read(cls, file: Path) -> Allowed:
        """Read publishing.toml; Misuse names the file where it is not as expected."""
        raw = toml_reader.read(file, FILE, misuse=True)
        classes = [
            Class(**{**row, "fields": tuple(Field(**field) for field in row["fields"])})
            for row in raw["class"]
        ]
        terms = [
            Term(row["from"], row["months"], row["reference"], row["confirmed"])
            for row in raw["term"]
        ]
        severity = {kind: level for level in SEVERITY for kind in raw["severity"].get(level, ())}
        held_back = tuple(HeldBack(**row) for row in raw["held_back"])
        counted = raw.get("complaints_upheld")
        complaints = Complaints(**counted) if counted else None
        told = raw.get("inspection_results")
        results = Results(**told | {"classes": tuple(told["classes"])}) if told else None
        return cls(
            classes={one.name: one for one in classes},
            terms=tuple(sorted(terms, key=lambda term: term.since)),
            severity=severity,
            held_back=held_back,
            complaints=complaints,
            results=results,
        )

    def term(self, day: date) -> Term | None:
        """The rule on terms that is in force on a day; None before the first."""
        return next((term for term in reversed(self.terms) if term.since <= day), None)


def fields(frame: polars.DataFrame, which: Class) -> polars.DataFrame:
    """The allowed columns alone, in the list's order; a text in which a personal number may stand is emptied, and marks
    that hide or turn the direction are made visible: so they stand in no page, table or index.

    Identifiers (codes, hashes) are passed by that check: they are digits by nature; but a licence number of the shape
    of an ID number is emptied. How many values were emptied is what `held_back` tells.
    """
    import polars

    from double_random.publish.disclosure.identifiers import is_persons, numbers

    texts = [
        field.name
        for field in which.fields
        if field.type == "string"
        and field.name not in IDENTIFIERS
        and frame.schema[field.name] == polars.String
    ]
    chosen = visible_columns(frame.select([field.name for field in which.fields]))
    emptied = [_without(chosen[name], _LONG, lambda text: bool(numbers(text))) for name in texts]
    if "licence" in chosen.columns:
        emptied.append(_without(chosen["licence"], _SHAPED, is_persons))
    return chosen.with_columns(emptied)


def held_back(before: polars.DataFrame, after: polars.DataFrame) -> int:
    """How many values stand in the first frame and were emptied in the second."""
    return sum(
        after[name].null_count() - before[name].null_count()
        for name in after.columns
        if name in before.columns
    )


def penalties(
    frame: polars.DataFrame, as_of: date, allowed: Allowed, rule: Publication | None = None
) -> polars.DataFrame:
    """The penalties that are shown on a day, with `shown_until`, the first day on which they no longer are.

    Wanted columns: decided, publish_until (dates), kinds (codes joined by a blank), repaired (yes or no); with a
    policy's own `rule` also fine_fen. The end is the authority's own date or the longest term that the rule in force
    allows, whichever is first; repair ends it at once; a penalty without an end, or of a kind that the rule does not
    know, is not shown. The policy's rule takes the place of the list's terms; on the last day that it counts
    (credit/reports/publication_end.py) the site shows a penalty no more.
    """
    import polars

    if rule is not None:
        return _by_policy(frame, as_of, rule)
    term = allowed.term(as_of)
    known = polars.col("kinds").str.split(" ")
    gravest = known.list.eval(
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


def _by_policy(frame: polars.DataFrame, as_of: date, rule: Publication) -> polars.DataFrame:
    import polars

    told = frame.select("kinds", "fine_fen").unique()
    levels = dict(rule.months)
    months = [
        levels.get(rule.level((kinds or "").split(), fine or 0) or "", 0)
        for kinds, fine in told.iter_rows()
    ]
    span = polars.Series("span", months, dtype=polars.Int64)
    return (
        frame.join(
            told.with_columns(span),
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


def publication(home: Home, as_of: date) -> Publication | None:
    """The rule on terms (公示期) of the bureau's own policy on a day; None where it has none, or is an example."""
    from double_random.credit.policy.catalog import policy
    from double_random.credit.policy.model import on

    own = policy(home)
    return None if own.example else on(own.publications, as_of)


def draw(row: dict[str, Any], which: Class, published: bool) -> dict[str, Any]:
    """What may be said of a draw: before its list is public, no more than the log itself says."""
    names = [field.name for field in which.fields]
    return {
        name: row[name] if published or name in which.before_publication else None for name in names
    }


def grade(public: str) -> tuple[str, ...]:
    """Which columns of a score go out, by the policy's own word `public`: no | grade | all."""
    return {"grade": ("grade",), "all": ("grade", "points")}.get(public, ())


_LONG = (
    r"(?:\d[^\d]{0,3}){6}\d"  # what is worth a closer look: seven digits, at most a little apart
)
_SHAPED = r"^(?:.{11}|.{18})$"


def _without(column: polars.Series, worth: str, doubtful: Callable[[str], bool]) -> polars.Series:
    """The column with its doubtful texts emptied; only those worth a look are looked at one by one."""
    import polars

    suspects = column.filter(column.str.contains(worth).fill_null(False)).unique().to_list()
    found = [text for text in suspects if doubtful(text)]
    if not found:
        return column
    return polars.select(
        polars.when(column.is_in(found)).then(None).otherwise(column).alias(column.name)
    ).to_series()
