"""One draw of the tour: planned, committed, drawn, published, bundled and verified."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core.errors import DoubleRandomError
from double_random.core.translation import C_, _, current_language
from double_random.demo.printer import TourPrinter
from double_random.demo.scenes import Scene

if TYPE_CHECKING:
    from double_random.inspection.draw.versions import Draw
    from double_random.inspection.planning.plan_builder import FrozenPlan
    from double_random.publish.content.labels import CodeLabels
    from double_random.store.home import Home


@dataclass(frozen=True)
class VerifiedDraw:
    """A draw verified from its bundle, with the numbers of institutions and inspectors."""

    draw: str
    targets: int
    inspectors: int
    bundle: Path


def draw_and_verify(telling: TourPrinter, home: Home, scene: Scene, as_of: date) -> VerifiedDraw:
    """Run one draw from plan to verification; DoubleRandomError if its bundle does not verify."""
    planned = _freeze_and_commit(telling, home, scene, as_of)
    drawn = _log_and_draw(telling, home, scene, planned)
    bundle = _publish_and_bundle(telling, home, scene)
    code = planned.plan.code
    _verify_bundle(
        telling, home, bundle, code, _("Anybody can check it, with the key and the code:")
    )
    auditor_bundle = _write_auditor_bundle(telling, home, scene)
    _verify_bundle(
        telling, home, auditor_bundle, code, _("The auditor recounts everything, teams too:")
    )
    used = {inspector for _target, inspector, _role in drawn.teams}
    return VerifiedDraw(scene.draw, len(drawn.selection.drawn), len(used), bundle)


def _freeze_and_commit(telling: TourPrinter, home: Home, scene: Scene, as_of: date) -> FrozenPlan:
    """Freeze both pools, recusals and the rule; then commit the plan to the log and show its code."""
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.planning.plan_builder import freeze_plan
    from double_random.inspection.planning.plan_fields import DrawRequest
    from double_random.inspection.protocol.plan import TeamRule
    from double_random.publish.content.labels import CodeLabels

    telling.show_step(
        _("Both pools, recusals, rule and source of randomness are frozen into a plan:"),
        *("inspection", "plan", scene.item, "--as-of", as_of, "--draw", scene.draw),
        *("--source", scene.source, "--not-before", scene.not_before),
        *("--publish-by", scene.publish_by, "--team-size", "2", "--leads", "1", "--match-kind"),
        *(("--groups", str(scene.groups)) if scene.groups else ()),
        *(("--unit", scene.unit) if scene.unit else ()),
        *("--number", scene.number, "--title", scene.title, "--protocol", scene.protocol),
    )
    planned = freeze_plan(
        home,
        DrawRequest(
            draw=scene.draw,
            items=(scene.item,),
            as_of=as_of,
            sources=(scene.source,),
            not_before=scene.not_before,
            publish_by=scene.publish_by,
            team=TeamRule(
                size=2, leads=1, groups=scene.groups, match_kind=True, other_district=False
            ),
            title=scene.title,
            number=scene.number,
            protocol=scene.protocol,
            units=(scene.unit,) if scene.unit else (),
        ),
    )
    _show_pools(telling, planned, CodeLabels.load(home, current_language()))
    telling.show_step(
        _("The plan is sealed into the log; from now on not a blank of it can change:"),
        *("inspection", "commit", scene.draw, "--at", scene.committed),
    )
    lifecycle.commit_plan(home, scene.draw, scene.committed)
    telling.print_lines(
        _("Plan code, to be written down by somebody outside before the numbers exist:"),
        planned.plan.code,
    )
    return planned


def _show_pools(telling: TourPrinter, planned: FrozenPlan, words: CodeLabels) -> None:
    """Show the groups to draw from, and the inspectors left out."""
    plan = planned.plan
    telling.print_table(
        (_("group"), _("institutions"), _("share"), _("at least")),
        [
            (
                _group_name(words, stratum.stratum),
                stratum.population,
                "/".join(map(str, stratum.ratio)),
                stratum.minimum,
            )
            for stratum in planned.strata
            if stratum.population
        ],
        right=(1, 2, 3),
    )
    telling.print_lines(
        _("inspectors {pool}, standing aside {aside}, recusals {recusals}").format(
            pool=plan.files["inspectors.csv"].rows,
            aside=plan.files["inspectors_left_out.csv"].rows,
            recusals=plan.files["recusals.csv"].rows,
        ),
        _("public randomness: {bits} bits; institutions whose team is forced: {forced}").format(
            bits=planned.bits, forced=len(planned.forced)
        ),
    )


def _group_name(words: CodeLabels, stratum: str) -> str:
    """A group's name for people: its kind, and its grade if it has one."""
    kind, _slash, grade = stratum.partition("/")
    return f"{words.kind(kind)} {grade}".strip()


