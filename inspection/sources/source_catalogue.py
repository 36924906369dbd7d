"""The catalogue of public randomness: data/entropy_sources.toml with the home's own file, read strictly.

A source of the own file takes the place of the shipped one of its kind and name. A fault in it is an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from double_random import data
from double_random.core import toml_reader
from double_random.core.china_time import UTC_FORM, localize_times
from double_random.core.errors import BadFile, DoubleRandomError, Misuse
from double_random.core.toml_reader import (
    DAY,
    FLAG,
    TEXT,
    WORD,
    CheckedToml,
    List,
    Place,
    Shape,
    Table,
    Text,
    WholeNumber,
)
from double_random.core.translation import _, join_label, join_words
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.text import epoch_seconds
from double_random.inspection.protocol.v2.drand_chains import DrandChain
from double_random.inspection.protocol.v2.public_sources import read_public_sources
from double_random.inspection.sources.drawing_calendar import (
    ISSUE_FORMS,
    ClosedDays,
    DrawingCalendar,
    Issue,
    load_zone,
)
from double_random.inspection.sources.known_sources import (
    KINDS,
    LOCAL,
    Beacon,
    Ceremony,
    Chain,
    KnownSource,
    LotteryGame,
    PublicNumber,
)

if TYPE_CHECKING:
    from double_random.store.home_folder import HomeFolder

FILE = "entropy_sources.toml"
SAMPLE = "2026-01-01T00:00:00Z"  # any time: a source that makes a valid row then, makes one always
FORMER = "lotteries.toml"  # a file of this name in a home was never read

GROUP = Table(
    {
        "count": WholeNumber(1, 1000),
        "low": WholeNumber(0, 10**15 - 1),
        "high": WholeNumber(0, 10**15 - 1),
        "order": Text(choices=("ascending", "drawn")),
    },
    {"digits": WholeNumber(1, 15), "distinct": FLAG, "rest": FLAG},
)


@dataclass(frozen=True)
class _ClockTime:
    """A time of day, HH:MM."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if it is no time of day."""
        TEXT.check(value, reading, key_path)
        try:
            time.fromisoformat(str(value))
        except ValueError:
            reading.expected(key_path, _("a time of day, such as 21:30"), value)


@dataclass(frozen=True)
class _Name:
    """The NAME of a spelling: without colon, equals sign, or white space at its ends."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile if it cannot stand in a spelling."""
        WORD.check(value, reading, key_path)
        name = str(value)
        if name != name.strip() or ":" in name or "=" in name:
            reading.expected(key_path, _("a name without : and = and blanks at its ends"), value)


