"""One person's history from decisions: versions, posts (institution, from, to), notes for the supervisor. Pure.

A move ends the earlier post and begins the new one on its day; a later first permit elsewhere does the same, and is
noted. Two posts stand beside each other only if both decisions allow it (data/practitioners.toml, `concurrent`). A
post also ends when its institution does; the licence stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from double_random.registry import reasons

if TYPE_CHECKING:
    from double_random.registry.practitioners.kinds import PractitionerEvent, PractitionerKind

ELSEWHERE = "elsewhere"  # an institution of another province
ENDED_STATUS = ("cancelled", "revoked", "moved_out", "withdrawn")


@dataclass(frozen=True, kw_only=True)
class PersonDecision:
    """One accepted decision; `practice` and `former_practice`: an institution's id, ELSEWHERE, or empty."""

    decision: str
    kind: str
    event: str
    category: str
    concurrent: bool
    name: str
    folded: str
    licence: str
    renames: bool
    practice: str
    former_practice: str
    employer: str | None
    authority: str | None
    document: str
    decided: date
    licence_from: date | None
    licence_to: date | None
    valid: bool


@dataclass(frozen=True, kw_only=True)
class PersonPenalty:
    """A suspension (`ends`: the first day after it, None: no end is known) or a revocation for ever."""

    event: str
    decided: date
    ends: date | None


@dataclass(frozen=True, kw_only=True)
class PersonVersion:
    """What was so of a person from a day to the next version."""

    kind: str
    category: str
    name: str
    folded: str
    licence: str
    status: str
    employer: str | None
    authority: str | None
    licence_from: date | None
    licence_to: date | None


@dataclass(frozen=True)
class Post:
    """One post: the institution, the first day (None: before the data), the first day no longer, what ended it."""

    institution: str
    since: date | None
    until: date | None = None
    why: str = ""
    concurrent: bool = False


@dataclass(frozen=True)
class Note:
    """What a supervisor should be told, and of which day."""

    reason: str
    day: date
    value: str


@dataclass
class PersonHistory:
    """The result: versions with their first day, posts by their beginning, notes."""

    versions: list[tuple[date, PersonVersion]] = field(default_factory=list)
    posts: list[Post] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)


def build_history(
    decisions: Sequence[PersonDecision],
    penalties: Sequence[PersonPenalty],
    kinds: Mapping[str, PractitionerKind],
    events: Mapping[str, PractitionerEvent],
    institution_end: Callable[[str, date | None], date | None],
) -> PersonHistory:
    """The history of one person, from all its decisions and penalties in any order.

    `institution_end`: the first day on which an institution had ended after a day, None while it has not.
    """
    ordered = sorted(
        decisions,
        key=lambda d: (d.decided, events[d.event].order, len(d.document), d.document, d.decision),
    )
    walk = _PersonWalk(penalties, kinds, events)
    valid = [decision for decision in ordered if decision.valid]
    steps: list[tuple[date, PersonDecision | None]] = [(d.decided, d) for d in valid]
    steps += [(penalty.decided, None) for penalty in walk.revocations]
    for day, decision in sorted(steps, key=lambda step: (step[0], step[1] is None)):
        if decision is None:
            walk.revoke(day)
        else:
            walk.take(decision)
    if not valid:
        walk.withdraw(ordered[0])
    return walk.finish(institution_end)


