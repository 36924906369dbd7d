"""The tile map (区域方块图): the position of each district's tile, from the bureau's facts or by district code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.store.home import Home

ACROSS = 5  # tiles per row if no position is given; readable on a phone

Place = tuple[int, int]  # column and row, from 0


def places(home: Home) -> dict[str, Place]:
    """Read the tile position of each district code from districts.toml; Misuse if two districts share one."""
    from double_random.registry.institutions.kinds import read

    file = home.fact("districts.toml")
    found: dict[str, Place] = {}
    for row in read(file)["district"]:
        given = row.get("tile")
        if given is None:
            continue
        if not _is_place(given) or tuple(given) in found.values():
            raise Misuse(
                _("{file}: {district} has no tile of its own: {tile}").format(
                    file=file, district=row["name"], tile=given
                ),
                _("column and row from 0, another one for each district, as in tile = [2, 0]"),
            )
        found[row["code"]] = (given[0], given[1])
    return found


def laid_out(codes: Iterable[str], given: dict[str, Place]) -> dict[str, Place]:
    """Assign a position to every code: the given ones first, the others below them row by row in order of the codes."""
    found = {code: given[code] for code in codes if code in given}
    below = 1 + max((row for _column, row in found.values()), default=-1)
    rest = sorted(code for code in codes if code not in given)
    return found | {
        code: (place % ACROSS, below + place // ACROSS) for place, code in enumerate(rest)
    }


def _is_place(given: Any) -> bool:
    return (
        isinstance(given, list)
        and len(given) == 2
        and all(type(one) is int and 0 <= one < 30 for one in given)
    )
