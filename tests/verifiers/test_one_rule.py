"""Closed lists and tables stand in three places that share no code, and on the protocol's page: they are the same."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.inspection.draw import bundle_files
from double_random.inspection.protocol import files
from double_random.inspection.protocol.files import REPLACE_REASONS
from double_random.inspection.protocol.plan import FILES
from double_random.inspection.protocol.selection import LIST, TARGETS
from double_random.inspection.protocol.succession import SUBSTITUTE_REASONS
from double_random.inspection.protocol.teams import TEAMS
from double_random.store.log.signed_log import ADDED, FIELDS

if TYPE_CHECKING:
    from playwright.sync_api import Page

DOCS = Path(__file__).parent.parent.parent / "docs" / "reference" / "draw-protocol.md"


def lotteries() -> dict[str, list[Any]]:
    """data/lotteries.toml in the verifiers' short form."""
    found = {}
    for name, row in data.table("lotteries.toml")["lottery"].items():
        groups = [
            [
                "rest" if group.get("rest") else group["kind"],
                group["count"],
                group["low"],
                group["high"],
            ]
            for group in row["groups"]
        ]
        found[name] = [row["issue"], *groups]
    return found


def test_the_lotteries_are_the_same(standalone: ModuleType, page: Page) -> None:
    script = {
        name: [digits, *map(list, groups)]
        for name, (digits, groups) in standalone.LOTTERIES.items()
    }
    assert script == page.evaluate("LOTTERIES") == lotteries()


def test_the_reasons_are_the_same(standalone: ModuleType, page: Page) -> None:
    reasons = [list(files.LEFT_OUT_REASONS), list(REPLACE_REASONS), list(SUBSTITUTE_REASONS)]
    assert [
        list(standalone.LEFT_OUT),
        list(standalone.REPLACE),
        list(standalone.SUBSTITUTE),
    ] == reasons
    assert page.evaluate("[REASONS.left_out, REASONS.replace, REASONS.substitute]") == reasons
    text = DOCS.read_text(encoding="utf-8")
    assert all(f"`{reason}`" in text for each in reasons for reason in each)


def test_the_files_of_a_bundle_are_the_same(standalone: ModuleType, page: Page) -> None:
    assert bundle_files.NAMES == standalone.NAMES == set(page.evaluate("EVERYTHING"))
    assert set(bundle_files.PUBLIC) == set(page.evaluate("TOLD"))
    assert set(FILES) == set(standalone.FROZEN) == set(page.evaluate("FROZEN"))
    text = DOCS.read_text(encoding="utf-8")
    assert all(f"`{name}`" in text for name in bundle_files.NAMES)


def test_the_columns_are_the_same(standalone: ModuleType, page: Page) -> None:
    tables = {**files.TABLES, **{table.file: table for table in (TARGETS, TEAMS, LIST)}}
    ours = {name: (",".join(table.columns), table.key) for name, table in tables.items()}
    assert ours == standalone.TABLES
    assert {name: columns for name, (columns, _key) in ours.items()} == page.evaluate("COLUMNS")
    assert {name: key for name, (_columns, key) in ours.items() if key != 1} == page.evaluate(
        "KEYS"
    )


def test_the_entries_of_the_log_are_the_same(standalone: ModuleType, page: Page) -> None:
    first = {kind: fields for kind, fields in FIELDS.items() if kind != "correct"}
    second = {**ADDED, "correct": FIELDS["correct"]}
    listed = "Object.fromEntries(Object.entries({}).map(([k, form]) => [k, Object.keys(form)]))"
    for name, right in (("ENTRIES", first), ("ENTRIES_2", second)):
        for forms in (getattr(standalone, name), page.evaluate(listed.replace("{}", name))):
            assert {kind: set(form) for kind, form in forms.items()} == right


def test_no_verifier_shares_code_with_another(standalone: ModuleType) -> None:
    script = Path(standalone.__file__ or "").read_text(encoding="utf-8")
    assert not re.search(r"^\s*(?:from|import) double_random\b", script, re.MULTILINE)