class _PersonWalk:
    """A person's decisions, taken in the order of their days."""

    def __init__(
        self,
        penalties: Sequence[PersonPenalty],
        kinds: Mapping[str, PractitionerKind],
        events: Mapping[str, PractitionerEvent],
    ) -> None:
        self.kinds, self.events = kinds, events
        self.suspensions = [p for p in penalties if p.event == "suspended"]
        self.revocations = [p for p in penalties if p.event == "revoked"]
        self.now: PersonVersion | None = None
        self.final = False
        self.open: list[Post] = []
        self.closed: list[Post] = []
        self.days: dict[date, PersonVersion] = {}
        self.notes: list[Note] = []

    def take(self, decision: PersonDecision) -> None:
        event = self.events[decision.event]
        before = self.now
        self._describe(decision)
        if event.post == "begins" or event.post == "moves":
            self._attach(decision, moves=event.post == "moves")
        elif event.post == "ends":
            self._since_before(decision.practice, decision.concurrent)
            self._end_posts(decision.decided, decision.event)
            if not (before and before.status == "revoked"):
                self._set_status(event.status or "cancelled")
        else:
            self._since_before(decision.practice, decision.concurrent)
        self.final = self.final or event.final
        self._keep(decision.decided)

    def revoke(self, day: date) -> None:
        """A penalty that ends the licence for ever."""
        if self.now is None:
            return
        self._end_posts(day, "revoked")
        self._set_status("revoked")
        self.final = True
        self._keep(day)

    def withdraw(self, decision: PersonDecision) -> None:
        """No decision is in force any more."""
        self._describe(decision)
        self._set_status("withdrawn")
        self._keep(decision.decided)

    def finish(self, institution_end: Callable[[str, date | None], date | None]) -> PersonHistory:
        """The history, with the posts that ended with their institutions and the suspensions laid over the versions."""
        posts = []
        for post in [*self.closed, *self.open]:
            end = institution_end(post.institution, post.since)
            if end is not None and (post.until is None or end < post.until):
                if post.until is None and self.now and self.now.status == "active":
                    self.notes.append(Note(reasons.WITHOUT_INSTITUTION, end, post.institution))
                post = replace(post, until=end, why="institution")
            if post.since is None or post.until is None or post.since < post.until:
                posts.append(post)
        posts.sort(key=lambda p: (p.since or date.min, p.until or date.max, p.institution))
        return PersonHistory(self._versions(), posts, self.notes)

    def _describe(self, decision: PersonDecision) -> None:
        """Who the person is after a decision; what it does not state stays."""
        kind = self.kinds[decision.kind]
        old = self.now
        named = decision if old is None or decision.renames else old
        termed = decision.licence_from is not None or decision.licence_to is not None or old is None
        self.now = PersonVersion(
            kind=decision.kind,
            category=decision.category or (old.category if old else kind.category),
            name=named.name,
            folded=named.folded,
            licence=decision.licence,
            status=old.status if old else "active",
            employer=decision.employer or (old.employer if old else None),
            authority=decision.authority or (old.authority if old else None),
            licence_from=decision.licence_from if termed or old is None else old.licence_from,
            licence_to=decision.licence_to if termed or old is None else old.licence_to,
        )

    def _attach(self, decision: PersonDecision, moves: bool) -> None:
        day = decision.decided
        if self.final:
            self.notes.append(Note(reasons.LICENSED_AFTER_REVOCATION, day, decision.document))
            return
        if moves:
            self._leave(decision)
        if decision.practice == ELSEWHERE:
            self._end_posts(day, "moved_out")
            self._set_status("moved_out")
            return
        self._set_status("active")
        if not decision.practice or any(p.institution == decision.practice for p in self.open):
            return
        beside = [post for post in self.open if post.concurrent and decision.concurrent]
        if len(beside) < len(self.open):
            if not moves:
                self.notes.append(Note(reasons.TWO_PLACES, day, decision.practice))
            self._end_posts(day, decision.event, keeping=beside)
        self.open.append(Post(decision.practice, day, concurrent=decision.concurrent))

    def _leave(self, decision: PersonDecision) -> None:
        """Notes on a move, and the post that it ends if the register did not know it."""
        day, former = decision.decided, decision.former_practice
        if any(s.decided <= day and (s.ends is None or s.ends > day) for s in self.suspensions):
            self.notes.append(Note(reasons.MOVED_IN_SUSPENSION, day, decision.document))
        here = former and former != ELSEWHERE
        if here and not self.open and not self.closed:
            self.closed.append(Post(former, None, day, decision.event))
        elif here and self.open and all(post.institution != former for post in self.open):
            self.notes.append(Note(reasons.FORMER_DIFFERS, day, former))
        elif here:  # of concurrent posts only the one that is left ends
            self._end_posts(
                day, decision.event, keeping=[p for p in self.open if p.institution != former]
            )

    def _since_before(self, practice: str, concurrent: bool) -> None:
        """A post that a decision presupposes, of a person about whom nothing earlier is known."""
        if practice and practice != ELSEWHERE and not self.open and not self.closed:
            self.open.append(Post(practice, None, concurrent=concurrent))

    def _end_posts(self, day: date, why: str, keeping: Sequence[Post] = ()) -> None:
        if not self.open:
            return
        self.closed += [
            replace(post, until=day, why=why) for post in self.open if post not in keeping
        ]
        self.open = list(keeping)

    def _set_status(self, status: str) -> None:
        assert self.now is not None
        self.now = replace(self.now, status=status)

    def _keep(self, day: date) -> None:
        assert self.now is not None
        self.days[day] = self.now

    def _versions(self) -> list[tuple[date, PersonVersion]]:
        first = min(self.days)
        edges = {s.decided for s in self.suspensions} | {
            s.ends for s in self.suspensions if s.ends is not None
        }
        versions: list[tuple[date, PersonVersion]] = []
        current = self.days[first]
        for day in sorted({*self.days, *(edge for edge in edges if edge > first)}):
            current = self.days.get(day, current)
            version = current
            if current.status == "active" and any(
                s.decided <= day and (s.ends is None or s.ends > day) for s in self.suspensions
            ):
                version = replace(current, status="suspended")
            if not versions or versions[-1][1] != version:
                versions.append((day, version))
        return versions
