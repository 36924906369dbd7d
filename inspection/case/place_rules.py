"""What binds in this place on that day: 检查码, yearly cap, days to publish, rotation. Dated data, no constants."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from errors import BadFile, Misuse
from language import _

if TYPE_CHECKING:
    from store.home import Home

FIELDS = {"what", "place", "from", "value", "reference", "confirmed"}
WHAT = ("check_code", "yearly_cap", "publish_within", "rotation")


@dataclass(frozen=True)
class PlaceRule:
    """One dated line."""

    what: str
    place: str  # an area code's beginning; "" everywhere
    since: date
    value: int
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class PlaceRules:
    """All lines, for the place of one authority."""

    place: str
    rules: tuple[PlaceRule, ...]

    def on(self, what: str, day: date) -> PlaceRule:
        """The line in force; Misuse where there is none."""
        found = self.any_on(what, day)
        if found is None:
            raise Misuse(
                _("no rule says {what} on {day}").format(what=what, day=day),
                _("add a line to HOME/facts/place_rules.toml"),
            )
        return found

    def any_on(self, what: str, day: date) -> PlaceRule | None:
        """The line in force, if there is one."""
        found = [
            rule
            for rule in self.rules
            if rule.what == what and rule.since <= day and self.place.startswith(rule.place)
        ]
        return max(found, key=lambda rule: (len(rule.place), rule.since), default=None)

    def code_binds(self, day: date) -> bool:
        """Whether a 检查码 is needed before a visit."""
        return self.on("check_code", day).value > 0


def place_rules(home: Home) -> PlaceRules:
    """The rules for the home's authority: its place are the 3rd to 8th characters of its code (GB 32100)."""
    code = str(home.settings.get("authority", {}).get("code", ""))
    return PlaceRules(code[2:8], read(home.fact("place_rules.toml")))


def read(path: Path) -> tuple[PlaceRule, ...]:
    """The list; BadFile names what is wrong in it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadFile(str(path), str(error), _("correct that line")) from None
    raw = table.get("rule", [])
    found = tuple(_rule(path, number, entry) for number, entry in enumerate(raw, start=1))
    _no_double(path, found)
    return found


def _rule(path: Path, number: int, entry: dict[str, object]) -> PlaceRule:
    sound = (
        set(entry) == FIELDS
        and entry["what"] in WHAT
        and type(entry["from"]) is date
        and type(entry["value"]) is int
        and entry["value"] >= 0
        and bool(entry["reference"])
    )
    if not sound:
        raise BadFile(
            str(path),
            _("rule {number}: expected {fields}, with a reference").format(
                number=number, fields=", ".join(sorted(FIELDS))
            ),
        )
    return PlaceRule(
        str(entry["what"]),
        str(entry["place"]),
        entry["from"],  # type: ignore[arg-type]
        entry["value"],  # type: ignore[arg-type]
        str(entry["reference"]),
        bool(entry["confirmed"]),
    )


def _no_double(path: Path, rules: Iterable[PlaceRule]) -> None:
    seen = set()
    for rule in rules:
        key = (rule.what, rule.place, rule.since)
        if key in seen:
            raise BadFile(str(path), _("two rules for {key}").format(key=" ".join(map(str, key))))
        seen.add(key)
