"""Tables and rules of bare draws for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from double_random.core import clock
from double_random.inspection.bare.sealed_plan import SealedPlan
from double_random.inspection.bare.table_draws import seal_tables

NOW = "2026-12-01T04:00:00Z"
LATER = "2026-12-03T04:00:00Z"
KINDS = ("k0", "k1", "k2")
SOURCE, NUMBERS = "lottery:双色球:2026138", "02.07.11.19.26.33.16"
RULE: dict[str, Any] = {
    "draw": "files-2026",
    "title": "示例评查",
    "authority": "示例单位",
    "ratio": "1/3",
    "reserve": "1/2",
    "team": {"size": 2, "leads": 1},
}
GRANTS: dict[str, Any] = {
    "draw": "grants-2026",
    "title": "示例资助抽签",
    "authority": "示例基金",
    "count": 4,
}


@contextmanager
def at(moment: str) -> Iterator[None]:
    """The clock of this process shows a time."""
    before = clock.utc_now
    clock.utc_now = lambda: datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    try:
        yield
    finally:
        clock.utc_now = before


def targets(number: int = 12) -> list[dict[str, str]]:
    """So many fictitious case files."""
    return [
        {
            "id": f"case-{i}",
            "name": f"示例案卷{i}",
            "kind": KINDS[i % 3],
            "district": f"d{i % 2}",
            "stratum": f"s{i % 2}",
        }
        for i in range(number)
    ]


def people(number: int = 6) -> list[dict[str, str]]:
    """So many fictitious reviewers; every second one leads."""
    return [
        {
            "id": f"p{i}",
            "name": f"示例人员{i}",
            "lead": str(i % 2),
            "kinds": " ".join(KINDS),
            "district": f"d{i % 3}",
        }
        for i in range(number)
    ]


def seal(
    entropy: str | list[str] = SOURCE, rule: dict[str, Any] | None = None, **named: Any
) -> SealedPlan:
    """A plan that was sealed before its lottery was drawn."""
    with at(NOW):
        return seal_tables(
            named.pop("targets", targets()),
            named.pop("inspectors", people()),
            rule=RULE | (rule or {}),
            entropy=entropy,
            **named,
        )
