"""The institutions whose score may differ from their last one (可能变化的机构): a score run computes these alone.

Between two score runs of one policy a score changes only with the institution's versions, its records and links, those
of its branches, or because a record passes an age at which the policy counts it otherwise. All are found from what runs
have added and ended since, and from the days of records; too many may be found, never too few. Everybody is scored
again where that cannot be said: after an undo, by other rules or another program, for an earlier day, and by a policy
that grades practitioners or shares records between them and institutions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.periods import day_number, first_day_from
from double_random.credit.policy.model import InForce, Policy
from double_random.credit.scoring.branches import pair_branches_on
from double_random.credit.scoring.engine_runner import SOURCES
from double_random.credit.scoring.pipeline import refuse_uncovered
from double_random.credit.scoring.policy_tables import (
    ScoringQuery,
    earliest_start,
    list_ageing_months,
)
from double_random.registry.sync.processed_files import hash_program_sources

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Draft

COMPUTING = ("credit/scoring/engine_runner.py",)  # it and all its imports compute a score
INSTITUTIONS = frozenset(("institutions",))
PART = 4  # if more than a fourth of the institutions may change, all are scored


@dataclass(frozen=True)
class LastScores:
    """The last score run of a policy: its number and day."""

    run: int
    as_of: date


@lru_cache(maxsize=1)
def hash_scoring_program() -> str:
    """The program that computes scores, as one SHA-256."""
    return hash_program_sources(Path(__file__).parents[2], COMPUTING)


def find_affected(release: Draft, policy: Policy, question: ScoringQuery) -> list[str] | None:
    """The ids of these institutions, sorted; None: all. Stopped if a new record has no rule."""
    if policy.shared or policy.parties != INSTITUTIONS:
        return None
    last = _find_last_scores(release, policy, question.as_of)
    if last is None:
        return None
    rules = policy.in_force_on(question.as_of)
    if replace(policy.in_force_on(last.as_of), day=rules.day) != rules:
        return None
    connection, since = release.connection, {"run": last.run}
    new_sorts = connection.execute(NEW_SORTS, since).fetchall()
    refuse_uncovered(rules, ((0, *sort) for sort in new_sorts))
    connection.execute(CHANGED, {**since, "before": last.as_of, "day": question.as_of})
    connection.execute(CHANGED_RECORDS, since)
    if last.as_of < question.as_of:
        connection.execute(f"INSERT INTO moved_keys {AGED.format(aged=_aged(rules, last.as_of))}")
    if connection.execute("SELECT 1 FROM moved_keys LIMIT 1").fetchall():
        connection.execute(OWNERS)
    affected = {id_ for (id_,) in connection.execute(AFFECTED).fetchall()}
    affected |= _find_heads(release, policy, question, last, affected)
    ((known,),) = connection.execute("SELECT count(DISTINCT id) FROM institutions").fetchall()
    return None if len(affected) * PART > known else sorted(affected)


def load_sources(
    release: Draft, policy: Policy, question: ScoringQuery, affected: Sequence[str]
) -> dict[str, polars.DataFrame]:
    """What the scores of these follow from (engine_runner.SOURCES): all institutions, their own records and links."""
    import polars

    pairs = pair_branches_on(release, policy, question)
    branches = pairs.filter(polars.col("head").is_in(affected))["branch"]
    holders = polars.DataFrame(
        {"institution": [*affected, *branches]}, {"institution": polars.String}
    )
    connection = release.connection
    connection.register("holders", holders)
    connection.execute(HELD)
    connection.unregister("holders")
    return {
        "institutions": release.frame(f"SELECT {SOURCES['institutions']} FROM institutions"),
        "links": release.frame(f"SELECT {SOURCES['links']} FROM held_links"),
        "records": release.frame(
            f"""SELECT {SOURCES["records"]} FROM placed.records
                WHERE key IN (SELECT key FROM held_links)"""
        ),
    }


def _find_last_scores(release: Draft, policy: Policy, as_of: date) -> LastScores | None:
    """The last score run by this policy, if the scores of the day follow from it and from what came since."""
    of_policy = {"policy": policy.id, "edition": policy.edition, "day": as_of}
    rows = release.connection.execute(LAST, of_policy).fetchall()
    if not rows:
        return None
    ((run, last_day, rules, newest, undone),) = rows
    follows = (
        rules == hash_scoring_program() and last_day <= as_of and newest in (None, run)
    ) and not undone
    return LastScores(run, last_day) if follows else None


def _aged(rules: InForce, before: date) -> str:
    """The condition, on `day`, that it passes an age between two days at which the policy counts a record otherwise."""
    spans = sorted(set(_aged_spans(rules, before)))
    return " OR ".join(f"day >= DATE '{first}' AND day < DATE '{end}'" for first, end in spans)


def _aged_spans(rules: InForce, before: date) -> Iterator[tuple[date, date]]:
    earlier, later = day_number(before), day_number(rules.day)
    yield first_day_from(earlier + 1), first_day_from(later + 1)  # decided since
    for months in list_ageing_months(rules):
        span = earliest_start(months, earlier), earliest_start(months, later)
        yield first_day_from(span[0]), first_day_from(span[1])


def _find_heads(
    release: Draft, policy: Policy, question: ScoringQuery, last: LastScores, affected: set[str]
) -> set[str]:
    """The head offices that have other branches than before, or a branch that is affected."""
    before = pair_branches_on(release, policy, ScoringQuery(last.as_of, last.run))
    now = pair_branches_on(release, policy, question)
    pairs = set(before.rows()), set(now.rows())
    return {
        head
        for head, branch in pairs[0] | pairs[1]
        if branch in affected or (head, branch) in pairs[0] ^ pairs[1]
    }


LAST = """
SELECT run, as_of, rules,
    (SELECT max(run) FROM score_days WHERE policy = $policy AND as_of = $day) AS newest,
    EXISTS (SELECT 1 FROM undone WHERE undoing > d.run) AS undone
