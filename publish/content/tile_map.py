"""The tile map (区域方块图): where each district's tile lies, by the bureau's facts or in order of the codes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from double_random.core.errors import Misuse
from double_random.core.translation import _

if TYPE_CHECKING:
    from double_random.store.home import Home

ACROSS = 5  # tiles side by side where no position is given; so many can be read on a phone

Place = tuple[int, int]  # column and row, from 0


def places(home: Home) -> dict[str, Place]:
    """District's code → its tile's place, as districts.toml says; Misuse where two lie on one another."""
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
    """A place for every code: the given ones, then those without, below them, row by row in order of the codes."""
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