@dataclass(frozen=True)
class _Sources:
    """Tables of one kind of source: each fits its shape, makes a row that a plan can seal, and stands once."""

    kind: str
    shape: Table

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile with the line of the first fault."""
        List(self.shape).check(value, reading, key_path)
        assert isinstance(value, list)
        names = [row["name"] for row in value]
        for number, row in enumerate(value):
            place = (*key_path, number)
            if row["name"] in names[:number]:
                reading.refuse(place, _("{name} stands there twice").format(name=row["name"]))
            if self.shape is not CHAIN and ("groups" in row) == ("hex" in row):
                reading.refuse(place, _("either groups or hex was expected"))
            _check_calendar(row, reading, place)
            _check_sample(self.kind, row, reading, place)


@dataclass(frozen=True)
class _ClosedSpan:
    """Closed days: the last is not before the first."""

    def check(self, value: object, reading: CheckedToml, key_path: Place) -> None:
        """BadFile with the line of the first fault."""
        CLOSED.check(value, reading, key_path)
        assert isinstance(value, dict)
        if value["to"] < value["from"]:
            reading.refuse(key_path, _("the last closed day is before the first"))


DRAWING = Table({"days": List(WholeNumber(1, 7), least=1, once=True), "time": _ClockTime()})
_COMMON: dict[str, Shape] = {
    "name": _Name(),
    "published": WORD,
    "reference": WORD,
    "confirmed": FLAG,
}
_VALUE: dict[str, Shape] = {"groups": List(GROUP, 1, 20), "hex": WholeNumber(1, 1024)}
_WHEN: dict[str, Shape] = {
    "issue": Text(choices=ISSUE_FORMS),
    "zone": WORD,
    "drawings": List(DRAWING, least=1),
    "calendar": WORD,
}
NUMBERS = Table(_COMMON, {**_VALUE, **_WHEN})
CEREMONY = Table(_COMMON, _VALUE)
BEACON = Table({**_COMMON, "hex": WholeNumber(1, 1024), "period": WholeNumber(1, 10**6)})
CHAIN = Table(
    {
        **_COMMON,
        "period": WholeNumber(1, 2**32 - 1),
        "genesis": WholeNumber(0, 2**40),
        **dict.fromkeys(("public_key", "group_hash", "beacon", "scheme"), WORD),
    }
)
CLOSED = Table(
    {
        "calendar": WORD,
        "from": DAY,
        "to": DAY,
        "occasion": TEXT,
        "reference": WORD,
        "confirmed": FLAG,
    }
)
SHAPE = Table(
    {},
    {
        "lottery": _Sources("lottery", NUMBERS),
        "public": _Sources("public", NUMBERS),
        "ceremony": _Sources("ceremony", CEREMONY),
        "beacon": _Sources("beacon", BEACON),
        "drand": _Sources("drand", CHAIN),
        "closed": List(_ClosedSpan()),
    },
)


@dataclass(frozen=True)
class SourceCatalogue:
    """All known sources, by kind and name, in the order of the files."""

    sources: Mapping[tuple[str, str], KnownSource]

    def find(self, kind: str, name: str) -> KnownSource:
        """The source of a kind and name (or chain hash); Misuse with the known names for any other."""
        if kind not in KINDS:
            raise Misuse(
                _("{kind} is no kind of source").format(kind=kind),
                _("One of: {spellings}").format(spellings=join_words((*KINDS, "local"))),
            )
        for source in self.of_kind(KINDS[kind]):
            if name in (source.name, source.label):
                return source
        raise Misuse(
            _("no source {source} is known").format(source=f"{kind}:{name}"),
            _("Known are: {names}; others are described in {file}").format(
                names=join_words(source.name for source in self.of_kind(KINDS[kind])), file=FILE
            ),
        )

    def of_kind(self, kind: type[KnownSource]) -> list[KnownSource]:
        """The sources of one kind, in order."""
        return [source for source in self.sources.values() if type(source) is kind]

    def refuse_past_issue(self, text: str, not_before: str) -> None:
        """Misuse if the issue of a spelling cannot be, or its calendar has it before this time (UTC).

        Of a year whose closed days are unknown, at least the year itself is compared. Sources without a calendar,
        and those that this catalogue does not know, are not looked at.
        """
        kind, _colon, rest = text.partition(":")
        name, _colon, number = rest.partition(":")
        source = self.sources.get((kind, name))
        if not isinstance(source, PublicNumber) or source.calendar is None:
            return
        issue, calendar = source.calendar.find_issue(number), source.calendar
        if issue is not None and issue.known_from < not_before:
            raise _past_issue(text, localize_times(issue.known_from), not_before)
        year = calendar.year_of(number)
        if issue is None and year < calendar.local_day(not_before).year:
            raise _past_issue(text, str(year), not_before)

    def describe(self, text: str, not_before: str, known_from: str = "") -> dict[str, Any]:
        """The row of sources.json for `KIND:NAME`, `KIND:NAME:ISSUE` or `local`; Misuse if it cannot be one.

        Without ISSUE it is the next one that a plan with this `not_before` may use. `known_from` states the time of
        an issue that no calendar knows; of a ceremony it is `not_before` unless it is stated.
        """
        if text == "local":
            return dict(LOCAL)
        kind, _colon, rest = text.partition(":")
        name, _colon, number = rest.partition(":")
        source = self.find(kind, name)
        if number:
            issue = source.find_issue(number)
        else:
            issue = source.find_next_issue(shift_time(not_before, source.lead_seconds))
        if known_from:
            source.check_stated_time(issue, known_from)
            issue = Issue(number, known_from) if number else issue
        elif issue is None and number and source.is_ceremony:
            issue = Issue(number, not_before)
        if issue is None:
            raise _unknown_time(text, number)
        return source.describe(issue)


def load_catalogue(own: Path | None = None) -> SourceCatalogue:
    """The shipped sources, and those of a bureau's own file before them; BadFile names what is wrong in it."""
    files = [data.path(FILE), *([own] if own is not None else [])]
    tables = [(file, toml_reader.read_toml(file, SHAPE)) for file in files]
    closed = _merge_closed([table for _file, table in tables])
    sources: dict[tuple[str, str], KnownSource] = {}
    for file, table in tables:
        for kind in KINDS:
            for row in table.get(kind, []):
                calendar = _build_calendar(file, row, closed)
                sources[kind, row["name"]] = _read_source(kind, row, calendar)
    return SourceCatalogue(sources)


