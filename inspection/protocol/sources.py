"""公开随机号码: the sources of public randomness. Each source has exactly one spelling, and so has its value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from double_random.core.errors import Misuse
from double_random.core.translation import N_, _
from double_random.inspection.protocol.lotteries import Lottery, shipped_lotteries
from double_random.inspection.protocol.text import epoch_seconds, is_clean, is_hex

# The minimum of public entropy in bits; a plan with the source `local` openly has none.
LEAST_BITS = 19
# drand's chain `quicknet`: first round and period, as its operators publish them.
QUICKNET_GENESIS = 1692803367
QUICKNET_PERIOD = 3

_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_ROUND = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


class Source(Protocol):
    """One source of a plan: its spelling, the format of its value, and what proves the value."""

    text: str  # the spelling, as `lottery:快乐8:2026300`
    name: str  # of the lottery, the machine or the chain
    last: str  # issue, number of balls or dice, or round
    kind: ClassVar[str]  # the word before the first colon
    words: ClassVar[str]  # the source for people, with {name} and {last}
    compared_with: ClassVar[str] = (
        ""  # what a person compares the value with; "" if there is no value
    )
    is_public: ClassVar[bool] = True
    needs_witness: ClassVar[bool] = False  # made on site: logged before any other value is known
    separator: ClassVar[str] = "."  # between the numbers of a value

    @classmethod
    def read(cls, text: str, lotteries: Mapping[str, Lottery] | None) -> Source:
        """The source with this spelling, which begins with the kind; Misuse for any other text."""
        ...

    @property
    def outcomes(self) -> int:
        """The number of equally likely values; 1 for a source without public randomness."""
        ...

    @property
    def bits(self) -> int:
        """floor(log2(outcomes)), computed with whole numbers."""
        return self.outcomes.bit_length() - 1

    @property
    def round(self) -> int | None:
        """The round whose signature proves the value; None if no signature does."""
        return None

    def text_for(self, not_before: str) -> str:
        """The spelling that a plan with this time uses; it differs from `text` if the source names another round."""
        return self.text

    def earliest_time(self, not_before: str) -> str:
        """From when its value may be logged (UTC)."""
        return not_before

    def is_older_than(self, not_before: str) -> bool:
        """Is the value known to be made before this time (UTC)?"""
        return False

    def check_value(self, value: str) -> None:
        """Refuse a value that this source cannot have, or another spelling of it: Misuse, with a hint."""
        ...

    def is_proof(self, value: str, proof: str) -> bool:
        """Does the proof (hex digits) have the value as its hash? A signature in it is not verified here."""
        return False


@dataclass(frozen=True)
class LotterySource(Source):
    """An issue of a state lottery, `lottery:NAME:ISSUE`."""

    text: str
    name: str
    last: str
    lottery: Lottery
    kind = "lottery"
    words = N_("{name}, issue {last}")
    compared_with = N_("the lottery's notice")

    @classmethod
    def read(cls, text: str, lotteries: Mapping[str, Lottery] | None) -> Source:
        """The issue, if its lottery is known and its number has the lottery's form."""
        name, issue = _split_spelling(text)
        known_lotteries = shipped_lotteries() if lotteries is None else lotteries
        lottery = known_lotteries.get(name)
        if lottery is None:
            raise Misuse(
                _("No lottery {name} is known.").format(name=name),
                _("Known are: {names}").format(names="、".join(known_lotteries)),
            )
        lottery.check_issue(issue)
        return cls(text, name, issue, lottery)

    @property
    def outcomes(self) -> int:
        """The number of possible drawings."""
        return self.lottery.outcomes

    def check_value(self, value: str) -> None:
        """The numbers as the lottery's notice has them."""
        self.lottery.check_value(value)


