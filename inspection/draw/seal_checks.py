"""What sealing refuses: what planning refuses, a plan that was edited, old lists, a second plan in disguise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from double_random.core.china_time import china_day, localize_times
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw.draw_state import DrawState
from double_random.inspection.protocol import feasibility, sources
from double_random.inspection.protocol.files import (
    INSPECTOR_REASONS,
    INSPECTORS_LEFT_OUT,
    LEFT_OUT,
    LEFT_OUT_REASONS,
    Files,
)
from double_random.inspection.protocol.plan import Plan
from double_random.inspection.sources.source_catalogue import SourceCatalogue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from double_random.store.log.signed_log import Entry


def check_sources(
    plan_sources: Sequence[sources.Source], not_before: str, catalogue: SourceCatalogue
) -> int:
    """The bits of public entropy of these sources.

    Misuse if they are too few, a round is not the first one, or a lottery's issue is drawn before `not_before`.
    """
    for source in plan_sources:
        spelling = source.text_for(not_before)
        if source.text != spelling:
            raise Misuse(
                _("{source} is not the first round at or after {time}").format(
                    source=source.text, time=localize_times(not_before)
                ),
                spelling,
            )
        catalogue.refuse_past_issue(source.text, not_before)
    bits = sources.total_bits(plan_sources)
    if bits < sources.LEAST_BITS and all(source.is_public for source in plan_sources):
        raise Misuse(
            _(
                "the sources bring {bits} bits of public entropy, at least {least} are needed"
            ).format(bits=bits, least=sources.LEAST_BITS),
            _("take 快乐8, or add another source"),
        )
    return bits


def check_plan_files(plan: Plan, contents: Mapping[str, bytes]) -> None:
    """BadFile or Misuse if the frozen files break a rule of planning: they may have been edited since."""
    files = Files.read(plan, contents)
    for table, reasons in (
        (LEFT_OUT, LEFT_OUT_REASONS),
        (INSPECTORS_LEFT_OUT, INSPECTOR_REASONS),
    ):
        for row in table.load(contents[table.file]):
            if row[1] not in reasons:
                raise BadFile(
                    table.file,
                    _("{id}: {reason} is no reason of the closed list").format(
                        id=row[0], reason=row[1]
                    ),
                    _plan_again(plan),
                )
    lacking = [row.target for row in feasibility.rows_without_team(files, plan.team)]
    if lacking:
        raise Misuse(
            _("these cannot get a team: {ids}").format(ids=join_words(lacking[:20])),
            _plan_again(plan),
        )


def check_binding(plan: Plan, entries: Sequence[Entry], at: str) -> None:
    """Misuse unless the plan's lists are those of the newest release in the log, and of a day that has come."""
    logged = [entry["release"] for entry in entries if "release" in entry]
    if logged and plan.release != logged[-1]:
        raise Misuse(
            _("the plan's lists are not those of the newest release in the log")
            if plan.release in logged
            else _("the log has no release {release}").format(release=plan.release[:12]),
            _plan_again(plan),
        )
    today = china_day(at)
    if plan.as_of > today:
        raise Misuse(
            _("the plan's lists are of {day}, and today is {today}").format(
                day=plan.as_of, today=today
            ),
            _plan_again(plan),
        )


def check_other_plans(entry: Entry, known_draws: Iterable[DrawState]) -> None:
    """Misuse if a plan of the same item, by its id or its title, is open for a common district and kind."""
    for other in known_draws:
        if not other.is_open:
            continue
        if other.overlaps(entry["items"], entry["scope"]):
            raise Misuse(
                _("{other} is open for the same item, districts and kinds").format(
                    other=other.draw
                ),
                _("publish it or void it first"),
            )
        if other.has_title_of(entry["items"]) and other.shares_rows(entry["scope"]):
            raise Misuse(
                _("{other} is open for an item of the same title, districts and kinds").format(
                    other=other.draw
                ),
                _("publish it or void it first"),
            )


def _plan_again(plan: Plan) -> str:
    return _(
        "plan again under the same name: double-random inspection plan --draw {draw} …"
    ).format(draw=plan.draw)
