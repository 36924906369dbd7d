"""A policy: the rule that turns records into points and a grade. Dated values, each with its reference.

`risk` (风险分类) is a working tool that sets draw ratios; `evaluation` (信用评价) is a judgement of an institution.
An institution may have both. Points are whole hundredths; deductions are negative.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from double_random.core.errors import Misuse
from double_random.core.periods import last_day_of_period
from double_random.core.translation import _

if TYPE_CHECKING:
    pass

PURPOSES = ("风险分类", "信用评价")
PUBLIC = ("no", "grade", "all")
LEVELS = ("minor", "general", "serious")  # 轻微, 一般, 严重
DEFAULT = "risk-100"


class Dated(Protocol):
    """A value with the days on which it is in force: from `start` to the day before `until`."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def until(self) -> date | None:
        """The day after the last one; None: without an end."""


D = TypeVar("D", bound=Dated)


def value_on(values: Sequence[D], day: date) -> D | None:
    """The value in force on a day. The loader ensures that there is never more than one."""
    return next((v for v in values if v.start <= day and (v.until is None or day < v.until)), None)


@dataclass(frozen=True)
class AgeStep:
    """The points of a record during its first `months` months; `months` None: as long as it is on file."""

    months: int | None
    points: int


@dataclass(frozen=True)
class Repeat:
    """The points added if an earlier record of the same family ended at most `within` months before."""

    within: int
    points: int


@dataclass(frozen=True, kw_only=True)
class Price:
    """A rule's dated value: steps by age, the rule's cap, and the addition for a repeat."""

    start: date
    until: date | None
    steps: tuple[AgeStep, ...]
    cap: int | None
    repeat: Repeat | None
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Match:
    """Which records a rule is for: their class, one of these kinds (none given: any), in one of these states.

    `fine_from` and `fine_below` (fen; None: no bound) are for rules that begin or end at an amount (较大数额罚款).
    """

    record_class: str
    kinds: tuple[str, ...]
    states: tuple[str, ...]
    fine_from: int | None = None
    fine_below: int | None = None

    def fits(self, record_class: str, kinds: Sequence[str], state: str, fine: int = 0) -> bool:
        """Whether a record with this class, these kinds, this state and this fine matches."""
        return (
            record_class == self.record_class
            and state in self.states
            and (not self.kinds or any(kind in self.kinds for kind in kinds))
            and (self.fine_from is None or fine >= self.fine_from)
            and (self.fine_below is None or fine < self.fine_below)
        )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One line of the points table (计分规则). A record counts under the first rule that fits it."""

    id: str
    title: str
    match: Match
    group: str | None
    family: str
    counts_from: str  # decided | ends
    prices: tuple[Price, ...]


@dataclass(frozen=True)
class Limit:
    """A group's dated cap; None: no cap."""

    start: date
    until: date | None
    cap: int | None
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Group:
    """Rules that are capped together."""

    id: str
    title: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, kw_only=True)
class Share:
    """The dated value of a sharing: which part of the points counts, and what all of them take at most."""

    start: date
    until: date | None
    part: Fraction
    cap: int | None
    reference: str
    confirmed: bool

    def points(self, points: int) -> int:
        """The shared part of a rule's points, whole hundredths (validation.py sees to that)."""
        scaled = self.part * points
        assert scaled.denominator == 1
        return scaled.numerator


@dataclass(frozen=True)
class Shared:
    """Records that count for another party too: `of` practitioners, for their institution of that time; `of` the
    institution, for its head.
    """

    id: str
    title: str
    of: str
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Bound:
    """A grade and its lowest points, inclusive (in hundredths; None: the lowest grade)."""

    grade: str
    lowest: int | None


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The dated frame: the base points, the limits of a score, and the grades, best first."""

    start: date
    until: date | None
    base: int
    floor: int | None
    ceiling: int | None
    bounds: tuple[Bound, ...]
    reference: str
    confirmed: bool


@dataclass(frozen=True, kw_only=True)
class Consequence:
    """A veto's dated value: the grade it leads to, and for how many months (None: without an end)."""

    start: date
    until: date | None
    grade: str
    months: int | None
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Veto:
    """一票否决: a record that leads to a grade regardless of the points."""

    id: str
    title: str
    match: Match
    consequences: tuple[Consequence, ...]


