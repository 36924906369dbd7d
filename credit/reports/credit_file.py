"""An institution's credit file (信用档案): its score, and every record with whether and why it counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core.translation import N_
from double_random.credit.policy.model import InForce, Policy
from double_random.credit.reports.publication_end import find_publication_end
from double_random.credit.scoring.branches import find_branch_names
from double_random.credit.scoring.explanation import Explanation, explain_score
from double_random.credit.scoring.kept_scores import last_run_number
from double_random.credit.scoring.policy_tables import ScoringQuery

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Release

FORMAT = "double-random/credit-file/1"
STANDINGS = (
    N_("counts"),
    N_("does not count"),
    N_("replaced"),
    N_("repaired"),
    N_("corrected"),
    N_("revoked"),
    N_("objection in progress"),
    N_("objection rejected"),
)
ABOUT_RECORDS = ("repair", "correction", "objection")


@dataclass(frozen=True)
class CreditFile:
    """The explanation of a score and all records on file.

    record class state kinds document related happened decided ends conduct basis content fine_fen confiscated_fen
    authority branch (the branch whose record counts here) points standing ruled (the day) replaced_by (a record)
    objected (the day an open objection was accepted) shown_until level
    """

    explanation: Explanation
    records: polars.DataFrame

    def json(self) -> dict[str, Any]:
        """The file as a JSON object with its format's name and version; the lines are `explain`'s."""
        score = {key: value for key, value in self.explanation.json().items() if key != "lines"}
        records = [
            {
                key: value if value is None or isinstance(value, int) else str(value)
                for key, value in row.items()
            }
            for row in self.records.to_dicts()
        ]
        return score | {"format": FORMAT, "records": records}


def build_credit_file(
    release: Release, institution: str, as_of: date, policy: Policy, known_at: int | None = None
) -> CreditFile:
    """All known records of an institution decided (or filed) by the day; Misuse as in `explain_score`.

    `points` is the sum of a record's own lines; 0 if it does not count, or no longer counts. The facts of a penalty
    (违法事实) contain personal data and are left out.
    """
    import polars

    explanation = explain_score(release, institution, as_of, policy, known_at)
    cost: dict[str, int] = {}
    for line in explanation.lines:
        if line.record:
            cost[line.record] = cost.get(line.record, 0) + line.points
    run = last_run_number(release) if known_at is None else known_at
    branches = find_branch_names(release, policy, ScoringQuery(as_of, run), institution)
    rows = release.frame(RECORDS, ([institution, *branches], as_of, run)).to_dicts()
    rules = policy.in_force_on(as_of)
    rulings: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["class"] in ABOUT_RECORDS:
            rulings.setdefault((row["holder"], row["related_key"]), []).append(row)
    newer = _find_replacements(rows)
    for row in rows:
        row["points"] = cost.get(row["record"], 0)
        row["branch"] = branches.get(row["holder"])
        about = rulings.get((row["holder"], row["document_key"] or row["record"]), [])
        row |= dict(_derive_standing(row, about, newer.get(row["record"]), rules))
    records = polars.DataFrame(rows, schema=_records_schema()).drop("document_key", "related_key")
    return CreditFile(explanation, records)


def _find_replacements(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What replaced a record (excluded_records.sql): for a corrected decision the last row, for a complaint its newest
    decision. Record → the row that replaces it.
    """
    versions: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        if row["document_key"] and row["decided"]:
            versions.setdefault((row["holder"], row["class"], row["document_key"]), []).append(row)
    replacements = {}
    for (_holder, record_class, _key), several in versions.items():
        if record_class in ("penalty", "sanction"):
            last = max(several, key=lambda row: (row["known_from"], row["number"]))
            gone = [row for row in several if row["known_from"] < last["known_from"]]
        elif record_class == "complaint":
            last = max(several, key=lambda row: (row["decided"], row["known_from"], row["number"]))
            gone = [row for row in several if row is not last]
        else:
            continue
        replacements.update({row["record"]: last for row in gone})
    return replacements


def _derive_standing(
    row: dict[str, Any],
    about: list[dict[str, Any]],
    newer: dict[str, Any] | None,
    rules: InForce,
) -> Iterator[tuple[str, Any]]:
    """The standing of a record: what replaced it, or the rulings about it; and how long it is shown."""
    last = max(about, key=lambda ruling: (ruling["decided"], ruling["number"]), default=None)
    taken = [r for r in about if r["class"] != "objection" or r["state"] == "corrected"]
    standing = "counts" if row["points"] else "does not count"
    ruled = min((r["decided"] for r in taken), default=last["decided"] if last else None)
    objected = None
    if newer is not None:
        standing, ruled = "replaced", newer["known_on"]
    elif taken:
        gravest = min(taken, key=lambda ruling: ruling["decided"])
        standing = "repaired" if gravest["class"] == "repair" else gravest["kinds"] or "corrected"
    elif last is not None and last["state"] in ("accepted", "checking"):
        standing = "objection in progress"
        objected = min(r["decided"] for r in about if r["document"] == last["document"])
    elif last is not None:
        standing = "objection rejected"
    yield "standing", standing
    yield "ruled", ruled
    yield "replaced_by", newer["record"] if newer else None
    yield "objected", objected
    term = None
    if row["class"] == "penalty" and row["decided"]:
        out = min((r["decided"] for r in taken), default=None)
        fine = row["fine_fen"] or 0
        term = find_publication_end(
            rules, row["kinds"].split(), fine, row["decided"], row["publish_until"], out
        )
    yield "level", term.level if term else None
    yield "shown_until", term.until if term else None


def _records_schema() -> dict[str, Any]:
    import polars

    text, day, integer = polars.String, polars.Date, polars.Int64
    columns = {
        text: "record class state kinds document document_key related related_key conduct basis content authority"
        " branch standing replaced_by level",
        day: "happened decided ends publish_until ruled objected shown_until",
        integer: "number fine_fen confiscated_fen points",
    }
    kinds = {name: kind for kind, names in columns.items() for name in names.split()}
    order = (
        "record number class state kinds document document_key related related_key happened decided ends conduct"
        " basis content fine_fen confiscated_fen authority branch publish_until points standing ruled"
        " replaced_by objected level shown_until"
    )
    return {name: kinds[name] for name in order.split()}


RECORDS = """
SELECT r.record, r.number, r.class, r.state, r.kinds, r.document, r.document_key, r.related, r.related_key, r.happened,
       r.decided, r.ends, r.conduct, r.basis, r.content, r.fine_fen, r.confiscated_fen, r.authority, r.publish_until,
       r.known_from, n.as_of AS known_on, l.institution AS holder
FROM records AS r
JOIN links AS l ON l.claim = r.record
LEFT JOIN runs AS n ON n.run = r.known_from
WHERE l.institution IN (SELECT unnest($1)) AND coalesce(r.decided, r.happened) <= $2
  AND r.known_from <= $3 AND (r.known_to IS NULL OR r.known_to > $3)
  AND l.known_from <= $3 AND (l.known_to IS NULL OR l.known_to > $3)
ORDER BY coalesce(r.decided, r.happened), r.record
"""
