"""`inspection new`: leads a supervisor through plan, commit and draw by questions; it needs no flag and no manual.

It does nothing that a command cannot do, and prints these commands. After an interruption the same call continues.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import typer

from double_random.commands.current_home import format_command, open_home
from double_random.commands.next_steps import print_next_command
from double_random.commands.number_entry import read_back, second_question
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import default_to_people
from double_random.commands.render.teams import show_teams
from double_random.commands.render.terminal import make_console, print_message
from double_random.core.china_time import format_china_time, to_china_time
from double_random.core.clock import china_today
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import C_, _, append_note, join_words
from double_random.inspection.planning.wording import format_group
from double_random.intake.entered_days import explain_no_day, read_day, read_time

if TYPE_CHECKING:
    from double_random.inspection.casework.preview import PlanPreview
    from double_random.inspection.draw.draw_state import DrawState
    from double_random.inspection.planning.plan_fields import DrawRequest
    from double_random.store.home import Home

Answer = TypeVar("Answer")
SOON = 8  # seconds between the commit and balls drawn on the spot
SOURCES = ("快乐8", "双色球", "balls", "local")

AGAIN = "double-random inspection new"


def run_wizard() -> None:
    """Ask the questions, show the plan, then seal it and draw."""
    if not sys.stdin.isatty():
        raise Misuse(
            _("`inspection new` asks questions and needs a terminal"),
            _("use plan, commit, entropy and draw instead"),
        )
    home = open_home()
    for state in _waiting_draws(home):
        if _ask_yes_no(
            _("{draw} waits for its numbers. Go on with it?").format(draw=state.draw), True
        ):
            _log_and_draw(home, state.draw)
            return
    wish = _ask_wish(home)
    _seal_plan(home, wish)


def _ask_wish(home: Home) -> DrawRequest:
    from double_random.inspection.casework.preview import preview_plan
    from double_random.inspection.planning.items import load_items
    from double_random.inspection.planning.plan_fields import DrawRequest
    from double_random.inspection.protocol.plan import TeamRule
    from double_random.registry.institutions.queries import latest_data_day

    listed = load_items(home)
    print_message(_("1/5 What is checked?"))
    for number, item in enumerate(listed, start=1):
        print_message(
            f"  {number}  {item.title}" + ("" if item.confirmed else _(" (not confirmed)"))
        )
    chosen = listed[_ask_number(_("Number of the item"), 1, len(listed), 1) - 1]
    with home.releases.read() as release:
        newest = latest_data_day(release)
    as_of = _ask_until_valid(_("The registers' day"), _parse_day, newest.isoformat())
    name = _ask_until_valid(
        _("Name of the draw (letters, digits, -)"), _name_reader(home), _free_name(home, as_of)
    )
    districts = _ask_until_valid(_("Districts, six digits each (empty: all)"), _parse_districts, "")
    print_message(_("2/5 Who goes?"))
    units = _ask_until_valid(_("Units of the inspectors (empty: all)"), _split_words, "")
    size = _ask_number(_("Inspectors a team"), 1, 9, 2)
    groups = _ask_number(_("Fixed groups (0: each team by lot)"), 0, 99, 0)
    team = TeamRule(size, min(1, size), groups or None, False, False)
    print_message(_("3/5 Where do the numbers come from?"))
    for number, source_text in enumerate(
        (
            _("快乐8, a public lottery (recommended)"),
            _("双色球, a public lottery"),
            _("balls, drawn on the spot before witnesses"),
            _("this computer (whoever draws must be trusted; not recommended)"),
        ),
        start=1,
    ):
        print_message(f"  {number}  {source_text}")
    known_from = _ask_sources()
    moment = _find_not_before(known_from)
    drawn = max(
        (to_china_time(time) for time in known_from.values() if time), default=to_china_time(moment)
    )
    last = _ask_until_valid(
        _("Last day for publishing the list"),
        _parse_day,
        (drawn.date() + timedelta(days=14)).isoformat(),
    )
    wish = DrawRequest(
        draw=name,
        items=(chosen.id,),
        as_of=as_of,
        sources=tuple(known_from),
        known_from={source: time for source, time in known_from.items() if time},
        not_before=moment,
        publish_by=last,
        team=team,
        districts=districts,
        units=units,
    )
    print_message(_("4/5 This is what would be drawn:"))
    plan_preview = preview_plan(home, wish)
    _show_preview(plan_preview)
    if not plan_preview.possible:
        print_message(_("nothing was written: so it cannot be planned"))
        raise typer.Exit(1)
    if plan_preview.unbound:
        print_message(_("these recusals (回避) name nobody known, so they would bind nobody"))
        for recusal in plan_preview.unbound:
            print_message("  " + recusal)
        if not _ask_yes_no(_("Go on although they have no effect?"), False):
            print_message(_("nothing was written"))
            print_message(_("correct their rows, sync again, and type the same once more"))
            raise typer.Exit(1)
        wish = replace(wish, accept_unbound=True)
    if not _ask_yes_no(_("Seal this plan? Nothing of it can be changed afterwards"), False):
        print_message(_("nothing was written"))
        raise typer.Exit(0)
    return wish


def _ask_sources() -> dict[str, str]:
    """Ask for one or more sources; returns the time of each, "" for what is made on the spot."""
    asked = dict([_ask_source()])
    while "local" not in asked and _ask_yes_no(_("One more source beside it?"), False):
        source, time = _ask_source()
        if source == "local" or source in asked:
            print_message("  " + _("that one adds nothing"))
        else:
            asked[source] = time
    return asked


def _find_not_before(known_from: Mapping[str, str]) -> str:
    """An hour before the first number of a lottery can be known; without a lottery the commit sets the time."""
    from double_random.inspection.sources.known_sources import LEAST_LEAD
    from double_random.inspection.sources.source_catalogue import shift_time

    times = [time for time in known_from.values() if time]
    return shift_time(min(times), -LEAST_LEAD) if times else _seconds_from_now(SOON)


def _ask_source() -> tuple[str, str]:
    """Ask for a source and the time at which its number is drawn; "" for what is made on the spot."""
    kind = SOURCES[_ask_number(_("Number of the source"), 1, len(SOURCES), 1) - 1]
    if kind == "local":
        return "local", ""
    if kind == "balls":
        place = _ask_until_valid(_("Name of the place or machine"), _parse_place, "摇号机")
        return f"ceremony:balls:{place}", ""
    issue = _ask_until_valid(
        _("Issue number of {name}, as its notices print it").format(name=kind),
        partial(_parse_issue, kind),
        None,
    )
    drawn = _ask_until_valid(
        _("Its drawing, Beijing time, as 2026-11-25 21:30"),
        _parse_time,
        None,
    )
    return f"lottery:{kind}:{issue}", f"{drawn:%Y-%m-%dT%H:%M:%SZ}"


def _parse_issue(name: str, text: str) -> str:
    """An issue of a lottery; Misuse if its number has another form."""
    from double_random.inspection.sources.source_catalogue import load_home_catalogue

    load_home_catalogue(open_home()).find("lottery", name).find_issue(text)
    return text


def _seal_plan(home: Home, wish: DrawRequest) -> None:
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.planning.plan_builder import freeze_plan

    if not wish.known_from:
        wish = replace(wish, not_before=_seconds_from_now(SOON))
    freeze_plan(home, wish)
    act = lifecycle.commit_plan(home, wish.draw, lifecycle.current_time())
    print_message(_("5/5 Sealed. Write this code down, have it signed by whoever watches:"))
    print_message()
    print_message(f"    {act.code}")
    print_message()
    team = wish.team
    _print_command(
        *("plan", *wish.items, "--as-of", wish.as_of.isoformat(), "--draw", wish.draw),
        *(word for source in wish.sources for word in ("--source", source)),
        *(
            word
            for source, time in wish.known_from.items()
            for word in ("--known-from", f"{source}={format_china_time(time)}")
        ),
        *(word for district in wish.districts for word in ("--district", district)),
        *(word for unit in wish.units for word in ("--unit", unit)),
        *("--not-before", format_china_time(wish.not_before)),
        *("--publish-by", wish.publish_by.isoformat(), "--team-size", str(team.size)),
        *(("--groups", str(team.groups)) if team.groups else ()),
        *(("--accept-unbound",) if wish.accept_unbound else ()),
    )
    _print_command("commit", wish.draw)
    _log_and_draw(home, wish.draw)


def _log_and_draw(home: Home, draw: str) -> None:
    """Log the published numbers, then draw; if they are not out yet, say when to continue."""
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.draw.draw_folder import DrawFolder
    from double_random.inspection.draw.versions import read_value

    folder = DrawFolder.find(home, draw)
    plan = folder.read_plan()
    # what is made on the spot first: it is logged before any other value can be known
    for source in sorted(folder.read_sources(), key=lambda offered: not offered.needs_witness):
        if not source.is_public or source.text in _logged_values(home, draw):
            continue
        if not _wait_until(source.earliest_time(plan.not_before)):
            return
        print_message(
            _("Numbers of {source}, as published: 01.02.03 … or the digits one by one").format(
                source=source.text
            )
        )
        value = _ask_until_valid(_("Numbers"), partial(read_value, source), None)
        second = partial(_ask_until_valid, second_question(source.text))
        while value != second(partial(read_value, source), None):
            print_message("  " + _("the two entries differ; once more, from the notice"))
            value = _ask_until_valid(_("Numbers"), partial(read_value, source), None)
        print_message(read_back(source.text, value))
        lifecycle.log_entropy(home, draw, f"{source.text}={value}", lifecycle.current_time())
        _print_command("entropy", draw, f"{source.text}={value}")
    if not _wait_until(plan.not_before):
        return
    if not _ask_yes_no(_("Draw now? It is done once and never repeated"), True):
        return
    lifecycle.run_draw(home, draw, lifecycle.current_time())
    _print_command("draw", draw)
    show_teams(draw, default_to_people(None), None)
    print_message(
        _(
            "Internal until published. The forms: double-random inspection forms {draw} --as-of {day}"
        ).format(draw=draw, day=f"{china_today()}")
    )
    print_next_command("inspection", "publish", draw)


def _wait_until(moment: str) -> bool:
    """Wait for a time that is near; False, with what to type later, for another one."""
    seconds_left = _seconds_until(moment)
    if seconds_left > 60:
        print_message(
            _("The numbers come from {time} (Beijing) on. When they are out, type again:").format(
                time=f"{to_china_time(moment):%Y-%m-%d %H:%M}"
            )
        )
        print_message(f"    {AGAIN}")
        return False
    if seconds_left > 0:
        print_message(_("wait {seconds} seconds …").format(seconds=seconds_left))
        time.sleep(seconds_left)
    return True


def _show_preview(plan_preview: PlanPreview) -> None:
    from rich.table import Table

    kinds = kinds_and_districts(open_home())["kind"]
    table = Table(show_header=True)
    for heading in (_("group"), _("institutions"), _(C_("plan", "drawn"))):
        table.add_column(heading)
    for group in plan_preview.groups:
        number = str(group.least) if group.least == group.most else f"{group.least}–{group.most}"
        table.add_row(format_group(group.stratum, kinds), str(group.population), number)
    make_console(stderr=True).print(table)
    print_message(
        _(
            "{pool} of {all} institutions can be drawn; {inspectors} inspectors, at most {load} visits each"
        ).format(
            pool=plan_preview.in_pool,
            all=plan_preview.population,
            inspectors=plan_preview.inspectors,
            load=plan_preview.load[1],
        )
    )
    for reason, count in plan_preview.left_out.items():
        print_message(_("  left out: {reason}: {count}").format(reason=_(reason), count=count))
    for reason, count in plan_preview.inspectors_left_out.items():
        print_message(
            _("  inspectors left out: {reason}: {count}").format(reason=_(reason), count=count)
        )
    for why, count in plan_preview.recusals.items():
        print_message(_("  kept apart: {reason}: {count} pairs").format(reason=_(why), count=count))
    for warning in (*plan_preview.tight, *plan_preview.blind):
        print_message(f"  ! {warning}")
    for name, change in plan_preview.changed:
        print_message("  ~ " + _("{name}: {what}").format(name=name, what=change))
    for name, draws in plan_preview.together.items():
        print_message(
            _("  {name} waits for a visit of {draws}: one visit for both").format(
                name=name, draws=join_words(draws)
            )
        )


def _ask_until_valid(question: str, read: Callable[[str], Answer], default: str | None) -> Answer:
    """Ask until the answer is valid; print what was wrong."""
    while True:
        try:
            return read(typer.prompt(question, default=default, err=True).strip())
        except DoubleRandomError as error:
            print_message(
                "  " + (append_note(error.message, error.hint) if error.hint else error.message)
            )
        except ValueError:
            print_message("  " + _("that cannot be read; once more"))


def _ask_number(question: str, least: int, most: int, default: int) -> int:
    def read_number(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) <= most):
            raise Misuse(_("a number from {least} to {most}").format(least=least, most=most))
        return int(text)

    return _ask_until_valid(question, read_number, str(default))


def _ask_yes_no(question: str, default: bool) -> bool:
    words = {"y": True, "yes": True, "是": True, "n": False, "no": False, "否": False}

    def read_yes_no(text: str) -> bool:
        if text.lower() not in words:
            raise Misuse(_("y or n"))
        return words[text.lower()]

    return _ask_until_valid(f"{question} (y/n)", read_yes_no, "y" if default else "n")


def _name_reader(home: Home) -> Callable[[str], str]:
    from double_random.inspection.protocol.text import is_short_id

    def read_name(text: str) -> str:
        if not is_short_id(text) or (home.draws / text).exists():
            raise Misuse(_("letters, digits and - alone, and not in use yet"))
        return text

    return read_name


def _parse_day(text: str) -> date:
    """A day in any notation accepted in drops."""
    day = read_day(text)
    if day is None:
        raise Misuse(explain_no_day(text))
    return day


def _parse_time(text: str) -> datetime:
    """A time in UTC, typed as Beijing time."""
    time_read = read_time(text)
    if time_read is None:
        raise Misuse(_("no such time: {at}").format(at=text), _("as 2026-11-25 21:30"))
    return time_read


def _split_words(text: str) -> tuple[str, ...]:
    """Split words separated by blanks or commas."""
    return tuple(text.replace("，", " ").replace("、", " ").replace(",", " ").split())


def _parse_districts(text: str) -> tuple[str, ...]:
    codes = _split_words(text)
    if not all(len(code) == 6 and code.isascii() and code.isdecimal() for code in codes):
        raise Misuse(_("six digits each, as 310101"))
    return codes


def _parse_place(text: str) -> str:
    if not text or ":" in text or "=" in text:
        raise ValueError(text)
    return text


def _free_name(home: Home, day: date) -> str:
    """The next free name, as 2026-3."""
    number = 1
    while (home.draws / f"{day.year}-{number}").exists():
        number += 1
    return f"{day.year}-{number}"


def _waiting_draws(home: Home) -> list[DrawState]:
    from double_random.inspection.draw.draw_state import DrawStage, replay_states

    return [
        state
        for state in replay_states(home.log.entries()).values()
        if state.stage is DrawStage.committed
    ]


def _logged_values(home: Home, draw: str) -> dict[str, str]:
    from double_random.inspection.draw.draw_state import find_state

    return find_state(home.log.entries(), draw).entropy


def _print_command(*words: str) -> None:
    print_message("  $ " + format_command("inspection", *words))


def _seconds_from_now(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds_until(moment: str) -> int:
    target_time = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return max(0, int((target_time - datetime.now(UTC)).total_seconds()) + 1)
