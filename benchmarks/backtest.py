"""The back-test's measures beside scikit-learn's, on the same observations: `python -m benchmarks.backtest`.

scikit-learn is in the group `bench` alone: install it by hand, the product and its tests do not need it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from credit.backtest.elsewhere import Mapping, backtest

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "backtest" / "sf_lives"


def main() -> int:
    """0 where all agree to 1e-9."""
    try:
        from sklearn.metrics import roc_auc_score, roc_curve
    except ImportError:
        print("scikit-learn is not installed: nothing to compare with", file=sys.stderr)
        return 0
    found = backtest(Mapping.read(ROOT / "benchmarks" / "sf_lives" / "mapping.toml"), DATA)
    outcome, risk = [], []
    for points, bad, good in found.separation.steps:
        outcome += [1] * bad + [0] * good
        risk += [-points] * (bad + good)
    fpr, tpr, _bounds = roc_curve(outcome, risk, drop_intermediate=False)
    auc = float(roc_auc_score(outcome, risk))
    theirs = {"auc": auc, "ks": float(max(tpr - fpr)), "gini": 2 * auc - 1}
    mine = {name: float(getattr(found.separation, name)) for name in theirs}
    far = {name: abs(mine[name] - theirs[name]) for name in theirs}
    json.dump({"ours": mine, "scikit-learn": theirs, "difference": far}, sys.stdout, indent=2)
    print()
    return int(max(far.values()) > 1e-9)


if __name__ == "__main__":
    sys.exit(main())
