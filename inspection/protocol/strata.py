"""strata.json and rules.json: the strata of a draw, each with its share, as the item's rule defines them."""

from __future__ import annotations

from dataclasses import dataclass

from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import StrictObject

ROUNDINGS = ("up", "unbiased")
RULE_FIELDS = ("stratum", "ratio", "minimum", "rounding")


@dataclass(frozen=True)
class Stratum:
    """抽取分组: one stratum, its number of rows, its share a/b, the minimum drawn, and the rounding."""

    stratum: str
    population: int
    ratio: tuple[int, int]
    minimum: int
    rounding: str

    @property
    def rule(self) -> tuple[str, tuple[int, int], int, str]:
        """The part that must equal the item's rule: everything but the population."""
        return self.stratum, self.ratio, self.minimum, self.rounding


@dataclass(frozen=True)
class Strata:
    """strata.json: its salt, the share of reserves, and the strata in code-point order."""

    salt: str
    reserve: tuple[int, int]
    strata: tuple[Stratum, ...]

    @classmethod
    def read(cls, data: bytes) -> Strata:
        """The content of strata.json; BadFile if the bytes are invalid."""
        file = "strata.json"
        fields = StrictObject(
            file, canonical_json.load_canonical(data, file), ("salt", "reserve", "strata")
        )
        strata = tuple(
            read_stratum(part, part.number("population"))
            for part in fields.objects("strata", (*RULE_FIELDS, "population"))
        )
        refuse_disorder(fields, strata)
        return cls(fields.hex("salt", 32), fields.ratio("reserve"), strata)


@dataclass(frozen=True)
class ItemStrata:
    """rules.json: each item's strata as published; they have no population, here 0."""

    items: tuple[tuple[str, tuple[Stratum, ...]], ...]

    @classmethod
    def read(cls, data: bytes) -> ItemStrata:
        """The content of rules.json; BadFile if the bytes are invalid."""
        file = "rules.json"
        fields = StrictObject(file, canonical_json.load_canonical(data, file), ("items",))
        items = []
        for item in fields.objects("items", ("id", "strata")):
            strata = tuple(read_stratum(part, 0) for part in item.objects("strata", RULE_FIELDS))
            refuse_disorder(item, strata)
            items.append((item.text("id"), strata))
        if len({id for id, strata in items}) != len(items) or not items:
            raise fields.refuse("items", _("at least one item was expected, each once"))
        if len({strata for id, strata in items}) != 1:
            raise fields.refuse("items", _("several items have the same strata"))
        return cls(tuple(items))

    @property
    def strata(self) -> tuple[Stratum, ...]:
        """The strata that all items share."""
        return self.items[0][1]


def read_stratum(part: StrictObject, population: int) -> Stratum:
    """One stratum of rules.json or strata.json; BadFile names the field that breaks a rule."""
    rounding = part.one_of("rounding", ROUNDINGS)
    minimum = part.number("minimum")
    if rounding == "unbiased" and minimum:
        raise part.refuse("minimum", _("unbiased rounding has the minimum 0"))
    return Stratum(part.text("stratum"), population, part.ratio("ratio"), minimum, rounding)


def refuse_disorder(fields: StrictObject, strata: tuple[Stratum, ...]) -> None:
    """BadFile unless the strata stand in code-point order, each once."""
    names = [stratum.stratum for stratum in strata]
    if names != sorted(set(names)):
        raise fields.refuse("strata", _("the strata stand in code-point order, each once"))
