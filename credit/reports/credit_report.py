"""信用报告: all records of an institution, each with document, clause, points, end, and how to object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.periods import last_day_of_period
from double_random.credit.policy.model import InForce, Policy
from double_random.credit.policy.publication_terms import PublicationTerms
from double_random.credit.reports.credit_file import ABOUT_RECORDS, CreditFile, build_credit_file
from double_random.credit.reports.notices import ProcedureTerm, check_deadline, is_draft, load_terms
from double_random.credit.reports.what_if import compute_what_if

if TYPE_CHECKING:
    import polars

    from double_random.store.home import Home
    from double_random.store.releases import Release

FORMAT = "double-random/credit-report/1"


@dataclass(frozen=True, kw_only=True)
class CreditReport:
    """A report as of a day, from one release.

    `rows`: record class kinds state document decided ends authority basis clause points counts_until standing ruled
    level shown_until answer_by repair_from can_object can_repair. `counts_until`: the last day on which a record
    has points; empty: without an end. `shown_until`: as on the site. `answer_by`: the last day for checking an
    objection, approximate if `answer_waits_for` names a year whose holiday notice is missing.
    """

    file: CreditFile
    rows: polars.DataFrame
    terms: dict[str, ProcedureTerm]
    authority: str
    release: str
    lifted: date | None = None  # the first day on which waiting alone gives a better grade

    @property
    def draft(self) -> bool:
        """Whether it depends on an unconfirmed rule; then it must not be sent out."""
        return is_draft(self.file.explanation, self.terms)

    def json(self) -> dict[str, Any]:
        """The report as a JSON object with its format's name and version."""
        document = self.file.explanation.json()
        return document | {
            "format": FORMAT,
            "release": self.release,
            "authority": self.authority,
            "draft": self.draft,
            "lifted": None if self.lifted is None else str(self.lifted),
            "records": [
                {key: str(v) if isinstance(v, date) else v for key, v in row.items()}
                for row in self.rows.to_dicts()
            ],
            "terms": {
                step: {"days": t.days, "working": t.working, "reference": t.reference}
                for step, t in self.terms.items()
            },
        }


def build_credit_report(
    home: Home, release: Release, institution: str, as_of: date, policy: Policy
) -> CreditReport:
    """Build the report of an institution. Misuse as in `explain_score`."""
    import polars

    file = build_credit_file(release, institution, as_of, policy)
    public = PublicationTerms.from_home(home)
    rules = policy.in_force_on(as_of)
    clauses = {line.record: line.reference for line in file.explanation.lines if line.record}
    rule_of = {
        line.record: line.rule
        for line in file.explanation.lines
        if line.record and line.part == "record"
    }
    rows = []
    for row in file.records.to_dicts():
        if row["class"] in ABOUT_RECORDS:
            continue
        standing = row["standing"]
        row |= {"shown_until": _shown_until(public, row, as_of)}
        open_to_all = standing in ("counts", "does not count", "objection rejected")
        dropped = rules.drops_named_record("repair", "decided")
        by = check_deadline(home, row["objected"]) if row["objected"] else None
        rows.append(
            {name: row[name] for name in FROM_FILE}
            | {
                "clause": clauses.get(row["record"], ""),
                "counts_until": _counts_until(rules, rule_of.get(row["record"]), row),
                "answer_by": by.day if by else None,
                "answer_waits_for": by.waits_for or None if by else None,
                "repair_from": _repair_from(public, row, as_of),
                "can_object": open_to_all and row["class"] != "commendation",
                "can_repair": open_to_all
                and row["class"] in ("penalty", "sanction")
                and (dropped or row["shown_until"] is not None),
            }
        )
    schema = {name: file.records.schema[name] for name in FROM_FILE} | {
        "clause": polars.String(),
        "counts_until": polars.Date(),
        "answer_by": polars.Date(),
        "answer_waits_for": polars.Int64(),
        "repair_from": polars.Date(),
        "can_object": polars.Boolean(),
        "can_repair": polars.Boolean(),
    }
    return CreditReport(
        file=file,
        rows=polars.DataFrame(rows, schema=schema, orient="row"),
        terms=load_terms(home, as_of),
        authority=str(home.settings.get("authority", {}).get("name", "")),
        release=release.name,
        lifted=compute_what_if(release, institution, as_of, policy).lifted,
    )


def _shown_until(terms: PublicationTerms, row: dict[str, Any], as_of: date) -> date | None:
    """The last day of a penalty on the site, by the site's rules; None if it is not shown.

    A repair or correction ends it at once, as in the policy's own `shown_until`.
    """
    if row["class"] != "penalty" or not row["decided"] or row["standing"] in TAKEN_OUT:
        return None
    kinds, fine = row["kinds"].split(), row["fine_fen"] or 0
    return terms.shown_until(kinds, fine, row["decided"], row["publish_until"], as_of)


def _repair_from(terms: PublicationTerms, row: dict[str, Any], as_of: date) -> date | None:
    """The first day on which a penalty can be repaired; None if no term applies."""
    if row["class"] != "penalty" or not row["decided"]:
        return None
    first = terms.earliest_repair(row["kinds"].split(), row["fine_fen"] or 0, row["decided"], as_of)
    return first.day if first else None


TAKEN_OUT = ("replaced", "repaired", "corrected", "revoked")
FROM_FILE = (
    "record",
    "class",
    "kinds",
    "state",
    "document",
    "decided",
    "ends",
    "authority",
    "branch",
    "basis",
    "points",
    "standing",
    "ruled",
    "replaced_by",
    "level",
    "shown_until",
)


def _counts_until(rules: InForce, rule_id: str | None, row: dict[str, Any]) -> date | None:
    """The last day on which the record's last step runs; None if it has no end, or no rule counts it."""
    for rule, price in rules.rules:
        if rule.id == rule_id and price.steps and price.steps[-1].months is not None:
            start = row["ends"] if rule.counts_from == "ends" and row["ends"] else row["decided"]
            return last_day_of_period(start, price.steps[-1].months)
    return None
