"""Every district has a position of its own in the tile map."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from double_random.core.errors import Misuse
from double_random.publish.content.tile_map import ACROSS, lay_out_tiles, read_tile_places
from double_random.publish.site.charts import build_tiles
from double_random.store.home import Home


@given(some.sets(some.text("0123456789", min_size=1, max_size=3)), some.data())
def test_every_district_has_a_tile_of_its_own(codes: set[str], data: some.DataObject) -> None:
    spots = data.draw(
        some.lists(
            some.tuples(some.integers(0, 6), some.integers(0, 6)), unique=True, max_size=len(codes)
        )
    )
    given_ = dict(zip(sorted(codes), spots, strict=False))
    found = lay_out_tiles(codes, given_)
    assert set(found) == codes and len(set(found.values())) == len(codes)
    assert all(found[code] == spot for code, spot in given_.items())
    picture = build_tiles([(found[code], code, 1, "") for code in sorted(codes)])
    assert all(tile.x < picture.width and tile.y < picture.height for tile in picture.tiles)


def test_two_districts_on_one_tile_are_refused(home: Home) -> None:
    facts = home.path / "facts"
    (facts / "districts.toml").write_text(
        '[[district]]\ncode = "310101"\nname = "示例甲区"\ntile = [0, 0]\n'
        '[[district]]\ncode = "310102"\nname = "示例乙区"\ntile = [0, 0]\n',
        encoding="utf-8",
    )
    with pytest.raises(Misuse, match="示例乙区"):
        read_tile_places(home)


def test_the_shipped_districts_have_their_tiles(home: Home, tmp_path: Path) -> None:
    assert len(read_tile_places(home)) == 16


def test_districts_without_a_position_follow_below_row_by_row() -> None:
    codes = [f"3101{number:02d}" for number in range(ACROSS + 2)]
    found = lay_out_tiles(codes, {codes[0]: (3, 1)})
    assert found[codes[0]] == (3, 1)
    assert [found[code] for code in codes[1:]] == [*((x, 2) for x in range(ACROSS)), (0, 3)]


@pytest.mark.parametrize("tile", ["[0]", "[0, -1]", "[0, 30]", "[true, 0]", "[0.5, 0]"])
def test_a_tile_that_is_no_position_is_refused(home: Home, tile: str) -> None:
    (home.path / "facts" / "districts.toml").write_text(
        f'[[district]]\ncode = "310101"\nname = "示例甲区"\ntile = {tile}\n', encoding="utf-8"
    )
    with pytest.raises(Misuse, match=r"districts\.toml: line \d: .*tile"):
        read_tile_places(home)
