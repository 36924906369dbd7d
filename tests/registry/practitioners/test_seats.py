"""A record stays with the institution of its time: by the day of conduct, and as of the day before the decision."""

from __future__ import annotations

from datetime import date

from double_random.registry.practitioners.seats import find_seats
from double_random.registry.practitioners.tables import ensure_practitioner_tables


def test_a_mover_leaves_the_record_with_the_firm_of_that_day(register, firms, person):
    register.night(permits=[*firms, person(), person(moves="甲乙", decided=date(2014, 5, 1))])
    connection = register.draft.connection
    ensure_practitioner_tables(connection)
    days = {
        "a": (date(2014, 4, 30), date(2014, 5, 1)),
        "b": (None, date(2014, 5, 2)),
        "c": (date(2009, 1, 1), None),
    }
    for claim, (conducted, decided) in days.items():
        connection.execute(
            "INSERT INTO added.person_claims (claim, conducted, day, known_from) VALUES (?, ?, ?, 1)",
            [claim, conducted, decided],
        )
        connection.execute(
            "INSERT INTO added.links VALUES (?, 'P:13100201010000001', 'licence', 1, NULL)", [claim]
        )
    seats = {
        row["claim"]: tuple(one and one[-2] for one in (row["at_conduct"], row["when_decided"]))
        for row in find_seats(register.draft).to_dicts()
    }
    assert seats == {"a": ("1", "1"), "b": (None, "2"), "c": (None, None)}
