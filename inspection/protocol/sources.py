"""公开随机号码: the sources of public randomness. Each source has exactly one spelling, and so has its value."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from double_random.core.errors import Misuse
from double_random.core.translation import _
from double_random.inspection.protocol.lotteries import Lottery, shipped_lotteries
from double_random.inspection.protocol.text import epoch_seconds, is_clean, is_hex

KINDS = ("lottery", "balls", "dice", "drand", "local")
# The minimum of public entropy in bits; a plan with the source `local` openly has none.
LEAST_BITS = 19
# drand's chain `quicknet`: first round and period, as its operators publish them.
QUICKNET_GENESIS = 1692803367
QUICKNET_PERIOD = 3

_COUNT = re.compile(r"[1-9][0-9]{0,3}", re.ASCII)
_ROUND = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)


@dataclass(frozen=True)
class Source:
    """One source: `lottery:NAME:ISSUE`, `balls:NAME:COUNT`, `dice:NAME:COUNT`, `drand:quicknet:ROUND` or `local`."""

    text: str
    kind: str
    name: str
    last: str
    lottery: Lottery | None = None

    @classmethod
    def read(cls, text: str, lotteries: Mapping[str, Lottery] | None = None) -> Source:
        """The source with this spelling; Misuse, with the valid spellings, for any other text."""
        if text == "local":
            return cls(text, "local", "", "")
        parts = text.split(":")
        if len(parts) != 3 or parts[0] not in KINDS or "=" in text or not is_clean(text):
            raise _unknown_source(text)
        kind, name, last = parts
        if not name or name != name.strip():
            raise _unknown_source(text)
        if kind == "lottery":
            lottery = (shipped_lotteries() if lotteries is None else lotteries).get(name)
            if lottery is None:
                raise Misuse(
                    _("No lottery {name} is known.").format(name=name),
                    _("Known are: {names}").format(
                        names="、".join(shipped_lotteries() if lotteries is None else lotteries)
                    ),
                )
            lottery.check_issue(last)
            return cls(text, kind, name, last, lottery)
        if kind == "drand":
            if name != "quicknet" or not _ROUND.fullmatch(last):
                raise _unknown_source(text)
        elif not _COUNT.fullmatch(last):
            raise _unknown_source(text)
        return cls(text, kind, name, last)

    @property
    def count(self) -> int:
        """The number of balls or dice; for drand, the round."""
        return int(self.last)

    @property
    def outcomes(self) -> int:
        """The number of equally likely values; 1 for `local`."""
        if self.lottery:
            return self.lottery.outcomes
        if self.kind == "local":
            return 1
        return 2**256 if self.kind == "drand" else self._sides**self.count

    @property
    def bits(self) -> int:
        """floor(log2(outcomes)), computed with whole numbers."""
        return self.outcomes.bit_length() - 1

    @property
    def needs_witness(self) -> bool:
        """Is the value produced on site in front of witnesses? It is logged before any other value is known."""
        return self.kind in ("balls", "dice")

    @property
    def _sides(self) -> int:
        return 6 if self.kind == "dice" else 10

    def check_value(self, value: str) -> None:
        """Refuse a value that this source cannot have, or another spelling of it: Misuse, with a hint."""
        if self.lottery:
            self.lottery.check_value(value)
        elif self.kind == "local":
            if value:
                raise Misuse(_("The source local has no value."), "local=")
        elif self.kind == "drand":
            if not is_hex(value, 64):
                raise Misuse(
                    _("The value of a drand round has 64 lower-case hex digits."),
                    _("It is the field randomness: the SHA-256 of the round's signature."),
                )
        else:
            digits = "1-6" if self.kind == "dice" else "0-9"
            if not re.fullmatch(f"[{digits}]{{{self.count}}}", value, re.ASCII):
                raise Misuse(
                    _("{source} has exactly {count} digits {digits}, leading zeros too.").format(
                        source=self.text, count=self.count, digits=digits
                    ),
                    _("Write down what was drawn, in its order, without blanks."),
                )

    def is_proof(self, value: str, proof: str) -> bool:
        """Is this a round's signature (hex digits) whose SHA-256 is the value? The signature is not verified."""
        if self.kind != "drand" or len(proof) != 96 or not is_hex(proof, 96):
            return False
        return hashlib.sha256(bytes.fromhex(proof)).hexdigest() == value


def read_sources(
    texts: Sequence[str], lotteries: Mapping[str, Lottery] | None = None
) -> tuple[Source, ...]:
    """The sources of a plan, in its order; Misuse unless there is at least one, all differ, and `local` is alone."""
    all_sources = tuple(Source.read(text, lotteries) for text in texts)
    if not all_sources:
        raise Misuse(_("A plan names at least one source."), _list_spellings())
    if len(set(texts)) != len(texts):
        raise Misuse(_("A source stands twice."), _list_spellings())
    if any(source.kind == "local" for source in all_sources) and len(all_sources) > 1:
        raise Misuse(_("The source local stands alone."), _("Leave it out: the others are public."))
    return all_sources


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


def _unknown_source(text: str) -> Misuse:
    return Misuse(
        _("{source} is no source of randomness.").format(source=text),
        _("One of: {spellings}").format(spellings=_list_spellings()),
    )
