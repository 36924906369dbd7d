"""Commands on probabilities: bits of each entropy source, selection odds of a plan, one institution's draw history."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from double_random.commands.current_home import home_path, open_home
from double_random.commands.days import DAY
from double_random.commands.render.labels import kinds_and_districts
from double_random.commands.render.output import (
    FormatOption,
    OutputOption,
    is_for_people,
    show_answer,
)
from double_random.commands.render.output_target import write_file
from double_random.commands.render.teams import plan_names
from double_random.commands.render.terminal import print_line, print_message
from double_random.commands.times import NotBefore
from double_random.core.translation import _
from double_random.core.vocabulary import STAGE, code_word
from double_random.inspection.planning.wording import format_group

if TYPE_CHECKING:
    from double_random.inspection.draw.draw_history import InstitutionHistory
    from double_random.inspection.planning.selection_odds import PairOdds
    from double_random.inspection.sources.source_catalogue import SourceCatalogue


def show_sources(
    not_before: NotBefore,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show the sources of public randomness, best first."""
    import polars

    from double_random.core.china_time import china_day, to_china_time
    from double_random.inspection.draw.lifecycle import parse_time
    from double_random.inspection.planning.entropy_options import offer_sources

    rows = [
        {
            "source": " + ".join(offer.spellings),
            "bits": offer.bits,
            "drawing": china_day(offer.known_from) if offer.known_from else "",
            "time": f"{to_china_time(offer.known_from):%m-%d %H:%M}" if offer.known_from else "",
            "known_from": offer.known_from,
            "published": offer.published,
            "note": offer.note,
        }
        for offer in offer_sources(parse_time(not_before), _load_catalogue())
    ]
    columns = {
        "source": _("source"),
        "bits": _("bits"),
        "time": _("drawing"),
        "note": _("note"),
    }
    show_answer(polars.DataFrame(rows), form, output, _("Sources of randomness"), columns)
    print_message(
        _(
            "issues and times (Beijing) follow from each source's calendar: compare them with the operator's notice; "
            "where each number is read: --format json"
        )
    )


def _load_catalogue() -> SourceCatalogue:
    """The sources of the home, or the shipped ones where there is no home."""
    from double_random.inspection.sources.source_catalogue import (
        load_catalogue,
        load_home_catalogue,
    )
    from double_random.store.home_folder import MARK, HomeFolder

    path = home_path()
    return load_home_catalogue(HomeFolder(path)) if (path / MARK).exists() else load_catalogue()


