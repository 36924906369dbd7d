"""Explains a score: the points of each record under each rule, from the base on. The lines add up to the score."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _, join_words
from double_random.credit.policy.model import InForce, Policy
from double_random.credit.schema import ReadableRelease
from double_random.credit.scoring.branches import find_branch_names
from double_random.credit.scoring.kept_scores import last_run_number
from double_random.credit.scoring.pipeline import grades_sql, numbered_lines_sql, query_slices
from double_random.credit.scoring.policy_tables import ScoringQuery
from double_random.credit.scoring.shared_records import list_shared_records

if TYPE_CHECKING:
    import polars

FORMAT = "double-random/explanation/1"
RECORDED = f"""
    SELECT n.*, r.record, r.class, r.kinds, r.document, r.decided, r.ends
    FROM ({numbered_lines_sql()}) AS n LEFT JOIN records AS r ON r.number = n.number ORDER BY n.line
"""


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line. Its part is base, record, repeat, pair, rule cap, group cap, limit or veto, or, of another party's
    record that counts here too, shared, shared pair or shared cap. A veto has 0 points.
    """

    line: int
    part: str
    rule: str
    title: str
    points: int
    running: int  # the sum up to and with this line
    reference: str
    confirmed: bool
    record: str | None
    record_class: str | None
    kinds: tuple[str, ...]
    document: str | None
    decided: date | None
    ends: date | None
    branch: str | None  # the branch whose record it is, if it counts for its head office
    party: str | None = None  # whose record it is, if it is another party's that counts here too
    party_name: str | None = None
    party_day: date | None = None  # the day that decided for whom it counts
    grade: str | None = None  # of a veto: the grade it leads to, regardless of the points


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A score with the lines that lead to it. Points are whole hundredths."""

    institution: str
    name: str
    kind: str
    policy: str
    edition: str
    title: str
    purpose: str
    as_of: date
    points: int
    grade: str
    grades: tuple[tuple[str, int | None], ...]
    lines: tuple[Line, ...]

    def json(self) -> dict[str, Any]:
        """The explanation as a JSON object with its format's name and version."""
        return {
            "format": FORMAT,
            **{key: value for key, value in asdict(self).items() if key not in ("grades", "lines")},
            "as_of": str(self.as_of),
            "grades": [{"grade": grade, "from": lowest} for grade, lowest in self.grades],
            "lines": [_line_json(line) for line in self.lines],
        }


def explain_score(
    release: ReadableRelease,
    institution: str,
    as_of: date,
    policy: Policy,
    known_at: int | None = None,
) -> Explanation:
    """Why an institution has its points and grade on a day. Misuse if it is unknown or not graded on that day.

    `known_at`: as known at the end of that run.
    """
    rules = policy.in_force_on(as_of)
    run = last_run_number(release) if known_at is None else known_at
    question = ScoringQuery(as_of, run, (institution,))
    lines, graded = query_slices(release, policy, question, RECORDED, grades_sql())
    name, kind = _find_subject(release, institution, as_of, run, policy, bool(graded.height))
    ((_id, points, grade),) = graded.rows()
    bounds = tuple((bound.grade, bound.lowest) for bound in rules.scale.bounds)
    return Explanation(
        institution=institution,
        name=name,
        kind=kind,
        policy=policy.id,
        edition=policy.edition,
        title=policy.title,
        purpose=policy.purpose,
        as_of=as_of,
        points=points,
        grade=grade,
        grades=bounds,
        lines=_build_lines(
            rules,
            lines,
            _find_branch_owners(release, policy, question, lines),
            _find_shared_owners(release, policy, question),
        ),
    )


def _find_branch_owners(
    release: ReadableRelease, policy: Policy, question: ScoringQuery, lines: polars.DataFrame
) -> dict[str, str]:
    """The records of branches: record → the branch's name."""
    assert question.only is not None
    named = find_branch_names(release, policy, question, question.only[0])
    if not named:
        return {}
    owners = release.frame(OWNERS, (lines["record"].drop_nulls().to_list(), question.known_at))
    return {record: named[who] for record, who in owners.iter_rows() if who in named}


