"""Which institutions are drawn and which are reserves (备选), as rows of targets.csv and list.csv."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from double_random.core.errors import BadFile
from double_random.core.translation import _
from double_random.inspection.protocol.allocation import reserve_count
from double_random.inspection.protocol.canonical_csv import CsvTable
from double_random.inspection.protocol.files import Target
from double_random.inspection.protocol.strata import Strata
from double_random.inspection.protocol.tickets import Tickets

TARGETS = CsvTable("targets.csv", ("id", "stratum", "role", "place", "ticket"))
LIST = CsvTable("list.csv", ("id", "name"))


class TargetRow(NamedTuple):
    """A row of targets.csv: id, stratum, role (drawn or reserve), rank in the stratum from 1, ticket."""

    id: str
    stratum: str
    role: str
    place: int
    ticket: str


def rank_targets(
    frame: Iterable[Target], strata: Strata, counts: Sequence[int], tickets: Tickets
) -> tuple[TargetRow, ...]:
    """The drawn rows and the reserves: strata in order, rows in the order of their tickets."""
    rows: dict[str, list[tuple[str, str]]] = {row.stratum: [] for row in strata.strata}
    for target in frame:
        rows[target.stratum].append((target.id, target.salt))
    ranked_rows = []
    for stratum, number in zip(strata.strata, counts, strict=True):
        reserve_number = reserve_count(number, stratum.population, strata.reserve)
        ranked = tickets.least_tickets(rows[stratum.stratum], number + reserve_number)
        for rank, (ticket, id) in enumerate(ranked, start=1):
            role = "drawn" if rank <= number else "reserve"
            ranked_rows.append(TargetRow(id, stratum.stratum, role, rank, ticket))
    return tuple(ranked_rows)


def drawn_ids(places: Iterable[TargetRow]) -> list[str]:
    """The ids of the drawn institutions, in code-point order."""
    return sorted(row.id for row in places if row.role == "drawn")


def find_cutoffs(places: Sequence[TargetRow], strata: Strata) -> tuple[str, ...]:
    """The last drawn ticket of each stratum, in order, or "": every row with this or a lower ticket is drawn."""
    last_ticket: dict[str, str] = {}
    for row in places:
        if row.role == "drawn":
            last_ticket[row.stratum] = max(row.ticket, last_ticket.get(row.stratum, ""))
    return tuple(last_ticket.get(stratum.stratum, "") for stratum in strata.strata)


def hide_cutoffs(
    cutoffs: Sequence[str], strata: Strata, inner: str, tickets: Tickets
) -> tuple[str, ...]:
    """The cut-offs as result.json contains them: each hashed with a salt that depends on `inner`."""
    return tuple(
        tickets.digest(f"{cutoff}:{tickets.cutoff_salt(inner, stratum.stratum)}")
        for cutoff, stratum in zip(cutoffs, strata.strata, strict=True)
    )


def read_targets(content: bytes) -> tuple[TargetRow, ...]:
    """The rows of targets.csv; BadFile if the bytes are invalid."""
    try:
        return tuple(
            TargetRow(id, stratum, role, int(rank), ticket)
            for id, stratum, role, rank, ticket in TARGETS.load(content)
        )
    except ValueError:
        raise BadFile(TARGETS.file, _("place: a whole number was expected")) from None


def targets_csv(places: Iterable[TargetRow]) -> bytes:
    """The bytes of targets.csv."""
    return TARGETS.dump([(p.id, p.stratum, p.role, str(p.place), p.ticket) for p in places])


def list_csv(places: Iterable[TargetRow], frame: Iterable[Target]) -> bytes:
    """The bytes of list.csv: ids and names of the drawn institutions."""
    ids = set(drawn_ids(places))
    return LIST.dump([(target.id, target.name) for target in frame if target.id in ids])
