"""A nation's night, each stage's time and memory, beside the floor of reading the same files once.

60,000 institutions, 16 million records, 20,000 changes; files and nights as in benchmarks/nightly.py. The first load
goes year by year, for nobody holds all of it in memory, and the databases may take 3 GB: with the default of 1 GB the
ledger of 15 million records cannot be made. With a number, so many records: `python -m benchmarks.nation 4000000`.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from benchmarks.nightly import Size, main

NATION = Size("nation", 60_000, 16_000_000, 20_000, 240, 6_000, parts=True, memory="3GB")

if __name__ == "__main__":
    asked = [replace(NATION, records=int(number), whole=False) for number in sys.argv[1:2]]
    size = (asked or [NATION])[0]
    of = f"{size.records:,} of {NATION.records:,} records"
    sys.exit(main(size, "nation", f"A nation's night, stage by stage ({of})"))