def load_home_catalogue(home: HomeFolder) -> SourceCatalogue:
    """The catalogue of a home, with its facts/entropy_sources.toml.

    BadFile for a file that would be ignored: lotteries.toml, the name that earlier pages let expect.
    """
    facts = home.path / "facts"
    if (facts / FORMER).exists():
        raise BadFile(
            str(facts / FORMER),
            _("this file is not read: sources of randomness are described in {file}").format(
                file=FILE
            ),
            _("write its lotteries as [[lottery]] into {file}, then remove it").format(
                file=facts / FILE
            ),
        )
    own = facts / FILE
    return load_catalogue(own if own.exists() else None)


def describe_own_source(catalogue: SourceCatalogue, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row of sources.json of a source that a rule describes itself: source, known_from, published, groups or hex.

    Without groups and hex its format is the catalogue's. Misuse or BadFile if it breaks a rule.
    """
    if "groups" not in row and "hex" not in row:
        described = catalogue.describe(row["source"], row["known_from"], row["known_from"])
        return {**described, "published": row.get("published", described["published"])}
    kind, _colon, rest = str(row["source"]).partition(":")
    name, _colon, number = rest.partition(":")
    if kind not in ("lottery", "public", "ceremony") or not name or not number:
        raise Misuse(
            _("{source} is no source of randomness.").format(source=row["source"]),
            _("KIND:NAME:ISSUE, with lottery, public or ceremony as its kind"),
        )
    if not row.get("published"):
        raise Misuse(
            _("{source}: it does not say where its value is published").format(
                source=row["source"]
            ),
            _("add published, exactly enough that two readers read the same number"),
        )
    source = KINDS[kind](name=name, format=_build_format(row), published=row["published"])
    described = source.describe(Issue(number, row["known_from"]))
    read_public_sources(canonical_json.dump_canonical({"sources": [described]}))
    return described


def shift_time(moment: str, seconds: int) -> str:
    """A time (UTC) so many seconds later."""
    return datetime.fromtimestamp(epoch_seconds(moment) + seconds, UTC).strftime(UTC_FORM)


def _past_issue(text: str, drawn: str, not_before: str) -> Misuse:
    return Misuse(
        _("{source} is drawn {drawn}, before the plan's not_before, {time}").format(
            source=text, drawn=drawn, time=localize_times(not_before)
        ),
        _("take a later issue; a wrong calendar is corrected in {file}").format(file=FILE),
    )


def _unknown_time(text: str, number: str) -> Misuse:
    if not number:
        return Misuse(
            _("the next issue of {source} cannot be proposed").format(source=text),
            _("write the issue too, {source}:ISSUE, as the operator's notice has it").format(
                source=text
            ),
        )
    return Misuse(
        _("no calendar says when the value of {source} can be known").format(source=text),
        _("add the closed days of its year, or state its known_from under [[source]]"),
    )


def _read_source(
    kind: str, row: Mapping[str, Any], calendar: DrawingCalendar | None = None
) -> KnownSource:
    common = {name: row[name] for name in ("name", "published", "confirmed")}
    if kind == Beacon.kind:
        return Beacon(**common, format={"hex": row["hex"]}, period=row["period"])
    if kind == Chain.kind:
        names = ("period", "genesis", "public_key", "group_hash", "beacon", "scheme")
        chain = DrandChain(**{name: row[name] for name in names})
        return Chain(**common, format={"hex": 64}, chain=chain)
    if kind == Ceremony.kind:
        return Ceremony(**common, format=_build_format(row))
    game = LotteryGame if kind == LotteryGame.kind else PublicNumber
    return game(**common, format=_build_format(row), calendar=calendar)


def _build_format(row: Mapping[str, Any]) -> dict[str, Any]:
    """The format as a plan seals it, with what a file may leave away."""
    if "hex" in row:
        return {"hex": row["hex"]}
    return {
        "groups": [
            {
                **{name: group[name] for name in ("count", "low", "high", "order")},
                "digits": group.get("digits", len(str(group["high"]))),
                "distinct": group.get("distinct", group["order"] == "ascending"),
                "rest": group.get("rest", False),
            }
            for group in row["groups"]
        ]
    }


def _build_calendar(
    file: Path, row: Mapping[str, Any], closed: Mapping[str, ClosedDays]
) -> DrawingCalendar | None:
    if "drawings" not in row:
        return None
    name = row.get("calendar")
    if name is not None and name not in closed:
        raise BadFile(
            str(file),
            _("{source}: no closed days of the calendar {calendar} are written down").format(
                source=row["name"], calendar=name
            ),
            _("add [[closed]] with this calendar, or leave calendar away"),
        )
    return DrawingCalendar(
        form=row["issue"],
        zone=row["zone"],
        times={
            day: time.fromisoformat(drawing["time"])
            for drawing in row["drawings"]
            for day in drawing["days"]
        },
        closed=None if name is None else closed[name],
    )


def _merge_closed(tables: Sequence[Mapping[str, Any]]) -> dict[str, ClosedDays]:
    """The closed days of each calendar: of two files that speak of the same year the later one counts."""
    spans: dict[tuple[str, int], list[tuple[date, date]]] = {}
    for table in tables:
        found: dict[tuple[str, int], list[tuple[date, date]]] = {}
        for row in table.get("closed", []):
            for year in {row["from"].year, row["to"].year}:
                found.setdefault((row["calendar"], year), []).append((row["from"], row["to"]))
        spans |= found
    merged: dict[str, list[tuple[date, date]]] = {}
    for (calendar, _year), days in spans.items():
        merged.setdefault(calendar, []).extend(days)
    return {calendar: ClosedDays(tuple(days)) for calendar, days in merged.items()}


def _check_sample(kind: str, row: Mapping[str, Any], reading: CheckedToml, place: Place) -> None:
    """An issue of the source makes a row that the protocol reads."""
    try:
        source = _read_source(kind, row)
        issue = source.find_next_issue(SAMPLE) or Issue("1", SAMPLE)
        described = source.describe(issue)
        read_public_sources(canonical_json.dump_canonical({"sources": [described]}))
    except (DoubleRandomError, ValueError) as error:
        reading.refuse(place, join_label(row["name"], getattr(error, "reason", str(error))))


def _check_calendar(row: Mapping[str, Any], reading: CheckedToml, place: Place) -> None:
    """Issue, zone and drawings stand together; the zone exists, and no weekday stands twice."""
    given = [name for name in ("issue", "zone", "drawings") if name in row]
    if given and len(given) != 3:
        reading.refuse(
            place, _("{name}: issue, zone and drawings stand together").format(name=row["name"])
        )
    if "calendar" in row and not given:
        reading.refuse(place, _("{name}: a calendar needs drawings").format(name=row["name"]))
    if given:
        try:
            load_zone(row["zone"])
        except DoubleRandomError as error:
            reading.refuse(place, join_label(row["name"], error.reason))
        days = [day for drawing in row["drawings"] for day in drawing["days"]]
        if len(set(days)) != len(days):
            reading.refuse(place, _("{name}: a weekday stands twice").format(name=row["name"]))
