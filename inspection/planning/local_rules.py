"""Local rules in force on a day: 检查码, yearly cap, days to publish, rotation. They are dated data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from double_random.core import toml_reader
from double_random.core.errors import BadFile, Misuse
from double_random.core.toml_reader import DAY, FLAG, TEXT, WORD, List, Table, Text, WholeNumber
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.store.home import Home

WHAT = ("check_code", "yearly_cap", "publish_within", "rotation")
RULE = Table(
    {
        "what": Text(choices=WHAT),
        "place": TEXT,
        "from": DAY,
        "value": WholeNumber(0, 10_000),
        "reference": WORD,
        "confirmed": FLAG,
    }
)
FILE = Table({}, {"rule": List(RULE)})


@dataclass(frozen=True, kw_only=True)
class PlaceRule:
    """One dated rule."""

    what: str
    place: str  # prefix of an area code; "" for every place
    since: date
    value: int
    reference: str
    confirmed: bool


@dataclass(frozen=True)
class PlaceRules:
    """All rules, for the place of one authority."""

    place: str
    rules: tuple[PlaceRule, ...]

    def require_rule(self, what: str, day: date) -> PlaceRule:
        """The rule in force; Misuse if there is none."""
        rule = self.find_rule(what, day)
        if rule is None:
            raise Misuse(
                _("no rule says {what} on {day}").format(what=what, day=day),
                _("add a line to HOME/facts/place_rules.toml"),
            )
        return rule

    def find_rule(self, what: str, day: date) -> PlaceRule | None:
        """The rule in force, or None; the rule for the most specific place, then the newest, applies."""
        in_force = [
            rule
            for rule in self.rules
            if rule.what == what and rule.since <= day and self.place.startswith(rule.place)
        ]
        return max(in_force, key=lambda rule: (len(rule.place), rule.since), default=None)

    def needs_check_code(self, day: date) -> bool:
        """Is a 检查码 required before a visit?"""
        return self.require_rule("check_code", day).value > 0


def load_place_rules(home: Home) -> PlaceRules:
    """The rules for the home's authority; its place is characters 3 to 8 of its code (GB 32100)."""
    code = str(home.settings.get("authority", {}).get("code", ""))
    return PlaceRules(code[2:8], read_place_rules(home.fact_file("place_rules.toml")))


def read_place_rules(path: Path) -> tuple[PlaceRule, ...]:
    """Read the rules of a file; BadFile names what is invalid."""
    rules = tuple(
        PlaceRule(
            what=rule["what"],
            place=rule["place"],
            since=rule["from"],
            value=rule["value"],
            reference=rule["reference"],
            confirmed=rule["confirmed"],
        )
        for rule in toml_reader.read_toml(path, FILE).get("rule", [])
    )
    _refuse_duplicates(path, rules)
    return rules


def _refuse_duplicates(path: Path, rules: Iterable[PlaceRule]) -> None:
    seen = set()
    for rule in rules:
        key = (rule.what, rule.place, rule.since)
        if key in seen:
            raise BadFile(str(path), _("two rules for {key}").format(key=" ".join(map(str, key))))
        seen.add(key)
