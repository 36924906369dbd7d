"""What planning and sealing refuse of sources: few outcomes, values that are known too early, a round of choice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from double_random.core.china_time import localize_times
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.text import epoch_seconds
from double_random.inspection.protocol.v2.public_sources import (
    LEAST_BITS,
    PublicSource,
    check_known_times,
    count_bits,
)
from double_random.inspection.sources.known_sources import KINDS, LEAST_LEAD
from double_random.inspection.sources.source_catalogue import SourceCatalogue, shift_time

_FORMER = ("balls", "dice")  # kinds of version 1; they are ceremonies now


def describe_sources(
    catalogue: SourceCatalogue,
    texts: Sequence[str],
    not_before: str,
    known_from: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The rows of sources.json of a plan's sources, as `KIND:NAME`, `KIND:NAME:ISSUE` or `local`.

    `known_from`: the time (UTC) of sources that no calendar knows. A ceremony beside other kinds is held in the last
    hour before `not_before`, unless its time is stated. Misuse for what cannot be a source.
    """
    stated = dict(known_from or {})
    for text in texts:
        kind, _colon, rest = text.partition(":")
        if kind in _FORMER:
            place = rest.rpartition(":")[0] or _("PLACE")
            raise Misuse(
                _("{source} is how the first protocol spells it").format(source=text),
                f"ceremony:{kind}:{place}",
            )
        if kind == "ceremony" and any(other.partition(":")[0] != kind for other in texts):
            stated.setdefault(text, shift_time(not_before, -LEAST_LEAD))
    for name in sorted(set(stated) - set(texts)):
        raise Misuse(_("The plan does not name the source {source}.").format(source=name))
    return [catalogue.describe(text, not_before, stated.get(text, "")) for text in texts]


def refuse_weak_sources(sources: Sequence[PublicSource], not_before: str, now: str = "") -> int:
    """The bits of public randomness; Misuse for few outcomes, known values, and times in the wrong order.

    `now`: when the plan is sealed (UTC); "" if it is not sealed yet.
    """
    bits = count_bits(sources)
    if all(source.is_local for source in sources):
        return bits
    if bits < LEAST_BITS:
        raise Misuse(
            _(
                "the sources bring {bits} bits of public entropy, at least {least} are needed"
            ).format(bits=bits, least=LEAST_BITS),
            _("take 快乐8, or add another source"),
        )
    if now and not_before <= now:
        raise Misuse(
            _("the numbers can be known from {time} on: it is too late to seal a plan").format(
                time=localize_times(not_before)
            ),
            _("take a later issue; a lottery is drawn at least an hour after --not-before"),
        )
    check_known_times(sources, not_before)
    for source in sources:
        _refuse_late_source(source, not_before, now)
    return bits


def _refuse_late_source(source: PublicSource, not_before: str, now: str) -> None:
    """A ceremony that was held, a lottery less than an hour after `not_before`, another round than the first."""
    if now and source.is_ceremony and source.known_from <= now:
        raise Misuse(
            _("{source}: a ceremony is held after the plan is sealed").format(source=source.source),
            _("state a later known_from"),
        )
    lead = KINDS[source.kind].lead_seconds
    if lead and source.known_from < shift_time(not_before, lead):
        raise Misuse(
            _("{source}: less than an hour lies between --not-before and its drawing").format(
                source=source.source
            ),
            _("nobody can prove its hour to the minute; take an earlier --not-before"),
        )
    if source.chain is not None and int(source.issue) > 1:
        before = source.chain.round_seconds(int(source.issue) - 1)
        if before >= epoch_seconds(not_before):
            raise Misuse(
                _("{source} is not the first round at or after {time}").format(
                    source=source.source, time=localize_times(not_before)
                ),
                _("name the chain without a round"),
            )