def _find_shared_owners(
    release: ReadableRelease, policy: Policy, question: ScoringQuery
) -> dict[str, tuple[str, str, date]]:
    """The records that others share with the subject: record → whose it is, the name, the day that decided."""
    import polars

    assert question.only is not None
    found = list_shared_records(release, policy, question)
    if found is None:
        return {}
    own = found.filter(polars.col("holder") == question.only[0])
    columns = own.select("record", "party", "party_name", "since").iter_rows()
    return {record: (party, name, since) for record, party, name, since in columns}


OWNERS = """
SELECT claim, institution FROM links
WHERE claim IN (SELECT unnest($1)) AND known_from <= $2 AND (known_to IS NULL OR known_to > $2)
"""


def _find_subject(
    release: ReadableRelease,
    institution: str,
    as_of: date,
    known_at: int,
    policy: Policy,
    graded: bool,
) -> tuple[str, str]:
    """The institution's name and kind on the day."""
    rows = release.frame(
        """SELECT name, kind, status FROM parties
           WHERE id = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
             AND known_from <= $3 AND (known_to IS NULL OR known_to > $3)""",
        (institution, as_of, known_at),
    ).rows()
    if not rows:
        raise Misuse(
            _("nobody is known as {id} on {day}").format(id=institution, day=as_of),
            _("all that are known: double-random registry list"),
        )
    ((name, kind, status),) = rows
    if not graded:
        raise Misuse(
            _("{name} is not graded by {policy} on {day}: {kind}, {status}").format(
                name=name, policy=policy.id, day=as_of, kind=kind, status=status
            ),
            _("graded are the active ones of these kinds: {kinds}").format(
                kinds=join_words(policy.subjects)
            ),
        )
    return name, kind


def _build_lines(
    rules: InForce,
    line_table: polars.DataFrame,
    branches: dict[str, str],
    owners: dict[str, tuple[str, str, date]],
) -> tuple[Line, ...]:
    titles = {rule.id: (rule.title, price.confirmed) for rule, price in rules.rules}
    groups = {group.id: (group.title, limit.confirmed) for group, limit in rules.groups}
    vetoes = {veto.id: (veto.title, end.confirmed) for veto, end in rules.vetoes}
    leads_to = {veto.id: end.grade for veto, end in rules.vetoes}
    frame = {"base": (rules.policy.title, rules.scale.confirmed)}
    frame["limit"] = frame["base"]
    by_part = {"base": frame, "limit": frame, "group cap": groups, "veto": vetoes}
    by_part["shared cap"] = {s.id: (s.title, share.confirmed) for s, share in rules.shared}
    running = accumulate(line_table["points"])
    return tuple(
        Line(
            line=row["line"],
            part=row["part"],
            rule=row["rule"],
            title=by_part.get(row["part"], titles)[row["rule"]][0],
            points=row["points"],
            running=total,
            reference=row["reference"],
            confirmed=by_part.get(row["part"], titles)[row["rule"]][1],
            record=row["record"],
            record_class=row["class"],
            kinds=tuple((row["kinds"] or "").split()),
            document=row["document"],
            decided=row["decided"],
            ends=row["ends"],
            branch=branches.get(row["record"] or ""),
            **_name_owner(owners.get(row["record"] or "") if "shared" in row["part"] else None),
            grade=leads_to.get(row["rule"]) if row["part"] == "veto" else None,
        )
        for row, total in zip(line_table.iter_rows(named=True), running, strict=True)
    )


def _name_owner(owner: tuple[str, str, date] | None) -> dict[str, Any]:
    """Whose record a shared line is, as fields of a line."""
    if owner is None:
        return {}
    return dict(zip(("party", "party_name", "party_day"), owner, strict=True))


def _line_json(line: Line) -> dict[str, Any]:
    plain = asdict(line)
    plain["class"] = plain.pop("record_class")
    if line.party is None:  # only the lines of shared records have these
        for key in ("party", "party_name", "party_day"):
            del plain[key]
    for key in ("decided", "ends", *(["party_day"] if line.party else [])):
        plain[key] = None if plain[key] is None else str(plain[key])
    return plain
