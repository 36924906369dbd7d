"""Inspector numbers: a plan names each inspector by a number instead of the certificate number (执法证号).

A plan's files go out to everybody, so they name inspectors by a number of that plan alone, J01, J02 …
in the order of certificate numbers; HOME/draws/DRAW/badges.json says whose they are.
"""

from __future__ import annotations

from collections.abc import Iterable

FILE = "badges.json"


def numbers(certificates: Iterable[str]) -> dict[str, str]:
    """Certificate number → number in the plan, for the whole roster."""
    ordered = sorted(certificates)
    width = max(2, len(str(len(ordered))))
    return {
        certificate: f"J{place:0{width}d}" for place, certificate in enumerate(ordered, start=1)
    }
