"""`inspection plan`: the supervisor's request and the frozen plan."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from double_random.commands import engines
from double_random.commands.current_home import open_home
from double_random.commands.days import DAY
from double_random.commands.draw_options import UnboundOption
from double_random.commands.engines import EngineOption, RemoteOption, TablesOption
from double_random.commands.next_steps import print_next_command
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.teams import plan_names
from double_random.commands.render.terminal import print_message
from double_random.commands.times import NotBefore, parse_utc
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.planning.wording import format_stratum

NEWEST = 2  # version of the draw protocol


def make_plan(
    items: Annotated[
        list[str], typer.Argument(help=_("Items of the list; several share one draw."))
    ],
    as_of: Annotated[datetime, typer.Option("--as-of", **DAY, help=_("The registers' day."))],
    draw: Annotated[str, typer.Option("--draw", help=_("The draw's name: 0-9 A-Z a-z _ -"))],
    source: Annotated[
        list[str],
        typer.Option(
            "--source",
            help=_("Where the randomness comes from, as lottery:快乐8:2026300; may be repeated."),
        ),
    ],
    not_before: NotBefore,
    publish_by: Annotated[
        datetime, typer.Option("--publish-by", **DAY, help=_("The last day for publication."))
    ],
    team_size: Annotated[int, typer.Option("--team-size", help=_("Inspectors a team."))] = 2,
    leads: Annotated[int, typer.Option("--leads", help=_("Leads among them, at least."))] = 1,
    groups: Annotated[
        int | None, typer.Option("--groups", help=_("Fixed groups: so many, dealt by lot."))
    ] = None,
    match_kind: Annotated[
        bool, typer.Option("--match-kind", help=_("Only inspectors of the institution's kind."))
    ] = False,
    other_district: Annotated[
        bool, typer.Option("--other-district", help=_("Only inspectors of another district."))
    ] = False,
    number: Annotated[str, typer.Option("--number", help=_("The filed plan's number."))] = "",
    title: Annotated[str, typer.Option("--title", help=_("A title; else the items'."))] = "",
    district: Annotated[
        list[str] | None,
        typer.Option("--district", help=_("District codes; may be repeated; else all.")),
    ] = None,
    unit: Annotated[
        list[str] | None,
        typer.Option("--unit", help=_("Only inspectors of this unit; may be repeated.")),
    ] = None,
    reserve: Annotated[
        str | None, typer.Option("--reserve", help=_("Share of reserves, as 1/2; else the rule's."))
    ] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", help=_("A void draw that this one replaces."))
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help=_("Why it is replaced."))] = "",
    hash_: Annotated[str, typer.Option("--hash", help=_("sha256, or sm3."))] = "sha256",
    protocol: Annotated[
        int, typer.Option("--protocol", help=_("The draw protocol: 2, or 1 as before."))
    ] = NEWEST,
    known_from: Annotated[
        list[str] | None,
        typer.Option(
            "--known-from",
            help=_("SOURCE=TIME: when the value of a source without calendar can be known."),
        ),
    ] = None,
    accept_unbound: UnboundOption = False,
    engine: EngineOption = None,
    remote: RemoteOption = None,
    tables: TablesOption = None,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Freeze a plan, and show its content."""
    from double_random.inspection.draw import versions
    from double_random.inspection.planning.plan_builder import freeze_plan
    from double_random.inspection.planning.plan_fields import DrawRequest
    from double_random.inspection.protocol.plan import TeamRule

    if protocol not in versions.VERSIONS:
        raise Misuse(_("no such protocol: {number}").format(number=protocol), _("1 or 2"))
    if bool(replaces) != bool(reason):
        raise Misuse(_("--replaces and --reason go together"))
    home = open_home()
    wish = DrawRequest(
        draw=draw,
        items=tuple(items),
        as_of=as_of.date(),
        sources=tuple(source),
        not_before=not_before,
        publish_by=publish_by.date(),
        team=TeamRule(team_size, leads, groups, match_kind, other_district),
        title=title,
        number=number,
        districts=_split_codes(district),
        units=tuple(unit or ()),
        reserve=_parse_share(reserve),
        replaces=(replaces, reason) if replaces else None,
        hash=hash_,
        protocol=protocol,
        known_from=_parse_known_times(known_from),
        accept_unbound=accept_unbound,
    )
    with engines.open_engine(home, engine, remote, tables) as remote_engine:
        planned = freeze_plan(home, wish, remote_engine)
    frozen = planned.plan
    kinds = kinds_and_districts(home)["kind"] if is_for_people(form, output) else {}
    names = plan_names(home, frozen.draw)
    show_answer(
        {
            "draw": frozen.draw,
            "title": frozen.title,
            "commitment": frozen.commitment,
            "code": frozen.code,
            "folder": str(planned.folder),
            "rows": {
                name: part.rows for name, part in frozen.files.items() if part.rows is not None
            },
            "strata": [
                format_stratum(s, kinds)
                if kinds
                else f"{s.stratum}: {s.population} × {s.ratio[0]}/{s.ratio[1]} ≥{s.minimum} {s.rounding}"
                for s in planned.strata
            ],
            "recusals": {_(why) if kinds else why: n for why, n in planned.recusals.items()},
            "bits": planned.bits,
            "forced": [names[target] for target in planned.forced]
            if kinds
            else list(planned.forced),
            "unbound": list(planned.unbound),
        },
        form,
        output,
        _("The plan"),
    )
    if planned.replaced:
        print_message(
            _("the plan of this name that was never sealed is gone: this one has taken its place")
        )
    if planned.forced:
        forced = "、".join(names[target] for target in planned.forced)
        print_message(_("only one team is possible for: {ids}").format(ids=forced))
    for spot in planned.blind:
        print_message(spot)
    if not planned.bits:
        print_message(
            _(
                "warning: local randomness; whoever draws must be trusted, and every check says so first"
            )
        )
    print_next_command("inspection", "commit", frozen.draw)


def _split_codes(codes: list[str] | None) -> tuple[str, ...]:
    return tuple(code for part in codes or () for code in part.replace(",", " ").split())


def _parse_known_times(texts: list[str] | None) -> dict[str, str]:
    """The stated time (UTC) of each source of --known-from."""
    from double_random.inspection.protocol.text import is_time

    stated = {}
    for text in texts or ():
        source, equals, time = text.rpartition("=")
        moment = parse_utc(time) if equals else None
        if moment is None or not is_time(moment):
            raise Misuse(
                _("--known-from is SOURCE=TIME: {given}").format(given=text),
                _("Beijing time as '2026-11-22 16:00', or UTC as 2026-11-22T08:00:00Z"),
            )
        stated[source] = moment
    return stated


def _parse_share(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    numerator, slash, denominator = text.partition("/")
    if (
        slash
        and numerator.isdecimal()
        and denominator.isdecimal()
        and 0 <= int(numerator) <= int(denominator) != 0
    ):
        return int(numerator), int(denominator)
    raise Misuse(_("--reserve must be a share, as 1/2: {given}").format(given=text))
