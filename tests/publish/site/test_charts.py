"""Pictures: whole units that add up, marks beside colours, tiles that never lie on one another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from double_random.core.errors import Misuse
from double_random.publish.content.tile_map import laid_out, places
from double_random.publish.disclosure.suppression import spans
from double_random.publish.site.charts import WIDTH, bars, fitted, tiles
from double_random.store.home import Home

NUMBERS = some.integers(0, 10**9)
ROWS = some.lists(some.tuples(some.text(max_size=60), some.tuples(NUMBERS, NUMBERS, NUMBERS)))


@given(ROWS)
def test_the_parts_of_a_bar_follow_one_another_and_fill_it(rows: list) -> None:
    picture = bars(rows, ("one", "two", "three"))
    most = max((sum(numbers) for _, numbers in rows), default=0)
    if not most:
        assert picture is None
        return
    assert picture is not None
    for bar, (_, numbers) in zip(picture.bars, rows, strict=True):
        assert bar.number == sum(numbers)
        assert len(bar.parts) == sum(number > 0 for number in numbers)
        assert all(part.width > 0 and 0 <= part.x <= WIDTH for part in bar.parts)
        wide = [part for part in bar.parts if part.width > 1]
        assert all(one.x + one.width <= two.x for one, two in pairwise(wide))
        assert bar.number < most or max(part.x + part.width for part in bar.parts) >= WIDTH


def test_parts_are_told_apart_by_marks_and_not_by_colour_alone() -> None:
    picture = bars([("示例区", (60, 40))], ("合格", "不合格"))
    assert picture is not None
    assert [mark for _, mark, _ in picture.legend] == ["①", "②"]
    assert [part.mark for part in picture.bars[0].parts] == ["①", "②"]


def test_a_label_that_is_too_long_is_cut() -> None:
    assert fitted("浦东新区", 9) == "浦东新区"
    assert fitted("巴音郭楞蒙古自治州", 9) == "巴音郭…"
    assert fitted("Bayingol", 9) == "Bayingol"


@given(some.dictionaries(some.integers(2000, 2020), some.integers(1, 30)), some.integers(1, 9))
def test_no_span_tells_fewer_and_closed_ones_stay(counts: dict[int, int], fewest: int) -> None:
    before: tuple = ()
    for until in range(2000, 2021):
        now = spans(counts.items(), fewest, until)
        told = [span for span in now if span.number is not None]
        assert all(span.number >= fewest for span in told)
        assert sum(span.number is None for span in now) <= 1
        assert all(one.last + 1 == two.first for one, two in pairwise(now))
        closed = tuple(span for span in before if span.number is not None)
        assert tuple(told[: len(closed)]) == closed  # an older edition beside a newer tells no more
        before = now


def test_spans_are_told_by_their_years() -> None:
    found = spans([(2010, 3), (2012, 3), (2013, 9), (2015, 1)], 5, 2016)
    assert [(span.years, span.number) for span in found] == [
        ("2010–2012", 6),
        ("2013", 9),
        ("2014–2016", None),
    ]


@given(some.sets(some.text("0123456789", min_size=1, max_size=3)), some.data())
def test_every_district_has_a_tile_of_its_own(codes: set[str], data: some.DataObject) -> None:
    spots = data.draw(
        some.lists(
            some.tuples(some.integers(0, 6), some.integers(0, 6)), unique=True, max_size=len(codes)
        )
    )
    given_ = dict(zip(sorted(codes), spots, strict=False))
    found = laid_out(codes, given_)
    assert set(found) == codes and len(set(found.values())) == len(codes)
    assert all(found[code] == spot for code, spot in given_.items())
    picture = tiles([(found[code], code, 1, "") for code in sorted(codes)])
    assert all(tile.x < picture.width and tile.y < picture.height for tile in picture.tiles)


def test_two_districts_on_one_tile_are_refused(home: Home) -> None:
    facts = home.path / "facts"
    (facts / "districts.toml").write_text(
        '[[district]]\ncode = "310101"\nname = "示例甲区"\ntile = [0, 0]\n'
        '[[district]]\ncode = "310102"\nname = "示例乙区"\ntile = [0, 0]\n',
        encoding="utf-8",
    )
    with pytest.raises(Misuse, match="示例乙区"):
        places(home)


def test_the_shipped_districts_have_their_tiles(home: Home, tmp_path: Path) -> None:
    assert len(places(home)) == 16
