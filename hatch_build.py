"""Puts cli.py into the wheel's one package; what `sources` cannot do, since it moves folders only."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """An editable install needs none of it: it finds the files in the checkout."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Hatchling's hook before a wheel is built."""
        if version == "standard":
            build_data["force_include"]["cli.py"] = "double_random/cli.py"
