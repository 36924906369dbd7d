"""sources.json: where the public value comes from, its format, and the earliest time at which it can be known.

A verifier needs no list of lotteries: everything that it checks stands in this file, sealed with the plan.
"""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from double_random.core.errors import BadFile, Misuse
from double_random.core.translation import N_, _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.text import epoch_seconds, is_time
from double_random.inspection.protocol.v2 import SOURCES
from double_random.inspection.protocol.v2.drand_chains import DrandChain
from double_random.inspection.protocol.v2.value_formats import ValueFormat, format_decimal

FILE = SOURCES
KINDS = ("lottery", "public", "ceremony", "drand", "beacon", "local")
# Under this many bits the secret can be ground against all outcomes.
LEAST_BITS = 19
_FIELDS = ("source", "kind", "format", "outcomes", "known_from", "published", "chain")
_WORDS = {
    "lottery": N_("{name}, issue {last}"),
    "public": N_("{name}, {last}"),
    "ceremony": N_("{name} before witnesses ({last})"),
    "drand": N_("drand {name}, round {last}"),
    "beacon": N_("the beacon {name}, pulse of {last}"),
    "local": N_("this computer (no public randomness)"),
}
_ROUND = re.compile(r"[1-9][0-9]{0,14}", re.ASCII)
_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


@dataclass(frozen=True, kw_only=True)
class PublicSource:
    """公开随机号码的来源: `KIND:NAME:ISSUE` or `local`, with its format and `known_from` ("" for `local`)."""

    source: str
    kind: str
    name: str
    issue: str
    format: ValueFormat | None
    known_from: str
    published: str
    chain: DrandChain | None

    @property
    def text(self) -> str:
        """The spelling."""
        return self.source

    @property
    def last(self) -> str:
        """The issue, for people."""
        return self.issue

    @property
    def words(self) -> str:
        """The source for people, with {name} and {last}."""
        return _WORDS[self.kind]

    @property
    def round(self) -> int | None:
        """The round of drand whose signature proves the value; None if no signature does."""
        return None if self.chain is None else int(self.issue)

    @property
    def separator(self) -> str:
        """Between the numbers of a value."""
        return "."

    @property
    def is_public(self) -> bool:
        """Has it a value that the operator does not choose?"""
        return not self.is_local

    @property
    def needs_witness(self) -> bool:
        """Is its value made on site?"""
        return self.is_ceremony

    def earliest_time(self, not_before: str) -> str:
        """From when its value may be logged (UTC)."""
        return self.known_from or not_before

    @property
    def is_local(self) -> bool:
        """Does the operator alone vouch for the draw?"""
        return self.kind == "local"

    @property
    def is_ceremony(self) -> bool:
        """Is the value thrown or drawn on site, before witnesses?"""
        return self.kind == "ceremony"

    @property
    def outcomes(self) -> int:
        """The number of equally likely values; 1 for `local`."""
        return 1 if self.format is None else self.format.outcomes

    def check_value(self, value: str) -> None:
        """Refuse a value that this source cannot have, or another spelling of one: Misuse."""
        if self.format is not None:
            self.format.check_value(value)
        elif value:
            raise Misuse(_("The source local has no value."), "local=")

    def is_proof(self, value: str, proof: str) -> bool:
        """Does this proof belong to a drand round and hash to its value?"""
        return self.chain is not None and self.chain.is_proof(value, proof)


def read_public_sources(data: bytes) -> tuple[PublicSource, ...]:
    """The sources of sources.json, in its order; BadFile names the field that breaks a rule."""
    fields = StrictObject(FILE, canonical_json.load_canonical(data, FILE), ("sources",))
    found = tuple(_read_source(part) for part in fields.objects("sources", _FIELDS))
    if not found:
        raise fields.refuse("sources", _("at least one source was expected"))
    if len({source.source.translate(_FOLD) for source in found}) != len(found):
        raise fields.refuse("sources", _("two sources differ by more than the case of letters"))
    if len(found) > 1 and any(source.is_local for source in found):
        raise fields.refuse("sources", _("The source local stands alone."))
    return found


def are_ceremonies(sources: Sequence[PublicSource]) -> bool:
    """Are all sources ceremonies? Only beside other kinds a ceremony must come before not_before."""
    return all(source.is_ceremony for source in sources)


