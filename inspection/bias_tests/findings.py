"""Runs every test on a history (历史抽查体检) and words the findings for supervisors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from double_random.core.translation import N_, _, listed
from double_random.inspection.bias_tests.p_values import Chance, holm
from double_random.inspection.bias_tests.selection_tests import Selection
from double_random.inspection.bias_tests.team_tests import Teams

if TYPE_CHECKING:
    from double_random.inspection.bias_tests.history import History, Numbers

FALSE_ALARMS = Fraction(5, 1000)  # most fair histories with any alarm, as a share

TESTS = {
    "position": N_("place in the list"),
    "gaps": N_("gaps between those drawn"),
    "office": N_("registration office"),
    "never": N_("never drawn"),
    "again": N_("drawn again and again"),
    "twins": N_("two rounds alike"),
    "pairs": N_("pairs of inspectors"),
    "order": N_("order of the teams"),
}
MEANING = {
    "position": N_(
        "A place in the list must not matter. Usual causes: counting off with a step, or a list cut short. "
        "Harmless: groups with ratios of their own, if the history does not name them."
    ),
    "gaps": N_(
        "Who counts off with a fixed step makes one gap over and over; one drawn place then tells the others. "
        "Harmless: a rule that takes every k-th, if the start alone is drawn and everybody knows it."
    ),
    "office": N_(
        "Each office's institutions must come up as often as the others'. Harmless: quotas for offices, if the "
        "history does not name them as groups."
    ),
    "never": N_(
        "Too many were never drawn: part of the list may be out of reach. Harmless: institutions that were left "
        "out by rule but stand in the list; or groups with small ratios that the history does not name."
    ),
    "again": N_(
        "The same institutions come up more often than chance would have it. Harmless: groups with higher ratios "
        "(bad grades, high risk) that the history does not name."
    ),
    "twins": N_(
        "Two rounds drew nearly the same institutions: a generator that starts anew from the same seed, or a list "
        "that was copied. Harmless: one visit for two matters (综合查一次), entered as two rounds."
    ),
    "pairs": N_(
        "The same inspectors are paired too often: who knows one can tell the other. Harmless: fixed groups, or a "
        "rule on who may go with whom (units, trades)."
    ),
    "order": N_(
        "Teams follow one another in a fixed order: one team tells the next ones. Harmless: neighbouring "
        "institutions given to one team on purpose, for one journey."
    ),
}

Verdict = Literal["alarm", "silent", "not tested", "fact"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One test's result. p: how often a fair draw gives this or worse; corrected: for the number of tests."""

    test: str
    verdict: Verdict
    words: str
    meaning: str = ""
    p: Fraction | None = None
    corrected: Fraction | None = None


def lint(history: History) -> list[Finding]:
    """Run every test in order, then list facts that need no statistics; alarms name usual and harmless causes."""
    selection, teams = Selection(history), Teams(history)
    found = {
        name: Finding(test=name, verdict="not tested", words=_missing(name, history))
        for name in TESTS
    }
    for one in [*_drawn(selection), *_teamed(history, teams)]:
        found[one.test] = one
    tested = [one for one in found.values() if one.p is not None]
    corrected = holm([one.p for one in tested if one.p is not None])
    for one, value in zip(tested, corrected, strict=True):
        alarm = value <= FALSE_ALARMS
        found[one.test] = replace(
            one,
            verdict="alarm" if alarm else "silent",
            corrected=value,
            meaning=_(MEANING[one.test]) if alarm else "",
        )
    return [*found.values(), *_facts(history)]


def _drawn(selection: Selection) -> list[Finding]:
    if not selection.telling:
        return []
    said: dict[str, Callable[[Chance], str]] = {
        "position": lambda _chance: _tenth(selection),
        "gaps": _gaps,
        "office": lambda _chance: _office(selection),
        "never": _never,
        "again": lambda chance: _again(selection, chance),
    }
    found = [
        Finding(test=name, verdict="silent", words=said[name](chance), p=chance.p)
        for name, chance in selection.chances().items()
    ]
    twins = selection.twins()
    if twins:
        words = _("rounds {first} and {second} share {count} drawn institutions").format(
            first=twins.first, second=twins.second, count=twins.shared
        )
        found.append(Finding(test="twins", verdict="silent", words=words, p=twins.p))
    elif len(selection.history.rounds) > 1:
        words = _("no two rounds share more drawn institutions than chance would have it")
        found.append(Finding(test="twins", verdict="silent", words=words, p=Fraction(1)))
    return found


