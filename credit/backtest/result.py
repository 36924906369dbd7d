"""The result of a back-test: separation, calibration, shift; as JSON and as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

from double_random.credit.backtest.calibration import Rate, Shift
from double_random.credit.backtest.separation import Interval, Separation
from double_random.credit.reports.charts import draw_text, render_svg

FORMAT = "double-random/backtest/1"


@dataclass(frozen=True, kw_only=True)
class BacktestResult:
    """One back-test: title, policy and outcome in words; the measures."""

    title: str
    policy: str
    edition: str
    outcome: str
    separation: Separation
    rates: Sequence[Rate]
    shift: Shift | None

    @property
    def observations(self) -> int:
        """How many pairs of institution and day were observed."""
        return self.separation.positives + self.separation.negatives

    def json(self) -> dict[str, Any]:
        """The result as a JSON object with its format's name and version; exact fractions beside decimals."""
        s = self.separation
        return {
            "format": FORMAT,
            "title": self.title,
            "policy": self.policy,
            "edition": self.edition,
            "outcome": self.outcome,
            "observations": self.observations,
            "happened": s.positives,
            "distinct_scores": len(s.steps),
            "auc": _measure_json(s.auc, s.auc_interval),
            "ks": _measure_json(s.ks, s.ks_interval),
            "gini": _measure_json(s.gini, s.gini_interval),
            "rates": [
                {
                    "grade": r.grade,
                    "count": r.count,
                    "happened": r.happened,
                    "rate": r.rate,
                    "interval": _interval_json(r.interval),
                }
                for r in self.rates
            ],
            "psi": None
            if self.shift is None
            else {"value": self.shift.psi, "interval": _interval_json(self.shift.interval)},
        }

    def svg(self) -> str:
        """An SVG chart: the ROC curve, and the rate of each grade with its interval."""
        parts = [*_draw_roc(self.separation), *_draw_bars(self.rates)]
        return render_svg(self.title, parts, 760, 380)


def _measure_json(value: Fraction, interval: Interval) -> dict[str, Any]:
    return {
        "value": float(value),
        "exact": str(value),
        "interval": _interval_json(interval),
    }


def _interval_json(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [interval.low, interval.high]


def _draw_roc(separation: Separation) -> list[str]:
    left, top, size = 50, 50, 270
    places = [
        f"{left + float(fpr) * size:.1f},{top + size - float(tpr) * size:.1f}"
        for fpr, tpr in separation.roc
    ]
    low, high = separation.auc_interval.low, separation.auc_interval.high
    return [
        f'<rect x="{left}" y="{top}" width="{size}" height="{size}" fill="none" stroke="#888"/>',
        f'<line x1="{left}" y1="{top + size}" x2="{left + size}" y2="{top}" stroke="#bbb" stroke-dasharray="4"/>',
        f'<polyline points="{" ".join(places)}" fill="none" stroke="#00508c" stroke-width="2"/>',
        draw_text(
            left, top + size + 20, f"AUC {float(separation.auc):.3f} [{low:.3f}, {high:.3f}]"
        ),
        draw_text(
            left,
            top + size + 38,
            f"KS {float(separation.ks):.3f} · Gini {float(separation.gini):.3f}",
        ),
    ]


def _draw_bars(rates: Sequence[Rate]) -> list[str]:
    left, top, width, height = 400, 50, 330, 270
    step = width // max(len(rates), 1)
    parts = [
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="none" stroke="#888"/>'
    ]
    highest = max((r.interval.high for r in rates if r.interval), default=1.0) or 1.0
    for position, rate in enumerate(rates):
        x = left + position * step + step // 2
        parts.append(draw_text(x, top + height + 20, rate.grade, "middle"))
        parts.append(draw_text(x, top + height + 38, f"{rate.happened}/{rate.count}", "middle"))
        if rate.rate is None or rate.interval is None:
            continue
        y, low, high = (
            top + height - value / highest * height
            for value in (rate.rate, rate.interval.low, rate.interval.high)
        )
        parts.append(
            f'<rect x="{x - step // 4}" y="{y:.1f}" width="{step // 2}" height="{top + height - y:.1f}" '
            f'fill="#7aa6c8"><title>{escape(rate.grade)} {rate.rate:.3f}</title></rect>'
        )
        parts.append(f'<line x1="{x}" y1="{low:.1f}" x2="{x}" y2="{high:.1f}" stroke="#000"/>')
    return parts
