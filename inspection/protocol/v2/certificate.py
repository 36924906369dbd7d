"""certificate.json of version 2: the proof that loads are the most even that are possible, and tickets then cost least.

Prices are pairs (evenness, tickets), compared first by evenness. Here a pair (a, b) is the whole number a·2^64 + b:
|b| stays below 2^63 in all sums, so sums and comparisons are those of the pairs. The check needs no solver.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.certificate import (
    FILE,
    RankedTakers,
    check_team_rules,
    count_loads,
)
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.pairs import Candidates
from double_random.inspection.protocol.tickets import Priced

EVENNESS = 1 << 64  # the worth of 1 in the first component
COSTS = 1 << 40  # every cost is below
_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
_LARGEST = 1 << 60


@dataclass(frozen=True, kw_only=True)
class EvenCertificate:
    """Sum of squared loads, largest load, ticket cost, and the prices by id as whole numbers; an absent one is 0."""

    squares: int
    load: int
    cost: int
    target: Mapping[str, int]
    hub: Mapping[str, int]
    inspector: Mapping[str, int]

    @classmethod
    def read(cls, data: bytes) -> EvenCertificate:
        """The certificate of canonical bytes; BadFile for anything else."""
        return cls.from_value(canonical_json.load_canonical(data, FILE))

    @classmethod
    def from_value(cls, value: Any) -> EvenCertificate:
        """The certificate of a JSON value; BadFile if a field is invalid."""
        names = ("squares", "load", "cost", "target", "hub", "inspector")
        fields = StrictObject(FILE, value, names)
        cost = _read_decimal(fields, "cost", fields.text("cost"))
        if cost < 0:
            raise fields.refuse("cost", _("a whole number as decimal text was expected"))
        return cls(
            squares=fields.number("squares"),
            load=fields.number("load"),
            cost=cost,
            target=_read_prices(fields, value, "target"),
            hub=_read_prices(fields, value, "hub"),
            inspector=_read_prices(fields, value, "inspector"),
        )

    def dump(self) -> bytes:
        """The canonical bytes, without the prices of 0."""
        prices = {
            name: {id: _write_price(price) for id, price in part.items() if price}
            for name, part in (
                ("target", self.target),
                ("hub", self.hub),
                ("inspector", self.inspector),
            )
        }
        return canonical_json.dump_canonical(
            {"squares": self.squares, "load": self.load, "cost": str(self.cost), **prices}
        )


NOBODY = EvenCertificate(squares=0, load=0, cost=0, target={}, hub={}, inspector={})


def check_even_assignment(
    candidates: Candidates, teams: Sequence[tuple[str, str]], certificate: EvenCertificate
) -> None:
    """Check that this assignment (target, taker) is allowed, has the most even loads, and then the least cost.

    BadFile names teams.csv if the teams break a rule, certificate.json if the proof fails. The time is linear in the
    admissible pairs; a ticket is computed only where evenness does not already decide.
    """
    used = check_team_rules(candidates, teams)
    if not candidates.targets or not candidates.size:
        if certificate != NOBODY:
            raise BadFile(FILE, _("nobody is drawn, so load, cost and prices are 0"))
        return
    loads = count_loads(candidates, used)
    costs = [
        candidates.tickets.costs(
            candidates.inner, target, [candidates.takers[column] for column in row]
        )
        for target, row in zip(candidates.targets, used, strict=True)
    ]
    if sum(load * load for load in loads) != certificate.squares or max(loads) != certificate.load:
        raise BadFile(FILE, _("the loads of the teams are others"))
    if sum(map(sum, costs)) != certificate.cost:
        raise BadFile(FILE, _("the teams cost another sum"))
    u = _prices_in_order(candidates.targets, certificate.target, "target")
    w = _prices_in_order(candidates.targets, certificate.hub, "hub")
    p = _prices_in_order(candidates.takers, certificate.inspector, "inspector")
    _check_hubs(candidates, used, w)
    _check_loads(candidates, loads, p)
    ranked = RankedTakers(candidates, p)
    for row, target in enumerate(candidates.targets):
        limits = (u[row], u[row] - w[row])
        lists = ranked.split_by_lead(candidates.able[row])
        wrong = {
            column
            for priced, limit in zip(lists, limits, strict=True)
            for column in _find_bargains(candidates, target, priced, limit, set(used[row]))
        }
        for column, cost in zip(used[row], costs[row], strict=True):
            if cost + p[column] > limits[0 if candidates.is_lead[column] else 1]:
                wrong.add(column)
        if wrong:
            raise BadFile(
                FILE,
                _("{target}, {taker}: the prices do not prove the least cost").format(
                    target=target, taker=candidates.takers[min(wrong)]
                ),
            )


def _check_hubs(
    candidates: Candidates, used: Sequence[Sequence[int]], prices: Sequence[int]
) -> None:
    """A hub's price is not negative, and 0 unless all places for non-leads are taken."""
    room = candidates.size - candidates.leads
    for id, price, team in zip(candidates.targets, prices, used, strict=True):
        others = sum(not candidates.is_lead[column] for column in team)
        if price < 0 or (price > 0 and others != room):
            raise BadFile(FILE, _("hub {id}: a price without scarcity").format(id=id))


def _check_loads(candidates: Candidates, loads: Sequence[int], prices: Sequence[int]) -> None:
    """An inspector's price lies between that of the last visit, 2k − 1, and that of the next one, 2k + 1."""
    for id, price, load in zip(candidates.takers, prices, loads, strict=True):
        too_low = load and price < (2 * load - 1) * EVENNESS
        if too_low or price > (2 * load + 1) * EVENNESS:
            raise BadFile(
                FILE, _("inspector {id}: the price is not that of the load").format(id=id)
            )


def _find_bargains(
    candidates: Candidates, target: str, priced: Sequence[Priced], limit: int, used: set[int]
) -> list[int]:
    """The indexes of unused takers (sorted by price) whose cost plus price is below the limit."""
    below, open_pairs = [], []
    for price, column, _id in priced:
        if price >= limit:
            break
        if column in used:
            continue
        if limit - price >= COSTS:
            below.append(column)  # whatever its ticket
        else:
            open_pairs.append((column, limit - price))
    costs = candidates.tickets.costs(
        candidates.inner, target, [candidates.takers[column] for column, _slack in open_pairs]
    )
    below += [
        column for (column, slack), cost in zip(open_pairs, costs, strict=True) if cost < slack
    ]
    return below


def _prices_in_order(ids: Sequence[str], prices: Mapping[str, int], name: str) -> list[int]:
    for id in sorted(prices.keys() - set(ids)):
        raise BadFile(FILE, _("{name}: unknown id {id}").format(name=name, id=id))
    return [prices.get(id, 0) for id in ids]


def _read_prices(fields: StrictObject, value: Any, name: str) -> dict[str, int]:
    if type(value[name]) is not dict:
        raise fields.refuse(name, _("an object was expected"))
    prices = {}
    for id, pair in value[name].items():
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not int:
            raise fields.refuse(name, _('a price [number, "decimal text"] was expected'))
        prices[id] = pair[0] * EVENNESS + _read_decimal(fields, name, pair[1])
    return prices


def _write_price(price: int) -> list[int | str]:
    evenness = (price + EVENNESS // 2) // EVENNESS
    return [evenness, str(price - evenness * EVENNESS)]


def _read_decimal(fields: StrictObject, name: str, text: Any) -> int:
    if type(text) is not str or not _DECIMAL.fullmatch(text) or abs(int(text)) > _LARGEST:
        raise fields.refuse(name, _("a whole number as decimal text was expected"))
    return int(text)
