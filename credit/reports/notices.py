"""Notices before a bad grade takes effect (告知): recipients, reasons, and the remedies with their deadlines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.core.working_days import LastDay, load_calendar
from double_random.credit.policy.model import Policy, value_on
from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.policy.toml_entries import TomlEntry
from double_random.credit.scoring.explanation import Explanation, explain_score
from double_random.credit.scoring.ranking import rank_institutions

if TYPE_CHECKING:
    import polars

    from double_random.core.working_days import Calendar
    from double_random.store.home import Home
    from double_random.store.releases import Release


@dataclass(frozen=True, kw_only=True)
class ProcedureTerm:
    """A term of the procedure: the days allowed for a step. `working`: working days, else calendar days."""

    start: date
    until: date | None
    step: str
    days: int
    working: bool
    reference: str
    confirmed: bool

    def words(self) -> str:
        """The term in words."""
        if self.working:
            return _("{days} working days").format(days=self.days)
        return _("{days} days").format(days=self.days)

    def last_day(self, calendar: Calendar, began: date) -> LastDay:
        """The last day of a term that begins on a day (the first day does not count)."""
        if self.working:
            return calendar.last_day(began, self.days)
        return LastDay(began + timedelta(days=self.days))


STEPS = ("statement", "acceptance", "check", "repair")


def load_terms(home: Home, day: date) -> dict[str, ProcedureTerm]:
    """The terms that are in force on a day, by step: statement (陈述申辩), acceptance, check, repair."""
    all_terms = read_terms(home.fact_file("credit_terms.toml"))
    return {
        step: term
        for step in STEPS
        if (term := value_on([t for t in all_terms if t.step == step], day)) is not None
    }


def check_deadline(home: Home, accepted: date) -> LastDay | None:
    """The last day for checking an objection that was accepted on a day; None if no term is in force then."""
    term = load_terms(home, accepted).get("check")
    return term.last_day(load_calendar(home), accepted) if term else None


def read_terms(path: Path) -> list[ProcedureTerm]:
    """Read the terms of a file; BadFile names file and line."""
    top = TomlEntry.read(path)
    term_list = []
    for entry in top.entries("term"):
        start, days = entry.day("from", needed=True), entry.integer("days", needed=True)
        assert start is not None and days is not None
        term_list.append(
            ProcedureTerm(
                start=start,
                until=entry.day("until"),
                step=entry.choice("step", STEPS),
                days=days,
                working=entry.boolean("working", False),
                reference=entry.text("reference"),
                confirmed=entry.boolean("confirmed", False),
            )
        )
        entry.refuse_unknown_keys()
    top.refuse_unknown_keys()
    return term_list


def institutions_to_notify(
    release: Release, as_of: date, policy: Policy, bad: Sequence[str], before: date | None
) -> polars.DataFrame:
    """Who has one of the bad grades on a day: institution name kind district points grade, was (the earlier grade).

    `before`: an earlier day; institutions that had a bad grade on it are left out. Misuse if the policy has no such
    grade.
    """
    import polars

    names = [bound.grade for bound in policy.in_force_on(as_of).scale.bounds]
    for grade in bad:
        if grade not in names:
            raise Misuse(
                _("there is no grade {grade}").format(grade=grade),
                _("known here: {keys}").format(keys=join_words(names)),
            )
    graded = rank_institutions(release, as_of, policy).filter(polars.col("grade").is_in(bad))
    if before is None:
        return graded.with_columns(was=polars.lit(None, dtype=polars.String))
    earlier = rank_institutions(release, before, policy).select("institution", was="grade")
    return graded.join(earlier, on="institution", how="left", maintain_order="left").filter(
        polars.col("was").is_null() | ~polars.col("was").is_in(bad)
    )


def explain_letters(
    release: Release, recipients: polars.DataFrame, as_of: date, policy: Policy
) -> list[Explanation]:
    """The content of each letter: the institution's own explanation."""
    return [explain_score(release, who, as_of, policy) for who in recipients["institution"]]


def list_blocked_repairs(
    release: Release, explanation: Explanation, public: PublicationTerms
) -> list[tuple[str, date]]:
    """The penalties that count in a score and cannot be repaired yet: document, first day for a repair."""
    counted = [line.record for line in explanation.lines if line.record]
    rows = release.frame(
        """SELECT coalesce(document, record), kinds, fine_fen, decided FROM records
           WHERE class = 'penalty' AND decided IS NOT NULL AND record IN (SELECT unnest($1))
           ORDER BY decided, record""",
        (counted,),
    ).rows()
    blocked = []
    for document, kinds, fine, decided in rows:
        first = public.earliest_repair((kinds or "").split(), fine or 0, decided, explanation.as_of)
        if first is not None and first.day > explanation.as_of:
            blocked.append((document, first.day))
    return blocked


def is_draft(explanation: Explanation, terms: Mapping[str, ProcedureTerm]) -> bool:
    """Whether a line of a score, or a term of the procedure, has an unconfirmed reference."""
    return not (
        all(line.confirmed for line in explanation.lines)
        and all(term.confirmed for term in terms.values())
    )