FROM score_days AS d WHERE policy = $policy AND edition = $edition
ORDER BY run DESC LIMIT 1
"""

# A link may also lead to a practitioner, whom no such policy grades.
AFFECTED = "SELECT institution FROM affected SEMI JOIN institutions ON id = institution"

NEW_SORTS = "SELECT DISTINCT class, kinds, state FROM records WHERE known_from > $run"

CHANGED = """
CREATE OR REPLACE TEMP TABLE affected AS
SELECT id AS institution FROM institutions
WHERE known_from > $run OR known_to > $run
    OR valid_from > $before AND valid_from <= $day OR valid_to > $before AND valid_to <= $day
UNION
SELECT institution FROM links WHERE known_from > $run
UNION
SELECT institution FROM links WHERE known_to > $run
"""

# The keys of records that changed while their link did not: of the others the link itself says whose they are.
CHANGED_RECORDS = """
CREATE OR REPLACE TEMP TABLE moved_keys AS
SELECT key FROM (
    SELECT key FROM placed.records WHERE known_from > $run
    UNION
    SELECT key FROM placed.records WHERE known_to > $run
) ANTI JOIN (SELECT key FROM placed.links WHERE known_from > $run) USING (key)
"""

AGED = """
SELECT key FROM (
    SELECT key, decided AS day FROM placed.records UNION ALL
    SELECT key, ends FROM placed.records WHERE ends IS NOT NULL
) WHERE {aged}
"""

OWNERS = """
INSERT INTO affected SELECT DISTINCT institution FROM placed.links WHERE key IN (SELECT key FROM moved_keys)
"""

HELD = """
CREATE OR REPLACE TEMP TABLE held_links AS
SELECT * FROM placed.links WHERE institution IN (SELECT institution FROM holders)
"""
