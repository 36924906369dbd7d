"""From steps to versions: values that a step does not state stay as they were."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars

from double_random.registry.institutions.fill_forward import COLUMNS, fill_versions

TEXT = polars.String()
SCHEMA = {
    "number": polars.Int32(), "day": polars.Date(), "place": polars.Int32(), "document": TEXT, "source": TEXT,
    "suspends": polars.Int32(), "id": TEXT, "kind": TEXT, "name": TEXT, "folded": TEXT, "uscc": TEXT,
    "licence": TEXT, "status": TEXT, "district": TEXT, "address": TEXT, "head": TEXT, "authority": TEXT,
    "head_office": TEXT, "licence_from": polars.Date(), "licence_to": polars.Date(),
}  # fmt: skip
FOUNDED = date(2000, 1, 1)


def step(day: date, **said: Any) -> dict[str, Any]:
    """One step of the first institution."""
    return {"number": 1, "day": day, "place": 1, "source": "d", "suspends": 0, "id": "A"} | said


def filled(*steps: dict[str, Any]) -> list[dict[str, Any]]:
    """The versions of steps, ordered by institution and day."""
    numbers = sorted({each["number"] for each in steps})
    founded = polars.DataFrame(
        {"number": numbers, "founded": [FOUNDED] * len(numbers)},
        schema={"number": polars.Int32(), "founded": polars.Date()},
    )
    found = fill_versions(polars.DataFrame(list(steps), schema=SCHEMA), founded)
    assert tuple(found.columns) == COLUMNS
    return found.sort("id", "valid_from").to_dicts()


def test_what_a_step_does_not_state_stays_as_it_was() -> None:
    first, second = filled(
        step(FOUNDED, name="示例甲", head="某甲", status="active"),
        step(date(2010, 1, 1), name="示例乙"),
    )
    assert (first["valid_to"], second["valid_from"], second["valid_to"]) == (
        date(2010, 1, 1), date(2010, 1, 1), None,
    )  # fmt: skip
    assert (second["name"], second["head"], second["founded"]) == ("示例乙", "某甲", FOUNDED)


def test_a_step_that_changes_nothing_makes_no_version() -> None:
    rows = filled(step(FOUNDED, name="示例甲"), step(date(2010, 1, 1), name="示例甲"))
    assert [(row["valid_from"], row["valid_to"]) for row in rows] == [(FOUNDED, None)]


def test_of_the_steps_of_one_day_the_last_ones_outcome_counts() -> None:
    rows = filled(
        step(FOUNDED, name="示例乙", place=2, document="10"),
        step(FOUNDED, name="示例甲", place=1, document="2"),
    )
    assert [row["name"] for row in rows] == ["示例乙"]


def test_documents_of_one_day_are_ordered_as_numbers() -> None:
    rows = filled(
        step(FOUNDED, name="示例乙", document="10"), step(FOUNDED, name="示例甲", document="9")
    )
    assert [row["name"] for row in rows] == ["示例乙"]


def test_a_suspension_ends_with_its_last_day() -> None:
    rows = filled(
        step(FOUNDED, name="示例甲", status="active"),
        step(date(2005, 1, 1), suspends=1),
        step(date(2005, 4, 1), suspends=-1),
    )
    assert [row["status"] for row in rows] == ["active", "suspended", "active"]


def test_a_move_to_an_unknown_district_keeps_the_last_one_and_marks_it() -> None:
    rows = filled(
        step(FOUNDED, name="示例甲", address="闵行区示例路1号", district="310112"),
        step(date(2010, 1, 1), address="示例路2号"),
    )
    assert [(row["district"], row["district_kept"]) for row in rows] == [
        ("310112", None), ("310112", True),
    ]  # fmt: skip


def test_without_an_address_the_authoritys_district_counts() -> None:
    (row,) = filled(step(FOUNDED, name="示例甲", district="310104"))
    assert (row["district"], row["address"], row["district_kept"]) == ("310104", None, None)


def test_institutions_do_not_mix() -> None:
    rows = filled(
        step(FOUNDED, name="示例甲", head="某甲"),
        step(FOUNDED, number=2, id="B", name="示例乙"),
    )
    assert [(row["id"], row["head"], row["valid_to"]) for row in rows] == [
        ("A", "某甲", None), ("B", None, None),
    ]  # fmt: skip
