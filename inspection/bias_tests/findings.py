"""Runs every test on a history (历史抽查体检) and words the findings for supervisors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from double_random.core.translation import N_, _, join_words
from double_random.inspection.bias_tests.p_values import PermutationResult, correct_by_holm
from double_random.inspection.bias_tests.selection_tests import SelectionMeasures
from double_random.inspection.bias_tests.team_tests import Teams

if TYPE_CHECKING:
    from double_random.inspection.bias_tests.history import Numbers, RoundHistory

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
class BiasFinding:
    """One test's result. p: how often a fair draw gives this or worse; corrected: for the number of tests."""

    test: str
    verdict: Verdict
    words: str
    meaning: str = ""
    p: Fraction | None = None
    corrected: Fraction | None = None


def run_bias_tests(history: RoundHistory) -> list[BiasFinding]:
    """Run every test in order, then list facts that need no statistics; alarms name usual and harmless causes."""
    selection, teams = SelectionMeasures(history), Teams(history)
    by_test = {
        name: BiasFinding(test=name, verdict="not tested", words=_explain_not_tested(name, history))
        for name in TESTS
    }
    for finding in [*_selection_findings(selection), *_team_findings(history, teams)]:
        by_test[finding.test] = finding
    tested = [finding for finding in by_test.values() if finding.p is not None]
    corrected = correct_by_holm([finding.p for finding in tested if finding.p is not None])
    for finding, value in zip(tested, corrected, strict=True):
        alarm = value <= FALSE_ALARMS
        by_test[finding.test] = replace(
            finding,
            verdict="alarm" if alarm else "silent",
            corrected=value,
            meaning=_(MEANING[finding.test]) if alarm else "",
        )
    return [*by_test.values(), *_find_facts(history)]


def _selection_findings(selection: SelectionMeasures) -> list[BiasFinding]:
    if not selection.is_testable:
        return []
    describe: dict[str, Callable[[PermutationResult], str]] = {
        "position": lambda _chance: _describe_tenth(selection),
        "gaps": _describe_gaps,
        "office": lambda _chance: _describe_office(selection),
        "never": _describe_never,
        "again": lambda chance: _describe_again(selection, chance),
    }
    findings = [
        BiasFinding(test=name, verdict="silent", words=describe[name](chance), p=chance.p)
        for name, chance in selection.chances().items()
    ]
    twins = selection.find_twins()
    if twins:
        words = _("rounds {first} and {second} share {count} drawn institutions").format(
            first=twins.first, second=twins.second, count=twins.shared
        )
        findings.append(BiasFinding(test="twins", verdict="silent", words=words, p=twins.p))
    elif len(selection.history.rounds) > 1:
        words = _("no two rounds share more drawn institutions than chance would have it")
        findings.append(BiasFinding(test="twins", verdict="silent", words=words, p=Fraction(1)))
    return findings


def _team_findings(history: RoundHistory, teams: Teams) -> list[BiasFinding]:
    if not teams.is_testable:
        return []
    chance = teams.pair_chance()
    words = _(
        "the pairs are as varied as {seen} pairs met equally often would be; chance would give {usual}"
    ).format(
        seen=_format_decimal(_pair_variety(Fraction(chance.seen), teams.pair_visits)),
        usual=_format_decimal(_pair_variety(chance.usual, teams.pair_visits)),
    )
    findings = [BiasFinding(test="pairs", verdict="silent", words=words, p=chance.p)]
    if history.ordered:
        chance = teams.order_chance()
        words = _(
            "the steps from one team's inspectors to the next team's, down the list, are as varied as {seen} "
            "steps taken equally often would be; chance would give {usual}"
        ).format(
            seen=_format_decimal(_pair_variety(Fraction(chance.seen), teams.step_count)),
            usual=_format_decimal(_pair_variety(chance.usual, teams.step_count)),
        )
        findings.append(BiasFinding(test="order", verdict="silent", words=words, p=chance.p))
    return findings


def _explain_not_tested(name: str, history: RoundHistory) -> str:
    """Explain why a test was not possible."""
    if name in ("pairs", "order"):
        if not any(len(team) > 1 for team in history.teams):
            return _("no teams of two or more inspectors are given")
        if name == "order" and not history.ordered:
            return _("the order of the list is not known")
        return _("no two teams could have been formed otherwise")
    if not history.has_undrawn:
        return _("only those drawn are listed: the whole list of each round is needed")
    if name in ("position", "gaps") and not history.ordered:
        return _("the order of the list is not known")
    if name == "office":
        return _("no offices, or only one, are given")
    if name == "twins":
        return _("there is only one round")
    return _("in no round chance had a say")


