"""随机抽查事项清单: the items that may be inspected at random, their legal basis, and the ratio of each group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from double_random.core import toml_reader
from double_random.core.errors import BadFile, Misuse
from double_random.core.toml_reader import (
    DAY,
    FLAG,
    TEXT,
    WHOLE,
    WORD,
    WORDS,
    List,
    Table,
    Text,
    WholeNumber,
)
from double_random.core.translation import N_, _, append_note

if TYPE_CHECKING:
    from pathlib import Path

    from double_random.store.home import Home

METHODS = (N_("on paper"), N_("on site"), N_("on the network"), N_("by a third party"))
CLASSES = (N_("general"), N_("key"))  # 一般检查事项 · 重点检查事项
ROUNDINGS = ("up", "unbiased")
PART = List(WholeNumber(0), 2, 2)  # [1, 20]
RATIO = Table(
    {"kind": WORD, "ratio": PART, "minimum": WHOLE, "rounding": Text(choices=ROUNDINGS)},
    {"grade": TEXT, "clean": WholeNumber(0, 100)},
)
RULE = Table(
    {"from": DAY, "reserve": PART, "reference": WORD, "confirmed": FLAG, "ratios": List(RATIO)},
    {
        "policy": TEXT,
        "cool_down": WholeNumber(0, 12),
        "publish_within": WholeNumber(0, 60),
        "rotation": WholeNumber(0, 120),
    },
)
ITEM = Table(
    {
        "id": WORD,
        "title": WORD,
        "content": TEXT,
        "basis": WORD,
        "reference": WORD,
        "confirmed": FLAG,
        "class": Text(choices=CLASSES),
        "methods": List(Text(choices=METHODS)),
        "kinds": WORDS,
        "rule": List(RULE),
    }
)
FILE = Table({"item": List(ITEM)})


@dataclass(frozen=True, kw_only=True)
class Share:
    """The share of one group (抽取分组) that is drawn: ratio a/b, at least `minimum`."""

    kind: str
    grade: str  # "" if the group is the whole kind
    ratio: tuple[int, int]
    minimum: int
    rounding: str
    clean: int = 0  # clean years after which this lower ratio applies; 0: for every institution

    @property
    def group(self) -> str:
        """The name of the group including its clean institutions: a kind, or a kind and a grade."""
        return f"{self.kind}/{self.grade}" if self.grade else self.kind

    @property
    def stratum(self) -> str:
        """The group's name: a kind, or a kind and a grade, with /clean for the clean institutions."""
        return f"{self.group}/clean" if self.clean else self.group

    @property
    def rule(self) -> dict[str, Any]:
        """The object of rules.json."""
        return {
            "stratum": self.stratum,
            "ratio": list(self.ratio),
            "minimum": self.minimum,
            "rounding": self.rounding,
        }


@dataclass(frozen=True, kw_only=True)
class ItemRatios:
    """An item's ratios, in force from a day on."""

    since: date
    policy: str  # the policy that grades; "" if no group has a grade
    reserve: tuple[int, int]
    shares: tuple[Share, ...]
    reference: str
    confirmed: bool
    cool_down: int = 0  # months after a visit in which an institution is spared
    publish_within: int = (
        0  # working days from a visit to the publication of its result; 0: see the local rules
    )
    rotation: int = 0  # months before an inspector may visit the same institution again (轮换); 0: see the local rules

    def shares_for(self, kinds: tuple[str, ...]) -> tuple[Share, ...]:
        """The groups of these kinds, in code-point order."""
        return tuple(
            sorted((s for s in self.shares if s.kind in kinds), key=lambda share: share.stratum)
        )


@dataclass(frozen=True, kw_only=True)
class InspectionItem:
    """One line of the list (抽查事项)."""

    id: str
    title: str
    content: str
    basis: str
    reference: str
    confirmed: bool
    importance: str  # general 一般检查事项 | key 重点检查事项
    methods: tuple[str, ...]
    kinds: tuple[str, ...]
    rules: tuple[ItemRatios, ...]

    def rule_on(self, day: date) -> ItemRatios:
        """The rule in force on a day; Misuse if there was none yet."""
        in_force = [rule for rule in self.rules if rule.since <= day]
        if not in_force:
            raise Misuse(
                _("item {id} has no rule in force on {day}").format(id=self.id, day=day),
                _("its first rule holds from {day}").format(day=self.rules[0].since),
            )
        return in_force[-1]


def load_items(home: Home) -> tuple[InspectionItem, ...]:
    """The bureau's list (HOME/facts/items.toml), else the shipped list, in file order."""
    return read_items(home.fact_file("items.toml"))


