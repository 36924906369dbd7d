"""The rule in OpenFisca: records are its persons, institutions its group entity, each value a variable with a formula.

OpenFisca knows no repeats: their formula is written with numpy, as its own formulas are.
"""

from __future__ import annotations

from typing import Any

import numpy
from given import answer, given  # type: ignore[import-not-found,unused-ignore]
from openfisca_core.entities import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    Entity,
    GroupEntity,
)
from openfisca_core.periods import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    DateUnit,
)
from openfisca_core.simulations import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    SimulationBuilder,
)
from openfisca_core.taxbenefitsystems import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    TaxBenefitSystem,
)
from openfisca_core.variables import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    Variable,
)

RECORD = Entity("record", "records", "", "")
INSTITUTION = GroupEntity(
    "institution", "institutions", "", "", roles=[{"key": "of", "plural": "all_of"}]
)


def variable(name: str, entity: Any, formula: Any = None) -> type:
    """A variable of whole numbers, of an entity."""
    content = {
        "value_type": int,
        "entity": entity,
        "definition_period": DateUnit.YEAR,
        "label": name,
    }
    return type(name, (Variable,), content | ({"formula": formula} if formula else {}))


def days(values: Any) -> Any:
    """Days since 1970, as numpy counts them."""
    return values.astype("datetime64[D]").astype("int32")


def system(rule: dict[str, Any]) -> Any:
    """The rule as variables: of records their points, of institutions their sums, points and rank."""
    found = TaxBenefitSystem([RECORD, INSTITUTION])
    for name in ("sort", "decided", "ended", "owner"):
        found.add_variable(variable(name, RECORD))
    for family in sorted({r["family"] for r in rule["rules"] if r["repeat"]}):
        sorts = [s for r in rule["rules"] if r["family"] == family for s in r["sorts"]]
        found.add_variable(variable(_name(family), RECORD, _earlier(sorts)))
    for no, one in enumerate(rule["rules"]):
        found.add_variable(variable(f"points_{no}", RECORD, _points(one)))
        found.add_variable(variable(f"rule_{no}", INSTITUTION, _sum(no, one["cap"])))
    for no, veto in enumerate(rule["vetoes"]):
        found.add_variable(variable(f"hit_{no}", RECORD, _hit(veto)))
    found.add_variable(variable("points", INSTITUTION, _total(rule)))
    found.add_variable(variable("grade_rank", INSTITUTION, _rank(rule)))
    return found


def _name(family: str) -> str:
    return "earlier_end_of_" + family.replace("-", "_")


def _points(one: dict[str, Any]) -> Any:
    def formula(record: Any, period: Any) -> Any:
        start = record(one["start"], period)
        since = [start >= days(numpy.datetime64(day)) for day, _points in one["steps"]]
        points = (
            numpy.select(since, [points for _day, points in one["steps"]], 0)
            if since
            else start * 0
        )
        points = numpy.where(numpy.isin(record("sort", period), one["sorts"]), points, 0)
        if one["repeat"]:
            within, more = one["repeat"]
            end = record(_name(one["family"]), period)
            again = _months(record("decided", period), end) < within
            points = points + numpy.where(again & (end >= 0) & (points != 0), more, 0)
        return points

    return formula


def _months(day: Any, end: Any) -> Any:
    """Months begun since the end of the earlier one; the day of the same number still belongs to the month before."""
    parts = []
    for one in (day, end):
        when = one.astype("datetime64[D]")
        month = when.astype("datetime64[M]")
        parts.append(
            (month.astype("int32"), (when - month.astype("datetime64[D]")).astype("int32"))
        )
    (month, number), (end_month, end_number) = parts
    return month - end_month - (number <= end_number)


def _earlier(sorts: list[int]) -> Any:
    """The latest end among the owner's records of these sorts that were decided before; -1: none."""

    def formula(record: Any, period: Any) -> Any:
        found = numpy.full(record.count, -1, dtype="int32")
        (rows,) = numpy.nonzero(numpy.isin(record("sort", period), sorts))
        owner, decided = record("owner", period)[rows], record("decided", period)[rows]
        order = numpy.lexsort((decided, owner))
        rows, owner, decided = rows[order], owner[order].astype("int64"), decided[order]
        # A running maximum within each owner: his number stands above the day.
        running = numpy.maximum.accumulate(owner * 2**20 + record("ended", period)[rows])
        first = numpy.r_[True, (owner[1:] != owner[:-1]) | (decided[1:] != decided[:-1])]
        group = numpy.maximum.accumulate(numpy.where(first, numpy.arange(len(rows)), 0))
        before = numpy.maximum(group - 1, 0)
        same = (group > 0) & (owner[before] == owner)
        found[rows] = numpy.where(same, running[before] % 2**20, -1)
        return found

    return formula


def _sum(no: int, cap: int | None) -> Any:
    def formula(institution: Any, period: Any) -> Any:
        sums = institution.sum(institution.members(f"points_{no}", period))
        if cap is None:
            return sums
        return numpy.maximum(sums, cap) if cap < 0 else numpy.minimum(sums, cap)

    return formula


def _hit(veto: dict[str, Any]) -> Any:
    def formula(record: Any, period: Any) -> Any:
        late = record("decided", period) >= days(numpy.datetime64(veto["since"]))
        return numpy.isin(record("sort", period), veto["sorts"]) & late

    return formula


def _total(rule: dict[str, Any]) -> Any:
    def formula(institution: Any, period: Any) -> Any:
        groups: dict[str, Any] = {}
        for no, one in enumerate(rule["rules"]):
            groups[one["group"]] = groups.get(one["group"], 0) + institution(f"rule_{no}", period)
        total = rule["base"]
        for name, sums in groups.items():
            cap = rule["groups"].get(name)
            total = total + (sums if cap is None else numpy.maximum(sums, cap))
        return numpy.clip(total, rule["floor"], rule["ceiling"])

    return formula


def _rank(rule: dict[str, Any]) -> Any:
    def formula(institution: Any, period: Any) -> Any:
        points = institution("points", period)
        rank = len(rule["bounds"]) - numpy.searchsorted(rule["bounds"][::-1], points, side="right")
        for no, veto in enumerate(rule["vetoes"]):
            hit = institution.any(institution.members(f"hit_{no}", period) > 0)
            rank = numpy.where(hit, numpy.maximum(rank, veto["rank"]), rank)
        return rank

    return formula


def main() -> None:
    """Build the simulation once a run (its values are kept), reckon."""
    table, rule = given()
    rules = system(rule)
    who = table["who"].to_numpy()
    inputs = {
        "sort": table["sort"].to_numpy(),
        "decided": days(table["decided"].to_numpy()),
        "ended": days(table["ended"].to_numpy()),
        "owner": who,
    }
    built = []
    for _turn in range(3):
        builder = SimulationBuilder()
        builder.create_entities(rules)
        builder.declare_person_entity("record", numpy.arange(len(who)))
        everybody = numpy.arange(1, rule["institutions"] + 1)
        builder.join_with_persons(
            builder.declare_entity("institution", everybody), who - 1, ["of"] * len(who)
        )
        simulation = builder.build(rules)
        for name, values in inputs.items():
            simulation.set_input(name, "2016", values)
        built.append(simulation)

    def run() -> dict[str, Any]:
        simulation = built.pop()
        rank = simulation.calculate("grade_rank", "2016")
        points = simulation.calculate("points", "2016")
        return {"who": everybody, "points": points.astype("int64"), "rank": rank.astype("int64")}

    answer(run)


if __name__ == "__main__":
    main()
