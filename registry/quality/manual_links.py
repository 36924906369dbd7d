"""Manual links (人工关联): which institution a name or a record means, and whom a record about a practitioner means;
kept permanently, applied at every rebuild.

HOME/acts/links.jsonl contains who decided it, when and why, one line each, and is append-only. The release contains
the resulting links (table `decided_links`); of several decisions on one name or record the last one counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.registry import manual_decisions
from double_random.registry.institutions.names import normalize_name
from double_random.registry.practitioners.claims import CLAIMS
from double_random.registry.practitioners.queries import identify_practitioner
from double_random.registry.tables import ensure_tables
from double_random.store.tables import end_where

if TYPE_CHECKING:
    import duckdb

    from double_random.store.home import Home
    from double_random.store.releases import Draft, Release


@dataclass(frozen=True, kw_only=True)
class LinkDecision:
    """One decision: the name, or the one record (its id), is that institution."""

    name: str
    record: str
    institution: str
    who: str
    why: str
    day: str
    at: str

    def __post_init__(self) -> None:
        if bool(self.name) == bool(self.record):
            raise ValueError("either a name or a record")

    @property
    def key(self) -> tuple[str, str]:
        """The subject of the decision, for comparison."""
        return normalize_name(self.name), self.record


def decide_link(
    home: Home, asked: str, institution: str, who: str, why: str, as_of: date, at: str
) -> str:
    """Store a person's decision on a name, or on a record's id, and make the resulting release; returns its name.

    A record or recusal about a practitioner is decided alone, by its id or its issue's number, never a practitioner's
    name. Misuse if `institution` (or then the practitioner) is unknown, or if who or why is empty.
    """
    from double_random.registry.institutions import queries

    if not who.strip() or not why.strip():
        raise Misuse(
            _("a link needs who decided it and why"), _("say --by NAME and --reason 'the reason'")
        )
    with home.releases.read() as release:
        person = _find_person_claim(release, asked)
        if person:
            institution_id = identify_practitioner(release, institution)
        else:
            institution_id = queries.identify_institution(release, institution)
        record = release.connection.execute(
            "SELECT DISTINCT claim FROM claims WHERE starts_with(claim, $1) AND length($1) >= 12",
            [asked],
        ).fetchall()
    name, record_id = ("", record[0][0]) if len(record) == 1 else (asked, "")
    if person:
        name, record_id = "", person
    word = LinkDecision(
        name=name,
        record=record_id,
        institution=institution_id,
        who=who.strip(),
        why=why.strip(),
        day=as_of.isoformat(),
        at=at,
    )
    with home.releases.write("link", as_of) as draft:
        manual_decisions.append_decision(home, "links", "link", word)
        apply_and_rebuild(home, draft)
    return draft.name


def _find_person_claim(release: Release, asked: str) -> str:
    """The record or recusal about a person of which this is the id, or the number of its issue; "" if it is none."""
    if not release.has(CLAIMS):
        return ""
    found = release.connection.execute(PERSON_CLAIM, [asked]).fetchall()
    return str(found[0][0]) if len(found) == 1 else ""


def apply_and_rebuild(home: Home, draft: Draft) -> None:
    """Apply all decisions to an open release, with everything that depends on them."""
    apply_manual_links(home, draft.connection, draft.run)
    _rebuild_affected(home, draft.connection, draft.run)


def read_manual_links(home: Home) -> list[LinkDecision]:
    """All decisions, in their order; DoubleRandomError if a line is damaged."""
    return manual_decisions.read_decisions(home, "links", LinkDecision)


def apply_manual_links(home: Home, connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Update the table `decided_links` to the decisions made so far."""
    ensure_tables(connection)
    latest = {word.key: word.institution for word in read_manual_links(home)}
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE said (folded TEXT, record TEXT, institution TEXT)"
    )
    for (folded, record), institution in sorted(latest.items()):
        connection.execute("INSERT INTO said VALUES (?, ?, ?)", [folded, record, institution])
    end_where(connection, "decided_links", WITHDRAWN, run)
    connection.execute(ADDED, {"run": run})


def _rebuild_affected(home: Home, connection: duckdb.DuckDBPyConnection, run: int) -> None:
    """Rebuild all that a new decision changes: the owners of decisions, suspensions, records and recusals."""
    from double_random.registry.inspectors import recusals
    from double_random.registry.institutions import identity, linking, suspensions, versions
    from double_random.registry.institutions.districts import load_districts
    from double_random.registry.institutions.kinds import load_events, load_kinds
    from double_random.registry.practitioners.kinds import load_practitioner_facts
    from double_random.registry.practitioners.register import refresh_practitioners

    event_rules = load_events(home)
    connection.execute("CREATE OR REPLACE TEMP TABLE incoming AS FROM decisions LIMIT 0")
    identity.place_decisions(connection, load_kinds(home), run)
    versions.rebuild_versions(connection, event_rules, run, "decisions")
    suspensions.link_suspensions(connection, run)
    versions.rebuild_versions(connection, event_rules, run, "suspensions")
    linking.link_records(connection, run)
    refresh_practitioners(connection, load_practitioner_facts(home), load_districts(home), run)
    recusals.link_recusals(connection, run)


PERSON_CLAIM = """
SELECT claim FROM person_claims WHERE starts_with(claim, $1) AND length($1) >= 12
UNION
SELECT s.claim FROM set_aside s JOIN person_claims c ON c.claim = s.claim
WHERE s.known_to IS NULL AND starts_with(s.content, $1) AND length($1) >= 12
"""

WITHDRAWN = "(folded, record, institution) NOT IN (SELECT (folded, record, institution) FROM said)"

ADDED = """
INSERT INTO added.decided_links
SELECT *, $run, NULL FROM said
WHERE (folded, record, institution) NOT IN (
    SELECT (folded, record, institution) FROM decided_links WHERE known_to IS NULL)
ORDER BY ALL
"""