@dataclass(frozen=True)
class _WitnessedSource(Source):
    """Digits that are drawn or thrown on site in front of witnesses."""

    text: str
    name: str
    last: str
    sides = 10
    digits = "0-9"  # as a range
    compared_with = N_("the witnesses' word")
    needs_witness = True
    separator = ""

    @classmethod
    def read(cls, text: str, lotteries: Mapping[str, Lottery] | None) -> Source:
        """The source, with a count of 1 to 9999."""
        name, count = _split_spelling(text)
        if not _COUNT.fullmatch(count):
            raise _unknown_source(text)
        return cls(text, name, count)

    @property
    def outcomes(self) -> int:
        """sides ** count."""
        return int(self.sides ** int(self.last))

    def check_value(self, value: str) -> None:
        """One digit per ball or die, in their order."""
        if not re.fullmatch(f"[{self.digits}]{{{int(self.last)}}}", value, re.ASCII):
            raise Misuse(
                _("{source} has exactly {count} digits {digits}, leading zeros too.").format(
                    source=self.text, count=int(self.last), digits=self.digits
                ),
                _("Write down what was drawn, in its order, without blanks."),
            )


class BallsSource(_WitnessedSource):
    """Balls with the digits 0 to 9, each put back, `balls:NAME:COUNT`."""

    kind = "balls"
    words = N_("{last} balls drawn ({name})")


class DiceSource(_WitnessedSource):
    """Dice, `dice:NAME:COUNT`."""

    kind = "dice"
    words = N_("{last} dice thrown ({name})")
    sides = 6
    digits = "1-6"


@dataclass(frozen=True)
class DrandSource(Source):
    """A round of drand's chain quicknet, `drand:quicknet:ROUND`."""

    text: str
    name: str
    last: str
    kind = "drand"
    words = N_("drand {name}, round {last}")
    compared_with = N_("drand's record of the round")

    @classmethod
    def read(cls, text: str, lotteries: Mapping[str, Lottery] | None) -> Source:
        """The round; quicknet is the only chain."""
        name, number = _split_spelling(text)
        if name != "quicknet" or not _ROUND.fullmatch(number):
            raise _unknown_source(text)
        return cls(text, name, number)

    @property
    def outcomes(self) -> int:
        """The value is a SHA-256."""
        return 2**256

    @property
    def round(self) -> int:
        """The number of the round."""
        return int(self.last)

    def text_for(self, not_before: str) -> str:
        """The first round at or after the time."""
        return f"drand:quicknet:{round_at(not_before)}"

    def is_older_than(self, not_before: str) -> bool:
        """Was the round made before the time?"""
        return self.round < round_at(not_before)

    def check_value(self, value: str) -> None:
        """The SHA-256 of the signature, in hex."""
        if not is_hex(value, 64):
            raise Misuse(
                _("The value of a drand round has 64 lower-case hex digits."),
                _("It is the field randomness: the SHA-256 of the round's signature."),
            )

    def is_proof(self, value: str, proof: str) -> bool:
        """Is this a round's signature (96 hex digits) whose SHA-256 is the value?"""
        if not is_hex(proof, 96):
            return False
        return hashlib.sha256(bytes.fromhex(proof)).hexdigest() == value


@dataclass(frozen=True)
class LocalSource(Source):
    """This computer alone, `local`: no public randomness, and no value to log."""

    text: str = "local"
    name: str = ""
    last: str = ""
    kind = "local"
    words = N_("this computer (no public randomness)")
    is_public = False

    @classmethod
    def read(cls, text: str, lotteries: Mapping[str, Lottery] | None) -> Source:
        """The source, which has one spelling."""
        if text != cls.kind:
            raise _unknown_source(text)
        return cls()

    @property
    def outcomes(self) -> int:
        """Nothing public is drawn."""
        return 1

    def check_value(self, value: str) -> None:
        """The value is empty."""
        if value:
            raise Misuse(_("The source local has no value."), "local=")


SOURCE_KINDS: dict[str, type[Source]] = {
    kind.kind: kind for kind in (LotterySource, BallsSource, DiceSource, DrandSource, LocalSource)
}


