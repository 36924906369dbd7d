"""What a peer is given, and how it answers: records as Parquet, the rule as JSON, the scores back as Parquet.

A peer's script runs in `.venv-peers` (make bench-peers), in a process of its own, and tells its seconds as JSON: the
shortest of three runs over records that lie in memory in the form that it likes best.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def given() -> tuple[Any, dict[str, Any]]:
    """The records as an Arrow table (who sort decided ended), and the rule."""
    import pyarrow.parquet

    records, rule = sys.argv[1:3]
    return pyarrow.parquet.read_table(records), json.loads(Path(rule).read_text("utf-8"))


def answer(run: Callable[[], dict[str, Any]], times: int = 3) -> None:
    """Run, keep the answer (who points rank), tell the time."""
    import pyarrow
    import pyarrow.parquet

    found: dict[str, Any] = {}
    seconds = []
    for _turn in range(times):
        began = time.perf_counter()
        found = run()
        seconds.append(time.perf_counter() - began)
    pyarrow.parquet.write_table(pyarrow.table(found), sys.argv[3])
    json.dump({"seconds": min(seconds)}, sys.stdout)
