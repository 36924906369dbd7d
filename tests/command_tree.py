"""The tree of all commands, walked."""

from __future__ import annotations

from typing import Any

from typer.main import get_command

from double_random.cli import build_application


def commands() -> dict[str, Any]:
    """Every command by its full name: `registry sync` for one in a group."""
    return dict(_below(get_command(build_application()), ""))


def _below(group: Any, before: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, one in group.commands.items():
        full = f"{before} {name}".strip()
        found += _below(one, full) if hasattr(one, "commands") else [(full, one)]
    return found
