"""Inspector numbers: a plan identifies inspectors by a number instead of the certificate number (执法证号).

A plan's files are published, so each plan has its own numbers J01, J02 … in the order of certificate
numbers; HOME/draws/DRAW/badges.json maps certificate numbers to them and is not published.
"""

from __future__ import annotations

from collections.abc import Iterable

FILE = "badges.json"


def number_inspectors(certificates: Iterable[str]) -> dict[str, str]:
    """Map certificate numbers to numbers in the plan, for the whole roster."""
    ordered = sorted(certificates)
    width = max(2, len(str(len(ordered))))
    return {
        certificate: f"J{position:0{width}d}"
        for position, certificate in enumerate(ordered, start=1)
    }
