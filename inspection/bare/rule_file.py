"""The rule of a bare draw: rule.toml, or the same as a Python mapping; read strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from double_random.core import toml_reader
from double_random.core.china_time import UTC_FORM
from double_random.core.errors import BadFile
from double_random.core.toml_reader import (
    DAY,
    FLAG,
    TEXT,
    CheckedToml,
    List,
    Place,
    Shape,
    Table,
    Text,
    WholeNumber,
)
from double_random.core.translation import _
from double_random.inspection.protocol.digest import NAMES
from double_random.inspection.protocol.plan import TeamRule
from double_random.inspection.protocol.strata import ROUNDINGS
from double_random.inspection.protocol.text import is_clean, is_short_id
from double_random.inspection.protocol.v2.plan import INTERNAL, STRATA_BY
from double_random.inspection.sources.source_catalogue import GROUP

_SHARE = re.compile(r"([0-9]{1,15})/([1-9][0-9]{0,14})", re.ASCII)
_MOST = 10**9


@dataclass(frozen=True)
class _CleanText:
    """A text that the protocol takes: in normal form C, without control characters."""

    empty: bool = False

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if it is empty and must not be, or not clean."""
        Text(self.empty).check(value, reading, key_path)
        if not is_clean(str(value)):
            reading.expected(key_path, _("a text in Unicode normal form C"), value)


@dataclass(frozen=True)
class _ShortId:
    """An id of 0-9, A-Z, a-z, _ and -."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile for any other text."""
        TEXT.check(value, reading, key_path)
        if not is_short_id(str(value)):
            reading.expected(key_path, _("letters, digits, _ and - alone"), value)


@dataclass(frozen=True)
class _Share:
    """A share, as "1/10"."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if it is no share from 0 to 1."""
        TEXT.check(value, reading, key_path)
        match = _SHARE.fullmatch(str(value))
        if match is None or int(match[1]) > int(match[2]):
            reading.expected(key_path, _('a share from 0 to 1, such as "1/10"'), value)


@dataclass(frozen=True)
class _Moment:
    """A time with its zone, without quotes."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if it is no time, or says no zone."""
        if not isinstance(value, datetime) or value.tzinfo is None or value.microsecond:
            what = _("a time with its zone, without quotes, such as 2026-12-02T16:00:00+08:00")
            reading.expected(key_path, what, value)


CLEAN = _CleanText()
_HOW_MANY: Mapping[str, Shape] = {
    "ratio": _Share(),
    "count": WholeNumber(0, _MOST),
    "minimum": WholeNumber(0, _MOST),
    "rounding": Text(choices=ROUNDINGS),
}
TEAM = Table(
    {"size": WholeNumber(0, 1000)},
    {
        "leads": WholeNumber(0, 1000),
        "groups": WholeNumber(1, _MOST),
        "match_kind": FLAG,
        "other_district": FLAG,
    },
)
REASONS = List(CLEAN, once=True)
SOURCE = Table(
    {"source": CLEAN, "known_from": _Moment()},
    {"published": CLEAN, "groups": List(GROUP, 1, 20), "hex": WholeNumber(1, 1024)},
)
SHAPE = Table(
    {"draw": _ShortId(), "title": CLEAN, "authority": CLEAN},
    {
        **_HOW_MANY,
        "authority_code": _CleanText(empty=True),
        "number": _CleanText(empty=True),
        "basis": CLEAN,
        "hash": Text(choices=tuple(NAMES)),
        "as_of": DAY,
        "publish_by": DAY,
        "strata_by": Text(choices=STRATA_BY),
        "reserve": _Share(),
        "stratum": List(Table({"stratum": CLEAN}, _HOW_MANY)),
        "team": TEAM,
        "scope": Table({}, {"districts": List(CLEAN, once=True), "kinds": List(CLEAN, once=True)}),
        "reasons": Table(
            {}, {"left_out": REASONS, "inspectors_left_out": REASONS, "replace": REASONS}
        ),
        "source": List(SOURCE),
    },
)
NOBODY = TeamRule(size=0, leads=0, groups=None, match_kind=False, other_district=False)


@dataclass(frozen=True)
class HowMany:
    """How many rows of a stratum are drawn: a share, or a whole number (then the share follows from the rows)."""

    ratio: tuple[int, int] | None
    count: int | None
    minimum: int
    rounding: str

    def share_of(self, population: int) -> tuple[int, int]:
        """The share [a, b] of a stratum with so many rows."""
        if self.ratio is not None:
            return self.ratio
        assert self.count is not None
        return (self.count, population) if population else (0, 1)