def _describe_tenth(selection: SelectionMeasures) -> str:
    table = selection.count_by_bin(selection.tenth)
    worst = _find_farthest_bin(table)
    return _(
        "tenth {place} of 10 of the list was drawn {seen} times, where {usual} were to be expected"
    ).format(
        place=worst + 1, seen=table[worst][0], usual=_format_whole(Fraction(table[worst][1], 1000))
    )


def _describe_office(selection: SelectionMeasures) -> str:
    table = selection.count_by_bin(selection.history.office)
    worst = _find_farthest_bin(table)
    return _("{office} was drawn {seen} times, where {usual} were to be expected").format(
        office=selection.history.offices[worst] or _("(no office given)"),
        seen=table[worst][0],
        usual=_format_whole(Fraction(table[worst][1], 1000)),
    )


def _find_farthest_bin(table: list[tuple[int, int]]) -> int:
    """Return the index of the bin that adds most to the unevenness."""
    return max(
        range(len(table)),
        key=lambda i: Fraction((1000 * table[i][0] - table[i][1]) ** 2, max(1, table[i][1])),
    )


def _describe_gaps(chance: PermutationResult) -> str:
    return _(
        "each round's commonest gap between two drawn places occurs {seen} times in all; "
        "chance would give {usual}"
    ).format(seen=chance.seen, usual=_format_whole(chance.usual))


def _describe_never(chance: PermutationResult) -> str:
    return _("{seen} institutions were never drawn; chance would give {usual}").format(
        seen=chance.seen, usual=_format_whole(chance.usual)
    )


def _describe_again(selection: SelectionMeasures, chance: PermutationResult) -> str:
    times: Numbers = selection.times_drawn()
    most = int(times.argmax())
    return _(
        "{name} came up most often, {times} times; {seen} repeats in all, chance would give {usual}"
    ).format(
        name=selection.history.institutions[most],
        times=int(times[most]),
        seen=chance.seen,
        usual=_format_whole(chance.usual),
    )


def _find_facts(history: RoundHistory) -> list[BiasFinding]:
    """List defects that need no statistics: no correct draw contains them."""
    facts = []
    twice = sum(len(set(team)) < len(team) for team in history.teams)
    if twice:
        facts.append(_("visits with one inspector named twice: {count}").format(count=twice))
    alone = sum(
        bool(drawn) and len(team) == 1
        for drawn, team in zip(history.drawn, history.teams, strict=True)
    )
    if alone:
        facts.append(_("visits of one inspector alone: {count}").format(count=alone))
    bare = [
        round_
        for round_ in range(len(history.rounds))
        if _is_half_saved([history.teams[row] for row in _drawn_rows(history, round_)])
    ]
    if bare:
        rounds = join_words(history.rounds[number] for number in bare[:10])
        facts.append(
            _(
                "drawn institutions without inspectors, beside others that have some: {rounds}"
            ).format(rounds=rounds)
        )
    rows = Counter(zip(history.round.tolist(), history.institution.tolist(), strict=True))
    doubled = sum(count > 1 for count in rows.values())
    if doubled and history.has_undrawn:
        facts.append(
            _("institutions that stand twice in one round's list: {count}").format(count=doubled)
        )
    return [BiasFinding(test="fact", verdict="fact", words=words) for words in facts]


def _drawn_rows(history: RoundHistory, number: int) -> list[int]:
    rows: list[int] = ((history.round == number) & history.drawn).nonzero()[0].tolist()
    return rows


def _is_half_saved(teams: list[tuple[int, ...]]) -> bool:
    return any(teams) and not all(teams)


def _pair_variety(repeats: Fraction, visits: int) -> Fraction:
    """Return 1/Σp² of the pairs, two to the power of their collision entropy: the effective number of pairs."""
    return Fraction(visits * visits) / (2 * repeats + visits)


def _format_whole(value: Fraction) -> str:
    return str(round(value))


def _format_decimal(value: Fraction) -> str:
    tenths = round(value * 10)
    return f"{tenths // 10}.{tenths % 10}"
