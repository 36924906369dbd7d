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


def read_tile_places(home: Home) -> dict[str, Place]:
    """Read the tile position of each district code from districts.toml; Misuse if two districts share one."""
    from double_random.registry.institutions.kinds import read_fact_file

    file = home.fact_file("districts.toml")
    tiles: dict[str, Place] = {}
    for row in read_fact_file(file)["district"]:
        position = row.get("tile")
        if position is None:
            continue
        if not _is_tile_place(position) or tuple(position) in tiles.values():
            raise Misuse(
                _("{file}: {district} has no tile of its own: {tile}").format(
                    file=file, district=row["name"], tile=position
                ),
                _("column and row from 0, another one for each district, as in tile = [2, 0]"),
            )
        tiles[row["code"]] = (position[0], position[1])
    return tiles


def lay_out_tiles(codes: Iterable[str], positions: dict[str, Place]) -> dict[str, Place]:
    """Assign a position to every code: the given ones first, the others below them row by row in order of the codes."""
    tiles = {code: positions[code] for code in codes if code in positions}
    below = 1 + max((row for _column, row in tiles.values()), default=-1)
    rest = sorted(code for code in codes if code not in positions)
    return tiles | {
        code: (index % ACROSS, below + index // ACROSS) for index, code in enumerate(rest)
    }


def _is_tile_place(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) == 2
        and all(type(number) is int and 0 <= number < 30 for number in value)
    )