@dataclass(frozen=True, kw_only=True)
class BareRule:
    """The rule of a bare draw; `file` names it in messages."""

    file: str
    draw: str
    title: str
    authority: str
    authority_code: str
    number: str
    basis: str
    hash: str
    as_of: date | None
    publish_by: date | None
    strata_by: str
    every: HowMany | None  # of strata that are not named
    named: Mapping[str, HowMany]
    reserve: tuple[int, int]
    team: TeamRule
    districts: tuple[str, ...]
    kinds: tuple[str, ...]
    left_out: tuple[str, ...]
    inspectors_left_out: tuple[str, ...]
    replace: tuple[str, ...]
    sources: tuple[Mapping[str, Any], ...]

    @property
    def needed_columns(self) -> tuple[str, ...]:
        """The columns of the targets by which the rule forms groups or teams."""
        by = {INTERNAL: ("stratum",), "all": ()}.get(
            self.strata_by, tuple(self.strata_by.split("/"))
        )
        matched = ("kind",) if self.team.match_kind else ()
        apart = ("district",) if self.team.other_district else ()
        return tuple(dict.fromkeys((*by, *matched, *apart)))


def read_rule(rule: Path | str | Mapping[str, Any]) -> BareRule:
    """The rule of a file, or of a mapping with the same keys; BadFile with the line and the key of a fault."""
    if isinstance(rule, Mapping):
        file, values = "rule", dict(rule)
        SHAPE.check(values, CheckedToml(file, {(): 1}), ())
    else:
        file = str(rule)
        values = toml_reader.read_toml(Path(rule), SHAPE)
    return _build_rule(file, values)


def _build_rule(file: str, values: Mapping[str, Any]) -> BareRule:
    scope, reasons = values.get("scope", {}), values.get("reasons", {})
    named = {row["stratum"]: _read_how_many(file, row) for row in values.get("stratum", [])}
    if len(named) != len(values.get("stratum", [])):
        raise BadFile(file, _("a stratum stands twice"), _("name each stratum once"))
    every = _read_how_many(file, values) if {"ratio", "count"} & set(values) else None
    if every is None and not named:
        raise BadFile(
            file,
            _("it does not say how many are drawn"),
            _('add ratio = "1/10", or count = 20, or [[stratum]] with one of them'),
        )
    return BareRule(
        file=file,
        draw=values["draw"],
        title=values["title"],
        authority=values["authority"],
        authority_code=values.get("authority_code", ""),
        number=values.get("number", ""),
        basis=values.get("basis", values["title"]),
        hash=values.get("hash", "sha256"),
        as_of=values.get("as_of"),
        publish_by=values.get("publish_by"),
        strata_by=values.get("strata_by", "all"),
        every=every,
        named=named,
        reserve=_parse_share(values.get("reserve", "0/1")),
        team=_read_team(file, values.get("team")),
        districts=tuple(scope.get("districts", ())),
        kinds=tuple(scope.get("kinds", ())),
        left_out=tuple(sorted(reasons.get("left_out", ()))),
        inspectors_left_out=tuple(sorted(reasons.get("inspectors_left_out", ()))),
        replace=tuple(sorted(reasons.get("replace", ()))),
        sources=tuple(
            {**row, "known_from": row["known_from"].astimezone(UTC).strftime(UTC_FORM)}
            for row in values.get("source", [])
        ),
    )


def _read_how_many(file: str, values: Mapping[str, Any]) -> HowMany:
    """A share or a number; a number is exact, so it has no minimum and no rounding of its own."""
    name = values.get("stratum", "all") if isinstance(values.get("stratum"), str) else "all"
    if ("ratio" in values) == ("count" in values):
        raise BadFile(
            file,
            _("{stratum}: either ratio or count was expected").format(stratum=name),
            _('ratio = "1/10" for a tenth of the rows, count = 20 for twenty of them'),
        )
    rounding, minimum = values.get("rounding", "up"), values.get("minimum", 0)
    if "count" in values and (minimum or rounding != "up"):
        raise BadFile(
            file,
            _("{stratum}: a count needs no minimum and no rounding").format(stratum=name),
            _("leave them away, or say a ratio"),
        )
    if rounding == "unbiased" and minimum:
        raise BadFile(
            file,
            _("{stratum}: unbiased rounding has the minimum 0").format(stratum=name),
            _('leave minimum away, or write rounding = "up"'),
        )
    ratio = _parse_share(values["ratio"]) if "ratio" in values else None
    return HowMany(ratio, values.get("count"), minimum, rounding)


def _read_team(file: str, team: Mapping[str, Any] | None) -> TeamRule:
    if team is None:
        return NOBODY
    size, leads = team["size"], team.get("leads", 0)
    if leads > size or (team.get("groups") and not size):
        raise BadFile(
            file,
            _("team: not more leads than members, and groups only where somebody visits"),
            _("as size = 2, leads = 1"),
        )
    return TeamRule(
        size=size,
        leads=leads,
        groups=team.get("groups"),
        match_kind=team.get("match_kind", False),
        other_district=team.get("other_district", False),
    )


def _parse_share(text: str) -> tuple[int, int]:
    numerator, _slash, denominator = text.partition("/")
    return int(numerator), int(denominator)
