"""certificate.json: the proof that teams cost least, checked with subtraction and comparison alone.

It is linear-programming duality: prices on targets (u), on places for non-leads (w, "hub") and on
full inspectors (v) under which no unused pair is a bargain and every used one is. No solver is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from errors import BadFile
from inspection.protocol import canonical_json
from inspection.protocol.fields import Fields
from inspection.protocol.pairs import Pairs
from language import _

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

FILE = "certificate.json"
_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,18}", re.ASCII)
# cost - u + v + w must stay inside 64 bits. Honest prices are below 2^40 times the nodes of the network.
_LARGEST = 2**60


@dataclass(frozen=True)
class Cut:
    """Why one target less each cannot work: the source's side of a cut that is too narrow."""

    targets: tuple[str, ...]
    hubs: tuple[str, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True)
class Certificate:
    """The load L, the cost, and the prices by id; an absent price is 0."""

    load: int
    cost: int
    target: Mapping[str, int]
    hub: Mapping[str, int]
    inspector: Mapping[str, int]
    cut: Cut | None

    @classmethod
    def read(cls, data: bytes) -> Certificate:
        """The certificate of canonical bytes; BadFile for anything else."""
        return cls.of(canonical_json.load(data, FILE))

    @classmethod
    def of(cls, value: Any) -> Certificate:
        """The certificate of a JSON value; BadFile where a field is not as it should be."""
        names = ("load", "cost", "target", "hub", "inspector", "cut")
        fields = Fields(FILE, value, names)
        cut = None
        if not fields.is_null("cut"):
            part = fields.object("cut", ("targets", "hubs", "inspectors"))
            cut = Cut(part.texts("targets"), part.texts("hubs"), part.texts("inspectors"))
        return cls(
            fields.number("load"),
            _decimal(fields, "cost", fields.text("cost"), least=0, largest=10**18),
            _prices(fields, value, "target", least=-_LARGEST),
            _prices(fields, value, "hub", least=0),
            _prices(fields, value, "inspector", least=0),
            cut,
        )

    def dump(self) -> bytes:
        """The canonical bytes; prices of 0 are left out."""
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
        return canonical_json.dump(
            {"load": self.load, "cost": str(self.cost), **prices, "cut": cut or None}
        )


def check(pairs: Pairs, teams: Sequence[tuple[str, str]], certificate: Certificate) -> None:
    """Is this assignment (target, taker) allowed, its load the smallest, and its cost the least?

    BadFile names teams.csv where the teams break a rule, certificate.json where the proof fails.
    """
    used = _check_teams(pairs, teams, certificate.load)
    if not pairs.targets:
        if certificate != Certificate(0, 0, {}, {}, {}, None):
            raise BadFile(FILE, _("nobody is drawn, so load, cost and prices are 0"))
        return
    if int(pairs.cost[used].sum()) != certificate.cost:
        raise BadFile(FILE, _("the teams cost another sum"))
    _check_prices(pairs, used, certificate)
    _check_load(pairs, certificate)


def shortfall(
    pairs: Pairs,
    u: NDArray[numpy.int64],
    w: NDArray[numpy.int64],
    v: NDArray[numpy.int64],
    rows: slice,
) -> NDArray[numpy.int64]:
    """r = cost − u + v (+ w where the taker is no lead) of some rows; inadmissible pairs have no meaning."""

    priced: NDArray[numpy.int64] = pairs.cost[rows] - u[rows, None] + v[None, :]
    priced[:, ~pairs.is_lead] += w[rows, None]
    return priced


