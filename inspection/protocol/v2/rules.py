"""rules.json of version 2: each item's strata, and the closed lists of reasons that are published with the rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.strata import (
    RULE_FIELDS,
    Stratum,
    read_stratum,
    refuse_disorder,
)

FILE = "rules.json"


@dataclass(frozen=True)
class Rules:
    """The strata of each item (populations are 0 here), and the reasons that this draw knows."""

    items: tuple[tuple[str, Mapping[str, Stratum]], ...]
    left_out: tuple[str, ...]
    inspectors_left_out: tuple[str, ...]
    replace: tuple[str, ...]

    @classmethod
    def read(cls, data: bytes) -> Rules:
        """The content of rules.json; BadFile names the field that breaks a rule."""
        names = ("items", "left_out", "inspectors_left_out", "replace")
        fields = StrictObject(FILE, canonical_json.load_canonical(data, FILE), names)
        items = tuple(_read_item(part) for part in fields.objects("items", ("id", "strata")))
        if not items or len({id for id, _strata in items}) != len(items):
            raise fields.refuse("items", _("at least one item was expected, each once"))
        if len({tuple(strata) for _id, strata in items}) != 1:
            raise fields.refuse("items", _("several items have the same strata"))
        return cls(
            items,
            _read_reasons(fields, "left_out"),
            _read_reasons(fields, "inspectors_left_out"),
            _read_reasons(fields, "replace"),
        )

    @property
    def strata(self) -> tuple[str, ...]:
        """The names of all strata, also of those without rows, in code-point order."""
        return tuple(self.items[0][1])

    def agree_on(self, stratum: Stratum) -> bool:
        """Do all items give this stratum its share, minimum and rounding?"""
        name = stratum.stratum
        return all(
            name in strata and strata[name].rule == stratum.rule for _id, strata in self.items
        )


def _read_item(part: StrictObject) -> tuple[str, Mapping[str, Stratum]]:
    strata = tuple(read_stratum(row, 0) for row in part.objects("strata", RULE_FIELDS))
    refuse_disorder(part, strata)
    return part.text("id"), {stratum.stratum: stratum for stratum in strata}


def _read_reasons(fields: StrictObject, name: str) -> tuple[str, ...]:
    reasons = fields.texts(name)
    if list(reasons) != sorted(reasons):
        raise fields.refuse(name, _("the reasons stand in code-point order"))
    return reasons