def read_source(text: str, lotteries: Mapping[str, Lottery] | None = None) -> Source:
    """The source with this spelling; Misuse, with the valid spellings, for any other text."""
    kind = SOURCE_KINDS.get(text.partition(":")[0])
    if kind is None:
        raise _unknown_source(text)
    return kind.read(text, lotteries)


def read_sources(
    texts: Sequence[str], lotteries: Mapping[str, Lottery] | None = None
) -> tuple[Source, ...]:
    """The sources of a plan, in its order; Misuse unless there is at least one, all differ, and `local` is alone."""
    all_sources = tuple(read_source(text, lotteries) for text in texts)
    if not all_sources:
        raise Misuse(_("A plan names at least one source."), _list_spellings())
    if len(set(texts)) != len(texts):
        raise Misuse(_("A source stands twice."), _list_spellings())
    if any(not source.is_public for source in all_sources) and len(all_sources) > 1:
        raise Misuse(_("The source local stands alone."), _("Leave it out: the others are public."))
    return all_sources


def add_fixed_values(sources: Sequence[Source], logged: Mapping[str, str]) -> dict[str, str]:
    """The logged values with those of the sources that have nothing to log."""
    return {source.text: "" for source in sources if not source.is_public} | dict(logged)


def total_bits(sources: Sequence[Source]) -> int:
    """floor(log2(number of outcomes of all sources together)): b in the threat table."""
    total = 1
    for source in sources:
        total *= source.outcomes
    return total.bit_length() - 1


def format_entropy(sources: Sequence[Source], values: Mapping[str, str]) -> str:
    """The lines `source=value` in the plan's order, joined by LF; Misuse if a value is missing or invalid."""
    for text in values:
        if text not in [source.text for source in sources]:
            raise Misuse(_("The plan does not name the source {source}.").format(source=text))
    for source in sources:
        if source.text not in values:
            raise Misuse(
                _("The value of {source} is missing.").format(source=source.text),
                _("double-random inspection entropy DRAW '{source}=VALUE'").format(
                    source=source.text
                ),
            )
        source.check_value(values[source.text])
    return "\n".join(f"{source.text}={values[source.text]}" for source in sources)


def parse_entropy(sources: Sequence[Source], entropy: str) -> dict[str, str]:
    """The value of each source from the lines; Misuse unless they match the plan's sources in order."""
    lines = entropy.split("\n")
    if len(lines) != len(sources):
        raise Misuse(
            _("The plan names {wanted} sources, here are {found} lines.").format(
                wanted=len(sources), found=len(lines)
            )
        )
    value_by_source = {}
    for source, line in zip(sources, lines, strict=True):
        text, equals, value = line.partition("=")
        if text != source.text or not equals:
            raise Misuse(
                _("{line} does not belong to the source {source}.").format(
                    line=line, source=source.text
                )
            )
        source.check_value(value)
        value_by_source[text] = value
    return value_by_source


def round_at(time: str) -> int:
    """The first round of drand quicknet at or after a time YYYY-MM-DDThh:mm:ssZ."""
    after = epoch_seconds(time) - QUICKNET_GENESIS
    return max(1, -(-after // QUICKNET_PERIOD) + 1)


def round_seconds(number: int) -> int:
    """When a round of drand quicknet is made, in seconds since 1970 (UTC)."""
    return QUICKNET_GENESIS + (number - 1) * QUICKNET_PERIOD


def _list_spellings() -> str:
    return "lottery:快乐8:2026300 · balls:现场:6 · dice:现场:8 · drand:quicknet:12345678 · local"


def _split_spelling(text: str) -> tuple[str, str]:
    """Name and last part of KIND:NAME:LAST; Misuse if it has another form."""
    parts = text.split(":")
    if len(parts) != 3 or "=" in text or not is_clean(text):
        raise _unknown_source(text)
    _kind, name, last = parts
    if not name or name != name.strip():
        raise _unknown_source(text)
    return name, last


def _unknown_source(text: str) -> Misuse:
    return Misuse(
        _("{source} is no source of randomness.").format(source=text),
        _("One of: {spellings}").format(spellings=_list_spellings()),
    )
