"""A back-test measures what it says: against the definitions written out, and on real data from elsewhere."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from double_random.core.errors import BadFile, Misuse, Stopped
from double_random.credit.backtest.calibration import rates, shift
from double_random.credit.backtest.external_data import Mapping, backtest
from double_random.credit.backtest.own_data import backtest as in_house
from double_random.credit.backtest.separation import Separation
from double_random.credit.policy.loader import read_policy
from double_random.credit.policy.model import Match
from double_random.credit.scoring.in_memory import Case, Casebook

ROOT = Path(__file__).parents[2]
LIVES = ROOT / "benchmarks" / "sf_lives"
PENALTY = Match("penalty", (), ("decided",))

observations = st.lists(
    st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=40
).filter(lambda rows: 0 < sum(bad for _points, bad in rows) < len(rows))


@given(observations)
def test_auc_is_the_chance_of_standing_lower_and_ks_the_greatest_distance(
    rows: list[tuple[int, bool]],
) -> None:
    found = Separation.of([points for points, _bad in rows], [bad for _points, bad in rows])
    lower = [points for points, bad in rows if bad]
    others = [points for points, bad in rows if not bad]
    wins = sum((2 if a < b else a == b) for a in lower for b in others)
    assert found.auc == Fraction(wins, 2 * len(lower) * len(others))
    assert found.gini == 2 * found.auc - 1
    distances = [
        Fraction(sum(a <= bound for a in lower), len(lower))
        - Fraction(sum(b <= bound for b in others), len(others))
        for bound in range(-1, 8)
    ]
    assert found.ks == max(distances)
    interval = found.auc_interval
    assert 0 <= interval.low <= float(found.auc) <= interval.high <= 1


@given(observations)
def test_the_variance_of_auc_is_that_of_the_placements(rows: list[tuple[int, bool]]) -> None:
    found = Separation.of([points for points, _bad in rows], [bad for _points, bad in rows])
    lower = [points for points, bad in rows if bad]
    others = [points for points, bad in rows if not bad]

    def half(a: int, b: int) -> Fraction:
        return Fraction(2 if a < b else int(a == b), 2)

    placed = [sum(half(a, b) for b in others) / len(others) for a in lower]
    beside = [sum(half(a, b) for a in lower) / len(lower) for b in others]
    wanted = sum((v - found.auc) ** 2 for v in placed) / max(len(lower) - 1, 1) / len(lower)
    wanted += sum((v - found.auc) ** 2 for v in beside) / max(len(others) - 1, 1) / len(others)
    assert found._deviation == pytest.approx(float(wanted) ** 0.5, abs=1e-12)


def test_nothing_is_separated_where_it_happened_to_all_or_none() -> None:
    for outcome in ([True, True], [False, False]):
        with pytest.raises(Stopped):
            Separation.of([1, 2], outcome)


def test_rates_have_wilsons_interval_and_equal_days_no_shift() -> None:
    (a, b) = rates(["A", "B"], ["A"] * 10 + ["B"] * 10, [False] * 10 + [True] * 5 + [False] * 5)
    assert (a.happened, b.happened) == (0, 5)
    assert a.interval is not None and b.interval is not None
    assert a.interval.low == 0 and a.interval.high == pytest.approx(0.27753, abs=1e-4)
    assert b.interval.low == pytest.approx(0.23659, abs=1e-4)
    assert shift({"A": 5, "B": 5}, {"A": 5, "B": 5}, ["A", "B"]).psi == 0
    moved = shift({"A": 90, "B": 10}, {"A": 60, "B": 40}, ["A", "B"])
    assert moved.interval.low < moved.psi < moved.interval.high


def test_in_house_only_what_was_decided_afterwards_is_the_outcome() -> None:
    rule = read_policy(ROOT / "data" / "policies" / "risk-100.toml")
    fine = ("fine",)
    with Casebook() as book:
        for name in ("L:1", "L:2", "L:3", "L:4"):
            book.found(name)
        book.add(
            [
                Case(
                    institution="L:1",
                    record_class="penalty",
                    decided=date(2015, 6, 1),
                    kinds=fine,
                    document="1",
                ),
                Case(
                    institution="L:1",
                    record_class="penalty",
                    decided=date(2016, 6, 1),
                    kinds=fine,
                    document="2",
                ),
                Case(
                    institution="L:2",
                    record_class="penalty",
                    decided=date(2015, 6, 1),
                    kinds=fine,
                    document="3",
                ),
                Case(
                    institution="L:3",
                    record_class="penalty",
                    decided=date(2016, 6, 1),
                    kinds=fine,
                    document="4",
                ),
                Case(
                    institution="L:3",
                    record_class="correction",
                    decided=date(2016, 7, 1),
                    kinds=("revoked",),
                    related="4",
                ),
            ]
        )
        book.connection.execute("INSERT INTO runs VALUES (2, 'load', DATE '2016-12-31')")
        found = in_house(book, rule, date(2015, 12, 31), 12, PENALTY, against=date(2016, 12, 31))
        assert found.separation.steps == ((85_00, 1, 1), (100_00, 0, 2))
        assert found.shift is not None and found.shift.psi > 0
        with pytest.raises(Misuse, match="is not over"):
            in_house(book, rule, date(2016, 6, 1), 12, PENALTY)


def test_real_inspections_are_foretold(shared: Path) -> None:
    found = backtest(Mapping.read(LIVES / "mapping.toml"), shared / "backtest" / "sf_lives")
    assert found.observations == 8472  # inspections with one before; two days held two of one house
    assert found.separation.auc == Fraction(5129511, 6215296)  # 0.8253
    assert [rate.rate for rate in found.rates] == sorted(rate.rate for rate in found.rates)  # type: ignore[type-var]
    assert "<svg" in found.svg() and "http://www.w3.org" in found.svg()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('column = "score"\nbands', 'column = "scare"\nbands'), "no column scare"),
        (('    { kind = "poor" },\n', ""), "the last without"),
        (('form = "%Y%m%d"\nclass', 'form = "%d%m%Y"\nclass'), "cannot be read: decided"),
        (("at_most = 85\n", ""), "at_most"),
    ],
)
def test_a_mapping_that_does_not_fit_is_told(
    shared: Path, tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    text = (LIVES / "mapping.toml").read_text(encoding="utf-8")
    assert change[0] in text
    text = text.replace(*change).replace("policies/", f"{LIVES}/policies/")
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BadFile, match=said):
        backtest(Mapping.read(tmp_path / "mapping.toml"), shared / "backtest" / "sf_lives")
