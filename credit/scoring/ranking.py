"""The graded institutions of a day as one table: name, kind, district, points, grade."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from double_random.credit.policy.model import Policy
from double_random.credit.scoring.kept_scores import load_scores
from double_random.registry.institutions.queries import institutions_as_of
from double_random.registry.practitioners.queries import practitioners_as_of
from double_random.store.frames import has_table

if TYPE_CHECKING:
    import polars

    from double_random.store.releases import Release


def rank_institutions(
    release: Release, as_of: date, policy: Policy, known_at: int | None = None
) -> polars.DataFrame:
    """institution name kind district points (hundredths) grade; sorted by points from the lowest, then by id."""
    ranked = load_scores(release, as_of, policy, known_at).join(
        list_registered(release, as_of, known_at),
        on="institution",
        how="left",
        maintain_order="left",
    )
    return ranked.select("institution", "name", "kind", "district", "points", "grade").sort(
        "points", "institution"
    )


def list_registered(release: Release, as_of: date, known_at: int | None = None) -> polars.DataFrame:
    """institution name kind district of all institutions and practitioners in the register on a day."""
    import polars

    columns = ("institution", "name", "kind", "district")
    everybody = [institutions_as_of(release, as_of, known_at)]
    if has_table(release.connection, "practitioners"):
        everybody.append(practitioners_as_of(release, as_of, known_at).drop("institution"))
    return polars.concat([each.rename({"id": "institution"}).select(columns) for each in everybody])
