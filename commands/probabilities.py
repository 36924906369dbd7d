"""Commands on probabilities: bits of each entropy source, selection odds of a plan, one institution's draw history."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.current_home import open_home
from double_random.commands.days import DAY
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    answer,
    for_people,
    write_file,
)
from double_random.commands.render.teams import plan_names
from double_random.commands.render.terminal import say, tell
from double_random.commands.times import NotBefore
from double_random.core.translation import _
from double_random.core.vocabulary import STAGE, word
from double_random.inspection.planning.wording import group_named

if TYPE_CHECKING:
    from double_random.inspection.draw.draw_history import Luck
    from double_random.inspection.planning.selection_odds import Pair


def sources(
    not_before: NotBefore,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the sources of public randomness, best first."""
    import polars

    from double_random.inspection.draw.lifecycle import time_of
    from double_random.inspection.planning.entropy_options import offers

    rows = [
        {
            "source": " + ".join(one.spellings),
            "bits": one.bits,
            "drawing": one.day.isoformat() if one.day else "",
            "note": one.note,
        }
        for one in offers(time_of(not_before))
    ]
    columns = {"source": _("source"), "bits": _("bits"), "drawing": _("drawing"), "note": _("note")}
    answer(polars.DataFrame(rows), form, output, _("Sources of randomness"), columns)
    say(_("NNN is the issue's number in its year: take it from the operator's notice"))


