"""Which sources a bare draw uses: as they are named, described by the catalogue or by the rule, with their times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from double_random.core import clock
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.text import is_time
from double_random.inspection.sources.known_sources import KINDS
from double_random.inspection.sources.source_catalogue import (
    SourceCatalogue,
    describe_own_source,
    shift_time,
)

SOON = (
    15 * 60
)  # seconds until something of the public values may be known, if nothing else decides it


@dataclass(frozen=True)
class ChosenSources:
    """The rows of sources.json, and the time before which nothing of their values can be known (UTC)."""

    rows: tuple[Mapping[str, Any], ...]
    not_before: str


def choose_sources(
    catalogue: SourceCatalogue,
    texts: Sequence[str],
    own: Sequence[Mapping[str, Any]] = (),
    not_before: str | None = None,
) -> ChosenSources:
    """The sources of a plan.

    `texts` are `KIND:NAME`, `KIND:NAME:ISSUE` or `local`; without texts all of `own`, the sources that a rule
    describes, are used. Without `not_before` it is as late as the sources allow. Misuse for what cannot be one.
    """
    if not_before is not None and not is_time(not_before):
        raise Misuse(
            _("--not-before must be a time in UTC, YYYY-MM-DDThh:mm:ssZ: {given}").format(
                given=not_before
            )
        )
    described = {row["source"]: row for row in own}
    names = list(texts) or list(described)
    if not names:
        raise Misuse(
            _("no source of public randomness is named"),
            _("as --entropy lottery:快乐8, or --entropy drand:quicknet"),
        )

    def describe_all(moment: str) -> list[dict[str, Any]]:
        return [
            describe_own_source(catalogue, described[name])
            if name in described
            else catalogue.describe(name, moment)
            for name in names
        ]

    if names == ["local"]:
        return ChosenSources((*describe_all(""),), not_before or clock.utc_stamp())
    if not_before is None:
        not_before = _latest_time(names, describe_all(_next_minute()))
    return ChosenSources((*describe_all(not_before),), not_before)


def _latest_time(names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The latest `not_before` that sources with a time of their own allow; else soon."""
    times = []
    for name, row in zip(names, rows, strict=True):
        kind = KINDS.get(row["kind"])
        if kind is None or kind.is_ceremony:
            continue
        if kind.lead_seconds or name.count(":") > 1:  # its issue has a time of its own
            times.append(shift_time(row["known_from"], -kind.lead_seconds))
    alone = [row["known_from"] for row in rows if row["kind"] in KINDS]
    return min(times, default=max(alone) if _are_ceremonies(rows) else _next_minute())


def _are_ceremonies(rows: Sequence[Mapping[str, Any]]) -> bool:
    return all(row["kind"] in KINDS and KINDS[row["kind"]].is_ceremony for row in rows)


def _next_minute() -> str:
    now = shift_time(clock.utc_stamp(), SOON + 59)
    return f"{now[:17]}00Z"