@dataclass(frozen=True)
class Repair:
    """The dated effect of a repair (信用修复): the record still counts, or it is removed from the score."""

    start: date
    until: date | None
    effect: str  # counts | dropped
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Objection:
    """The dated effect of an open objection (异议): the record counts, or is suspended."""

    start: date
    until: date | None
    effect: str  # counts | suspended
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class Severity:
    """What makes a penalty minor, general or serious (轻微, 一般, 严重): its kinds and a lowest fine."""

    level: str
    kinds: tuple[str, ...]
    fine_from: int | None


@dataclass(frozen=True, kw_only=True)
class Publication:
    """公示期: how many months a penalty is shown at most, by its level, counted from its decision; 0: not at all.

    `shortest`: how many months must pass before it can be repaired (最短公示期); empty if the policy has none.
    """

    start: date
    until: date | None
    months: tuple[tuple[str, int], ...]
    severities: tuple[Severity, ...]
    reference: str
    confirmed: bool
    shortest: tuple[tuple[str, int], ...] = ()

    def level(self, kinds: Sequence[str], fine: int) -> str | None:
        """The level of a penalty: that of the first entry that matches any of its kinds; None if none does."""
        return next(
            (
                s.level
                for s in self.severities
                if any(kind in s.kinds for kind in kinds)
                and (s.fine_from is None or fine >= s.fine_from)
            ),
            None,
        )

    def last_day(self, kinds: Sequence[str], fine: int, decided: date) -> date | None:
        """The last day on which a penalty is shown; None if it is not shown at all."""
        months = dict(self.months).get(self.level(kinds, fine) or "", 0)
        return last_day_of_period(decided, months) if months else None


@dataclass(frozen=True, kw_only=True)
class InForce:
    """A policy on one day: each dated value is replaced by the one in force."""

    policy: Policy
    day: date
    scale: Scale
    rules: tuple[tuple[Rule, Price], ...]
    groups: tuple[tuple[Group, Limit], ...]
    vetoes: tuple[tuple[Veto, Consequence], ...]
    repair: Repair | None
    objection: Objection | None
    publication: Publication | None
    shared: tuple[tuple[Shared, Share], ...] = ()

    @property
    def fine_bounds(self) -> tuple[int, ...]:
        """The amounts (fen) at which a rule or a veto begins or ends, ascending; the first is 0."""
        matches = [r.match for r, _p in self.rules] + [v.match for v, _c in self.vetoes]
        bounds = {bound for m in matches for bound in (m.fine_from, m.fine_below)}
        return tuple(sorted({0} | {bound for bound in bounds if bound is not None}))

    def rule_for(
        self, record_class: str, kinds: Sequence[str], state: str, fine: int = 0
    ) -> Rule | None:
        """The first rule that matches a record."""
        fitting = (r for r, _p in self.rules if r.match.fits(record_class, kinds, state, fine))
        return next(fitting, None)

    def find_uncovered_cases(self, cases: Iterable[tuple[str, str, str]]) -> list[str]:
        """Cases (class, kinds, state) that could count, but have no rule and are not ignored.

        The loader has checked every kind of the current lists; this finds kinds loaded with another list.
        """
        from double_random.credit.policy.record_classes import load_record_classes

        countable = {
            (c.id, state)
            for c in load_record_classes().values()
            if c.concerns(self.policy.parties)
            for state in c.states
        }
        ignored = set(self.policy.ignored)
        return [
            f"{name}:{kinds}"
            for name, kinds, state in sorted(cases)
            if (name, state) in countable
            and name not in ignored
            and any(f"{name}:{kind}" not in ignored for kind in kinds.split() or [""])
            and any(
                self._is_uncovered(name, kinds.split(), state, fine) for fine in self.fine_bounds
            )
        ]

    def _is_uncovered(self, name: str, kinds: Sequence[str], state: str, fine: int) -> bool:
        veto = next(self.vetoes_for(name, kinds, state, fine), None)
        return veto is None and self.rule_for(name, kinds, state, fine) is None

    def vetoes_for(
        self, record_class: str, kinds: Sequence[str], state: str, fine: int = 0
    ) -> Iterator[Veto]:
        """All vetoes that match a record."""
        return (v for v, _c in self.vetoes if v.match.fits(record_class, kinds, state, fine))

    def drops_named_record(self, record_class: str, state: str) -> bool:
        """Whether a record of this class and state removes the record that it names from the score.

        A repair does if the policy has this effect; a correction (更正, 撤销) always does, also after an objection; an
        open objection does if the policy has this effect.
        """
        return (
            (
                record_class == "repair"
                and self.repair is not None
                and self.repair.effect == "dropped"
            )
            or record_class == "correction"
            or (record_class, state) == ("objection", "corrected")
            or (
                (record_class, state) in (("objection", "accepted"), ("objection", "checking"))
                and self.objection is not None
                and self.objection.effect == "suspended"
            )
        )

    def grade_for(self, points: int) -> str:
        """The grade for these points, without vetoes."""
        return next(b.grade for b in self.scale.bounds if b.lowest is None or points >= b.lowest)


