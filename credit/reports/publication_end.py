"""公示期: until when a penalty is shown, by the policy, the authority's own date, and later rulings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from double_random.credit.policy.model import InForce


@dataclass(frozen=True)
class PublicationEnd:
    """A penalty's level (minor, general, serious) and the last day on which it is shown; None: it is not shown."""

    level: str | None
    until: date | None


def find_publication_end(
    rules: InForce,
    kinds: Sequence[str],
    fine: int,
    decided: date,
    own_end: date | None = None,
    taken_out: date | None = None,
) -> PublicationEnd | None:
    """How long a penalty is shown at most; None if the policy has no terms of publication.

    `fine` in fen. `own_end`: the authority's own last day (公示截止期), which may be earlier. `taken_out`: the day of
    its repair or correction; from that day on it is not shown.
    """
    if rules.publication is None:
        return None
    level = rules.publication.level(kinds, fine)
    until = rules.publication.last_day(kinds, fine, decided)
    if until is not None and own_end is not None:
        until = min(until, own_end)
    if until is not None and taken_out is not None:
        until = min(until, taken_out - timedelta(days=1))
    return PublicationEnd(level, None if until is None or until < decided else until)