def check_known_times(sources: Sequence[PublicSource], not_before: str) -> None:
    """BadFile if a value can be known before `not_before`, or a ceremony beside other kinds only from then on."""
    alone = are_ceremonies(sources)
    for source in sources:
        if source.is_local:
            continue
        if source.is_ceremony and not alone:
            if source.known_from >= not_before:
                raise BadFile(
                    FILE,
                    _("{source}: beside other sources a ceremony comes before not_before").format(
                        source=source.source
                    ),
                )
        elif source.known_from < not_before:
            raise BadFile(
                FILE,
                _("{source}: its value can be known before not_before").format(
                    source=source.source
                ),
            )


def count_bits(sources: Sequence[PublicSource]) -> int:
    """floor(log2(number of outcomes of all sources together)), in whole numbers."""
    total = 1
    for source in sources:
        total *= source.outcomes
    return total.bit_length() - 1


def format_entropy(sources: Sequence[PublicSource], values: Mapping[str, str]) -> str:
    """The lines `source=value` in the file's order, joined by LF; Misuse if a value is missing or wrong."""
    for source in sources:
        if source.source not in values:
            raise Misuse(_("The value of {source} is missing.").format(source=source.source))
        source.check_value(values[source.source])
    return "\n".join(f"{source.source}={values[source.source]}" for source in sources)


def parse_entropy(sources: Sequence[PublicSource], entropy: str) -> dict[str, str]:
    """The value of each source; Misuse if the lines are not exactly those of the sources, in their order."""
    lines = entropy.split("\n")
    values = dict(line.partition("=")[::2] for line in lines)
    if [line.partition("=")[0] for line in lines] != [source.source for source in sources]:
        raise Misuse(_("These are not the sources of the plan, each once and in its order."))
    if format_entropy(sources, values) != entropy:
        raise Misuse(_("These are not the sources of the plan, each once and in its order."))
    return values


def _read_source(part: StrictObject) -> PublicSource:
    kind, text = part.one_of("kind", KINDS), part.text("source")
    name, issue = _split_spelling(part, kind, text)
    chain = None
    if kind == "drand":
        chain = DrandChain.read(part, "chain")
    elif not part.is_null("chain"):
        raise part.refuse("chain", _("null was expected"))
    if kind == "local":
        if not (part.is_null("format") and part.is_null("known_from")):
            raise part.refuse("format", _("null was expected"))
        if part.text("published", empty=True):
            raise part.refuse("published", _("the source local is published nowhere"))
    source = PublicSource(
        source=text,
        kind=kind,
        name=name,
        issue=issue,
        format=None if kind == "local" else ValueFormat.read(part, "format"),
        known_from="" if kind == "local" else part.time("known_from"),
        published=part.text("published", empty=kind == "local"),
        chain=chain,
    )
    if part.text("outcomes") != format_decimal(source.outcomes):
        raise part.refuse("outcomes", _("the format has another number of outcomes"))
    if source.chain is not None:
        _check_round(part, source, source.chain)
    if kind == "beacon":
        _check_pulse(part, source)
    return source


def _split_spelling(part: StrictObject, kind: str, text: str) -> tuple[str, str]:
    if kind == "local" and text == "local":
        return "", ""
    words = text.split(":", 2)
    ends = [end for word in words[1:] for end in (word[:1], word[-1:])]
    if len(words) != 3 or words[0] != kind or kind == "local" or "=" in text:
        raise part.refuse("source", _("KIND:NAME:ISSUE without = was expected, or local"))
    if any(not end or end.isspace() for end in ends):
        raise part.refuse("source", _("neither NAME nor ISSUE is empty or ends in white space"))
    return words[1], words[2]


def _check_round(part: StrictObject, source: PublicSource, chain: DrandChain) -> None:
    if source.name != chain.hash:
        raise part.refuse("source", _("this is not the hash of the chain"))
    if not _ROUND.fullmatch(source.issue):
        raise part.refuse("source", _("a round without leading zero was expected"))
    if source.format != ValueFormat((), 64):
        raise part.refuse(
            "format", _("{digits} lower-case hex digits were expected").format(digits=64)
        )
    if epoch_seconds(source.known_from) != chain.round_seconds(int(source.issue)):
        raise part.refuse("known_from", _("this is not the time of the round"))


def _check_pulse(part: StrictObject, source: PublicSource) -> None:
    if not is_time(source.issue) or source.issue != source.known_from:
        raise part.refuse("known_from", _("this is not the time of the pulse"))
    if source.format is None or not source.format.hex:
        raise part.refuse("format", _("hex digits were expected"))