def _teamed(history: History, teams: Teams) -> list[Finding]:
    if not teams.telling:
        return []
    chance = teams.pairs()
    words = _(
        "the pairs are as varied as {seen} pairs met equally often would be; chance would give {usual}"
    ).format(
        seen=_decimal(_variety(Fraction(chance.seen), teams.met)),
        usual=_decimal(_variety(chance.usual, teams.met)),
    )
    found = [Finding(test="pairs", verdict="silent", words=words, p=chance.p)]
    if history.ordered:
        chance = teams.order()
        words = _(
            "the steps from one team's inspectors to the next team's, down the list, are as varied as {seen} "
            "steps taken equally often would be; chance would give {usual}"
        ).format(
            seen=_decimal(_variety(Fraction(chance.seen), teams.steps)),
            usual=_decimal(_variety(chance.usual, teams.steps)),
        )
        found.append(Finding(test="order", verdict="silent", words=words, p=chance.p))
    return found


def _missing(name: str, history: History) -> str:
    """Explain why a test was not possible."""
    if name in ("pairs", "order"):
        if not any(len(team) > 1 for team in history.teams):
            return _("no teams of two or more inspectors are given")
        if name == "order" and not history.ordered:
            return _("the order of the list is not known")
        return _("no two teams could have been formed otherwise")
    if not history.whole:
        return _("only those drawn are listed: the whole list of each round is needed")
    if name in ("position", "gaps") and not history.ordered:
        return _("the order of the list is not known")
    if name == "office":
        return _("no offices, or only one, are given")
    if name == "twins":
        return _("there is only one round")
    return _("in no round chance had a say")


def _tenth(selection: Selection) -> str:
    table = selection.table(selection.tenth)
    worst = _farthest(table)
    return _(
        "tenth {place} of 10 of the list was drawn {seen} times, where {usual} were to be expected"
    ).format(place=worst + 1, seen=table[worst][0], usual=_whole(Fraction(table[worst][1], 1000)))


def _office(selection: Selection) -> str:
    table = selection.table(selection.history.office)
    worst = _farthest(table)
    return _("{office} was drawn {seen} times, where {usual} were to be expected").format(
        office=selection.history.offices[worst] or _("(no office given)"),
        seen=table[worst][0],
        usual=_whole(Fraction(table[worst][1], 1000)),
    )


def _farthest(table: list[tuple[int, int]]) -> int:
    """Return the index of the bin that adds most to the unevenness."""
    return max(
        range(len(table)),
        key=lambda i: Fraction((1000 * table[i][0] - table[i][1]) ** 2, max(1, table[i][1])),
    )


def _gaps(chance: Chance) -> str:
    return _(
        "each round's commonest gap between two drawn places occurs {seen} times in all; "
        "chance would give {usual}"
    ).format(seen=chance.seen, usual=_whole(chance.usual))


def _never(chance: Chance) -> str:
    return _("{seen} institutions were never drawn; chance would give {usual}").format(
        seen=chance.seen, usual=_whole(chance.usual)
    )


def _again(selection: Selection, chance: Chance) -> str:
    times: Numbers = selection.times()
    most = int(times.argmax())
    return _(
        "{name} came up most often, {times} times; {seen} repeats in all, chance would give {usual}"
    ).format(
        name=selection.history.institutions[most],
        times=int(times[most]),
        seen=chance.seen,
        usual=_whole(chance.usual),
    )


def _facts(history: History) -> list[Finding]:
    """List defects that need no statistics: no correct draw contains them."""
    found = []
    twice = sum(len(set(team)) < len(team) for team in history.teams)
    if twice:
        found.append(_("visits with one inspector named twice: {count}").format(count=twice))
    alone = sum(
        bool(drawn) and len(team) == 1
        for drawn, team in zip(history.drawn, history.teams, strict=True)
    )
    if alone:
        found.append(_("visits of one inspector alone: {count}").format(count=alone))
    bare = [
        round_
        for round_ in range(len(history.rounds))
        if _half_saved([history.teams[row] for row in _rows_drawn(history, round_)])
    ]
    if bare:
        rounds = listed(history.rounds[number] for number in bare[:10])
        found.append(
            _(
                "drawn institutions without inspectors, beside others that have some: {rounds}"
            ).format(rounds=rounds)
        )
    rows = Counter(zip(history.round.tolist(), history.institution.tolist(), strict=True))
    doubled = sum(count > 1 for count in rows.values())
    if doubled and history.whole:
        found.append(
            _("institutions that stand twice in one round's list: {count}").format(count=doubled)
        )
    return [Finding(test="fact", verdict="fact", words=words) for words in found]


def _rows_drawn(history: History, number: int) -> list[int]:
    rows: list[int] = ((history.round == number) & history.drawn).nonzero()[0].tolist()
    return rows


def _half_saved(teams: list[tuple[int, ...]]) -> bool:
    return any(teams) and not all(teams)


def _variety(repeats: Fraction, visits: int) -> Fraction:
    """Return 1/Σp² of the pairs, two to the power of their collision entropy: the effective number of pairs."""
    return Fraction(visits * visits) / (2 * repeats + visits)


def _whole(value: Fraction) -> str:
    return str(round(value))


def _decimal(value: Fraction) -> str:
    tenths = round(value * 10)
    return f"{tenths // 10}.{tenths % 10}"