def _log_and_draw(telling: TourPrinter, home: Home, scene: Scene, planned: FrozenPlan) -> Draw:
    """Log the numbers, and compute the draw from them."""
    from double_random.inspection.draw import lifecycle

    source_value = f"{scene.source}={scene.value}"
    telling.show_step(
        _("The numbers come (these are made up; in a real draw witnesses see them):"),
        *("inspection", "entropy", scene.draw, source_value, "--at", scene.drawn),
    )
    lifecycle.log_entropy(home, scene.draw, source_value, scene.drawn)
    telling.show_step(
        _("The draw follows from plan, numbers and sealed secret; nobody chooses:"),
        *("inspection", "draw", scene.draw, "--at", scene.drawn),
    )
    _done, drawn = lifecycle.run_draw(home, scene.draw, scene.drawn)
    _show_teams(telling, drawn)
    return drawn


def _show_teams(telling: TourPrinter, drawn: Draw) -> None:
    """Show the drawn institutions with their inspectors, in the order of visits."""
    files = drawn.files
    names = {row.id: row.name for row in files.frame}
    people = {inspector.id: inspector.name for inspector in files.inspectors}
    leads = {(target, inspector) for target, inspector, role in drawn.teams if role == "lead"}
    rows = []
    for position, target in enumerate(drawn.visits, 1):
        team = sorted(drawn.members[target], key=lambda inspector: (target, inspector) not in leads)
        rows.append((position, names[target], "、".join(people[inspector] for inspector in team)))
    telling.print_table(
        (_(C_("place", "visit")), _("institution"), _("inspectors, lead first")), rows, right=(0,)
    )
    loads = Counter(inspector for _target, inspector, _role in drawn.teams)
    telling.print_lines(
        _("drawn {drawn}, reserves {reserves}; no inspector has more than {load}").format(
            drawn=len(drawn.selection.drawn),
            reserves=len(drawn.targets) - len(drawn.selection.drawn),
            load=max(loads.values(), default=0),
        )
    )


def _publish_and_bundle(telling: TourPrinter, home: Home, scene: Scene) -> Path:
    """Publish the secret, and write the public bundle."""
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.verification import bundle

    telling.show_step(
        _("After the visits the secret is opened, and the list is public:"),
        *("inspection", "publish", scene.draw, "--at", scene.published),
    )
    lifecycle.publish_draw(home, scene.draw, scene.published)
    target = Path("bundles") / f"{scene.draw}.zip"
    telling.show_step(
        _("The public bundle, for everybody who wants to check:"),
        *("inspection", "bundle", scene.draw, "--output", telling.home / target),
    )
    files = bundle.gather_bundle(home, scene.draw)
    bundle.write_bundle(files, home.path / target)
    telling.print_lines(", ".join(files))
    return target


def _write_auditor_bundle(telling: TourPrinter, home: Home, scene: Scene) -> Path:
    """Write the auditor's bundle with confidential data: groups by grade, recusals, the proof of the teams."""
    from double_random.inspection.verification import bundle

    target = Path("bundles") / f"{scene.draw}-auditor.zip"
    telling.show_step(
        _("The auditor's bundle, which also holds grades, recusals and the proof of the teams:"),
        *("inspection", "bundle", scene.draw, "--auditor", "--output", telling.home / target),
    )
    files = bundle.gather_bundle(home, scene.draw, auditor=True)
    bundle.write_bundle(files, home.path / target, private=True)
    return target


def _verify_bundle(
    telling: TourPrinter, home: Home, bundle: Path, code: str, sentence: str
) -> None:
    """Verify a bundle as its recipient would; DoubleRandomError if it is not intact."""
    from double_random.inspection.verification.verify import verify_bundle

    key = Path("keys") / "log.pub"
    telling.show_step(
        sentence,
        *("verify", telling.home / bundle, "--key", telling.home / key, "--code", code),
    )
    verdict = verify_bundle(home.path / bundle, home.log.public, code)
    telling.print_lines(verdict.first_line, *verdict.notes)
    if not verdict.intact:
        raise DoubleRandomError(
            verdict.first_line, _("this should never happen: keep the home and report it")
        )
