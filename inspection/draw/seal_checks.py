"""What sealing refuses: what planning refuses, a plan that was edited, old lists, a second plan in disguise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from double_random.core.china_time import china_day, localize_times
from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import _, join_words
from double_random.inspection.draw import versions
from double_random.inspection.draw.draw_state import DrawState
from double_random.inspection.draw.versions import Plan
from double_random.inspection.protocol import feasibility, sources
from double_random.inspection.protocol.files import (
    INSPECTOR_REASONS,
    INSPECTORS_LEFT_OUT,
    LEFT_OUT,
    LEFT_OUT_REASONS,
    REPLACE_REASONS,
)
from double_random.inspection.protocol.v2.files import Files as SecondFiles
from double_random.inspection.protocol.v2.plan import LogHead
from double_random.inspection.protocol.v2.plan import Plan as SecondPlan
from double_random.inspection.protocol.v2.public_sources import FILE as SOURCES
from double_random.inspection.protocol.v2.public_sources import PublicSource, read_public_sources
from double_random.inspection.sources.source_catalogue import SourceCatalogue
from double_random.inspection.sources.source_checks import refuse_weak_sources
from double_random.store.log.signed_log import tree_root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from double_random.store.log.signed_log import Entry, Log


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


def check_public_sources(
    plan_sources: Sequence[PublicSource], not_before: str, catalogue: SourceCatalogue, now: str = ""
) -> int:
    """The bits of public entropy of sources of version 2; Misuse as for version 1, and for times in the wrong order."""
    for source in plan_sources:
        catalogue.refuse_past_issue(source.source, not_before)
    return refuse_weak_sources(plan_sources, not_before, now)


def check_plan_sources(
    plan: Plan, contents: Mapping[str, bytes], catalogue: SourceCatalogue, at: str
) -> None:
    """Misuse if planning would refuse the sources of a plan that is sealed at this time."""
    if isinstance(plan, SecondPlan):
        found = read_public_sources(contents[SOURCES])
        check_public_sources(found, plan.not_before, catalogue, at)
    else:
        check_sources(plan.sources, plan.not_before, catalogue)


def check_plan_files(plan: Plan, contents: Mapping[str, bytes]) -> None:
    """BadFile or Misuse if the frozen files break a rule of planning: they may have been edited since."""
    files = versions.read_files(plan, contents)
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
    if isinstance(files, SecondFiles):
        _check_reason_lists(plan, files)
    lacking = [row.target for row in feasibility.rows_without_team(files, plan.team)]
    if lacking:
        raise Misuse(
            _("these cannot get a team: {ids}").format(ids=join_words(lacking[:20])),
            _plan_again(plan),
        )


def _check_reason_lists(plan: Plan, files: SecondFiles) -> None:
    """BadFile if the rules allow a reason that this program does not give: it is published with them."""
    rules = files.rules
    for given, known in (
        (rules.left_out, LEFT_OUT_REASONS),
        (rules.inspectors_left_out, INSPECTOR_REASONS),
        (rules.replace, REPLACE_REASONS),
    ):
        if set(given) != set(known):
            raise BadFile(
                "rules.json",
                _("{reason} is no reason of the closed list").format(
                    reason=join_words(sorted(set(given) ^ set(known)))
                ),
                _plan_again(plan),
            )


def check_binding(plan: Plan, entries: Sequence[Entry], log: Log, at: str) -> None:
    """Misuse unless the plan's lists are those of the newest release in the log, and of a day that has come.

    A plan of version 2 also names a head of this log.
    """
    check_release(plan, entries)
    if isinstance(plan, SecondPlan) and not _is_own_head(plan.log, log):
        raise Misuse(_("the plan names a head that this log never had"), _plan_again(plan))
    today = china_day(at)
    if plan.as_of > today:
        raise Misuse(
            _("the plan's lists are of {day}, and today is {today}").format(
                day=plan.as_of, today=today
            ),
            _plan_again(plan),
        )


def check_release(plan: Plan, entries: Sequence[Entry]) -> None:
    """Misuse unless a plan's lists are those of the newest release in the log."""
    logged = [entry["release"] for entry in entries if "release" in entry]
    if not logged and isinstance(plan, SecondPlan):
        raise Misuse(
            _("the log names no release, so nothing would bind the plan to the registers"),
            _("read a drop first: double-random registry sync DROP --as-of DATE"),
        )
    if logged and plan.release != logged[-1]:
        raise Misuse(
            _("the plan's lists are not those of the newest release in the log")
            if plan.release in logged
            else _("the log has no release {release}").format(release=plan.release[:12]),
            _plan_again(plan),
        )


def _is_own_head(head: LogHead | None, log: Log) -> bool:
    lines = log.lines()
    if head is None or head.origin != log.public.name or head.size > len(lines):
        return False
    return tree_root(lines[: head.size]).hex() == head.root


def check_other_plans(entry: Entry, known_draws: Iterable[DrawState]) -> None:
    """Misuse if a plan of the same item, by its id or its title, is open for a common district and kind."""
    for other in known_draws:
        if not other.is_open:
            continue
        if other.overlaps(entry):
            raise Misuse(
                _("{other} is open for the same item, districts and kinds").format(
                    other=other.draw
                ),
                _("publish it or void it first"),
            )
        if other.has_title_of(entry["items"]) and other.shares_rows(entry):
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