@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy file, read and checked. `edition` depends on the content, not on comments or blanks."""

    id: str
    title: str
    purpose: str
    public: str
    subjects: tuple[str, ...]
    start: date
    until: date | None
    example: bool
    ignored: tuple[str, ...]
    pairs: str  # dearer | both: which counts of a complaint and the penalty that it led to
    scales: tuple[Scale, ...]
    groups: tuple[Group, ...]
    rules: tuple[Rule, ...]
    vetoes: tuple[Veto, ...]
    repairs: tuple[Repair, ...]
    edition: str
    file: Path
    branch_records: str = (
        "own"  # own | shared: whether a branch's record counts for its head office too
    )
    objections: tuple[Objection, ...] = ()
    publications: tuple[Publication, ...] = ()
    parties: frozenset[str] = frozenset(("institutions",))  # of its subjects: institutions, persons
    shared: tuple[Shared, ...] = ()

    @property
    def unconfirmed_count(self) -> int:
        """How many dated values have a reference that is not confirmed yet."""
        dated: list[
            Sequence[Price | Limit | Consequence | Scale | Repair | Objection | Publication | Share]
        ] = [
            *(rule.prices for rule in self.rules),
            *(group.limits for group in self.groups),
            *(veto.consequences for veto in self.vetoes),
            self.scales,
            self.repairs,
            self.objections,
            self.publications,
            *(shared.shares for shared in self.shared),
        ]
        return sum(not value.confirmed for values in dated for value in values)

    def in_force_on(self, day: date) -> InForce:
        """The policy in force on a day; Misuse if it is not in force."""
        scale = value_on(self.scales, day)
        if scale is None or day < self.start or (self.until is not None and day >= self.until):
            raise Misuse(
                _("the policy {policy} is not in force on {day}").format(policy=self.id, day=day),
                _("it is in force from {start}; see: double-random credit policies").format(
                    start=self.start
                ),
            )
        return InForce(
            policy=self,
            day=day,
            scale=scale,
            rules=tuple((r, p) for r in self.rules if (p := value_on(r.prices, day)) is not None),
            groups=tuple((g, v) for g in self.groups if (v := value_on(g.limits, day)) is not None),
            vetoes=tuple(
                (v, c) for v in self.vetoes if (c := value_on(v.consequences, day)) is not None
            ),
            repair=value_on(self.repairs, day),
            objection=value_on(self.objections, day),
            publication=value_on(self.publications, day),
            shared=tuple(
                (s, part) for s in self.shared if (part := value_on(s.shares, day)) is not None
            ),
        )
