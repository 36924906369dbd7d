"""Draw from a sealed plan without a log: the values, the teams, and the bundle that any verifier judges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from double_random.core import clock
from double_random.core.china_time import localize_times
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.bare.sealed_plan import SealedPlan
from double_random.inspection.draw import drand, verifier_files
from double_random.inspection.draw.check_sheet import render_check_sheet
from double_random.inspection.draw.sql_tickets import SetTickets
from double_random.inspection.protocol.draw import Reveal
from double_random.inspection.protocol.plan import NAME
from double_random.inspection.protocol.v2.draw import Draw, compute_draw
from double_random.inspection.protocol.v2.public_sources import format_entropy
from double_random.inspection.protocol.v2.result import FILE as RESULT
from double_random.inspection.protocol.v2.result import ResultFile
from double_random.inspection.verification.bare_bundle import (
    AUDITOR,
    TARGETS,
    verify_bare_bundle,
)


@dataclass(frozen=True, kw_only=True)
class DrawnBundle:
    """A draw with the files of its auditor's bundle, judged intact by the verifier before it is handed out."""

    sealed: SealedPlan
    draw: Draw
    entropy: str
    auditor_files: Mapping[str, bytes]

    @property
    def code(self) -> str:
        """方案校验码 of the plan."""
        return self.sealed.plan.code

    @cached_property
    def public_files(self) -> dict[str, bytes]:
        """What everybody gets: neither `inner` nor recusals, and no strata that are internal."""
        hidden = AUDITOR if self.sealed.plan.has_public_strata else AUDITOR | TARGETS
        return {name: data for name, data in self.auditor_files.items() if name not in hidden}

    @property
    def targets(self) -> tuple[str, ...]:
        """The ids of the drawn targets in the order of visits."""
        return self.draw.selection.visits

    @property
    def reserves(self) -> tuple[str, ...]:
        """The ids of the reserves: strata in order, then by place."""
        return tuple(row.id for row in self.draw.selection.places if row.role == "reserve")

    @property
    def teams(self) -> dict[str, tuple[str, ...]]:
        """The people of each drawn target; empty where nobody visits."""
        return self.draw.members

    @property
    def names(self) -> dict[str, str]:
        """The names of all targets and people by their ids."""
        files = self.draw.files
        people = {person.id: person.name for person in files.inspectors}
        return {**people, **{row.id: row.name for row in files.frame}}


def draw_plan(
    sealed: SealedPlan, values: Mapping[str, str], proofs: Mapping[str, str] | None = None
) -> DrawnBundle:
    """Draw from a sealed plan with the values of its sources; Misuse if one is wrong, missing or cannot be known yet.

    `proofs`: the signature of a drand round by its source. The bundle is verified before it is returned.
    """
    plan = sealed.plan
    given = check_values(sealed, values)
    entropy = format_entropy(sealed.sources, given)
    checked = _check_proofs(sealed, given, proofs or {})
    reveal = Reveal(entropy, sealed.secret, sealed.inner)
    draw = compute_draw(plan, sealed.parsed, reveal, SetTickets)
    programs = verifier_files.read_programs()
    contents = {
        NAME: plan.data,
        **sealed.files,
        **draw.result_files,
        "inner": sealed.inner.encode(),
        **programs,
        verifier_files.SHEET: render_check_sheet(draw, sealed.secret, programs),
    }
    result = ResultFile.from_draw(draw, sealed.secret, sealed.inner, checked, contents)
    drawn = DrawnBundle(
        sealed=sealed,
        draw=draw,
        entropy=entropy,
        auditor_files={**contents, RESULT: result.dump()},
    )
    verdict = verify_bare_bundle(drawn.auditor_files)
    if not verdict.intact:
        raise DoubleRandomError(
            _("the bundle would not pass its own check: {line}").format(line=verdict.first_line),
            _("report this: it is an error of the program, and nothing was written"),
        )
    return drawn


def check_values(sealed: SealedPlan, values: Mapping[str, str]) -> dict[str, str]:
    """The value of each source by the plan's spelling; Misuse if one is wrong, missing or cannot be known yet."""
    _check_time(sealed)
    given = _match_sources(sealed, values)
    given |= {source.source: "" for source in sealed.sources if source.is_local}
    format_entropy(sealed.sources, given)
    return given


def _check_time(sealed: SealedPlan) -> None:
    """Misuse while a value cannot be known yet."""
    now = clock.utc_stamp()
    early = [source.source for source in sealed.sources if source.known_from > now]
    if early:
        raise Misuse(
            _("the value of {sources} cannot be known before {time}").format(
                sources=join_words(early), time=localize_times(sealed.known_from)
            ),
            _("draw after that time"),
        )


def _match_sources(sealed: SealedPlan, values: Mapping[str, str]) -> dict[str, str]:
    """The values by the plan's own spellings; a source may be named without its issue if it is the only one so."""
    found: dict[str, str] = {}
    for text, value in values.items():
        same = [
            source.source
            for source in sealed.sources
            if text == source.source
            or (text.count(":") == 1 and source.source.startswith(f"{text}:"))
        ]
        if len(same) != 1:
            raise Misuse(
                _("The plan does not name the source {source}.").format(source=text),
                "  ".join(f"'{source.source}=…'" for source in sealed.sources),
            )
        found[same[0]] = value
    return found


def _check_proofs(
    sealed: SealedPlan, values: Mapping[str, str], proofs: Mapping[str, str]
) -> dict[str, str]:
    """The proofs by source; Misuse if one does not hash to its value, or drand did not sign it."""
    checked = _match_sources(sealed, proofs)
    for source in sealed.sources:
        proof = checked.get(source.source)
        if proof is None:
            continue
        if not source.is_proof(values[source.source], proof):
            raise Misuse(_("the value is not the SHA-256 of this signature"))
        known = source.name == drand.quicknet_chain() and drand.is_available()
        if known and not drand.is_round_signature(int(source.issue), proof):
            raise Misuse(_("drand did not sign this round so"), _("copy signature and round again"))
    return checked
