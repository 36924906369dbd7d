"""certificate.json: the proof that the teams have the least cost, checked by subtraction and comparison.

The proof is linear-programming duality: prices of targets (u), of the places for non-leads (w, "hub")
and of fully loaded inspectors (v). With these prices no unused pair is worth taking, and every used
pair is. The check needs no solver.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol import canonical_json
from double_random.inspection.protocol.fields import StrictObject
from double_random.inspection.protocol.pairs import Candidates
from double_random.inspection.protocol.tickets import Priced

FILE = "certificate.json"
TEAMS_FILE = "teams.csv"
_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
# Correct prices are below 2^40 times the number of nodes; larger ones would overflow 64 bits in other verifiers.
_LARGEST = 2**60


@dataclass(frozen=True)
class LoadCut:
    """Why a smaller load is impossible: the source's side of a cut whose capacity is too small."""

    targets: tuple[str, ...]
    hubs: tuple[str, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """The load L, the cost, and the prices by id; a missing price is 0."""

    load: int
    cost: int
    target: Mapping[str, int]
    hub: Mapping[str, int]
    inspector: Mapping[str, int]
    cut: LoadCut | None

    @classmethod
    def read(cls, data: bytes) -> Certificate:
        """The certificate of canonical bytes; BadFile for anything else."""
        return cls.from_value(canonical_json.load_canonical(data, FILE))

    @classmethod
    def from_value(cls, value: Any) -> Certificate:
        """The certificate of a JSON value; BadFile if a field is invalid."""
        names = ("load", "cost", "target", "hub", "inspector", "cut")
        fields = StrictObject(FILE, value, names)
        cut = None
        if not fields.is_null("cut"):
            part = fields.object("cut", ("targets", "hubs", "inspectors"))
            cut = LoadCut(part.texts("targets"), part.texts("hubs"), part.texts("inspectors"))
        return cls(
            load=fields.number("load"),
            cost=_read_decimal(fields, "cost", fields.text("cost"), least=0, largest=10**18),
            target=_read_prices(fields, value, "target", least=-_LARGEST),
            hub=_read_prices(fields, value, "hub", least=0),
            inspector=_read_prices(fields, value, "inspector", least=0),
            cut=cut,
        )

    def dump(self) -> bytes:
        """The canonical bytes, without the prices of 0."""
        prices = {
            name: {id: str(price) for id, price in part.items() if price}
            for name, part in (
                ("target", self.target),
                ("hub", self.hub),
                ("inspector", self.inspector),
            )
        }
        cut = self.cut and {
            "targets": sorted(self.cut.targets),
            "hubs": sorted(self.cut.hubs),
            "inspectors": sorted(self.cut.inspectors),
        }
        return canonical_json.dump_canonical(
            {"load": self.load, "cost": str(self.cost), **prices, "cut": cut or None}
        )


def check_assignment(
    candidates: Candidates, teams: Sequence[tuple[str, str]], certificate: Certificate
) -> None:
    """Check that this assignment (target, taker) is allowed, has the smallest load, and has the least cost.

    BadFile names teams.csv if the teams break a rule, certificate.json if the proof fails. Tickets are
    computed row by row, only for the pairs that the prices do not already exclude, and are not stored.
    """
    used = check_team_rules(candidates, teams)
    for taker, number in zip(candidates.takers, count_loads(candidates, used), strict=True):
        if number > certificate.load:
            raise BadFile(TEAMS_FILE, _("{taker}: more targets than the load").format(taker=taker))
    if not candidates.targets:
        if certificate != Certificate(load=0, cost=0, target={}, hub={}, inspector={}, cut=None):
            raise BadFile(FILE, _("nobody is drawn, so load, cost and prices are 0"))
        return
    costs = [
        candidates.tickets.costs(
            candidates.inner, target, [candidates.takers[column] for column in row]
        )
        for target, row in zip(candidates.targets, used, strict=True)
    ]
    if sum(map(sum, costs)) != certificate.cost:
        raise BadFile(FILE, _("the teams cost another sum"))
    _check_prices(candidates, used, costs, certificate)
    _check_load(candidates, certificate)


def check_team_rules(
    candidates: Candidates, teams: Sequence[tuple[str, str]]
) -> tuple[tuple[int, ...], ...]:
    """Each target's takers as sorted indexes; BadFile if a team breaks a rule, whatever the loads."""
    file = TEAMS_FILE
    rows = {target: row for row, target in enumerate(candidates.targets)}
    columns = {taker: column for column, taker in enumerate(candidates.takers)}
    assigned: list[set[int]] = [set() for _target in candidates.targets]
    for target, taker in teams:
        if target not in rows or taker not in columns:
            raise BadFile(
                file,
                _("{target}, {taker}: not drawn, or unknown").format(target=target, taker=taker),
            )
        if columns[taker] in assigned[rows[target]]:
            raise BadFile(
                file, _("{target}, {taker}: stands twice").format(target=target, taker=taker)
            )
        assigned[rows[target]].add(columns[taker])
    for target, team, allowed in zip(candidates.targets, assigned, candidates.able, strict=True):
        for column in sorted(team - allowed):
            raise BadFile(
                file,
                _("{target}, {taker}: may not go there").format(
                    target=target, taker=candidates.takers[column]
                ),
            )
    for target, team in zip(candidates.targets, assigned, strict=True):
        if (
            len(team) != candidates.size
            or sum(candidates.is_lead[column] for column in team) < candidates.leads
        ):
            raise BadFile(
                file,
                _("{target}: a team of {size} with at least {leads} leads was expected").format(
                    target=target, size=candidates.size, leads=candidates.leads
                ),
            )
    return tuple(tuple(sorted(team)) for team in assigned)


def _check_prices(
    candidates: Candidates,
    used: Sequence[Sequence[int]],
    costs: Sequence[Sequence[int]],
    certificate: Certificate,
) -> None:
    """Check r = cost − u + v (+ w if the taker is not a lead): r ≤ 0 for used pairs, r ≥ 0 for all others."""
    u = _prices_in_order(candidates.targets, certificate.target, "target")
    w = _prices_in_order(candidates.targets, certificate.hub, "hub")
    v = _prices_in_order(candidates.takers, certificate.inspector, "inspector")
    room = candidates.size - candidates.leads
    for id, price, team in zip(candidates.targets, w, used, strict=True):
        if price > 0 and sum(not candidates.is_lead[column] for column in team) != room:
            raise BadFile(FILE, _("hub {id}: a price without scarcity").format(id=id))
    for id, price, number in zip(candidates.takers, v, count_loads(candidates, used), strict=True):
        if price > 0 and number != certificate.load:
            raise BadFile(FILE, _("inspector {id}: a price without scarcity").format(id=id))
    ranked = RankedTakers(candidates, v)
    for row, target in enumerate(candidates.targets):
        leads, others = ranked.split_by_lead(candidates.able[row])
        cheaper = candidates.tickets.takers_below
        unexplained = {
            *cheaper(candidates.inner, target, leads, u[row]),
            *cheaper(candidates.inner, target, others, u[row] - w[row]),
        } - set(used[row])
        for column, cost in zip(used[row], costs[row], strict=True):
            if cost - u[row] + v[column] + (0 if candidates.is_lead[column] else w[row]) > 0:
                unexplained.add(column)
        if unexplained:
            raise BadFile(
                FILE,
                _("{target}, {taker}: the prices do not prove the least cost").format(
                    target=target, taker=candidates.takers[min(unexplained)]
                ),
            )


class RankedTakers:
    """Takers sorted by price, leads and others separately; the selection for each set is cached."""

    def __init__(self, candidates: Candidates, prices: Sequence[int]) -> None:
        rows = sorted(
            (price, column, candidates.takers[column].encode())
            for column, price in enumerate(prices)
        )
        self._leads = [row for row in rows if candidates.is_lead[row[1]]]
        self._others = [row for row in rows if not candidates.is_lead[row[1]]]
        self._known: dict[frozenset[int], tuple[list[Priced], list[Priced]]] = {}

    def split_by_lead(self, allowed: frozenset[int]) -> tuple[list[Priced], list[Priced]]:
        """The leads and the others of a set of takers, each sorted by price."""
        if allowed not in self._known:
            self._known[allowed] = (
                [row for row in self._leads if row[1] in allowed],
                [row for row in self._others if row[1] in allowed],
            )
        return self._known[allowed]


def _check_load(candidates: Candidates, certificate: Certificate) -> None:
    """Check that load L − 1 is impossible: there are too few takers, or the cut has too little capacity."""
    load, needed = certificate.load, candidates.size * len(candidates.targets)
    if load <= 1 or (load - 1) * len(candidates.takers) < needed:
        if certificate.cut is not None:
            raise BadFile(FILE, _("cut: null was expected, the smaller load plainly cannot work"))
        return
    if certificate.cut is None:
        raise BadFile(FILE, _("cut: nothing shows that a smaller load cannot work"))
    targets = _find_indexes(candidates.targets, certificate.cut.targets, "targets")
    hubs = _find_indexes(candidates.targets, certificate.cut.hubs, "hubs")
    takers = _find_indexes(candidates.takers, certificate.cut.inspectors, "inspectors")
    outside = frozenset(range(len(candidates.takers))) - takers
    leads = frozenset(column for column in outside if candidates.is_lead[column])
    capacity = candidates.size * (len(candidates.targets) - len(targets))
    capacity += (candidates.size - candidates.leads) * len(targets - hubs)
    capacity += (load - 1) * len(takers)
    capacity += sum(len(candidates.able[row] & leads) for row in targets)
    capacity += sum(len(candidates.able[row] & (outside - leads)) for row in hubs)
    if capacity >= needed:
        raise BadFile(FILE, _("cut: it is wide enough for a smaller load"))


def count_loads(candidates: Candidates, used: Iterable[Iterable[int]]) -> list[int]:
    """The number of targets that each taker visits."""
    loads = [0] * len(candidates.takers)
    for team in used:
        for column in team:
            loads[column] += 1
    return loads


def _prices_in_order(ids: Sequence[str], prices: Mapping[str, int], name: str) -> list[int]:
    for id in sorted(prices.keys() - set(ids)):
        raise BadFile(FILE, _("{name}: unknown id {id}").format(name=name, id=id))
    return [prices.get(id, 0) for id in ids]


def _find_indexes(ids: Sequence[str], chosen: Sequence[str], name: str) -> frozenset[int]:
    chosen_ids = set(chosen)
    for id in sorted(chosen_ids - set(ids)):
        raise BadFile(FILE, _("{name}: unknown id {id}").format(name=f"cut.{name}", id=id))
    return frozenset(index for index, id in enumerate(ids) if id in chosen_ids)


def _read_prices(fields: StrictObject, value: Any, name: str, least: int) -> dict[str, int]:
    if type(value[name]) is not dict:
        raise fields.refuse(name, _("an object was expected"))
    return {id: _read_decimal(fields, name, price, least) for id, price in value[name].items()}


def _read_decimal(
    fields: StrictObject, name: str, text: Any, least: int, largest: int = _LARGEST
) -> int:
    if type(text) is not str or not _DECIMAL.fullmatch(text) or not least <= int(text) <= largest:
        raise fields.refuse(name, _("a whole number as decimal text was expected"))
    return int(text)
