"""The least tickets of each stratum are drawn, the next are reserves, and the cut-off is the last drawn."""

from __future__ import annotations

import pytest

from double_random.core.errors import BadFile
from double_random.inspection.protocol import selection
from double_random.inspection.protocol.digest import Digest
from double_random.inspection.protocol.files import Target
from double_random.inspection.protocol.strata import Strata, Stratum
from double_random.inspection.protocol.tickets import Tickets

TICKETS = Tickets(Digest("sha256"), "5e" * 32)
STRATA = Strata(
    "0" * 32, (1, 2), (Stratum("a", 6, (1, 3), 0, "up"), Stratum("b", 3, (0, 1), 0, "up"))
)
FRAME = [
    Target(f"T{name}{number}", name, "law_firm", "310101", f"示例{name}{number}", f"{number:032x}")
    for name, count in (("a", 6), ("b", 3))
    for number in range(count)
]


def ranked(stratum: str) -> list[tuple[str, str]]:
    rows = [row for row in FRAME if row.stratum == stratum]
    return sorted((TICKETS.target_ticket(row.id, row.salt), row.id) for row in rows)


def test_drawn_and_reserves_follow_the_tickets() -> None:
    found = selection.rank_targets(FRAME, STRATA, (2, 0), TICKETS)
    assert [(row.ticket, row.id) for row in found] == ranked("a")[:3]
    assert [(row.role, row.place) for row in found] == [("drawn", 1), ("drawn", 2), ("reserve", 3)]
    assert selection.drawn_ids(found) == sorted(id for _ticket, id in ranked("a")[:2])


def test_the_cutoff_is_the_last_drawn_ticket_and_empty_where_nothing_is_drawn() -> None:
    found = selection.rank_targets(FRAME, STRATA, (2, 0), TICKETS)
    assert selection.find_cutoffs(found, STRATA) == (ranked("a")[1][0], "")


def test_hidden_cutoffs_are_hashed_with_a_salt_that_needs_inner() -> None:
    cutoffs = (ranked("a")[1][0], "")
    shown = selection.hide_cutoffs(cutoffs, STRATA, "1a", TICKETS)
    salts = [TICKETS.cutoff_salt("1a", name) for name in ("a", "b")]
    assert shown == tuple(
        Digest("sha256")(f"{cutoff}:{salt}") for cutoff, salt in zip(cutoffs, salts, strict=True)
    )
    assert shown != selection.hide_cutoffs(cutoffs, STRATA, "1b", TICKETS)


def test_the_rows_of_targets_csv_are_read_as_they_were_written() -> None:
    found = selection.rank_targets(FRAME, STRATA, (2, 1), TICKETS)
    written = selection.targets_csv(found)
    assert sorted(selection.read_targets(written)) == sorted(found)
    with pytest.raises(BadFile, match="a whole number was expected"):
        selection.read_targets(written.replace(b",drawn,1,", b",drawn,one,", 1))


def test_the_list_has_ids_and_names_of_the_drawn_alone() -> None:
    found = selection.rank_targets(FRAME, STRATA, (1, 0), TICKETS)
    id = ranked("a")[0][1]
    assert selection.list_csv(found, FRAME).decode() == f"id,name\n{id},示例{id[1:]}\n"
