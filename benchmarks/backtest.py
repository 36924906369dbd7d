"""The back-test on real data from elsewhere: `python -m benchmarks.backtest`.

14,233 restaurant inspections with their violations (../shared/backtest/sf_lives), scored as of each inspection's eve;
outcome: the next routine score is 85 or less. The policy was not tuned on it. scikit-learn (make bench-peers) reckons
the same measures of the same observations.
"""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.frozen import Row, freeze
from double_random.credit.backtest.external_data import MappingFile, backtest_external_data

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "backtest" / "sf_lives"


def theirs(outcome: list[int], risk: list[int]) -> dict[str, float] | None:
    """scikit-learn's measures; None where it is not here."""
    try:
        from sklearn.metrics import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
            roc_auc_score,
            roc_curve,
        )
    except ImportError:
        print("scikit-learn is not installed: make bench-peers", file=sys.stderr)
        return None
    fpr, tpr, _bounds = roc_curve(outcome, risk, drop_intermediate=False)
    auc = float(roc_auc_score(outcome, risk))
    return {"auc": auc, "ks": float(max(tpr - fpr)), "gini": 2 * auc - 1}


def main() -> int:
    """0 where all agree to 1e-9."""
    found = backtest_external_data(
        MappingFile.read(ROOT / "benchmarks" / "sf_lives" / "mapping.toml"), DATA
    )
    outcome, risk = [], []
    for points, bad, good in found.separation.steps:
        outcome += [1] * bad + [0] * good
        risk += [-points] * (bad + good)
    auc = float(found.separation.auc)
    table = [
        Row(
            f"AUC over {len(outcome):,} inspections",
            auc,
            "",
            goal="at least 0.76",
            met=auc >= 0.76,
            note="a plain sum of past points: 0.766; the mean of past scores: 0.823",
        ),
        Row("KS", float(found.separation.ks), ""),
        Row("Gini", float(found.separation.gini), ""),
    ]
    others = theirs(outcome, risk)
    far = 0.0
    if others is not None:
        far = max(abs(float(getattr(found.separation, name)) - others[name]) for name in others)
        what = "farthest from scikit-learn's AUC, KS and Gini"
        table.append(Row(what, far, "", goal="at most 1e-9", met=far <= 1e-9))
    freeze("backtest", "A back-test on inspections from elsewhere", table)
    return int(far > 1e-9)


if __name__ == "__main__":
    sys.exit(main())
