"""The graded institutions of a day as one table: name, kind, district, points, grade."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.credit.policy.model import Policy
from double_random.credit.scoring.kept_scores import scores
from double_random.registry.institutions.queries import as_of as institutions

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Release


def ranking(
    release: Release, as_of: date, policy: Policy, known_at: int | None = None
) -> polars.DataFrame:
    """institution name kind district points (hundredths) grade; sorted by points from the lowest, then by id."""
    found = scores(release, as_of, policy, known_at).join(
        who(release, as_of, known_at), on="institution", how="left", maintain_order="left"
    )
    return found.select("institution", "name", "kind", "district", "points", "grade").sort(
        "points", "institution"
    )


def who(release: Release, as_of: date, known_at: int | None = None) -> polars.DataFrame:
    """institution name kind district of all institutions in the register on a day."""
    found = institutions(release, as_of, known_at).rename({"id": "institution"})
    return found.select("institution", "name", "kind", "district")
