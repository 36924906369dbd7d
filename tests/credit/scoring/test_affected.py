"""A score run computes those institutions alone whose score may have changed, with the same result as for all."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import polars
import pytest

from double_random import data
from double_random.core.periods import day_number
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Policy
from double_random.credit.schema import apply_schema
from double_random.credit.scoring import affected, score_run
from double_random.credit.scoring.pipeline import grades_sql, query_slices, worded_lines_sql
from double_random.credit.scoring.policy_tables import (
    ScoringQuery,
    build_policy_tables,
    earliest_start,
    list_ageing_months,
)
from double_random.credit.scoring.score_run import score_institutions
from double_random.store.home import Home
from double_random.store.releases import Draft
from double_random.store.tables import end_rows
from double_random.store.undo import restore_release

POLICIES = {file.stem: read_policy(file) for file in sorted(data.path("policies").glob("*.toml"))}
RISK = POLICIES["risk-100"]
SHARED = replace(RISK, branch_records="shared")
FIRST = date(2025, 6, 1)
SORTS = [
    ("penalty", "fine", "decided"),
    ("penalty", "warning", "decided"),
    ("complaint", "", "upheld"),
    ("repair", "", "decided"),
    ("correction", "revoked", "decided"),
]
VERSION = """
INSERT INTO added.institutions (id, kind, name, folded, status, head_office, valid_from, valid_to, known_from)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
RECORD = """
INSERT INTO added.records (record, number, class, kinds, state, document, document_key, related, related_key, decided,
    ends, fine_fen, known_from)
VALUES (sha256(?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


def grow(draft: Draft, chance: random.Random, day: date) -> None:
    """One random run: new institutions, versions and records; records, links and versions that end."""
    connection, run = draft.connection, draft.run
    firms = [f"示例{number}所" for number in range(12)]
    known = {id_ for (id_,) in connection.execute("SELECT id FROM institutions").fetchall()}
    for firm in firms:
        if firm in known and chance.random() < 0.9:
            continue
        if firm in known:
            places = (
                f"SELECT place FROM placed.institutions WHERE id = '{firm}' AND known_to IS NULL"
            )
            end_rows(connection, "institutions", places, run)
        head = chance.choice([None, None, *firms[:3]])
        kind = "law_firm_branch" if head else "law_firm"
        until = chance.choice([None, None, day + timedelta(chance.randrange(400))])
        status = chance.choice(["active", "active", "active", "suspended"])
        start = day - timedelta(chance.randrange(-90, 900))
        name = chance.choice([firm, firm, firms[0]])
        version = [firm, kind, name, name, status, head, start, until, run]
        connection.execute(VERSION, version)
        if until:
            version = [firm, kind, name, name, "active", head, until, None, run]
            connection.execute(VERSION, version)
    for number in range(chance.choice([0, 3, 10])):
        class_, kinds, state = chance.choice(SORTS)
        decided = day - timedelta(chance.randrange(-40, 2500))
        ends = chance.choice([None, decided + timedelta(chance.randrange(900))])
        document, related = chance.choice("甲乙丙丁"), chance.choice("甲乙丙丁")
        named = chance.choice([None, related]) if class_ in ("penalty", "complaint") else related
        content = f"{run}-{number}"
        row = [content, run * 100 + number, class_, kinds, state, document, document, named, named]
        connection.execute(RECORD, [*row, decided, ends, chance.choice([None, 9_000_00]), run])
        if chance.random() < 0.9:
            connection.execute(
                "INSERT INTO added.links VALUES (sha256(?), ?, 'code', ?, NULL)",
                [content, chance.choice(firms), run],
            )
    for table in ("records", "links"):
        if chance.random() < 0.4:
            one = f"SELECT min(place) FROM placed.{table} WHERE known_to IS NULL AND place >= 0"
            end_rows(connection, table, f"SELECT * FROM ({one}) AS t(place) WHERE place >= 0", run)
    if chance.random() < 0.3:  # a record of whom nobody knew: now somebody does
        connection.execute(
            """INSERT INTO added.links SELECT record, '示例1所', 'name', $run, NULL FROM records
               WHERE known_to IS NULL AND record NOT IN (SELECT claim FROM links WHERE known_to IS NULL) LIMIT 1""",
            {"run": run},
        )


def require_all_right(home: Home, policy: Policy, day: date) -> None:
    """The scores and lines that are kept for the day are those of everybody computed now."""
    with home.releases.read() as release:
        question = ScoringQuery(day, int(release.name.partition("-")[0]))
        computed = query_slices(release, policy, question, grades_sql(), worded_lines_sql())
        for view, now in zip(("scores", "score_lines"), computed, strict=True):
            kept = release.frame(
                f"SELECT * EXCLUDE (policy, edition, as_of, run) FROM {view} WHERE policy = ? AND as_of = ?",
                (policy.id, day),
            )
            right = now.select(kept.columns).sort(polars.all(), nulls_last=True)
            assert kept.sort(polars.all(), nulls_last=True).equals(right), (view, day)


@pytest.mark.parametrize("policy", [RISK, SHARED, POLICIES["evaluation-1000"]])
def test_scoring_some_is_scoring_all_in_random_histories(
    home: Home, monkeypatch: pytest.MonkeyPatch, policy: Policy
) -> None:
    monkeypatch.setattr(affected, "PART", 1)
    found: list[int | None] = []

    def watch(*arguments: object) -> list[str] | None:
        ids = affected.find_affected(*arguments)  # type: ignore[arg-type]
        found.append(None if ids is None else len(ids))
        return ids

    monkeypatch.setattr(score_run, "find_affected", watch)
    chance, day = random.Random(policy.id + policy.branch_records), FIRST
    for night in range(14):
        if night == 0 or chance.random() < 0.8:
            with home.releases.write("load", day) as draft:
                apply_schema(draft.connection)
                grow(draft, chance, day)
        if night == 8:
            restore_release(home, home.releases.names()[-3], day)
        score_institutions(home, day, policy)
        require_all_right(home, policy, day)
        day += timedelta(chance.choice([0, 1, 1, 30, 200, -1]))
    assert sum(count is not None for count in found) >= 6, found
    assert min(count for count in found if count is not None) < 12, found


@pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES.keys())
def test_every_threshold_of_a_policy_is_an_age_of_the_list(policy: Policy) -> None:
    """Of two days the tables differ in thresholds alone, and each is so many months before its day."""
    sorts = [(number, *sort) for number, sort in enumerate(SORTS)]
    days = (date(2025, 3, 31), date(2025, 11, 2))
    rules = [policy.in_force_on(day) for day in days]
    if replace(rules[0], day=days[1]) != rules[1]:
        pytest.skip("the policy changes between these days")
    early, late = (
        build_policy_tables(rule, ScoringQuery(day, 1), sorts)
        for rule, day in zip(rules, days, strict=True)
    )
    ages = {
        tuple(earliest_start(months, day_number(day)) for day in days)
        for months in list_ageing_months(rules[0])
    }
    seen = set()
    for name, table in early.items():
        for column in table.columns:
            pairs = set(zip(table[column], late[name][column], strict=True))
            seen |= {pair for pair in pairs if pair[0] != pair[1]}
    assert seen and seen <= ages


def test_a_night_without_news_scores_nobody(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.releases.write("load", FIRST) as draft:
        apply_schema(draft.connection)
        grow(draft, random.Random(3), FIRST)
    score_institutions(home, FIRST, RISK)
    with home.releases.write("score", FIRST) as draft:
        assert affected.find_affected(draft, RISK, ScoringQuery(FIRST, draft.run)) == []
        monkeypatch.setattr(affected, "hash_scoring_program", lambda: "another program")
        assert affected.find_affected(draft, RISK, ScoringQuery(FIRST, draft.run)) is None
        draft.discard()


def test_a_policy_about_practitioners_scores_everybody(home: Home) -> None:
    """Posts of practitioners, which are not looked at here, may change such a score."""
    with home.releases.write("load", FIRST) as draft:
        apply_schema(draft.connection)
        grow(draft, random.Random(3), FIRST)
    about = replace(RISK, parties=frozenset(("institutions", "persons")))
    score_institutions(home, FIRST, RISK)
    with home.releases.write("score", FIRST) as draft:
        question = ScoringQuery(FIRST, draft.run)
        assert affected.find_affected(draft, RISK, question) == []
        assert affected.find_affected(draft, about, question) is None
        draft.discard()