def odds(
    draw: Annotated[str, typer.Argument(help=_("The draw's name."))],
    trials: Annotated[int, typer.Option("--trials", min=1, help=_("Trial seeds."))] = 1000,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show each group's selection probability and how often each pair met in the trials."""
    from double_random.inspection.planning.selection_odds import odds as compute

    home = open_home()
    found = compute(home, draw, trials)
    people = for_people(form, output)
    kinds = kinds_and_districts(home)["kind"] if people else {}
    named = plan_names(home, draw)
    answer(
        {
            "draw": draw,
            "trials": found.trials,
            "groups": [
                {
                    "group": group_named(group.stratum, kinds),
                    "rows": group.rows,
                    "chance": _percent(group.chance) if people else _share(group.chance),
                }
                for group in found.groups
            ],
            "forced": [named[target] for target in found.forced] if people else list(found.forced),
            "nearly_forced": [_pair(pair, named if people else {}) for pair in found.nearly_forced],
            "pairs": [_pair(pair, named if people else {}) for pair in found.pairs],
        },
        form,
        output,
        _("Odds"),
    )
    if found.forced:
        say(
            _("only one team is possible for: {ids}").format(
                ids="、".join(named[target] for target in found.forced)
            )
        )
    if found.nearly_forced:
        say(
            _("nearly always the same inspector goes to: {ids}").format(
                ids="、".join(
                    named[target]
                    for target in sorted({pair.target for pair in found.nearly_forced})
                )
            )
        )


def _pair(pair: Pair, named: dict[str, str]) -> str:
    """A pair and how often it met; with names, in words for people."""
    if not named:
        return f"{pair.target} {pair.inspector} {pair.together}/{pair.drawn}"
    often = _("{together} of {drawn} times").format(together=pair.together, drawn=pair.drawn)
    return f"{named[pair.target]} {named[pair.inspector]} {often}"


def explain(
    institution: Annotated[str, typer.Argument(help=_("The institution's id."))],
    years: Annotated[int, typer.Option("--years", min=1, help=_("How many years back."))] = 3,
    as_of: Annotated[
        datetime | None,
        typer.Option("--as-of", **DAY, help=_("The last day of the span; else the newest draw's.")),
    ] = None,
    letter: Annotated[
        bool, typer.Option("--letter", help=_("As a letter to the institution."))
    ] = False,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show an institution's draws: why it was drawn or not."""
    from double_random.inspection.draw.draw_history import luck

    home = open_home()
    found = luck(home, institution, years, as_of.date() if as_of else None)
    if letter:
        _write(letter_of(found, years, home.settings["authority"]["name"]), output)
        return
    told = _told(found)
    if for_people(form, output):
        told = _in_words(found, kinds_and_districts(home)["kind"])
    answer(told, form, output, f"{found.id} {found.name}")
    say(summary(found))


def _told(found: Luck) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "drawn": found.hits,
        "joint_chance": _share(found.joint),
        "expected_so_lucky": _share(found.expected),
        "institutions": found.others,
        "waiting": list(found.waiting),
        "draws": [
            {
                "draw": turn.draw,
                "day": turn.day,
                "stage": str(turn.stage),
                "group": turn.stratum,
                "chance": _share(turn.chance),
                "place": f"{turn.place}/{turn.rows}",
                "ticket": turn.ticket,
                "cutoff": turn.cutoff,
                "drawn": turn.drawn,
                "left_out": turn.left_out,
            }
            for turn in found.turns
        ],
    }


def _in_words(found: Luck, kinds: dict[str, str]) -> dict[str, Any]:
    """The history for people: probabilities in percent, groups and stages in words."""
    told: dict[str, Any] = {
        "id": found.id,
        "name": found.name,
        "times_drawn": found.hits,
        "joint_chance": _percent(found.joint),
        "expected_so_lucky": round(found.expected),
        "institutions": found.others,
        "waiting": list(found.waiting),
    }
    told["draws"] = [
        {
            "draw": turn.draw,
            "day": turn.day,
            "stage": word(STAGE, turn.stage),
            "group": group_named(turn.stratum, kinds),
            "chance": _percent(turn.chance),
            "place": f"{turn.place}/{turn.rows}",
            "ticket": turn.ticket,
            "cutoff": turn.cutoff,
            "chosen": turn.drawn,
            "left_out": _(turn.left_out) if turn.left_out else "",
        }
        for turn in found.turns
    ]
    return told


def summary(found: Luck) -> str:
    """One sentence: how often drawn, how likely, and how many others are expected to be drawn as often."""
    return _(
        "drawn {hits} times of {draws}; the chance of at least so many is {joint}, so among {others} "
        "institutions about {expected} are expected to be drawn so often"
    ).format(
        hits=found.hits,
        draws=sum(not turn.left_out for turn in found.turns),
        joint=_percent(found.joint),
        others=found.others,
        expected=round(found.expected),
    )


def letter_of(found: Luck, years: int, authority: str) -> str:
    """The letter (告知函): one paragraph per draw, the summary, and how to check it by hand."""
    parts = [
        _("To {name}").format(name=found.name),
        _("This is how you fared in the random inspections of the last {years} years.").format(
            years=years
        ),
    ]
    for turn in found.turns:
        if turn.left_out:
            parts.append(
                _("{title} ({day}): you could not be drawn: {reason}.").format(
                    title=turn.title, day=turn.day, reason=_(turn.left_out)
                )
            )
        elif not turn.rows:
            parts.append(
                _("{title} ({day}): it was made void; nothing was drawn.").format(
                    title=turn.title, day=turn.day
                )
            )
        else:
            parts.append(
                _(
                    "{title} ({day}): each of the {rows} institutions of your group had the same chance, {chance}. "
                    "Your ticket {ticket} took place {place}; the last ticket drawn was {cutoff}. {verdict}"
                ).format(
                    title=turn.title,
                    day=turn.day,
                    rows=turn.rows,
                    chance=_percent(turn.chance),
                    ticket=turn.ticket,
                    place=turn.place,
                    cutoff=turn.cutoff or "—",
                    verdict=_("So you were drawn.") if turn.drawn else _("So you were not drawn."),
                )
            )
    parts.append(_("Taken together: {summary}.").format(summary=summary(found)))
    parts.append(_("Being drawn does not mean that anything is wrong with an institution."))
    parts.append(
        _(
            "You can check each ticket yourself; ask for: "
            "double-random inspection proof {id} --draw DRAW"
        ).format(id=found.id)
    )
    parts.append(authority)
    return "\n\n".join(parts) + "\n"


def _write(text: str, output: Path | None) -> None:
    if output is None:
        tell(text.rstrip("\n"))
    else:
        write_file(output, text.encode())


def _share(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _percent(value: Fraction) -> str:
    """A probability in percent, rounded to a hundredth with integer arithmetic."""
    hundredths = round(value * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