def find_item(home: Home, id_or_title: str) -> InspectionItem:
    """The item with this id or title; Misuse, with the known items, if there is none."""
    all_items = load_items(home)
    matches = [entry for entry in all_items if id_or_title in (entry.id, entry.title)]
    if len(matches) != 1:
        known_items = (append_note(entry.title, entry.id) for entry in all_items)
        raise Misuse(
            _("there is no inspection item {id}").format(id=id_or_title),
            _("these are on the list: {ids}").format(ids=" · ".join(known_items)),
        )
    return matches[0]


def read_items(path: Path) -> tuple[InspectionItem, ...]:
    """Read a list of items; BadFile names the invalid item.

    Every item needs a legal basis: without one there may be no inspection (国办发〔2015〕58号).
    """
    all_items = tuple(
        _parse_item(path, entry) for entry in toml_reader.read_toml(path, FILE)["item"]
    )
    ids = [one.id for one in all_items]
    for one in ids:
        if ids.count(one) > 1:
            raise BadFile(str(path), _("item {id} stands there twice").format(id=one))
    return all_items


def _parse_item(path: Path, raw: dict[str, Any]) -> InspectionItem:
    name = raw["id"]
    rules = tuple(_parse_rule(path, name, entry) for entry in raw["rule"])
    kinds = tuple(raw["kinds"])
    if not rules or [r.since for r in rules] != sorted({r.since for r in rules}):
        raise BadFile(
            str(path),
            _("item {id}: its rules must stand in order, each from its own day").format(id=name),
        )
    for rule in rules:
        if {share.kind for share in rule.shares} != set(kinds):
            raise BadFile(
                str(path),
                _(
                    "item {id}: the rule from {day} must have ratios for each of its kinds and for no other"
                ).format(id=name, day=rule.since),
            )
    return InspectionItem(
        id=raw["id"],
        title=raw["title"],
        content=raw["content"],
        basis=raw["basis"],
        reference=raw["reference"],
        confirmed=raw["confirmed"],
        importance=raw["class"],
        methods=tuple(raw["methods"]),
        kinds=kinds,
        rules=rules,
    )


def _parse_rule(path: Path, name: str, raw: dict[str, Any]) -> ItemRatios:
    shares = tuple(_parse_share(path, name, entry) for entry in raw["ratios"])
    strata = [share.stratum for share in shares]
    graded = {share.kind for share in shares if share.grade}
    ungraded = {share.kind for share in shares if not share.grade}
    if len(set(strata)) != len(strata) or graded & ungraded:
        raise BadFile(str(path), _("item {id}: a group has two ratios").format(id=name))
    usual = {share.group: share for share in shares if not share.clean}
    for share in shares:
        other = usual.get(share.group)
        if share.clean and (
            other is None or share.ratio[0] * other.ratio[1] > other.ratio[0] * share.ratio[1]
        ):
            raise BadFile(
                str(path),
                _(
                    "item {id}: {stratum}: clean years lower the ratio of a group that stands there"
                ).format(id=name, stratum=share.stratum),
            )
    if bool(graded) != bool(raw.get("policy")):
        raise BadFile(
            str(path), _("item {id}: ratios by grade need a policy, and only they").format(id=name)
        )
    return ItemRatios(
        since=raw["from"],
        policy=raw.get("policy", ""),
        reserve=_parse_ratio(path, name, raw["reserve"]),
        shares=shares,
        reference=raw["reference"],
        confirmed=raw["confirmed"],
        cool_down=raw.get(
            "cool_down", 0
        ),  # at most a year: its public reason is "inspected within 12 months"
        publish_within=raw.get("publish_within", 0),
        rotation=raw.get("rotation", 0),
    )


def _parse_share(path: Path, name: str, raw: dict[str, Any]) -> Share:
    share = Share(
        kind=raw["kind"],
        grade=raw.get("grade", ""),
        ratio=_parse_ratio(path, name, raw["ratio"]),
        minimum=raw["minimum"],
        rounding=raw["rounding"],
        clean=raw.get("clean", 0),
    )
    minimum_fits = share.minimum >= 0 and (share.rounding == "up" or share.minimum == 0)
    if not minimum_fits:
        raise BadFile(
            str(path),
            _("item {id}: {stratum}: rounding is up, or unbiased with minimum 0").format(
                id=name, stratum=share.stratum
            ),
        )
    return share


def _parse_ratio(path: Path, name: str, raw: list[int]) -> tuple[int, int]:
    part, total = raw
    if not 0 <= part <= total or total < 1:
        raise BadFile(str(path), _("item {id}: a ratio lies between 0 and 1").format(id=name))
    return part, total
