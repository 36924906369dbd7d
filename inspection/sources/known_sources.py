"""Sources of randomness as the catalogue knows them: each kind with its issues, times and the row that a plan seals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from double_random.core.china_time import UTC_FORM, localize_times
from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.text import epoch_seconds, is_time
from double_random.inspection.protocol.v2.drand_chains import DrandChain
from double_random.inspection.protocol.v2.value_formats import ValueFormat, format_decimal
from double_random.inspection.sources.drawing_calendar import DrawingCalendar, Issue

LEAST_LEAD = 3600  # seconds between not_before and an event whose hour nobody can prove
_ROUND = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class KnownSource:
    """A source as a file describes it; `format` is the JSON that a plan seals."""

    kind: ClassVar[str]
    lead_seconds: ClassVar[int] = 0
    is_ceremony: ClassVar[bool] = False

    name: str
    format: Mapping[str, Any]
    published: str
    confirmed: bool = True

    @property
    def label(self) -> str:
        """The NAME of its spelling."""
        return self.name

    @property
    def outcomes(self) -> int:
        """The number of equally likely values."""
        return read_format(self.format).outcomes

    @property
    def bits(self) -> int:
        """floor(log2(outcomes))."""
        return self.outcomes.bit_length() - 1

    def spell(self, number: str) -> str:
        """An issue as a person types it."""
        return f"{self.kind}:{self.name}:{number}"

    def find_issue(self, number: str) -> Issue | None:
        """The issue with this number; None if only whoever plans can say its time. Misuse for a wrong number."""
        return None

    def find_next_issue(self, after: str) -> Issue | None:
        """The first issue at or after a time (UTC); None if it cannot be proposed."""
        return None

    def check_stated_time(self, issue: Issue | None, known_from: str) -> None:
        """Misuse if a stated time contradicts the source's own calendar."""

    def describe(self, issue: Issue) -> dict[str, Any]:
        """The row of sources.json of one issue."""
        return {
            "source": f"{self.kind}:{self.label}:{issue.number}",
            "kind": self.kind,
            "format": dict(self.format),
            "outcomes": format_decimal(self.outcomes),
            "known_from": issue.known_from,
            "published": self.published,
            "chain": None,
        }


@dataclass(frozen=True, kw_only=True)
class PublicNumber(KnownSource):
    """A number that a third party publishes, with its calendar if it has one."""

    kind = "public"
    lead_seconds = LEAST_LEAD
    calendar: DrawingCalendar | None = None

    def find_issue(self, number: str) -> Issue | None:
        """The issue, if a calendar says when it is drawn."""
        return None if self.calendar is None else self.calendar.find_issue(number)

    def find_next_issue(self, after: str) -> Issue | None:
        """The next issue of the calendar."""
        return None if self.calendar is None else self.calendar.find_next_issue(after)

    def check_stated_time(self, issue: Issue | None, known_from: str) -> None:
        """Misuse if the calendar has the issue on another day."""
        if issue is None or self.calendar is None:
            return
        day, stated = (self.calendar.local_day(time) for time in (issue.known_from, known_from))
        if day != stated:
            raise Misuse(
                _("{name}, issue {issue} is drawn on {day}, not on {stated}").format(
                    name=self.name, issue=issue.number, day=day, stated=stated
                ),
                _("compare the number with the operator's notice, and the calendar of the source"),
            )


@dataclass(frozen=True, kw_only=True)
class LotteryGame(PublicNumber):
    """A lottery."""

    kind = "lottery"


@dataclass(frozen=True, kw_only=True)
class Ceremony(KnownSource):
    """Dice or balls before witnesses; its issue is any text, its time the planned one."""

    kind = "ceremony"
    is_ceremony = True


@dataclass(frozen=True, kw_only=True)
class Beacon(KnownSource):
    """A beacon with a pulse every `period` seconds; the issue is the pulse's time."""

    kind = "beacon"
    period: int

    def spell(self, number: str) -> str:
        """The source alone, which means the next pulse: a time would be shown in the reader's own zone."""
        return f"{self.kind}:{self.name}"

    def find_issue(self, number: str) -> Issue:
        """The pulse of a time."""
        if not is_time(number):
            raise Misuse(
                _("{issue} is no time of a pulse").format(issue=number),
                _("as 2026-12-02T13:30:00Z, in UTC"),
            )
        return Issue(number, number)

    def find_next_issue(self, after: str) -> Issue:
        """The first pulse at or after a time."""
        return self.find_issue(_stamp(-(-epoch_seconds(after) // self.period) * self.period))

    def check_stated_time(self, issue: Issue | None, known_from: str) -> None:
        """Misuse unless it is the pulse's own time."""
        _refuse_other_time(self.name, issue, known_from)


@dataclass(frozen=True, kw_only=True)
class Chain(KnownSource):
    """A chain of drand; the issue is a round."""

    kind = "drand"
    chain: DrandChain

    @property
    def label(self) -> str:
        """The chain's hash: a spelling names the chain, not what somebody calls it."""
        return self.chain.hash

    def find_issue(self, number: str) -> Issue:
        """The round with this number."""
        if not _ROUND.fullmatch(number):
            raise Misuse(
                _("{issue} is no round of drand").format(issue=number),
                _("a whole number from 1, without leading zeros"),
            )
        return Issue(number, _stamp(self.chain.round_seconds(int(number))))

    def find_next_issue(self, after: str) -> Issue:
        """The first round at or after a time."""
        late = epoch_seconds(after) - self.chain.genesis
        return self.find_issue(str(max(1, -(-late // self.chain.period) + 1)))

    def check_stated_time(self, issue: Issue | None, known_from: str) -> None:
        """Misuse unless it is the round's own time."""
        _refuse_other_time(self.name, issue, known_from)

    def describe(self, issue: Issue) -> dict[str, Any]:
        """The row of sources.json of one round, with the chain that its hash binds."""
        chain = self.chain
        return {
            **super().describe(issue),
            "published": self.published.replace("ROUND", issue.number),
            "chain": {
                "period": chain.period,
                "genesis": chain.genesis,
                "public_key": chain.public_key,
                "group_hash": chain.group_hash,
                "beacon": chain.beacon,
                "scheme": chain.scheme,
            },
        }


KINDS: Mapping[str, type[KnownSource]] = {
    source.kind: source for source in (LotteryGame, PublicNumber, Ceremony, Beacon, Chain)
}
LOCAL: Mapping[str, Any] = {
    "source": "local",
    "kind": "local",
    "format": None,
    "outcomes": "1",
    "known_from": None,
    "published": "",
    "chain": None,
}


def read_format(value: Mapping[str, Any]) -> ValueFormat:
    """The format of a plan's JSON; BadFile if it breaks a rule of the protocol."""
    return ValueFormat.read(StrictObject("sources.json", {"format": value}, ("format",)), "format")


def _stamp(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(UTC_FORM)


def _refuse_other_time(name: str, issue: Issue | None, known_from: str) -> None:
    if issue is not None and issue.known_from != known_from:
        raise Misuse(
            _("{name}, issue {issue} is made at {time}").format(
                name=name, issue=issue.number, time=localize_times(issue.known_from)
            ),
            _("leave its time away: it follows from the issue"),
        )