def show_odds(
    draw: Annotated[str, typer.Argument(help=_("The draw's name."))],
    trials: Annotated[int, typer.Option("--trials", min=1, help=_("Trial seeds."))] = 1000,
    form: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show each group's selection probability and how often each pair met in the trials."""
    from double_random.inspection.planning.selection_odds import estimate_odds

    home = open_home()
    simulated = estimate_odds(home, draw, trials)
    people = is_for_people(form, output)
    kinds = kinds_and_districts(home)["kind"] if people else {}
    names = plan_names(home, draw)
    show_answer(
        {
            "draw": draw,
            "trials": simulated.trials,
            "groups": [
                {
                    "group": format_group(group.stratum, kinds),
                    "rows": group.rows,
                    "chance": _format_percent(group.chance)
                    if people
                    else _format_fraction(group.chance),
                }
                for group in simulated.groups
            ],
            "forced": [names[target] for target in simulated.forced]
            if people
            else list(simulated.forced),
            "nearly_forced": [
                _format_pair(pair, names if people else {}) for pair in simulated.nearly_forced
            ],
            "pairs": [_format_pair(pair, names if people else {}) for pair in simulated.pairs],
        },
        form,
        output,
        _("Odds"),
    )
    if simulated.forced:
        print_message(
            _("only one team is possible for: {ids}").format(
                ids="、".join(names[target] for target in simulated.forced)
            )
        )
    if simulated.nearly_forced:
        print_message(
            _("nearly always the same inspector goes to: {ids}").format(
                ids="、".join(
                    names[target]
                    for target in sorted({pair.target for pair in simulated.nearly_forced})
                )
            )
        )


def _format_pair(pair: PairOdds, names: dict[str, str]) -> str:
    """A pair and how often it met; with names, in words for people."""
    if not names:
        return f"{pair.target} {pair.inspector} {pair.together}/{pair.drawn}"
    often = _("{together} of {drawn} times").format(together=pair.together, drawn=pair.drawn)
    return f"{names[pair.target]} {names[pair.inspector]} {often}"


def show_draw_history(
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
    from double_random.inspection.draw.draw_history import compute_draw_history

    home = open_home()
    history = compute_draw_history(home, institution, years, as_of.date() if as_of else None)
    if letter:
        _print_or_write(
            write_history_letter(history, years, home.settings["authority"]["name"]), output
        )
        return
    history_data = _history_data(history)
    if is_for_people(form, output):
        history_data = _history_in_words(history, kinds_and_districts(home)["kind"])
    show_answer(history_data, form, output, f"{history.id} {history.name}")
    print_message(summarize_history(history))


def _history_data(history: InstitutionHistory) -> dict[str, Any]:
    return {
        "id": history.id,
        "name": history.name,
        "drawn": history.hits,
        "joint_chance": _format_fraction(history.joint),
        "expected_so_lucky": _format_fraction(history.expected),
        "institutions": history.others,
        "waiting": list(history.waiting),
        "draws": [
            {
                "draw": turn.draw,
                "day": turn.day,
                "stage": str(turn.stage),
                "group": turn.stratum,
                "chance": _format_fraction(turn.chance),
                "place": f"{turn.place}/{turn.rows}",
                "ticket": turn.ticket,
                "cutoff": turn.cutoff,
                "drawn": turn.drawn,
                "left_out": turn.left_out,
            }
            for turn in history.turns
        ],
    }


def _history_in_words(history: InstitutionHistory, kinds: dict[str, str]) -> dict[str, Any]:
    """The history for people: probabilities in percent, groups and stages in words."""
    history_data: dict[str, Any] = {
        "id": history.id,
        "name": history.name,
        "times_drawn": history.hits,
        "joint_chance": _format_percent(history.joint),
        "expected_so_lucky": round(history.expected),
        "institutions": history.others,
        "waiting": list(history.waiting),
    }
    history_data["draws"] = [
        {
            "draw": turn.draw,
            "day": turn.day,
            "stage": code_word(STAGE, turn.stage),
            "group": format_group(turn.stratum, kinds),
            "chance": _format_percent(turn.chance),
            "place": f"{turn.place}/{turn.rows}",
            "ticket": turn.ticket,
            "cutoff": turn.cutoff,
            "chosen": turn.drawn,
            "left_out": _(turn.left_out) if turn.left_out else "",
        }
        for turn in history.turns
    ]
    return history_data


def summarize_history(history: InstitutionHistory) -> str:
    """One sentence: how often drawn, how likely, and how many others are expected to be drawn as often."""
    return _(
        "drawn {hits} times of {draws}; the chance of at least so many is {joint}, so among {others} "
        "institutions about {expected} are expected to be drawn so often"
    ).format(
        hits=history.hits,
        draws=sum(not turn.left_out for turn in history.turns),
        joint=_format_percent(history.joint),
        others=history.others,
        expected=round(history.expected),
    )


def write_history_letter(history: InstitutionHistory, years: int, authority: str) -> str:
    """The letter (告知函): one paragraph per draw, the summary, and how to check it by hand."""
    parts = [
        _("To {name}").format(name=history.name),
        _("This is how you fared in the random inspections of the last {years} years.").format(
            years=years
        ),
    ]
    for turn in history.turns:
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
                    chance=_format_percent(turn.chance),
                    ticket=turn.ticket,
                    place=turn.place,
                    cutoff=turn.cutoff or "—",
                    verdict=_("So you were drawn.") if turn.drawn else _("So you were not drawn."),
                )
            )
    parts.append(_("Taken together: {summary}.").format(summary=summarize_history(history)))
    parts.append(_("Being drawn does not mean that anything is wrong with an institution."))
    parts.append(
        _(
            "You can check each ticket yourself; ask for: "
            "double-random inspection proof {id} --draw DRAW"
        ).format(id=history.id)
    )
    parts.append(authority)
    return "\n\n".join(parts) + "\n"


def _print_or_write(text: str, output: Path | None) -> None:
    if output is None:
        print_line(text.rstrip("\n"))
    else:
        write_file(output, text.encode())


def _format_fraction(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def _format_percent(value: Fraction) -> str:
    """A probability in percent, rounded to a hundredth with integer arithmetic."""
    hundredths = round(value * 10_000)
    return f"{hundredths // 100}.{hundredths % 100:02d} %"
