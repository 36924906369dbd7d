"""All benchmarks, one after another (`make bench`; `make bench-full` with those that take long).

Each is a module of its own, run in a process of its own, and compares side by side within that one run and
freezes its result; the page is made from these (`python -m benchmarks.book`, which measures nothing).
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LONG = {"large", "lint", "fairness", "nation"}  # more than a few minutes each
BESIDE = {"__main__", "book"}


def main(full: bool) -> int:
    """Run them; 1 where one of them failed or found other answers."""
    failed = []
    for file in sorted(Path(__file__).parent.glob("*.py")):
        alone = file.stem not in BESIDE and 'if __name__ == "__main__"' in file.read_text("utf-8")
        if not alone or (file.stem in LONG and not full):
            continue
        print(f"\n== {file.stem}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{file.stem}"]).returncode:
            failed.append(file.stem)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(full="--full" in sys.argv[1:]))
