"""Facts, not code: kinds, policies, items, layouts, lotteries, the sample drop. Each with its date and reference."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any


def path(*parts: str) -> Path:
    """Where a shipped fact lies, inside the installed package."""
    return Path(__file__).parent.joinpath(*parts)


def table(*parts: str) -> dict[str, Any]:
    """A shipped TOML file, read."""
    with path(*parts).open("rb") as file:
        return tomllib.load(file)