def blocks(pairs: Pairs) -> list[slice]:
    """Rows in blocks of about a million pairs, so that checking them needs little memory."""
    step = max(1, 1_000_000 // max(1, len(pairs.takers)))
    return [slice(at, at + step) for at in range(0, len(pairs.targets), step)]


def _check_teams(pairs: Pairs, teams: Sequence[tuple[str, str]], load: int) -> NDArray[numpy.bool_]:
    """The used pairs as a matrix, after the rules that any team must keep."""
    import numpy

    file = "teams.csv"
    rows = {target: row for row, target in enumerate(pairs.targets)}
    columns = {taker: column for column, taker in enumerate(pairs.takers)}
    used = numpy.zeros(pairs.cost.shape, dtype=bool)
    for target, taker in teams:
        if target not in rows or taker not in columns:
            raise BadFile(
                file,
                _("{target}, {taker}: not drawn, or unknown").format(target=target, taker=taker),
            )
        if used[rows[target], columns[taker]]:
            raise BadFile(
                file, _("{target}, {taker}: stands twice").format(target=target, taker=taker)
            )
        used[rows[target], columns[taker]] = True
    for row, column in numpy.argwhere(used & ~pairs.admissible):
        raise BadFile(
            file,
            _("{target}, {taker}: may not go there").format(
                target=pairs.targets[row], taker=pairs.takers[column]
            ),
        )
    members, leads = used.sum(axis=1), used[:, pairs.is_lead].sum(axis=1)
    for row in numpy.flatnonzero((members != pairs.size) | (leads < pairs.leads)):
        raise BadFile(
            file,
            _("{target}: a team of {size} with at least {leads} leads was expected").format(
                target=pairs.targets[row], size=pairs.size, leads=pairs.leads
            ),
        )
    for column in numpy.flatnonzero(used.sum(axis=0) > load):
        raise BadFile(
            file, _("{taker}: more targets than the load").format(taker=pairs.takers[column])
        )
    return used


def _check_prices(pairs: Pairs, used: NDArray[numpy.bool_], certificate: Certificate) -> None:
    import numpy

    u = _vector(pairs.targets, certificate.target, "target")
    w = _vector(pairs.targets, certificate.hub, "hub")
    v = _vector(pairs.takers, certificate.inspector, "inspector")
    spare_hub = used[:, ~pairs.is_lead].sum(axis=1) != pairs.size - pairs.leads
    for row in numpy.flatnonzero((w > 0) & spare_hub):
        raise BadFile(FILE, _("hub {id}: a price without scarcity").format(id=pairs.targets[row]))
    for column in numpy.flatnonzero((v > 0) & (used.sum(axis=0) != certificate.load)):
        raise BadFile(
            FILE, _("inspector {id}: a price without scarcity").format(id=pairs.takers[column])
        )
    for rows in blocks(pairs):
        r = shortfall(pairs, u, w, v, rows)
        wrong = numpy.where(used[rows], r > 0, (r < 0) & pairs.admissible[rows])
        for row, column in numpy.argwhere(wrong):
            raise BadFile(
                FILE,
                _("{target}, {taker}: the prices do not prove the least cost").format(
                    target=pairs.targets[rows.start + row], taker=pairs.takers[column]
                ),
            )


def _check_load(pairs: Pairs, certificate: Certificate) -> None:
    """That L − 1 cannot work: there are too few takers, or the cut shows where it is too narrow."""
    import numpy

    load, wanted = certificate.load, pairs.size * len(pairs.targets)
    if load <= 1 or (load - 1) * len(pairs.takers) < wanted:
        if certificate.cut is not None:
            raise BadFile(FILE, _("cut: null was expected, the smaller load plainly cannot work"))
        return
    if certificate.cut is None:
        raise BadFile(FILE, _("cut: nothing shows that a smaller load cannot work"))
    inside_target = _members(pairs.targets, certificate.cut.targets, "targets")
    inside_hub = _members(pairs.targets, certificate.cut.hubs, "hubs")
    inside_taker = _members(pairs.takers, certificate.cut.inspectors, "inspectors")
    capacity = pairs.size * int((~inside_target).sum())
    capacity += (pairs.size - pairs.leads) * int((inside_target & ~inside_hub).sum())
    capacity += (load - 1) * int(inside_taker.sum())
    outside_lead, outside_other = ~inside_taker & pairs.is_lead, ~inside_taker & ~pairs.is_lead
    may = pairs.admissible
    capacity += int(may[numpy.ix_(inside_target, outside_lead)].sum())
    capacity += int(may[numpy.ix_(inside_hub, outside_other)].sum())
    if capacity >= wanted:
        raise BadFile(FILE, _("cut: it is wide enough for a smaller load"))


def _vector(ids: Sequence[str], prices: Mapping[str, int], name: str) -> NDArray[numpy.int64]:
    import numpy

    for id in sorted(prices.keys() - set(ids)):
        raise BadFile(FILE, _("{name}: unknown id {id}").format(name=name, id=id))
    return numpy.array([prices.get(id, 0) for id in ids], dtype=numpy.int64)


def _members(ids: Sequence[str], chosen: Sequence[str], name: str) -> NDArray[numpy.bool_]:
    import numpy

    wanted = set(chosen)
    for id in sorted(wanted - set(ids)):
        raise BadFile(FILE, _("{name}: unknown id {id}").format(name=f"cut.{name}", id=id))
    return numpy.array([id in wanted for id in ids], dtype=bool)


def _prices(fields: Fields, value: Any, name: str, least: int) -> dict[str, int]:
    if type(value[name]) is not dict:
        raise fields.refuse(name, _("an object was expected"))
    return {id: _decimal(fields, name, price, least) for id, price in value[name].items()}


def _decimal(fields: Fields, name: str, text: Any, least: int, largest: int = _LARGEST) -> int:
    if type(text) is not str or not _DECIMAL.fullmatch(text) or not least <= int(text) <= largest:
        raise fields.refuse(name, _("a whole number as decimal text was expected"))
    return int(text)
