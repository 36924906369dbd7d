"""`inspection new`: leads a supervisor through plan, commit and draw by questions; it needs no flag and no manual.

It does nothing that a command cannot do, and prints these commands. After an interruption the same call continues.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import typer

from double_random.commands.current_home import command, open_home
from double_random.commands.draw import read_back
from double_random.commands.next_steps import say_next
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import Format
from double_random.commands.render.teams import show_teams
from double_random.commands.render.terminal import console, say
from double_random.core.china_time import there, typed
from double_random.core.clock import today
from double_random.core.errors import DoubleRandomError, Misuse
from double_random.core.translation import C_, _, listed, noted
from double_random.inspection.planning.wording import group_named
from double_random.intake.entered_days import no_day, read_day, read_time

if TYPE_CHECKING:
    from double_random.inspection.casework.preview import Preview
    from double_random.inspection.draw.draw_state import State
    from double_random.inspection.planning.plan_builder import Wish
    from double_random.inspection.protocol.sources import Source
    from double_random.store.home import Home

Answer = TypeVar("Answer")
SOON = 8  # seconds between the commit and balls drawn on the spot
SOURCES = ("快乐8", "双色球", "balls", "local")

AGAIN = "double-random inspection new"


def new() -> None:
    """Ask the questions, show the plan, then seal it and draw."""
    if not sys.stdin.isatty():
        raise Misuse(
            _("`inspection new` asks questions and needs a terminal"),
            _("use plan, commit, entropy and draw instead"),
        )
    home = open_home()
    for state in _waiting(home):
        if _yes(_("{draw} waits for its numbers. Go on with it?").format(draw=state.draw), True):
            _numbers(home, state.draw)
            return
    wish = _ask_wish(home)
    _do(home, wish)


def _ask_wish(home: Home) -> Wish:
    from double_random.inspection.casework.preview import preview
    from double_random.inspection.planning.items import items
    from double_random.inspection.planning.plan_builder import Wish
    from double_random.inspection.protocol.plan import Team
    from double_random.registry.institutions.queries import last_day

    listed = items(home)
    say(_("1/5 What is checked?"))
    for place, one in enumerate(listed, start=1):
        say(f"  {place}  {one.title}" + ("" if one.confirmed else _(" (not confirmed)")))
    chosen = listed[_number(_("Number of the item"), 1, len(listed), 1) - 1]
    with home.releases.read() as release:
        newest = last_day(release)
    as_of = _ask(_("The registers' day"), _day, newest.isoformat())
    name = _ask(_("Name of the draw (letters, digits, -)"), _name(home), _free(home, as_of))
    districts = _ask(_("Districts, six digits each (empty: all)"), _districts, "")
    say(_("2/5 Who goes?"))
    units = _ask(_("Units of the inspectors (empty: all)"), _several, "")
    size = _number(_("Inspectors a team"), 1, 9, 2)
    groups = _number(_("Fixed groups (0: each team by lot)"), 0, 99, 0)
    team = Team(size, min(1, size), groups or None, False, False)
    say(_("3/5 Where do the numbers come from?"))
    for place, told in enumerate(
        (
            _("快乐8, a public lottery (recommended)"),
            _("双色球, a public lottery"),
            _("balls, drawn on the spot before witnesses"),
            _("this computer (whoever draws must be trusted; not recommended)"),
        ),
        start=1,
    ):
        say(f"  {place}  {told}")
    named, moment = _ask_sources()
    last = _ask(
        _("Last day for publishing the list"),
        _day,
        (there(moment).date() + timedelta(days=14)).isoformat(),
    )
    wish = Wish(
        draw=name,
        items=(chosen.id,),
        as_of=as_of,
        sources=named,
        not_before=moment,
        publish_by=last,
        team=team,
        districts=districts,
        units=units,
    )
    say(_("4/5 This is what would be drawn:"))
    found = preview(home, wish)
    _show(found)
    if not found.possible:
        say(_("nothing was written: so it cannot be planned"))
        raise typer.Exit(1)
    if found.unbound:
        say(_("these recusals (回避) name nobody known, so they would bind nobody"))
        for recusal in found.unbound:
            say("  " + recusal)
        if not _yes(_("Go on although they have no effect?"), False):
            say(_("nothing was written"))
            say(_("correct their rows, sync again, and type the same once more"))
            raise typer.Exit(1)
        wish = replace(wish, accept_unbound=True)
    if not _yes(_("Seal this plan? Nothing of it can be changed afterwards"), False):
        say(_("nothing was written"))
        raise typer.Exit(0)
    return wish


def _ask_sources() -> tuple[tuple[str, ...], str]:
    """Ask for one or more sources; returns them with the latest of their earliest times."""
    found = [_ask_source()]
    while found[0][0] != "local" and _yes(_("One more source beside it?"), False):
        further = _ask_source()
        if further[0] == "local" or further[0] in (source for source, _moment in found):
            say("  " + _("that one adds nothing"))
        else:
            found.append(further)
    return tuple(source for source, _moment in found), max(moment for _source, moment in found)


def _ask_source() -> tuple[str, str]:
    """Ask for a source and its earliest time; for numbers drawn on the spot that is set at the commit."""
    from double_random.inspection.protocol.sources import read_all

    kind = SOURCES[_number(_("Number of the source"), 1, len(SOURCES), 1) - 1]
    if kind == "local":
        return "local", _in(0)
    if kind == "balls":
        place = _ask(_("Name of the place or machine"), _plain, "摇号机")
        count = _number(_("How many balls, each 0–9"), 6, 60, 7)
        return f"balls:{place}:{count}", _in(0)
    issue = _ask(
        _("Issue number of {name}, as its notices print it").format(name=kind),
        lambda text: read_all((f"lottery:{kind}:{text}",))[0].text,
        None,
    )
    drawn = _ask(
        _("Its drawing, Beijing time, as 2026-11-25 21:30"),
        _time,
        None,
    )
    return issue, f"{drawn:%Y-%m-%dT%H:%M:%SZ}"


def _do(home: Home, wish: Wish) -> None:
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.planning.plan_builder import plan

    if all(source == "local" or source.startswith("balls:") for source in wish.sources):
        wish = replace(wish, not_before=_in(SOON))
    plan(home, wish)
    done = lifecycle.commit(home, wish.draw, lifecycle.now())
    say(_("5/5 Sealed. Write this code down, have it signed by whoever watches:"))
    say()
    say(f"    {done.code}")
    say()
    team = wish.team
    _command(
        *("plan", *wish.items, "--as-of", wish.as_of.isoformat(), "--draw", wish.draw),
        *(word for source in wish.sources for word in ("--source", source)),
        *(word for district in wish.districts for word in ("--district", district)),
        *(word for unit in wish.units for word in ("--unit", unit)),
        *("--not-before", typed(wish.not_before)),
        *("--publish-by", wish.publish_by.isoformat(), "--team-size", str(team.size)),
        *(("--groups", str(team.groups)) if team.groups else ()),
        *(("--accept-unbound",) if wish.accept_unbound else ()),
    )
    _command("commit", wish.draw)
    _numbers(home, wish.draw)


def _numbers(home: Home, draw: str) -> None:
    """Log the published numbers, then draw; if they are not out yet, say when to continue."""
    from double_random.inspection.draw import lifecycle
    from double_random.inspection.draw.draw_folder import Folder

    plan = Folder.of(home, draw).plan()
    left = _seconds_to(plan.not_before)
    if left > 60:
        say(
            _("The numbers come from {time} (Beijing) on. When they are out, type again:").format(
                time=f"{there(plan.not_before):%Y-%m-%d %H:%M}"
            )
        )
        say(f"    {AGAIN}")
        return
    if left > 0:
        say(_("wait {seconds} seconds …").format(seconds=left))
        time.sleep(left)
    # balls first: they are logged before any other value is known
    for source in sorted(plan.sources, key=lambda one: not one.witnessed):
        if source.kind == "local" or source.text in _known(home, draw):
            continue
        say(
            _("Numbers of {source}, as published: 01.02.03 … or the digits one by one").format(
                source=source.text
            )
        )
        value = _ask(_("Numbers"), partial(_checked, source), None)
        while not _yes(read_back(source.text, value), True):
            value = _ask(_("Numbers"), partial(_checked, source), None)
        lifecycle.entropy(home, draw, f"{source.text}={value}", lifecycle.now())
        _command("entropy", draw, f"{source.text}={value}")
    if not _yes(_("Draw now? It is done once and never repeated"), True):
        return
    lifecycle.draw(home, draw, lifecycle.now())
    _command("draw", draw)
    show_teams(draw, Format.table, None)
    say(
        _(
            "Internal until published. The forms: double-random inspection forms {draw} --as-of {day}"
        ).format(draw=draw, day=f"{today()}")
    )
    say_next("inspection", "publish", draw)


def _show(found: Preview) -> None:
    from rich.table import Table

    kinds = kinds_and_districts(open_home())["kind"]
    table = Table(show_header=True)
    for heading in (_("group"), _("institutions"), _(C_("plan", "drawn"))):
        table.add_column(heading)
    for one in found.groups:
        number = str(one.least) if one.least == one.most else f"{one.least}–{one.most}"
        table.add_row(group_named(one.stratum, kinds), str(one.population), number)
    console(stderr=True).print(table)
    say(
        _(
            "{pool} of {all} institutions can be drawn; {inspectors} inspectors, at most {load} visits each"
        ).format(
            pool=found.in_pool,
            all=found.population,
            inspectors=found.inspectors,
            load=found.load[1],
        )
    )
    for reason, count in found.left_out.items():
        say(_("  left out: {reason}: {count}").format(reason=_(reason), count=count))
    for reason, count in found.inspectors_left_out.items():
        say(_("  inspectors left out: {reason}: {count}").format(reason=_(reason), count=count))
    for why, count in found.recusals.items():
        say(_("  kept apart: {reason}: {count} pairs").format(reason=_(why), count=count))
    for told in (*found.tight, *found.blind):
        say(f"  ! {told}")
    for name, what in found.changed:
        say("  ~ " + _("{name}: {what}").format(name=name, what=what))
    for name, draws in found.together.items():
        say(
            _("  {name} waits for a visit of {draws}: one visit for both").format(
                name=name, draws=listed(draws)
            )
        )


def _ask(question: str, read: Callable[[str], Answer], default: str | None) -> Answer:
    """Ask until the answer is valid; print what was wrong."""
    while True:
        try:
            return read(typer.prompt(question, default=default, err=True).strip())
        except DoubleRandomError as error:
            say("  " + (noted(error.message, error.hint) if error.hint else error.message))
        except ValueError:
            say("  " + _("that cannot be read; once more"))


def _number(question: str, least: int, most: int, default: int) -> int:
    def read(text: str) -> int:
        if not (text.isdecimal() and least <= int(text) <= most):
            raise Misuse(_("a number from {least} to {most}").format(least=least, most=most))
        return int(text)

    return _ask(question, read, str(default))


def _yes(question: str, default: bool) -> bool:
    words = {"y": True, "yes": True, "是": True, "n": False, "no": False, "否": False}

    def read(text: str) -> bool:
        if text.lower() not in words:
            raise Misuse(_("y or n"))
        return words[text.lower()]

    return _ask(f"{question} (y/n)", read, "y" if default else "n")


def _name(home: Home) -> Callable[[str], str]:
    from double_random.inspection.protocol.text import is_short_id

    def read(text: str) -> str:
        if not is_short_id(text) or (home.draws / text).exists():
            raise Misuse(_("letters, digits and - alone, and not in use yet"))
        return text

    return read


def _day(text: str) -> date:
    """A day in any notation accepted in drops."""
    found = read_day(text)
    if found is None:
        raise Misuse(no_day(text))
    return found


def _time(text: str) -> datetime:
    """A time in UTC, typed as Beijing time."""
    found = read_time(text)
    if found is None:
        raise Misuse(_("no such time: {at}").format(at=text), _("as 2026-11-25 21:30"))
    return found


def _several(text: str) -> tuple[str, ...]:
    """Split words separated by blanks or commas."""
    return tuple(text.replace("，", " ").replace("、", " ").replace(",", " ").split())


def _districts(text: str) -> tuple[str, ...]:
    found = _several(text)
    if not all(len(one) == 6 and one.isascii() and one.isdecimal() for one in found):
        raise Misuse(_("six digits each, as 310101"))
    return found


def _plain(text: str) -> str:
    if not text or ":" in text or "=" in text:
        raise ValueError(text)
    return text


def _free(home: Home, day: date) -> str:
    """The next free name, as 2026-3."""
    number = 1
    while (home.draws / f"{day.year}-{number}").exists():
        number += 1
    return f"{day.year}-{number}"


def _checked(source: Source, text: str) -> str:
    """A value in its canonical spelling; blanks and commas between numbers are accepted."""
    value = ".".join(text.replace(",", " ").replace("，", " ").split())
    if source.kind in ("balls", "dice"):
        value = value.replace(".", "")
    source.check(value)
    return value


def _waiting(home: Home) -> list[State]:
    from double_random.inspection.draw.draw_state import Stage, states

    return [one for one in states(home.log.entries()).values() if one.stage is Stage.committed]


def _known(home: Home, draw: str) -> dict[str, str]:
    from double_random.inspection.draw.draw_state import of

    return of(home.log.entries(), draw).entropy


def _command(*words: str) -> None:
    say("  $ " + command("inspection", *words))


def _in(seconds: int) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds_to(moment: str) -> int:
    then = datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    return max(0, int((then - datetime.now(UTC)).total_seconds()) + 1)
