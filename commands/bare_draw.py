"""`double-random draw`: two tables and a rule give a sealed plan, then a draw with its bundles; no home is needed."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.current_home import format_command
from double_random.commands.number_entry import ConfirmOption, enter_twice
from double_random.commands.render.output import FormatOption, is_for_people, show_answer
from double_random.commands.render.terminal import print_message
from double_random.commands.times import parse_utc
from double_random.core.china_time import localize_times
from double_random.core.errors import Misuse
from double_random.core.translation import _, join_label, join_words

if TYPE_CHECKING:
    from double_random.inspection.bare.drawn_bundle import DrawnBundle
    from double_random.inspection.bare.sealed_plan import SealedPlan

MOST_SHOWN = 20  # drawn rows that a person sees at once


def draw_from_tables(
    targets: Annotated[
        Path | None,
        typer.Option("--targets", help=_("Who can be drawn: a CSV or XLSX, a row each.")),
    ] = None,
    inspectors: Annotated[
        Path | None,
        typer.Option("--inspectors", help=_("Who visits them: a CSV or XLSX; none for a lottery.")),
    ] = None,
    recusals: Annotated[
        Path | None,
        typer.Option("--recusals", help=_("Who must not visit whom: columns target, inspector.")),
    ] = None,
    rule: Annotated[
        Path | None, typer.Option("--rule", help=_("How many are drawn, and by what: a TOML file."))
    ] = None,
    entropy: Annotated[
        list[str] | None,
        typer.Option(
            "--entropy",
            help=_("To seal: a source, as lottery:快乐8 or local. To draw: SOURCE=VALUE."),
        ),
    ] = None,
    confirm: ConfirmOption = None,
    proof: Annotated[
        list[str] | None,
        typer.Option("--proof", help=_("A drand round's signature, as SOURCE=HEX.")),
    ] = None,
    not_before: Annotated[
        str | None,
        typer.Option(
            "--not-before",
            callback=parse_utc,
            help=_("Nothing of the numbers can be known before it; else as late as possible."),
        ),
    ] = None,
    sources: Annotated[
        Path | None,
        typer.Option("--sources", help=_("Further sources, as in entropy_sources.toml.")),
    ] = None,
    plan: Annotated[
        Path | None, typer.Option("--plan", help=_("Draw from this sealed plan: its folder."))
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--folder", help=_("Where plan and bundles are written; else the draw's id.")),
    ] = None,
    pack: Annotated[bool, typer.Option("--zip", help=_("Bundles as .zip files."))] = False,
    form: FormatOption = None,
) -> None:
    """Seal a plan from two tables, or draw from a sealed one."""
    from double_random.inspection.bare import plan_folder
    from double_random.inspection.bare.drawn_bundle import check_values, draw_plan
    from double_random.inspection.bare.rule_file import read_rule
    from double_random.inspection.bare.table_draws import (
        LOCAL,
        parse_values,
        seal_tables,
        write_bundles,
    )

    texts = entropy or []
    if plan is None:
        if targets is None or rule is None:
            raise Misuse(
                _("a draw needs targets and a rule, or a sealed plan"),
                _("double-random draw --targets FILE --rule FILE --entropy SOURCE"),
            )
        _refuse_values(texts, folder)
        sealed = seal_tables(
            targets,
            inspectors,
            rule=rule,
            entropy=texts,
            recusals=recusals,
            not_before=not_before,
            catalogue=sources,
        )
        plan = folder or Path(read_rule(rule).draw)
        plan_folder.write_plan(plan, sealed)
        if texts != [LOCAL]:
            _show_sealed(sealed, plan, form)
            return
        values: dict[str, str] = {}
    else:
        if any(one is not None for one in (targets, inspectors, recusals, rule, folder)):
            raise Misuse(
                _("a sealed plan has its tables and its rule already"),
                _("double-random draw --plan {plan} --entropy 'SOURCE=VALUE'").format(
                    plan=shlex.quote(str(plan))
                ),
            )
        sealed = plan_folder.read_plan(plan)
        values = parse_values(texts)
        check_values(sealed, values)
        proven = parse_values(proof or [])
        enter_twice({name: value for name, value in values.items() if name not in proven}, confirm)
    drawn = draw_plan(sealed, values, parse_values(proof or []))
    public, auditor = write_bundles(plan, drawn, pack)
    _show_drawn(drawn, (public, auditor), form)


def _refuse_values(texts: list[str], folder: Path | None) -> None:
    """A value that is known already cannot decide a plan that is made now."""
    if any("=" in text for text in texts):
        raise Misuse(
            _("a plan is sealed before its numbers can be known, and drawn after"),
            _("seal it with the source alone; then: double-random draw --plan {plan} …").format(
                plan=shlex.quote(str(folder or "FOLDER"))
            ),
        )


def _source_rows(sealed: SealedPlan, people: bool) -> list[Any]:
    if not people:
        return [
            {
                "source": source.source,
                "known_from": source.known_from,
                "published": source.published,
                "outcomes": str(source.outcomes),
            }
            for source in sealed.sources
        ]
    return [
        _("{source}, known from {time}, published: {published}").format(
            source=source.source,
            time=localize_times(source.known_from),
            published=source.published,
        )
        if source.known_from
        else source.source
        for source in sealed.sources
    ]


def _show_sealed(sealed: SealedPlan, folder: Path, form: FormatOption) -> None:
    plan, people = sealed.plan, is_for_people(form, None)
    show_answer(
        {
            "draw": plan.draw,
            "title": plan.title,
            "code": plan.code,
            "commitment": plan.commitment,
            "folder": str(folder),
            "rows": {
                file: part.rows
                for file, part in plan.files.items()
                if part.rows is not None and file != "frame.csv"
            },
            "sources": _source_rows(sealed, people),
            "bits": sealed.bits,
            "not_before": plan.not_before,
            "publish_by": plan.publish_by,
            "forced": list(sealed.forced),
        },
        form,
        None,
        _("The sealed plan"),
    )
    _warn_of_forced(sealed)
    print_message(
        _(
            "Have the code written down by somebody outside, before the numbers can be known: {code}"
        ).format(code=plan.code)
    )
    words = [word for source in sealed.sources for word in ("--entropy", f"{source.source}=…")]
    command = format_command("draw", "--plan", str(folder), *words)
    print_message(
        _("From {time} on: {command}").format(
            time=localize_times(sealed.known_from), command=command
        )
    )


def _show_drawn(drawn: DrawnBundle, bundles: tuple[Path, Path], form: FormatOption) -> None:
    plan, people, names = drawn.sealed.plan, is_for_people(form, None), drawn.names
    rows: list[Any] = [
        {"id": id, "name": names[id], "team": list(drawn.teams[id])} for id in drawn.targets
    ]
    loads = drawn.draw.loads.values()
    if people:
        rows = [
            join_label(f"{id} {names[id]}", team) if team else f"{id} {names[id]}"
            for id in drawn.targets[:MOST_SHOWN]
            for team in [join_words(names[person] for person in drawn.teams[id])]
        ]
    show_answer(
        {
            "draw": plan.draw,
            "title": plan.title,
            "code": plan.code,
            "entropy": drawn.entropy.split("\n"),
            "bits": drawn.sealed.bits,
            "seed": drawn.draw.selection.tickets.seed,
            "drawn_rows": len(drawn.targets),
            "reserve_rows": len(drawn.reserves),
            "visits_each": f"{min(loads)}–{max(loads)}" if plan.team.size and loads else "",
            "drawn_list": rows,
            "public_bundle": str(bundles[0]),
            "auditor_bundle": str(bundles[1]),
        },
        form,
        None,
        _("The draw"),
    )
    if people and len(drawn.targets) > MOST_SHOWN:
        print_message(
            _("… and {number} more, in list.csv and teams.csv").format(
                number=len(drawn.targets) - MOST_SHOWN
            )
        )
    _warn_of_forced(drawn.sealed)
    if any(source.is_local for source in drawn.sealed.sources):
        print_message(
            _(
                "warning: local randomness; whoever draws must be trusted, and every check says so first"
            )
        )
    print_message(
        _("for auditors alone, with recusals and the inner number: {path}").format(path=bundles[1])
    )
    check = format_command("verify", str(bundles[0]), "--code", plan.code)
    print_message(_("Check it: {command}").format(command=check))


def _warn_of_forced(sealed: SealedPlan) -> None:
    if sealed.forced:
        print_message(
            _("only one team is possible for: {ids}").format(
                ids=join_words(sealed.forced[:MOST_SHOWN])
            )
        )
