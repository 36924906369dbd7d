"""Pictures: whole units that add up, marks beside colours, tiles that never lie on one another."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from double_random.publish.site.charts import WIDTH, build_bars, fit_text

NUMBERS = some.integers(0, 10**9)
ROWS = some.lists(some.tuples(some.text(max_size=60), some.tuples(NUMBERS, NUMBERS, NUMBERS)))


@given(ROWS)
def test_the_parts_of_a_bar_follow_one_another_and_fill_it(rows: list) -> None:
    picture = build_bars(rows, ("one", "two", "three"))
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
    picture = build_bars([("示例区", (60, 40))], ("合格", "不合格"))
    assert picture is not None
    assert [mark for _, mark, _ in picture.legend] == ["①", "②"]
    assert [part.mark for part in picture.bars[0].parts] == ["①", "②"]


def test_a_label_that_is_too_long_is_cut() -> None:
    assert fit_text("浦东新区", 9) == "浦东新区"
    assert fit_text("巴音郭楞蒙古自治州", 9) == "巴音郭…"
    assert fit_text("Bayingol", 9) == "Bayingol"
